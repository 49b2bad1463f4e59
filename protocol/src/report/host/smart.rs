//! Health of physical disks.

use serde::{Deserialize, Serialize};

use super::DiskIo;
use crate::presence::absent;
use crate::words::words;

words! {
    /// Overall verdict of the disk about itself.
    pub enum SmartHealth {
        Passed = "PASSED",
        Failed = "FAILED",
        NotStated = "UNKNOWN",
    }
}

/// Health of one physical disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DiskSmart {
    /// Device, such as `sda`.
    pub device: String,
    /// Model.
    #[serde(skip_serializing_if = "absent")]
    pub model: String,
    /// Serial number.
    #[serde(skip_serializing_if = "absent")]
    pub serial: String,
    /// World wide name.
    #[serde(skip_serializing_if = "absent")]
    pub wwn: String,
    /// `sata`, `sas` or `nvme`.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Controller it hangs on.
    #[serde(skip_serializing_if = "absent")]
    pub controller: String,
    /// Address behind the controller.
    #[serde(skip_serializing_if = "absent")]
    pub target: String,
    /// Size.
    #[serde(skip_serializing_if = "absent")]
    pub size_bytes: Option<u64>,
    /// Degrees Celsius; 0 is unknown.
    pub temperature: i64,
    /// Verdict of the disk.
    #[serde(skip_serializing_if = "absent")]
    pub health: SmartHealth,
    /// Whether it sleeps and was left alone.
    #[serde(skip_serializing_if = "absent")]
    pub standby: bool,
    /// ZFS pool it belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub pool: String,
    /// Its counters.
    #[serde(skip_serializing_if = "absent")]
    pub io: Option<DiskIo>,
    /// How well each part could be read.
    #[serde(skip_serializing_if = "absent")]
    pub collection: Option<SmartCollection>,
    /// Wear and error counts.
    #[serde(skip_serializing_if = "absent")]
    pub attributes: Option<SmartAttributes>,
}

words! {
    /// Whether a part could be read.
    pub enum Availability {
        Available = "available",
        Unavailable = "unavailable",
        Unsupported = "unsupported",
        Missing = "missing",
    }
}

/// How one part was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SmartPart {
    /// Whether it could be read.
    pub state: Availability,
    /// Where it came from.
    #[serde(skip_serializing_if = "absent")]
    pub source: String,
    /// Why it is missing.
    #[serde(skip_serializing_if = "absent")]
    pub reason: String,
}

/// How well each part of a disk's record could be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SmartCollection {
    /// The serial number.
    pub serial: SmartPart,
    /// The temperature.
    pub temperature: SmartPart,
    /// The counters.
    pub io: SmartPart,
    /// The controller.
    pub controller: SmartPart,
    /// The pool.
    pub pool: SmartPart,
}

/// Wear and error counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SmartAttributes {
    /// Hours powered.
    #[serde(skip_serializing_if = "absent")]
    pub power_on_hours: Option<i64>,
    /// Times powered on.
    #[serde(skip_serializing_if = "absent")]
    pub power_cycles: Option<i64>,
    /// Sectors replaced.
    #[serde(skip_serializing_if = "absent")]
    pub reallocated_sectors: Option<i64>,
    /// Sectors waiting to be replaced.
    #[serde(skip_serializing_if = "absent")]
    pub pending_sectors: Option<i64>,
    /// Sectors that cannot be read.
    #[serde(skip_serializing_if = "absent")]
    pub offline_uncorrectable: Option<i64>,
    /// Transfer errors on the cable.
    #[serde(skip_serializing_if = "absent")]
    pub udma_crc_errors: Option<i64>,
    /// Wear, in percent of the rated life.
    #[serde(skip_serializing_if = "absent")]
    pub percentage_used: Option<i64>,
    /// Spare left, in percent.
    #[serde(skip_serializing_if = "absent")]
    pub available_spare: Option<i64>,
    /// Media errors.
    #[serde(skip_serializing_if = "absent")]
    pub media_errors: Option<i64>,
    /// Power losses without warning.
    #[serde(skip_serializing_if = "absent")]
    pub unsafe_shutdowns: Option<i64>,
}
