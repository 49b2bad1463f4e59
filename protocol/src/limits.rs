//! Every bound on what is read from the wire.
//!
//! A report is never refused for being rich: over-long lists and texts are shortened and what was
//! left out is counted in [`Shed`]. Channel messages, enrolment and configuration are refused
//! instead, because acting on half of a command is worse than not acting.

/// Nesting of any JSON document; kept by the parser, which refuses what is deeper.
pub const DEPTH: usize = 128;

/// Bytes of a host report as sent, usually compressed.
pub const HOST_BODY: usize = 256 * 1_024;
/// Bytes of a host report's JSON.
pub const HOST_JSON: usize = 1_536 * 1_024;
/// Bytes of a Docker or Kubernetes report as sent, usually compressed.
pub const CONTAINER_BODY: usize = 2 * 1_024 * 1_024;
/// Bytes of a Docker or Kubernetes report's JSON.
pub const CONTAINER_JSON: usize = 10 * 1_024 * 1_024;
/// Bytes of an acknowledgement of a queued Docker command.
pub const COMMAND_ACK_BODY: usize = 8 * 1_024;

/// Containers in one report.
pub const CONTAINERS: usize = 2_048;
/// Pods in one report.
pub const PODS: usize = 10_000;
/// Objects of any other Kubernetes kind in one report.
pub const KUBERNETES_OBJECTS: usize = 10_000;
/// File systems, block devices or physical disks in one report.
pub const DISKS: usize = 256;
/// Network interfaces in one report.
pub const INTERFACES: usize = 256;
/// Sensors of one sort in one report.
pub const SENSORS: usize = 512;
/// Elements of any other list, entries of any other map.
pub const LIST: usize = 1_024;
/// Elements of all lists and maps of one document together.
pub const ELEMENTS: usize = 262_144;

/// Bytes of a name, or of any text without a bound of its own.
pub const NAME: usize = 256;
/// Bytes of a path, an image reference, a label value or a message.
pub const TEXT: usize = 4_096;

/// Bytes of a frame on the command channel: upstream's 1 MiB, and room for what surrounds it.
pub const FRAME: usize = 1_048_576 + 65_536;
/// Bytes of one output of a command, before escaping.
pub const OUTPUT: usize = 1_048_576;
/// Bytes of a command line.
pub const COMMAND: usize = 32_768;
/// Bytes of a request, action or agent id on the command channel.
pub const CHANNEL_ID: usize = 128;
/// Bytes of an error text in the result of a typed operation.
pub const OPERATION_ERROR: usize = 1_024;
/// Packages in one snapshot of a typed operation.
pub const PACKAGES: usize = 200;
/// Bytes of a signed envelope, before anything in it is decoded.
pub const ENVELOPE: usize = 65_536;
/// Bytes of an enrolment, configuration or report answer.
pub const ANSWER: usize = 1_048_576;

/// The bounds of one member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Elements, if it is a list or a map.
    pub list: usize,
    /// Bytes, if it is a text or holds texts.
    pub text: usize,
}

impl Bounds {
    /// The bounds of a member that has none of its own.
    pub const USUAL: Self = Self {
        list: LIST,
        text: NAME,
    };

    const fn list(list: usize) -> Self {
        Self {
            list,
            ..Self::USUAL
        }
    }

    const fn text(text: usize) -> Self {
        Self {
            text,
            ..Self::USUAL
        }
    }

    /// Returns the bounds of a report's member by its name on the wire.
    pub fn in_report(member: &str) -> Self {
        match member {
            "containers" | "images" | "volumes" | "networks" | "tasks" => Self::list(CONTAINERS),
            "pods" => Self::list(PODS),
            "nodes"
            | "namespaces"
            | "deployments"
            | "replicaSets"
            | "statefulSets"
            | "daemonSets"
            | "services"
            | "jobs"
            | "cronJobs"
            | "ingresses"
            | "endpointSlices"
            | "networkPolicies"
            | "persistentVolumes"
            | "persistentVolumeClaims"
            | "storageClasses"
            | "configMaps"
            | "secrets"
            | "serviceAccounts"
            | "roles"
            | "clusterRoles"
            | "roleBindings"
            | "clusterRoleBindings"
            | "resourceQuotas"
            | "limitRanges"
            | "podDisruptionBudgets"
            | "horizontalPodAutoscalers"
            | "events"
            | "volumeSnapshots"
            | "veleroBackups" => Self::list(KUBERNETES_OBJECTS),
            "disks" | "diskIO" | "smart" => Self::list(DISKS),
            "network" => Self::list(INTERFACES),
            "temperatureCelsius" | "fanRpm" | "powerWatts" | "additional" | "custom" | "gpu" => {
                Self::list(SENSORS)
            }
            "env" | "labels" | "engineLabels" | "selector" | "options" | "mountpoint"
            | "source" | "destination" | "image" | "repoTags" | "repoDigests" | "message"
            | "error" | "lastError" | "trustError" | "reason" | "detail" | "composeWorkdir" => {
                Self::text(TEXT)
            }
            _ => Self::USUAL,
        }
    }

    /// Returns the bounds of a member of anything that is not a report.
    pub fn in_message(member: &str) -> Self {
        match member {
            "command" => Self::text(COMMAND),
            "stdout" | "stderr" => Self::text(OUTPUT),
            "payload" | "data" => Self::text(ENVELOPE),
            "packages" => Self {
                list: PACKAGES,
                text: TEXT,
            },
            _ => Self::text(TEXT),
        }
    }
}

/// What was left out of a document to keep its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shed {
    /// List elements and map entries left out.
    pub elements: u64,
    /// Texts cut, or cleared of control characters.
    pub texts: u64,
}

impl Shed {
    /// Returns whether nothing was left out.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
