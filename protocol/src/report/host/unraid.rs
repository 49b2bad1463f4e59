//! The Unraid array.

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};

/// The Unraid array and its disks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UnraidStorage {
    /// Whether the array runs.
    pub array_started: bool,
    /// State as Unraid words it.
    #[serde(skip_serializing_if = "absent")]
    pub array_state: String,
    /// Running parity operation.
    #[serde(skip_serializing_if = "absent")]
    pub sync_action: String,
    /// Its progress, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub sync_progress: Option<f64>,
    /// Errors it found.
    #[serde(skip_serializing_if = "absent")]
    pub sync_errors: Option<i64>,
    /// Protected disks.
    #[serde(skip_serializing_if = "absent")]
    pub num_protected: Option<i64>,
    /// Disabled disks.
    #[serde(skip_serializing_if = "absent")]
    pub num_disabled: Option<i64>,
    /// Invalid disks.
    #[serde(skip_serializing_if = "absent")]
    pub num_invalid: Option<i64>,
    /// Missing disks.
    #[serde(skip_serializing_if = "absent")]
    pub num_missing: Option<i64>,
    /// The disks.
    #[serde(skip_serializing_if = "absent")]
    pub disks: Vec<UnraidDisk>,
}

/// One disk of the array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UnraidDisk {
    /// Slot name.
    pub name: String,
    /// Device.
    #[serde(skip_serializing_if = "absent")]
    pub device: String,
    /// Parity, data, cache, ….
    #[serde(skip_serializing_if = "absent")]
    pub role: String,
    /// Folded state.
    #[serde(skip_serializing_if = "absent")]
    pub status: String,
    /// State as Unraid words it.
    #[serde(skip_serializing_if = "absent")]
    pub raw_status: String,
    /// Model.
    #[serde(skip_serializing_if = "absent")]
    pub model: String,
    /// Serial number.
    #[serde(skip_serializing_if = "absent")]
    pub serial: String,
    /// File system.
    #[serde(skip_serializing_if = "absent")]
    pub filesystem: String,
    /// How it is attached.
    #[serde(skip_serializing_if = "absent")]
    pub transport: String,
    /// Size.
    #[serde(skip_serializing_if = "absent")]
    pub size_bytes: Option<u64>,
    /// Used.
    #[serde(skip_serializing_if = "absent")]
    pub used_bytes: Option<u64>,
    /// Free.
    #[serde(skip_serializing_if = "absent")]
    pub free_bytes: Option<u64>,
    /// Degrees Celsius.
    #[serde(skip_serializing_if = "absent")]
    pub temperature: Option<i64>,
    /// Whether it sleeps.
    #[serde(skip_serializing_if = "absent")]
    pub spun_down: bool,
    /// Reads.
    #[serde(skip_serializing_if = "absent")]
    pub read_count: Option<i64>,
    /// Writes.
    #[serde(skip_serializing_if = "absent")]
    pub write_count: Option<i64>,
    /// Errors.
    #[serde(skip_serializing_if = "absent")]
    pub error_count: Option<i64>,
    /// Slot number.
    #[serde(skip_serializing_if = "absent")]
    pub slot: Option<i64>,
}
