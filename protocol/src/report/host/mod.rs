//! The host report: one machine as its own agent sees it.
//!
//! One file per subject. Members that upstream may leave out are `Option`, or empty lists and
//! texts; a missing figure is unknown, never zero.

mod agent;
mod answer;
mod availability;
mod ceph;
mod disk;
mod guests;
mod machine;
mod memory;
mod network;
mod raid;
mod sensors;
mod smart;
mod unraid;
mod zfs;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::Shed;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::report::sequence::Sequence;
use crate::time;

pub use agent::*;
pub use answer::*;
pub use availability::*;
pub use ceph::*;
pub use disk::*;
pub use guests::*;
pub use machine::*;
pub use memory::*;
pub use network::*;
pub use raid::*;
pub use sensors::*;
pub use smart::*;
pub use unraid::*;
pub use zfs::*;

/// What one machine's agent posts every interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HostReport {
    /// The agent itself.
    pub agent: AgentInfo,
    /// The machine.
    pub host: HostInfo,
    /// Processor and memory figures.
    pub metrics: Metrics,
    /// Mounted file systems, and one entry per ZFS pool.
    #[serde(skip_serializing_if = "absent")]
    pub disks: Vec<Disk>,
    /// Cumulative block device counters.
    #[serde(rename = "diskIO", skip_serializing_if = "absent")]
    pub disk_io: Vec<DiskIo>,
    /// Network interfaces with cumulative counters.
    #[serde(skip_serializing_if = "absent")]
    pub network: Vec<NetworkInterface>,
    /// Temperatures, fans, power, graphics cards and disk health.
    pub sensors: Sensors,
    /// Linux software RAID arrays.
    #[serde(skip_serializing_if = "absent")]
    pub raid: Vec<RaidArray>,
    /// ZFS pools.
    #[serde(skip_serializing_if = "absent")]
    pub zfs_pools: Vec<ZfsPool>,
    /// The Unraid array, on Unraid.
    #[serde(skip_serializing_if = "absent")]
    pub unraid: Option<UnraidStorage>,
    /// The Ceph cluster this machine belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub ceph: Option<CephCluster>,
    /// Guests of libvirt; present with an empty list means connected, no guests.
    #[serde(skip_serializing_if = "absent")]
    pub libvirt: Option<LibvirtInventory>,
    /// Guests of an XCP-ng pool.
    #[serde(skip_serializing_if = "absent")]
    pub xcpng: Option<XcpngInventory>,
    /// File system usage inside running Proxmox system containers.
    #[serde(skip_serializing_if = "absent")]
    pub proxmox_lxc: Option<ProxmoxLxcInventory>,
    /// Sensors of sibling Proxmox nodes.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_sensors: Vec<ClusterNodeSensors>,
    /// Results of the probes the server assigned.
    #[serde(skip_serializing_if = "absent")]
    pub availability_results: Vec<AvailabilityProbeResult>,
    /// Labels the operator gave the agent.
    #[serde(skip_serializing_if = "absent")]
    pub tags: Vec<String>,
    /// When the figures were collected.
    #[serde(with = "time::required")]
    pub timestamp: Option<Timestamp>,
    /// Position in the agent's report stream, see [`crate::report::sequence`].
    #[serde(skip_serializing_if = "absent")]
    pub sequence_id: String,
    /// What reading this report had to leave out; never on the wire.
    #[serde(skip)]
    pub shed: Shed,
}

impl HostReport {
    /// Returns the report's position in its agent's stream; older agents give none.
    pub fn sequence(&self) -> Option<Sequence> {
        Sequence::parse(&self.sequence_id)
    }

    /// Reads a report body, shortening what exceeds [`crate::limits`]; `shed` says how much.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let (mut report, shed) = reader::read::<Self>(json, Rules::Report)?;
        report.shed = shed;
        Ok(report)
    }
}
