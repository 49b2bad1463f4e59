//! What Proxmox VE says of a node, a guest, a storage or a disk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::agent_host::{FileSystem, NetworkInterface};
use super::facts;
use super::temperature::Temperature;
use crate::units::{Bytes, Celsius, Seconds};

facts! {
    /// Where it is, and what is only of a node or of a guest.
    pub struct Proxmox {
        maybe {
            /// Its id at the connection that reports it.
            source_id: String,
            /// The configured connection that reports it.
            instance: String,
            /// The node it is, or is on.
            node_name: String,
            /// The cluster that node belongs to.
            cluster_name: String,
            /// Proxmox's own word for how it is.
            runtime_status: String,
            /// How the connection is: `healthy`, `degraded`, `error`.
            connection_health: String,
            /// Processors it has.
            cpus: u32,
            /// Seconds since it started.
            uptime: Seconds,
            /// Reclaimable memory.
            memory_cache: Bytes,
            /// Memory not used at all.
            memory_free: Bytes,
            /// Swap in use.
            swap_used: Bytes,
            /// Swap there is.
            swap_total: Bytes,
        }
        some {
            /// Its file systems.
            disks: Vec<FileSystem>,
            /// Its network interfaces.
            network_interfaces: Vec<NetworkInterface>,
        }
        parts {
            /// What is only of a node.
            node: ProxmoxNode,
            /// What is only of a guest.
            guest: ProxmoxGuest,
        }
    }

    /// What is only of a node.
    pub struct ProxmoxNode {
        maybe {
            /// Its durable identity in the cluster.
            node_identity: String,
            /// The name people see.
            node_display_name: String,
            /// Whether it belongs to a cluster.
            is_cluster_member: bool,
            /// Where its API is.
            host: String,
            /// The address to offer instead.
            guest_url: String,
            /// Its leading temperature.
            temperature: Celsius,
            /// Every sensor.
            temperature_details: Temperature,
            /// Whether its temperature is asked for; absent is as everywhere.
            temperature_monitoring_enabled: bool,
            /// Its Proxmox VE release.
            pve_version: String,
            /// Its kernel.
            kernel_version: String,
            /// Its processors.
            cpu_info: CpuModel,
            /// Packages that wait.
            pending_updates: u64,
            /// When they were counted.
            pending_updates_checked_at: Timestamp,
        }
        some {
            /// Names it had.
            node_aliases: Vec<String>,
            /// Load over 1, 5 and 15 minutes.
            load_average: Vec<f64>,
        }
    }

    /// What is only of a guest.
    pub struct ProxmoxGuest {
        told {
            /// Its number.
            vmid: u32,
        }
        maybe {
            /// The pool that owns it.
            pool: String,
            /// `lxc` or `oci`, of a container.
            container_type: String,
            /// Whether it was made of an OCI image.
            is_oci: bool,
            /// Whether it is a template.
            template: bool,
            /// Whether it starts with its node.
            on_boot: bool,
            /// When it was last backed up.
            last_backup: Timestamp,
            /// Whether a backup runs.
            backup_in_progress: bool,
            /// Why its disks are not known.
            disk_status_reason: String,
            /// How its guest agent is.
            guest_agent_status: String,
            /// Whether it is meant to have one.
            guest_agent_expected: bool,
            /// Its operating system.
            os_name: String,
            /// That system's release.
            os_version: String,
            /// The release of its guest agent.
            agent_version: String,
            /// The template or image it was made of.
            os_template: String,
            /// Whether Docker was found in it.
            has_docker: bool,
            /// When that was looked for.
            docker_checked_at: Timestamp,
            /// What the balloon leaves it.
            balloon: Bytes,
            /// What holds it: `backup`, `migrate`, `snapshot` …
            lock: String,
        }
    }

    /// A model of processor.
    pub struct CpuModel {
        told {
            /// Its name.
            model: String,
            /// Cores of all sockets.
            cores: u32,
            /// Sockets.
            sockets: u32,
        }
        maybe {
            /// Its clock in MHz, as text.
            mhz: String,
        }
    }
}
