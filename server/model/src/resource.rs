//! A monitored thing, whatever its kind.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::Facets;
use crate::few::Few;
use crate::ids::{ResourceId, SourceKind};
use crate::metric::Metrics;
use crate::units::{Celsius, Seconds};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:tt,)*) => {
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
    /// An image of a container engine.
    DockerImage = "docker-image",
    /// A volume of a container engine.
    DockerVolume = "docker-volume",
    /// A network of a container engine.
    DockerNetwork = "docker-network",
    /// A task of a Swarm service.
    DockerTask = "docker-task",
    /// A node of a Swarm.
    DockerSwarmNode = "docker-swarm-node",
    /// A secret of a Swarm, without its content.
    DockerSecret = "docker-secret",
    /// A configuration of a Swarm, without its content.
    DockerConfig = "docker-config",
    /// A Kubernetes replica set.
    K8sReplicaSet = "k8s-replicaset",
    /// A Kubernetes namespace.
    K8sNamespace = "k8s-namespace",
    /// A Kubernetes service.
    K8sService = "k8s-service",
    /// A Kubernetes stateful set.
    K8sStatefulSet = "k8s-statefulset",
    /// A Kubernetes daemon set.
    K8sDaemonSet = "k8s-daemonset",
    /// A Kubernetes job.
    K8sJob = "k8s-job",
    /// A Kubernetes cron job.
    K8sCronJob = "k8s-cronjob",
    /// A Kubernetes ingress.
    K8sIngress = "k8s-ingress",
    /// A slice of a Kubernetes service's endpoints.
    K8sEndpointSlice = "k8s-endpoint-slice",
    /// A Kubernetes network policy.
    K8sNetworkPolicy = "k8s-network-policy",
    /// A Kubernetes volume.
    K8sPersistentVolume = "k8s-persistent-volume",
    /// A claim on a Kubernetes volume.
    K8sPersistentVolumeClaim = "k8s-persistent-volume-claim",
    /// A Kubernetes storage class.
    K8sStorageClass = "k8s-storage-class",
    /// A Kubernetes configuration map, without its content.
    K8sConfigMap = "k8s-configmap",
    /// A Kubernetes secret, without its content.
    K8sSecret = "k8s-secret",
    /// A Kubernetes service account.
    K8sServiceAccount = "k8s-serviceaccount",
    /// A role of a Kubernetes namespace.
    K8sRole = "k8s-role",
    /// A role of a whole Kubernetes cluster.
    K8sClusterRole = "k8s-cluster-role",
    /// Who has a role of a Kubernetes namespace.
    K8sRoleBinding = "k8s-role-binding",
    /// Who has a role of a whole Kubernetes cluster.
    K8sClusterRoleBinding = "k8s-cluster-role-binding",
    /// What a Kubernetes namespace may use in all.
    K8sResourceQuota = "k8s-resource-quota",
    /// What one object of a Kubernetes namespace may use.
    K8sLimitRange = "k8s-limit-range",
    /// How many pods may be away at once.
    K8sPodDisruptionBudget = "k8s-pod-disruption-budget",
    /// What scales a Kubernetes workload by its load.
    K8sHorizontalPodAutoscaler = "k8s-horizontal-pod-autoscaler",
    /// Something that happened in a Kubernetes cluster.
    K8sEvent = "k8s-event",
    /// A network.
    Network = "network",
    /// A file share.
    NetworkShare = "network-share",
    /// An address that is probed.
    NetworkEndpoint = "network-endpoint",
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
            "share" | "shares" => "network-share",
            "endpoint" | "endpoints" | "availability" => "network-endpoint",
            "k8s-ingresses" => "k8s-ingress",
            "k8s-network-policies" => "k8s-network-policy",
            "k8s-storage-classes" => "k8s-storage-class",
            other => other,
        };
        let is = |kind: &Self| word == kind.word() || word.strip_suffix('s') == Some(kind.word());
        Self::ALL.iter().copied().find(is)
    }

    /// Tells whether what it measures is how full it is, and not the disk of a machine.
    pub fn is_storage(self) -> bool {
        matches!(self, Self::Storage | Self::Ceph)
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
    #[schema(value_type = Option<String>)]
    pub error: Option<Arc<str>>,
    /// Why this source's view was joined with the others: the rule, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub matched_by: Option<Arc<str>>,
    /// What of the source's view was left out to keep the bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Arc<str>>,
}

/// What matching may use to tell that two sources see one thing. Hints, never the identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Identity {
    /// The operating system's machine id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// The board's or the hypervisor's uuid of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dmi_uuid: Option<String>,
    /// Host names it answers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// Its addresses, loopback and link-local left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ip_addresses: Vec<String>,
    /// Its hardware addresses, lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mac_addresses: Vec<String>,
    /// The cluster it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_name: Option<String>,
    /// Cluster and number of a Proxmox guest: `lab/101`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxmox_guest_key: Option<String>,
}

/// Which id stands for a resource, and which others lead to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CanonicalIdentity {
    /// The name people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The host name it answers to first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Its name within its leading source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_id: Option<String>,
    /// The id of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_id: Option<String>,
    /// Ids of the views of single sources that were joined in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<ResourceId>,
    /// Ids it had before it was joined; they still lead here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub superseded_ids: Vec<ResourceId>,
    /// Resources that claim the same machine while this one is alive: copies. The operator decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clones: Vec<ResourceId>,
}

/// The key to ask history with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsTarget {
    /// The `resourceType` of the history routes.
    #[schema(value_type = String)]
    pub resource_type: Kind,
    /// The `resourceId` of the history routes.
    #[schema(value_type = String)]
    pub resource_id: ResourceId,
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
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    #[schema(value_type = BTreeMap<SourceKind, SourceStatus>)]
    pub source_status: Few<SourceKind, SourceStatus>,
    /// What matching used.
    #[serde(default)]
    pub identity: Identity,
    /// Which id stands for it, when others lead to it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CanonicalIdentity>)]
    pub canonical_identity: Option<Box<CanonicalIdentity>>,
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
    /// The name of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_name: Option<String>,
    /// How many belong directly to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_count: Option<usize>,
    /// Tags of all sources, and those that people added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where people reach it with a browser, as they added it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_url: Option<String>,
    /// What people noted of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
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
        assert_eq!(
            Kind::from_filter("Availability"),
            Some(Kind::NetworkEndpoint)
        );
        assert_eq!(Kind::from_filter("spaceship"), None);
    }

    #[test]
    fn every_kind_is_its_own_filter_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_filter(kind.word()), Some(*kind));
        }
    }
}
