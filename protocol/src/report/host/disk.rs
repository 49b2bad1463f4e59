//! File systems and block device counters.

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};

/// A mounted file system, or a ZFS pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Disk {
    /// Device or pool.
    #[serde(skip_serializing_if = "absent")]
    pub device: String,
    /// Where it is mounted.
    #[serde(skip_serializing_if = "absent")]
    pub mountpoint: String,
    /// File system name.
    #[serde(skip_serializing_if = "absent")]
    pub filesystem: String,
    /// File system type.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Size.
    #[serde(skip_serializing_if = "absent")]
    pub total_bytes: Option<u64>,
    /// Used.
    #[serde(skip_serializing_if = "absent")]
    pub used_bytes: Option<u64>,
    /// Free.
    #[serde(skip_serializing_if = "absent")]
    pub free_bytes: Option<u64>,
    /// Used share, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub usage: Option<f64>,
    /// Datasets of the pool.
    #[serde(skip_serializing_if = "absent")]
    pub zfs_datasets: Vec<ZfsDataset>,
}

/// One dataset of a ZFS pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ZfsDataset {
    /// Full dataset name.
    pub name: String,
    /// `filesystem` or `volume`.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Where it is mounted.
    #[serde(skip_serializing_if = "absent")]
    pub mountpoint: String,
    /// Used, with children.
    #[serde(skip_serializing_if = "absent")]
    pub used_bytes: Option<u64>,
    /// Available.
    #[serde(skip_serializing_if = "absent")]
    pub available_bytes: Option<u64>,
    /// Referenced by the dataset itself.
    #[serde(skip_serializing_if = "absent")]
    pub referenced_bytes: Option<u64>,
}

/// Cumulative counters of one block device; the server derives rates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DiskIo {
    /// Kernel name, such as `nvme0n1`.
    pub device: String,
    /// Bytes read.
    #[serde(skip_serializing_if = "absent")]
    pub read_bytes: Option<u64>,
    /// Bytes written.
    #[serde(skip_serializing_if = "absent")]
    pub write_bytes: Option<u64>,
    /// Reads completed.
    #[serde(skip_serializing_if = "absent")]
    pub read_ops: Option<u64>,
    /// Writes completed.
    #[serde(skip_serializing_if = "absent")]
    pub write_ops: Option<u64>,
    /// Milliseconds spent reading.
    #[serde(skip_serializing_if = "absent")]
    pub read_time_ms: Option<u64>,
    /// Milliseconds spent writing.
    #[serde(skip_serializing_if = "absent")]
    pub write_time_ms: Option<u64>,
    /// Milliseconds with at least one request in flight.
    #[serde(skip_serializing_if = "absent")]
    pub io_time_ms: Option<u64>,
}
