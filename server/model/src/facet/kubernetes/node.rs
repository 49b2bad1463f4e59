//! Nodes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::Bytes;

facts! {
    /// What is only of a node.
    pub struct KubeNode {
        maybe {
            /// Its own id.
            node_uid: String,
            /// Whether it takes pods and keeps them.
            ready: bool,
            /// Whether it takes no further pods.
            unschedulable: bool,
            /// Release of its kubelet.
            kubelet_version: String,
            /// Release of its container runtime.
            container_runtime_version: String,
            /// Operating system.
            os_image: String,
            /// Kernel.
            kernel_version: String,
            /// Processor architecture.
            architecture: String,
            /// Cores it has.
            capacity_cpu_cores: u32,
            /// Memory it has.
            capacity_memory_bytes: Bytes,
            /// Pods it may have.
            capacity_pods: u32,
            /// Cores pods may have.
            allocatable_cpu_cores: u32,
            /// Memory pods may have.
            allocatable_memory_bytes: Bytes,
            /// Pods there is room for.
            allocatable_pods: u32,
        }
        some {
            /// What it does: `control-plane`, `worker`.
            roles: Vec<String>,
        }
    }
}
