//! Containers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};
use crate::time;
use crate::words::words;

words! {
    /// State of a container as the engine words it.
    pub enum ContainerState {
        Created = "created",
        Running = "running",
        Paused = "paused",
        Restarting = "restarting",
        Removing = "removing",
        Exited = "exited",
        Dead = "dead",
    }
}

words! {
    /// Verdict of the container's own health check.
    pub enum ContainerHealth {
        Healthy = "healthy",
        Unhealthy = "unhealthy",
        Starting = "starting",
        None = "none",
    }
}

/// One container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Full id.
    pub id: String,
    /// First name, without the slash.
    pub name: String,
    /// Image reference as listed.
    pub image: String,
    /// Local image id.
    #[serde(skip_serializing_if = "absent")]
    pub image_digest: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Its state.
    pub state: ContainerState,
    /// Its state in the engine's words for people.
    pub status: String,
    /// Verdict of its health check.
    #[serde(skip_serializing_if = "absent")]
    pub health: ContainerHealth,
    /// Host names its health check asks.
    #[serde(skip_serializing_if = "absent")]
    pub healthcheck_targets: Vec<String>,
    /// Processor use; 100 is one core. Originals send 0 for what they could not measure.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_percent: Option<f64>,
    /// Memory used, without reclaimable cache; as above.
    #[serde(skip_serializing_if = "absent")]
    pub memory_usage_bytes: Option<u64>,
    /// Memory limit; as above.
    #[serde(skip_serializing_if = "absent")]
    pub memory_limit_bytes: Option<u64>,
    /// Used share of the limit; as above.
    #[serde(skip_serializing_if = "unmeasured")]
    pub memory_percent: Option<f64>,
    /// Seconds since its start; 0 when not running.
    #[serde(skip_serializing_if = "absent")]
    pub uptime_seconds: Option<u64>,
    /// Times it was restarted.
    #[serde(skip_serializing_if = "absent")]
    pub restart_count: Option<i64>,
    /// Exit code of the last run.
    #[serde(skip_serializing_if = "absent")]
    pub exit_code: Option<i64>,
    /// Whether the last run ended for lack of memory; absent is unknown.
    #[serde(skip_serializing_if = "absent")]
    pub oom_killed: Option<bool>,
    /// When it was started.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub finished_at: Option<Timestamp>,
    /// Published ports.
    #[serde(skip_serializing_if = "absent")]
    pub ports: Vec<ContainerPort>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Environment, with sensitive values masked by the agent.
    #[serde(skip_serializing_if = "absent")]
    pub env: Vec<String>,
    /// Networks it is attached to.
    #[serde(skip_serializing_if = "absent")]
    pub networks: Vec<ContainerNetwork>,
    /// Bytes received.
    #[serde(skip_serializing_if = "absent")]
    pub network_rx_bytes: Option<u64>,
    /// Bytes sent.
    #[serde(skip_serializing_if = "absent")]
    pub network_tx_bytes: Option<u64>,
    /// Size of its writable layer.
    #[serde(skip_serializing_if = "absent")]
    pub writable_layer_bytes: Option<u64>,
    /// Size of its root file system.
    #[serde(skip_serializing_if = "absent")]
    pub root_filesystem_bytes: Option<u64>,
    /// Cumulative block counters.
    #[serde(skip_serializing_if = "absent")]
    pub block_io: Option<BlockIo>,
    /// Mounts.
    #[serde(skip_serializing_if = "absent")]
    pub mounts: Vec<Mount>,
    /// What only Podman knows.
    #[serde(skip_serializing_if = "absent")]
    pub podman: Option<Podman>,
    /// Whether a newer image exists.
    #[serde(skip_serializing_if = "absent")]
    pub update_status: Option<ContainerUpdate>,
}

/// One published port.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// Port inside.
    pub private_port: u32,
    /// Port outside; 0 when not published.
    #[serde(skip_serializing_if = "absent")]
    pub public_port: i64,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// Address it is published on.
    #[serde(skip_serializing_if = "absent")]
    pub ip: String,
}

/// One network a container is attached to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerNetwork {
    /// Network name.
    pub name: String,
    /// Address.
    #[serde(skip_serializing_if = "absent")]
    pub ipv4: String,
    /// Address.
    #[serde(skip_serializing_if = "absent")]
    pub ipv6: String,
}

/// Cumulative block counters of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct BlockIo {
    /// Bytes read.
    #[serde(skip_serializing_if = "absent")]
    pub read_bytes: Option<u64>,
    /// Bytes written.
    #[serde(skip_serializing_if = "absent")]
    pub write_bytes: Option<u64>,
}

/// One mount of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, ….
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Path on the machine.
    #[serde(skip_serializing_if = "absent")]
    pub source: String,
    /// Path inside.
    #[serde(skip_serializing_if = "absent")]
    pub destination: String,
    /// Mount options.
    #[serde(skip_serializing_if = "absent")]
    pub mode: String,
    /// Whether it can be written.
    pub rw: bool,
    /// Mount propagation.
    #[serde(skip_serializing_if = "absent")]
    pub propagation: String,
    /// Volume name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// Volume driver.
    #[serde(skip_serializing_if = "absent")]
    pub driver: String,
}

/// What only Podman knows of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Podman {
    /// Pod name.
    #[serde(skip_serializing_if = "absent")]
    pub pod_name: String,
    /// Pod id.
    #[serde(skip_serializing_if = "absent")]
    pub pod_id: String,
    /// Whether it is the pod's own container.
    #[serde(skip_serializing_if = "absent")]
    pub infra: bool,
    /// Compose project.
    #[serde(skip_serializing_if = "absent")]
    pub compose_project: String,
    /// Compose service.
    #[serde(skip_serializing_if = "absent")]
    pub compose_service: String,
    /// Compose directory.
    #[serde(skip_serializing_if = "absent")]
    pub compose_workdir: String,
    /// Compose configuration digest.
    #[serde(skip_serializing_if = "absent")]
    pub compose_config_hash: String,
    /// Automatic update policy.
    #[serde(skip_serializing_if = "absent")]
    pub auto_update_policy: String,
    /// What to restart after an update.
    #[serde(skip_serializing_if = "absent")]
    pub auto_update_restart: String,
    /// User namespace.
    #[serde(skip_serializing_if = "absent")]
    pub user_namespace: String,
}

/// Whether a newer image exists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerUpdate {
    /// Whether it does.
    pub update_available: bool,
    /// Digest in use.
    #[serde(skip_serializing_if = "absent")]
    pub current_digest: String,
    /// Digest on offer.
    #[serde(skip_serializing_if = "absent")]
    pub latest_digest: String,
    /// When the registry was asked.
    #[serde(with = "time::required")]
    pub last_checked: Option<Timestamp>,
    /// Why it could not be told.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}
