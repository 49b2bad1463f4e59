//! Linux software RAID.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::words::words;

/// One software RAID array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RaidArray {
    /// Device, such as `/dev/md0`.
    pub device: String,
    /// Its name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// `raid1`, `raid5`, ….
    pub level: String,
    /// State as the kernel words it.
    pub state: String,
    /// Devices it should have.
    pub total_devices: i64,
    /// Devices in use.
    pub active_devices: i64,
    /// Devices that work.
    pub working_devices: i64,
    /// Devices that failed.
    pub failed_devices: i64,
    /// Spare devices.
    pub spare_devices: i64,
    /// Array id.
    #[serde(skip_serializing_if = "absent")]
    pub uuid: String,
    /// The members.
    pub devices: Vec<RaidDevice>,
    /// Progress of the running operation, 0 to 100.
    pub rebuild_percent: f64,
    /// Its speed as the kernel words it.
    #[serde(skip_serializing_if = "absent")]
    pub rebuild_speed: String,
    /// `recovery`, `resync`, `check` or `reshape`.
    #[serde(skip_serializing_if = "absent")]
    pub operation: String,
}

words! {
    /// What a member does.
    pub enum RaidDeviceState {
        Active = "active",
        Spare = "spare",
        Faulty = "faulty",
        Removed = "removed",
    }
}

/// One member of an array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RaidDevice {
    /// Device.
    pub device: String,
    /// What it does.
    pub state: RaidDeviceState,
    /// Position, -1 without one.
    pub slot: i64,
}
