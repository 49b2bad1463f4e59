//! The engine, its agent and its machine.

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};
use crate::report::host::{Disk, MemoryMetric, NetworkInterface};
use crate::words::words;

/// The reporting agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EngineAgent {
    /// Agent id.
    pub id: String,
    /// Version of the agent.
    pub version: String,
    /// `unified`, or empty for older agents.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Reporting interval.
    pub interval_seconds: u64,
}

words! {
    /// Which engine it is. Any other word is to be treated as Docker.
    pub enum EngineRuntime {
        Docker = "docker",
        Podman = "podman",
    }
}

/// The engine and the machine it runs on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EngineHost {
    /// Host name.
    pub hostname: String,
    /// Name the engine gives itself.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// Machine id.
    #[serde(skip_serializing_if = "absent")]
    pub machine_id: String,
    /// Operating system as the engine words it.
    #[serde(skip_serializing_if = "absent")]
    pub os: String,
    /// Which engine it is.
    #[serde(skip_serializing_if = "absent")]
    pub runtime: EngineRuntime,
    /// Version of the engine.
    #[serde(skip_serializing_if = "absent")]
    pub runtime_version: String,
    /// Kernel version.
    #[serde(skip_serializing_if = "absent")]
    pub kernel_version: String,
    /// Architecture.
    #[serde(skip_serializing_if = "absent")]
    pub architecture: String,
    /// Version of the engine, as older servers read it.
    #[serde(skip_serializing_if = "absent")]
    pub docker_version: String,
    /// Processors.
    #[serde(skip_serializing_if = "absent")]
    pub total_cpu: i64,
    /// Memory.
    #[serde(skip_serializing_if = "absent")]
    pub total_memory_bytes: Option<u64>,
    /// Seconds since boot.
    #[serde(skip_serializing_if = "absent")]
    pub uptime_seconds: Option<u64>,
    /// Part in a swarm.
    #[serde(skip_serializing_if = "absent")]
    pub swarm: Option<SwarmMembership>,
    /// Processor use of the machine, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_usage_percent: Option<f64>,
    /// Load over 1, 5 and 15 minutes.
    #[serde(skip_serializing_if = "absent")]
    pub load_average: Vec<f64>,
    /// Memory of the machine.
    pub memory: MemoryMetric,
    /// File systems of the machine.
    #[serde(skip_serializing_if = "absent")]
    pub disks: Vec<Disk>,
    /// Network interfaces of the machine.
    #[serde(skip_serializing_if = "absent")]
    pub network: Vec<NetworkInterface>,
    /// Access control of the engine.
    #[serde(skip_serializing_if = "absent")]
    pub security: Option<EngineSecurity>,
}

/// Part the engine has in a swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SwarmMembership {
    /// Its node id.
    #[serde(skip_serializing_if = "absent")]
    pub node_id: String,
    /// `manager` or `worker`.
    #[serde(skip_serializing_if = "absent")]
    pub node_role: String,
    /// State of its membership.
    #[serde(skip_serializing_if = "absent")]
    pub local_state: String,
    /// Whether it can answer for the swarm.
    #[serde(skip_serializing_if = "absent")]
    pub control_available: bool,
    /// Swarm id.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_id: String,
    /// Swarm name.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_name: String,
    /// `node` or `cluster`: what the lists of this report cover.
    #[serde(skip_serializing_if = "absent")]
    pub scope: String,
    /// What is wrong with the membership.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}

/// Access control of the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EngineSecurity {
    /// Authorisation plug-ins in force.
    #[serde(skip_serializing_if = "absent")]
    pub authorization_plugins: Vec<String>,
}
