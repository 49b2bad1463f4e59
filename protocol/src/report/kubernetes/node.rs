//! Nodes.

use serde::{Deserialize, Serialize};

use crate::presence::absent;

/// One node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(as = ClusterNode)
)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Whether it is ready.
    pub ready: bool,
    /// Whether new pods stay away.
    #[serde(skip_serializing_if = "absent")]
    pub unschedulable: bool,
    /// Kubelet version.
    #[serde(skip_serializing_if = "absent")]
    pub kubelet_version: String,
    /// Container runtime and version.
    #[serde(skip_serializing_if = "absent")]
    pub container_runtime_version: String,
    /// Operating system.
    #[serde(skip_serializing_if = "absent")]
    pub os_image: String,
    /// Kernel version.
    #[serde(skip_serializing_if = "absent")]
    pub kernel_version: String,
    /// Architecture.
    #[serde(skip_serializing_if = "absent")]
    pub architecture: String,
    /// What it has.
    pub capacity: NodeResources,
    /// What pods may use of it.
    pub allocatable: NodeResources,
    /// What is used now.
    #[serde(skip_serializing_if = "absent")]
    pub usage: Option<NodeUsage>,
    /// Roles.
    #[serde(skip_serializing_if = "absent")]
    pub roles: Vec<String>,
    /// What its system calls itself (`/etc/machine-id`). Not sent by the original's agents, like the two below.
    #[serde(skip_serializing_if = "absent")]
    pub machine_id: String,
    /// What its board calls itself (DMI).
    #[serde(skip_serializing_if = "absent")]
    pub system_uuid: String,
    /// Its addresses.
    #[serde(skip_serializing_if = "absent")]
    pub addresses: Vec<String>,
}

/// Resources of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NodeResources {
    /// Processors.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_cores: Option<i64>,
    /// Memory.
    #[serde(skip_serializing_if = "absent")]
    pub memory_bytes: Option<u64>,
    /// Pods.
    #[serde(skip_serializing_if = "absent")]
    pub pods: Option<i64>,
}

/// What is used of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NodeUsage {
    /// Processor use, in thousandths of a core.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_milli_cores: Option<u64>,
    /// Memory used.
    #[serde(skip_serializing_if = "absent")]
    pub memory_bytes: Option<u64>,
}
