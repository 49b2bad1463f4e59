//! The Ceph cluster as this machine's command line tool tells it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};

/// State of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephCluster {
    /// Cluster id.
    pub fsid: String,
    /// Overall health.
    pub health: CephHealth,
    /// Monitors.
    pub mon_map: CephMonMap,
    /// Managers.
    pub mgr_map: CephMgrMap,
    /// Object storage daemons.
    pub osd_map: CephOsdMap,
    /// Placement groups and capacity.
    pub pg_map: CephPgMap,
    /// Pools.
    #[serde(skip_serializing_if = "absent")]
    pub pools: Vec<CephPool>,
    /// Daemons by type.
    #[serde(skip_serializing_if = "absent")]
    pub services: Vec<CephService>,
    /// When this was read.
    pub collected_at: String,
}

/// Overall health.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephHealth {
    /// `HEALTH_OK`, `HEALTH_WARN` or `HEALTH_ERR`.
    pub status: String,
    /// Failing checks by name.
    #[serde(skip_serializing_if = "absent")]
    pub checks: BTreeMap<String, CephCheck>,
    /// Summary lines.
    pub summary: Vec<CephSummary>,
}

/// One failing check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephCheck {
    /// Severity.
    pub severity: String,
    /// What is wrong.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Further lines.
    #[serde(skip_serializing_if = "absent")]
    pub detail: Vec<String>,
}

/// One line of the health summary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephSummary {
    /// Severity.
    pub severity: String,
    /// Text.
    pub message: String,
}

/// Monitors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephMonMap {
    /// Map epoch.
    pub epoch: i64,
    /// Number of monitors.
    pub num_mons: i64,
    /// The monitors.
    #[serde(skip_serializing_if = "absent")]
    pub monitors: Vec<CephMonitor>,
}

/// One monitor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephMonitor {
    /// Name.
    pub name: String,
    /// Rank.
    pub rank: i64,
    /// Address.
    #[serde(skip_serializing_if = "absent")]
    pub addr: String,
    /// State.
    #[serde(skip_serializing_if = "absent")]
    pub status: String,
}

/// Managers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephMgrMap {
    /// Whether one is active.
    pub available: bool,
    /// Number of managers.
    pub num_mgrs: i64,
    /// The active one.
    #[serde(skip_serializing_if = "absent")]
    pub active_mgr: String,
    /// Managers standing by.
    pub standbys: i64,
}

/// Object storage daemons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephOsdMap {
    /// Map epoch.
    pub epoch: i64,
    /// Known daemons.
    pub num_osds: i64,
    /// Daemons that run.
    pub num_up: i64,
    /// Daemons that hold data.
    pub num_in: i64,
    /// Daemons that do not run.
    #[serde(skip_serializing_if = "absent")]
    pub num_down: Option<i64>,
    /// Daemons taken out.
    #[serde(skip_serializing_if = "absent")]
    pub num_out: Option<i64>,
}

/// Placement groups and capacity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephPgMap {
    /// Placement groups.
    pub num_pgs: i64,
    /// Raw capacity.
    pub bytes_total: u64,
    /// Raw space used.
    pub bytes_used: u64,
    /// Raw space available.
    pub bytes_available: u64,
    /// Data stored.
    #[serde(skip_serializing_if = "absent")]
    pub data_bytes: Option<u64>,
    /// Used share, 0 to 100.
    pub usage_percent: f64,
    /// Degraded share of objects.
    #[serde(skip_serializing_if = "unmeasured")]
    pub degraded_ratio: Option<f64>,
    /// Misplaced share of objects.
    #[serde(skip_serializing_if = "unmeasured")]
    pub misplaced_ratio: Option<f64>,
    /// Client reads.
    #[serde(skip_serializing_if = "absent")]
    pub read_bytes_per_sec: Option<u64>,
    /// Client writes.
    #[serde(skip_serializing_if = "absent")]
    pub write_bytes_per_sec: Option<u64>,
    /// Client read operations.
    #[serde(skip_serializing_if = "absent")]
    pub read_ops_per_sec: Option<u64>,
    /// Client write operations.
    #[serde(skip_serializing_if = "absent")]
    pub write_ops_per_sec: Option<u64>,
}

/// One pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephPool {
    /// Pool number.
    pub id: i64,
    /// Pool name.
    pub name: String,
    /// Space used.
    pub bytes_used: u64,
    /// Space available.
    pub bytes_available: u64,
    /// Objects stored.
    pub objects: u64,
    /// Used share.
    pub percent_used: f64,
}

/// Daemons of one type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CephService {
    /// `mon`, `mgr`, `osd`, `mds`, ….
    #[serde(rename = "type")]
    pub kind: String,
    /// Daemons that run.
    pub running: i64,
    /// Daemons known.
    pub total: i64,
    /// Their names.
    #[serde(skip_serializing_if = "absent")]
    pub daemons: Vec<String>,
}
