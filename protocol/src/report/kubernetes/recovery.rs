//! Volume snapshots and Velero backups.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// What could be restored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Recovery {
    /// Volume snapshots.
    #[serde(skip_serializing_if = "absent")]
    pub volume_snapshots: Vec<VolumeSnapshot>,
    /// Backups made by Velero.
    #[serde(skip_serializing_if = "absent")]
    pub velero_backups: Vec<VeleroBackup>,
}

/// One volume snapshot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeSnapshot {
    /// Object id.
    #[serde(skip_serializing_if = "absent")]
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Snapshot class.
    #[serde(skip_serializing_if = "absent")]
    pub snapshot_class: String,
    /// Claim it was taken of.
    #[serde(skip_serializing_if = "absent")]
    pub source_pvc: String,
    /// Object id of that claim.
    #[serde(skip_serializing_if = "absent")]
    pub source_pvc_uid: String,
    /// Whether it can be restored; absent is unknown.
    #[serde(skip_serializing_if = "absent")]
    pub ready_to_use: Option<bool>,
    /// Size when restored.
    #[serde(skip_serializing_if = "absent")]
    pub restore_size_bytes: Option<u64>,
    /// When it was taken.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub creation_time: Option<Timestamp>,
    /// When it was done.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completion_time: Option<Timestamp>,
    /// Object that holds it.
    #[serde(skip_serializing_if = "absent")]
    pub content_name: String,
    /// What went wrong.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}

/// One backup made by Velero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct VeleroBackup {
    /// Object id.
    #[serde(skip_serializing_if = "absent")]
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    #[serde(skip_serializing_if = "absent")]
    pub namespace: String,
    /// Phase.
    #[serde(skip_serializing_if = "absent")]
    pub phase: String,
    /// When it was started.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub started_at: Option<Timestamp>,
    /// When it was done.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completed_at: Option<Timestamp>,
    /// When it goes.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub expiration: Option<Timestamp>,
    /// Where it is kept.
    #[serde(skip_serializing_if = "absent")]
    pub storage_location: String,
}
