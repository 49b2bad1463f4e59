//! Swarm services, tasks, nodes, and the names of secrets and configs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// Service id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Stack it belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub stack: String,
    /// Image reference.
    #[serde(skip_serializing_if = "absent")]
    pub image: String,
    /// `replicated`, `global`, ….
    #[serde(skip_serializing_if = "absent")]
    pub mode: String,
    /// Tasks that should run.
    #[serde(skip_serializing_if = "absent")]
    pub desired_tasks: i64,
    /// Tasks that run.
    #[serde(skip_serializing_if = "absent")]
    pub running_tasks: i64,
    /// Tasks that are done.
    #[serde(skip_serializing_if = "absent")]
    pub completed_tasks: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Published ports.
    #[serde(skip_serializing_if = "absent")]
    pub endpoint_ports: Vec<ServicePort>,
    /// Rolling update.
    #[serde(skip_serializing_if = "absent")]
    pub update_status: Option<ServiceUpdate>,
    /// When it was created.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
}

/// One published port of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// `tcp`, `udp` or `sctp`.
    #[serde(skip_serializing_if = "absent")]
    pub protocol: String,
    /// Port inside.
    #[serde(skip_serializing_if = "absent")]
    pub target_port: i64,
    /// Port outside.
    #[serde(skip_serializing_if = "absent")]
    pub published_port: i64,
    /// `ingress` or `host`.
    #[serde(skip_serializing_if = "absent")]
    pub publish_mode: String,
}

/// Rolling update of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceUpdate {
    /// Its state.
    #[serde(skip_serializing_if = "absent")]
    pub state: String,
    /// What the swarm says of it.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// When it ended.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completed_at: Option<Timestamp>,
}

/// One task of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Task {
    /// Task id.
    pub id: String,
    /// Service it belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub service_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "absent")]
    pub service_name: String,
    /// Slot in the service.
    #[serde(skip_serializing_if = "absent")]
    pub slot: i64,
    /// Node it runs on.
    #[serde(skip_serializing_if = "absent")]
    pub node_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "absent")]
    pub node_name: String,
    /// State it should have.
    #[serde(skip_serializing_if = "absent")]
    pub desired_state: String,
    /// State it has.
    #[serde(skip_serializing_if = "absent")]
    pub current_state: String,
    /// What went wrong.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
    /// What the swarm says of it.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Its container.
    #[serde(skip_serializing_if = "absent")]
    pub container_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "absent")]
    pub container_name: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
    /// When it was started.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completed_at: Option<Timestamp>,
}

/// One node of the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    /// Node id.
    pub id: String,
    /// Host name.
    #[serde(skip_serializing_if = "absent")]
    pub hostname: String,
    /// `manager` or `worker`.
    #[serde(skip_serializing_if = "absent")]
    pub role: String,
    /// `active`, `pause` or `drain`.
    #[serde(skip_serializing_if = "absent")]
    pub availability: String,
    /// State as the swarm words it.
    #[serde(skip_serializing_if = "absent")]
    pub state: String,
    /// What the swarm says of it.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Address.
    #[serde(skip_serializing_if = "absent")]
    pub address: String,
    /// Reachability as a manager.
    #[serde(skip_serializing_if = "absent")]
    pub manager_reachability: String,
    /// Address as a manager.
    #[serde(skip_serializing_if = "absent")]
    pub manager_address: String,
    /// Whether it leads.
    #[serde(skip_serializing_if = "absent")]
    pub leader: bool,
    /// Engine version.
    #[serde(skip_serializing_if = "absent")]
    pub engine_version: String,
    /// Operating system.
    #[serde(skip_serializing_if = "absent")]
    pub os: String,
    /// Architecture.
    #[serde(skip_serializing_if = "absent")]
    pub architecture: String,
    /// Processors, in billionths.
    #[serde(skip_serializing_if = "absent")]
    pub nano_cpus: Option<u64>,
    /// Memory.
    #[serde(skip_serializing_if = "absent")]
    pub memory_bytes: Option<u64>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Labels of the engine.
    #[serde(skip_serializing_if = "absent")]
    pub engine_labels: BTreeMap<String, String>,
    /// When it joined.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
}

/// Name of a secret; the content never leaves the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SwarmSecret {
    /// Secret id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Driver.
    #[serde(skip_serializing_if = "absent")]
    pub driver_name: String,
    /// Templating driver.
    #[serde(skip_serializing_if = "absent")]
    pub templating_driver: String,
    /// When it was created.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
}

/// Name of a config; the content never leaves the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SwarmConfig {
    /// Config id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Templating driver.
    #[serde(skip_serializing_if = "absent")]
    pub templating_driver: String,
    /// When it was created.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub updated_at: Option<Timestamp>,
}
