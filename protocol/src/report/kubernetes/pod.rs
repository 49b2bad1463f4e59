//! Pods and their containers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Node it runs on.
    #[serde(skip_serializing_if = "absent")]
    pub node_name: String,
    /// Phase.
    #[serde(skip_serializing_if = "absent")]
    pub phase: String,
    /// Why it is in it.
    #[serde(skip_serializing_if = "absent")]
    pub reason: String,
    /// Text for people.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Quality of service class.
    #[serde(skip_serializing_if = "absent")]
    pub qos_class: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// When it was started.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub start_time: Option<Timestamp>,
    /// Restarts of its containers.
    #[serde(skip_serializing_if = "absent")]
    pub restarts: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Kind of what created it.
    #[serde(skip_serializing_if = "absent")]
    pub owner_kind: String,
    /// Name of what created it.
    #[serde(skip_serializing_if = "absent")]
    pub owner_name: String,
    /// What it uses now.
    #[serde(skip_serializing_if = "absent")]
    pub usage: Option<PodUsage>,
    /// Its containers.
    #[serde(skip_serializing_if = "absent")]
    pub containers: Vec<PodContainer>,
}

/// What a pod uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PodUsage {
    /// Processor use, in thousandths of a core.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_milli_cores: Option<u64>,
    /// Memory used.
    #[serde(skip_serializing_if = "absent")]
    pub memory_bytes: Option<u64>,
    /// Bytes received.
    #[serde(skip_serializing_if = "absent")]
    pub network_rx_bytes: Option<u64>,
    /// Bytes sent.
    #[serde(skip_serializing_if = "absent")]
    pub network_tx_bytes: Option<u64>,
    /// Ephemeral storage used.
    #[serde(skip_serializing_if = "absent")]
    pub ephemeral_storage_used_bytes: Option<u64>,
    /// Ephemeral storage it may use.
    #[serde(skip_serializing_if = "absent")]
    pub ephemeral_storage_capacity_bytes: Option<u64>,
}

/// One container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PodContainer {
    /// Name.
    pub name: String,
    /// Image reference.
    #[serde(skip_serializing_if = "absent")]
    pub image: String,
    /// Whether it is ready.
    pub ready: bool,
    /// Restarts.
    #[serde(skip_serializing_if = "absent")]
    pub restart_count: i64,
    /// `waiting`, `running` or `terminated`.
    #[serde(skip_serializing_if = "absent")]
    pub state: String,
    /// Why it is in it.
    #[serde(skip_serializing_if = "absent")]
    pub reason: String,
    /// Text for people.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
}
