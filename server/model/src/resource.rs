//! A monitored thing, whatever its kind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::Facets;
use crate::ids::{ResourceId, SourceKind};
use crate::metric::Metrics;
use crate::units::{Celsius, Seconds};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a resource is; the word on the wire.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the word used on the wire.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

kinds! {
    /// A machine with an agent, or a node of a cluster.
    Agent = "agent",
    /// A virtual machine.
    Vm = "vm",
    /// A system container (LXC).
    SystemContainer = "system-container",
    /// An application container (Docker or Podman).
    AppContainer = "app-container",
    /// A machine known only through its container engine.
    DockerHost = "docker-host",
    /// A Swarm service.
    DockerService = "docker-service",
    /// A Kubernetes cluster.
    K8sCluster = "k8s-cluster",
    /// A Kubernetes node.
    K8sNode = "k8s-node",
    /// A pod.
    Pod = "pod",
    /// A Kubernetes deployment.
    K8sDeployment = "k8s-deployment",
    /// A storage of a Proxmox node, a pool or a dataset.
    Storage = "storage",
    /// A physical disk.
    PhysicalDisk = "physical_disk",
    /// A Ceph cluster.
    Ceph = "ceph",
    /// A Proxmox Backup Server.
    Pbs = "pbs",
    /// A Proxmox Mail Gateway.
    Pmg = "pmg",
}

impl Kind {
    /// Returns the kind a filter word means: any case, singular or plural, historic spellings.
    pub fn from_filter(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        let word = match word.as_str() {
            "node" | "nodes" => "agent",
            "container" | "containers" => "app-container",
            "oci-container" => "system-container",
            "service" | "services" => "docker-service",
            "physical-disk" | "disk" | "disks" => "physical_disk",
            "pool" | "pools" => "ceph",
            other => other,
        };
        let is = |kind: &Self| word == kind.word() || word.strip_suffix('s') == Some(kind.word());
        Self::ALL.iter().copied().find(is)
    }
}

/// How a resource is, in one word.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Reports and runs.
    Online,
    /// Confirmed not to report.
    Offline,
    /// Runs, with something wrong.
    Warning,
    /// Not known: nothing fresh has been heard, and nothing is confirmed.
    Unknown,
}

impl Status {
    /// Every status, in wire order.
    pub const ALL: [Self; 4] = [Self::Online, Self::Offline, Self::Warning, Self::Unknown];

    /// Returns the word used on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
        }
    }
}

/// How fresh one source's view of a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Heard within its interval.
    Online,
    /// Silent for three intervals: shown with its age, not judged.
    Stale,
    /// Silent for longer than any delay explains: judged to be down.
    Offline,
}

/// One source's view of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceStatus {
    /// How fresh it is.
    pub status: SourceState,
    /// When the source last saw the resource.
    pub last_seen: Timestamp,
    /// Why the source cannot see it, when it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What matching may use to tell that two sources see one thing. Hints, never the identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Identity {
    /// The operating system's machine id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// Host names it answers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// Its addresses, loopback and link-local left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ip_addresses: Vec<String>,
    /// Its hardware addresses, lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mac_addresses: Vec<String>,
}

/// The key to ask history with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsTarget {
    /// The `resourceType` of the history routes.
    pub resource_type: String,
    /// The `resourceId` of the history routes.
    pub resource_id: String,
}

/// A monitored thing with what every source knows of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Canonical id.
    pub id: ResourceId,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What it is made with (qemu, lxc, docker, zfs …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// The name people see.
    pub name: String,
    /// How it is.
    pub status: Status,
    /// When its freshest source last saw it.
    pub last_seen: Timestamp,
    /// When its facts last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Who contributes.
    pub sources: Vec<SourceKind>,
    /// How fresh each contribution is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source_status: BTreeMap<SourceKind, SourceStatus>,
    /// What matching used.
    #[serde(default)]
    pub identity: Identity,
    /// What it measures now.
    #[serde(default)]
    pub metrics: Metrics,
    /// Seconds since it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Seconds>,
    /// Its leading temperature (processor package before anything else).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Celsius>,
    /// What it runs on or belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<ResourceId>,
    /// Tags of all sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The key to ask history with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics_target: Option<MetricsTarget>,
    /// What each kind of source knows of it.
    #[serde(flatten)]
    pub facets: Facets,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_words_may_be_plural_or_historic() {
        assert_eq!(Kind::from_filter("VMs"), Some(Kind::Vm));
        assert_eq!(Kind::from_filter("nodes"), Some(Kind::Agent));
        assert_eq!(Kind::from_filter("container"), Some(Kind::AppContainer));
        assert_eq!(Kind::from_filter("physical-disk"), Some(Kind::PhysicalDisk));
        assert_eq!(Kind::from_filter("spaceship"), None);
    }

    #[test]
    fn every_kind_is_its_own_filter_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_filter(kind.word()), Some(*kind));
        }
    }
}
