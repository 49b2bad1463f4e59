//! Guests the machine runs: libvirt, XCP-ng and Proxmox system containers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Disk;
use crate::presence::absent;
use crate::time;

/// Guests of libvirt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LibvirtInventory {
    /// The guests.
    pub domains: Vec<LibvirtDomain>,
    /// When this was read.
    #[serde(with = "time::required")]
    pub collected_at: Option<Timestamp>,
}

/// One guest of libvirt; counters are cumulative.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LibvirtDomain {
    /// Guest id.
    pub id: String,
    /// Guest name.
    pub name: String,
    /// State as libvirt words it.
    pub state: String,
    /// Virtual processors.
    #[serde(skip_serializing_if = "absent")]
    pub vcpus: Option<i64>,
    /// Processor time used.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_time_nanoseconds: Option<u64>,
    /// Memory given now.
    #[serde(skip_serializing_if = "absent")]
    pub memory_current_bytes: Option<u64>,
    /// Memory at most.
    #[serde(skip_serializing_if = "absent")]
    pub memory_maximum_bytes: Option<u64>,
    /// Bytes received.
    #[serde(skip_serializing_if = "absent")]
    pub network_rx_bytes: Option<u64>,
    /// Bytes sent.
    #[serde(skip_serializing_if = "absent")]
    pub network_tx_bytes: Option<u64>,
    /// Bytes read.
    #[serde(skip_serializing_if = "absent")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes written.
    #[serde(skip_serializing_if = "absent")]
    pub disk_write_bytes: Option<u64>,
}

/// Guests of an XCP-ng pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct XcpngInventory {
    /// Pool id.
    pub pool_uuid: String,
    /// Pool name.
    #[serde(skip_serializing_if = "absent")]
    pub pool_name: String,
    /// Host that leads the pool.
    #[serde(skip_serializing_if = "absent")]
    pub master_uuid: String,
    /// This host.
    #[serde(skip_serializing_if = "absent")]
    pub local_host_uuid: String,
    /// The guests.
    pub vms: Vec<XcpngVm>,
    /// When this was read.
    #[serde(with = "time::required")]
    pub collected_at: Option<Timestamp>,
}

/// One guest of an XCP-ng pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct XcpngVm {
    /// Guest id.
    pub uuid: String,
    /// Guest name.
    pub name: String,
    /// Power state as XCP-ng words it.
    pub power_state: String,
    /// Virtual processors.
    #[serde(skip_serializing_if = "absent")]
    pub vcpus: Option<i64>,
    /// Memory in use.
    #[serde(skip_serializing_if = "absent")]
    pub memory_actual_bytes: Option<u64>,
    /// Memory at most.
    #[serde(skip_serializing_if = "absent")]
    pub memory_static_max_bytes: Option<u64>,
    /// Host it runs on.
    #[serde(skip_serializing_if = "absent")]
    pub resident_host_uuid: String,
}

/// File system usage inside running Proxmox system containers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProxmoxLxcInventory {
    /// The containers.
    pub containers: Vec<ProxmoxLxc>,
    /// When this was read.
    #[serde(with = "time::required")]
    pub collected_at: Option<Timestamp>,
}

/// One running system container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProxmoxLxc {
    /// Its number.
    pub vmid: i64,
    /// Its name.
    pub name: String,
    /// Its file systems.
    pub disks: Vec<Disk>,
}
