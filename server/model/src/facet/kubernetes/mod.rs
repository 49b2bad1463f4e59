//! What a Kubernetes cluster says of itself and of the objects in it.

mod access;
mod cluster;
mod configuration;
mod event;
mod network;
mod node;
mod pod;
mod policy;
mod storage;
mod workload;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Labels, facts};
use crate::units::{Bytes, Celsius, Seconds};

pub use access::*;
pub use cluster::*;
pub use configuration::*;
pub use event::*;
pub use network::*;
pub use node::*;
pub use pod::*;
pub use policy::*;
pub use storage::*;
pub use workload::*;

facts! {
    /// Which object of which cluster, and what is only of one kind.
    pub struct Kubernetes {
        maybe {
            /// The cluster's id.
            cluster_id: String,
            /// The cluster's name.
            cluster_name: String,
            /// The object's own id.
            resource_uid: String,
            /// The object's own kind: `Node`, `Pod`, `Deployment` …
            resource_kind: String,
            /// The agent that reports it.
            agent_id: String,
            /// Its namespace.
            namespace: String,
            /// The node it is, or is on.
            node_name: String,
            /// When it was made.
            created_at: Timestamp,
            /// When it started.
            start_time: Timestamp,
            /// Seconds since it started.
            uptime_seconds: Seconds,
            /// Its leading temperature.
            temperature: Celsius,
            /// The image it runs.
            image: String,
            /// Processor in use, thousandths of a core.
            usage_cpu_milli_cores: u64,
            /// Memory in use.
            usage_memory_bytes: Bytes,
            /// Kind of what made it.
            owner_kind: String,
            /// Name of what made it.
            owner_name: String,
            /// The service it is behind.
            service_name: String,
            /// What can be measured here.
            metric_capabilities: KubeMetricCapabilities,
        }
        some {
            /// Its labels.
            labels: Labels,
        }
        parts {
            /// What is only of a cluster.
            cluster: KubeCluster,
            /// What is only of a node.
            node: KubeNode,
            /// What is only of a pod.
            pod: KubePod,
            /// What is only of something that creates pods.
            workload: KubeWorkload,
            /// What is only of a service or a way in to it.
            network: KubeNetwork,
            /// What is only of persistent storage.
            storage: KubeStorage,
            /// What is only of a config map, a secret or an account.
            configuration: KubeConfiguration,
            /// What is only of a role or a binding.
            access: KubeAccess,
            /// What is only of a bound.
            policy: KubePolicy,
            /// What is only of an event.
            event: KubeEvent,
        }
    }

    /// What can be measured in a cluster.
    pub struct KubeMetricCapabilities {
        told {
            /// Processor and memory of nodes.
            node_cpu_memory: bool,
            /// What an agent on a node tells.
            node_telemetry: bool,
            /// Processor and memory of pods.
            pod_cpu_memory: bool,
            /// Network of pods.
            pod_network: bool,
            /// Ephemeral disks of pods.
            pod_ephemeral_disk: bool,
            /// What pods read and write.
            pod_disk_io: bool,
        }
    }
}
