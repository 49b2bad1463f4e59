//! ZFS pools: what they are made of and how that is.

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};

/// One pool. Its size and its datasets are an entry among the file systems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ZfsPool {
    /// Its name.
    pub name: String,
    /// `ONLINE`, `DEGRADED`, `FAULTED`, ….
    pub state: String,
    /// What ZFS says of it, if anything.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// The last or running scan as ZFS words it.
    #[serde(skip_serializing_if = "absent")]
    pub scan: String,
    /// The same in figures.
    #[serde(skip_serializing_if = "absent")]
    pub scan_details: Option<ZfsScan>,
    /// Errors reading.
    #[serde(skip_serializing_if = "absent")]
    pub read_errors: Option<u64>,
    /// Errors writing.
    #[serde(skip_serializing_if = "absent")]
    pub write_errors: Option<u64>,
    /// Damaged blocks.
    #[serde(skip_serializing_if = "absent")]
    pub checksum_errors: Option<u64>,
    /// What it is made of, outermost first.
    #[serde(skip_serializing_if = "absent")]
    pub devices: Vec<ZfsDevice>,
}

/// A scrub or a resilver.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ZfsScan {
    /// `scrub` or `resilver`.
    #[serde(skip_serializing_if = "absent")]
    pub function: String,
    /// `scanning`, `finished`, `canceled` or `paused`.
    #[serde(skip_serializing_if = "absent")]
    pub state: String,
    /// How far it is, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub percentage: Option<f64>,
    /// Errors it found.
    #[serde(skip_serializing_if = "absent")]
    pub errors: Option<u64>,
    /// How long it still takes.
    #[serde(skip_serializing_if = "absent")]
    pub seconds_remaining: Option<u64>,
}

/// A part of a pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ZfsDevice {
    /// Its name.
    pub name: String,
    /// `disk`, `mirror`, `raidz1`, `spare`, `replacing`, ….
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// `ONLINE`, `DEGRADED`, `FAULTED`, `AVAIL`, ….
    pub state: String,
    /// What it does besides holding the pool: `logs`, `cache`, `spares`, `special`.
    #[serde(skip_serializing_if = "absent")]
    pub role: String,
    /// What it is part of.
    #[serde(skip_serializing_if = "absent")]
    pub parent: String,
    /// The disk it is or is on, such as `sda`.
    #[serde(skip_serializing_if = "absent")]
    pub disk: String,
    /// What ZFS says of it.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Errors reading.
    #[serde(skip_serializing_if = "absent")]
    pub read_errors: Option<u64>,
    /// Errors writing.
    #[serde(skip_serializing_if = "absent")]
    pub write_errors: Option<u64>,
    /// Damaged blocks.
    #[serde(skip_serializing_if = "absent")]
    pub checksum_errors: Option<u64>,
}
