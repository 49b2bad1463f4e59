//! The machine: names, system, and the state of its packages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// Identity and system of the machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HostInfo {
    /// Machine id.
    #[serde(skip_serializing_if = "absent")]
    pub id: String,
    /// Host name; must not be blank.
    pub hostname: String,
    /// Name to show.
    #[serde(skip_serializing_if = "absent")]
    pub display_name: String,
    /// Machine id again, as upstream sends it.
    #[serde(skip_serializing_if = "absent")]
    pub machine_id: String,
    /// `linux`, `macos`, `freebsd`, `windows`.
    #[serde(skip_serializing_if = "absent")]
    pub platform: String,
    /// Distribution or appliance.
    #[serde(skip_serializing_if = "absent")]
    pub os_name: String,
    /// Its version.
    #[serde(skip_serializing_if = "absent")]
    pub os_version: String,
    /// Kernel version.
    #[serde(skip_serializing_if = "absent")]
    pub kernel_version: String,
    /// Kernel architecture, such as `x86_64`.
    #[serde(skip_serializing_if = "absent")]
    pub architecture: String,
    /// Processor model.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_model: String,
    /// Logical processors.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_count: Option<u32>,
    /// Seconds since boot.
    #[serde(skip_serializing_if = "absent")]
    pub uptime_seconds: Option<u64>,
    /// Load over 1, 5 and 15 minutes.
    #[serde(skip_serializing_if = "absent")]
    pub load_average: Vec<f64>,
    /// Address the operator chose for this machine.
    #[serde(skip_serializing_if = "absent")]
    pub report_ip: String,
    /// Pending system packages.
    #[serde(skip_serializing_if = "absent")]
    pub package_updates: Option<PackageUpdateStatus>,
    /// Space a clean-up would free.
    #[serde(skip_serializing_if = "absent")]
    pub storage_cleanup: Option<StorageCleanupStatus>,
}

/// Pending packages of the system's package manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PackageUpdateStatus {
    /// Whether the package manager is one the agent knows.
    pub supported: bool,
    /// `apt`.
    #[serde(skip_serializing_if = "absent")]
    pub manager: String,
    /// `sha256:` digest of the pending set.
    #[serde(skip_serializing_if = "absent")]
    pub inventory_hash: String,
    /// Number of pending packages.
    pub pending_count: u64,
    /// The pending packages, at most 200.
    #[serde(skip_serializing_if = "absent")]
    pub packages: Vec<PackageUpdate>,
    /// When this was read.
    #[serde(with = "time::required")]
    pub checked_at: Option<Timestamp>,
    /// Whether a restart is waiting.
    #[serde(skip_serializing_if = "absent")]
    pub reboot_required: bool,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}

/// One pending package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PackageUpdate {
    /// Package name.
    pub name: String,
    /// Installed version.
    #[serde(skip_serializing_if = "absent")]
    pub installed_version: String,
    /// Version on offer.
    #[serde(skip_serializing_if = "absent")]
    pub available_version: String,
}

/// Space that cleaning the package cache would free.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StorageCleanupStatus {
    /// Whether the agent can clean up here.
    pub supported: bool,
    /// `apt-package-cache`.
    #[serde(skip_serializing_if = "absent")]
    pub provider: String,
    /// `sha256:` digest of what would go.
    #[serde(skip_serializing_if = "absent")]
    pub fingerprint: String,
    /// Bytes that would be freed.
    pub reclaimable_bytes: u64,
    /// When this was read.
    #[serde(with = "time::required")]
    pub checked_at: Option<Timestamp>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}
