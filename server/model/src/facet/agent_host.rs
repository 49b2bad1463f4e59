//! What an agent tells of the machine it runs on.
//!
//! Values are as the agent measured them; rates are derived by the server from two reports. Absent
//! means the agent could not know it.

mod array;
mod ceph;
mod guests;
mod sensors;
mod upkeep;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::zfs::ZfsPool;
use crate::units::{Bytes, BytesPerSecond, Celsius, Percent, Seconds};

pub use array::*;
pub use ceph::*;
pub use guests::*;
pub use sensors::*;
pub use upkeep::*;

/// A machine as its own agent sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentHost {
    /// The agent's canonical id.
    pub agent_id: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    /// The machine's own name.
    pub hostname: String,
    /// The operating system's machine id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// The API token the agent reports with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// `keyed` when reports are signed with the agent's own key, else `token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<String>,
    /// When the last report was made, by the agent's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_report_at: Option<Timestamp>,
    /// Seconds the agent's clock is ahead of the server's, when more than five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_skew_seconds: Option<i64>,
    /// Operating system family: `linux`, `macos`, `freebsd`, `windows`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Distribution or appliance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_name: Option<String>,
    /// Its release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Kernel release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel_version: Option<String>,
    /// Processor architecture as the kernel names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Processor model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_model: Option<String>,
    /// Logical processors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_count: Option<u32>,
    /// Share of time the processors waited for disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_io_wait: Option<Percent>,
    /// Share of time the hypervisor gave to others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_steal: Option<Percent>,
    /// Use of each logical processor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cpu_cores: Vec<Percent>,
    /// How much work waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure: Option<HostPressure>,
    /// Load over 1, 5 and 15 minutes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_average: Vec<f64>,
    /// Seconds since the machine started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime_seconds: Option<Seconds>,
    /// Seconds between two reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<Seconds>,
    /// Memory and swap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<HostMemory>,
    /// Mounted file systems and pools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<FileSystem>,
    /// Network interfaces with their counters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub network_interfaces: Vec<NetworkInterface>,
    /// Block devices with their counters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disk_io: Vec<BlockDevice>,
    /// Temperatures, fans, power, graphics processors, disk health.
    #[serde(skip_serializing_if = "Sensors::is_empty")]
    pub sensors: Sensors,
    /// Software RAID arrays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub raid: Vec<RaidArray>,
    /// Its ZFS pools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zfs_pools: Vec<ZfsPool>,
    /// Its Unraid array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unraid: Option<Box<Unraid>>,
    /// The Ceph cluster its tools tell of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceph: Option<Box<HostCeph>>,
    /// Its guests under libvirt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub libvirt: Option<Box<Libvirt>>,
    /// Its guests under XCP-ng.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xcpng: Option<Box<Xcpng>>,
    /// Its running Proxmox system containers, and how full they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxmox_lxc: Option<Box<ProxmoxLxc>>,
    /// Packages that wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_updates: Option<Box<PackageUpdates>>,
    /// What a clean-up would free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_cleanup: Option<Box<StorageCleanup>>,
    /// How the agent updates itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_update: Option<Box<AgentUpdate>>,
    /// What the agent may do here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_privilege: Option<AgentPrivilege>,
    /// What the agent itself uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_footprint: Option<Box<AgentFootprint>>,
    /// The managed configuration in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_config: Option<ConfigFingerprint>,
    /// The parts of the agent and how they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<Module>,
    /// What reads the machine, subject by subject, and how that goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collectors: Vec<Collector>,
    /// Whether the agent's operator lets it run commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commands_enabled: Option<bool>,
    /// The address its operator wants shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_ip: Option<String>,
    /// Patterns of file systems and devices its operator left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disk_exclude: Vec<String>,
    /// Bytes per second received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_in_rate: Option<BytesPerSecond>,
    /// Bytes per second sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_out_rate: Option<BytesPerSecond>,
    /// Bytes per second read from block devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_read_rate: Option<BytesPerSecond>,
    /// Bytes per second written to block devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_write_rate: Option<BytesPerSecond>,
}

/// Memory of a machine. `used + cache + free` is about `total`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HostMemory {
    /// Installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Bytes>,
    /// In use, reclaimable cache (page cache, ARC) not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Bytes>,
    /// Not used at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Bytes>,
    /// Reclaimable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<Bytes>,
    /// `used` of `total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Percent>,
    /// Swap there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_total: Option<Bytes>,
    /// Swap in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_used: Option<Bytes>,
}

/// Shares of the last minute in which work waited: some of it, or all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HostPressure {
    /// Some for a processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_some: Option<Percent>,
    /// Some for memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_some: Option<Percent>,
    /// All for memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_full: Option<Percent>,
    /// Some for disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub io_some: Option<Percent>,
    /// All for disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub io_full: Option<Percent>,
}

/// A mounted file system, or a pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct FileSystem {
    /// What is mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mountpoint: Option<String>,
    /// Its file system.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub filesystem: Option<String>,
    /// Its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Bytes>,
    /// In use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Bytes>,
    /// Free for unprivileged users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Bytes>,
    /// In use, as the system's own tools would say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Percent>,
}

/// A network interface; counters since it came up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkInterface {
    /// Its name.
    pub name: String,
    /// Its hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Its addresses, with prefix length where the agent told it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_bytes: Option<Bytes>,
    /// Sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_bytes: Option<Bytes>,
    /// Link speed in megabits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mbps: Option<u64>,
}

/// A block device; counters since the machine started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BlockDevice {
    /// Its name without `/dev/`.
    pub device: String,
    /// Read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_bytes: Option<Bytes>,
    /// Written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_bytes: Option<Bytes>,
    /// Reads completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_ops: Option<u64>,
    /// Writes completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_ops: Option<u64>,
    /// Milliseconds with at least one request in flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub io_time_ms: Option<u64>,
}

/// Sensor readings by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Sensors {
    /// Temperatures of processors, disks and graphics.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub temperature_celsius: BTreeMap<String, Celsius>,
    /// Fans, revolutions per minute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fan_rpm: BTreeMap<String, f64>,
    /// Power, watts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub power_watts: BTreeMap<String, f64>,
    /// Other temperatures (board, memory modules).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub additional: BTreeMap<String, f64>,
    /// What the operator defined.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomSensor>,
    /// Graphics cards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gpu: Vec<GpuSensor>,
    /// Thermal pressure, on macOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thermal_state: Option<Box<ThermalState>>,
    /// Disks that tell by SMART.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub smart: Vec<DiskSmart>,
}

impl Sensors {
    /// Tells whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.temperature_celsius.is_empty()
            && self.fan_rpm.is_empty()
            && self.power_watts.is_empty()
            && self.additional.is_empty()
            && self.custom.is_empty()
            && self.gpu.is_empty()
            && self.thermal_state.is_none()
            && self.smart.is_empty()
    }

    /// Returns the temperature that stands for the machine: the processor package, else the
    /// hottest core, else the hottest of what there is.
    pub fn leading(&self) -> Option<Celsius> {
        let hottest = |prefix: &str| {
            let of_prefix = self
                .temperature_celsius
                .iter()
                .filter(|(name, _)| name.starts_with(prefix));
            of_prefix
                .map(|(_, celsius)| *celsius)
                .max_by(|a, b| a.0.total_cmp(&b.0))
        };
        let package = self.temperature_celsius.get("cpu_package").copied();
        package
            .or_else(|| hottest("cpu_core"))
            .or_else(|| hottest(""))
    }
}

/// A software RAID array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RaidArray {
    /// Its device.
    pub device: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its level.
    pub level: String,
    /// Its state in the kernel's words.
    pub state: String,
    /// Members it should have.
    pub total_devices: u32,
    /// Members in service.
    pub active_devices: u32,
    /// Members that work.
    pub working_devices: u32,
    /// Members that failed.
    pub failed_devices: u32,
    /// Spares.
    pub spare_devices: u32,
    /// How far a rebuild or check is.
    pub rebuild_percent: Percent,
    /// How fast that is, in the kernel's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuild_speed: Option<String>,
    /// Its members.
    pub devices: Vec<RaidMember>,
    /// What runs on it (`recovery`, `resync`, `check`, `reshape`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

/// A part of the agent and how it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Whether it is meant to run.
    pub enabled: bool,
    /// `disabled`, `starting`, `retrying` or `running`.
    pub state: String,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When that began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// What reads one subject of the machine, and how that goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Collector {
    /// Its name, which also switches it off.
    pub name: String,
    /// `starting`, `ok`, `absent`, `failing`, `timed out` or `off`.
    pub state: String,
    /// Why it fails, or what is missing although it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// How long its last run took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_duration_ms: Option<u64>,
    /// How often it is asked; absent for every report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<Seconds>,
    /// When that state began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}
