//! Guests a machine runs: of libvirt and of XCP-ng.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FileSystem;
use crate::facet::facts;
use crate::units::Bytes;

facts! {
    /// Guests of libvirt.
    pub struct Libvirt {
        maybe {
            /// When this was read.
            collected_at: Timestamp,
        }
        some {
            /// The guests.
            domains: Vec<LibvirtDomain>,
        }
    }

    /// One guest of libvirt; counters are cumulative.
    pub struct LibvirtDomain {
        told {
            /// Guest id.
            id: String,
            /// Guest name.
            name: String,
            /// State as libvirt words it.
            state: String,
        }
        maybe {
            /// Virtual processors.
            vcpus: i64,
            /// Processor time used.
            cpu_time_nanoseconds: u64,
            /// Memory given now.
            memory_current_bytes: Bytes,
            /// Memory at most.
            memory_maximum_bytes: Bytes,
            /// Bytes received.
            network_rx_bytes: Bytes,
            /// Bytes sent.
            network_tx_bytes: Bytes,
            /// Bytes read.
            disk_read_bytes: Bytes,
            /// Bytes written.
            disk_write_bytes: Bytes,
        }
    }

    /// Running system containers of this Proxmox node.
    pub struct ProxmoxLxc {
        maybe {
            /// When this was read.
            collected_at: Timestamp,
        }
        some {
            /// The containers.
            containers: Vec<LxcFileSystems>,
        }
    }

    /// The file systems of one system container.
    pub struct LxcFileSystems {
        told {
            /// Its number.
            vmid: i64,
            /// Its name.
            name: String,
        }
        some {
            /// How full they are, each mount by itself.
            disks: Vec<FileSystem>,
        }
    }

    /// Guests of an XCP-ng pool.
    pub struct Xcpng {
        told {
            /// Pool id.
            pool_uuid: String,
        }
        maybe {
            /// Pool name.
            pool_name: String,
            /// Host that leads the pool.
            master_uuid: String,
            /// This host.
            local_host_uuid: String,
            /// When this was read.
            collected_at: Timestamp,
        }
        some {
            /// The guests.
            vms: Vec<XcpngVm>,
        }
    }

    /// One guest of an XCP-ng pool.
    pub struct XcpngVm {
        told {
            /// Guest id.
            uuid: String,
            /// Guest name.
            name: String,
            /// Power state as XCP-ng words it.
            power_state: String,
        }
        maybe {
            /// Virtual processors.
            vcpus: i64,
            /// Memory in use.
            memory_actual_bytes: Bytes,
            /// Memory at most.
            memory_static_max_bytes: Bytes,
            /// Host it runs on.
            resident_host_uuid: String,
        }
    }
}
