//! What TrueNAS says of a system, an app, a virtual machine or a share.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use super::storage::StorageRisk;
use crate::units::{Bytes, Percent, Seconds};

facts! {
    /// A system, or what it runs and shares.
    pub struct TrueNas {
        maybe {
            /// The system's name.
            hostname: String,
            /// Its release.
            version: String,
            /// Seconds since it started.
            uptime_seconds: Seconds,
            /// What threatens it.
            storage_risk: StorageRisk,
            /// The same in a sentence.
            storage_risk_summary: String,
            /// How its storage stands, in a sentence.
            storage_posture_summary: String,
            /// Whether less protects it than should.
            protection_reduced: bool,
            /// The same in a sentence.
            protection_summary: String,
            /// Whether a pool is being made whole.
            rebuild_in_progress: bool,
            /// The same in a sentence.
            rebuild_summary: String,
            /// The app it is.
            app: Box<TrueNasApp>,
            /// The virtual machine it is.
            vm: Box<TrueNasVm>,
            /// The share it is.
            share: Box<TrueNasShare>,
        }
        some {
            /// Its services.
            services: Vec<TrueNasService>,
        }
    }

    /// A service of a system.
    pub struct TrueNasService {
        told {
            /// Its name.
            service: String,
            /// Whether it starts with the system.
            enabled: bool,
            /// `RUNNING` or `STOPPED`.
            state: String,
        }
    }

    /// An app.
    pub struct TrueNasApp {
        maybe {
            /// Its id.
            id: String,
            /// Its name.
            name: String,
            /// `RUNNING`, `STOPPED`, `DEPLOYING`, `CRASHED`.
            state: String,
            /// Its release.
            version: String,
            /// The same for people.
            human_version: String,
            /// Whether it is not of the catalogue.
            custom_app: bool,
            /// Whether there is a newer release.
            upgrade_available: bool,
            /// Whether there are newer images.
            image_updates_available: bool,
            /// What its makers say.
            notes: String,
            /// Its containers, counted.
            container_count: u64,
            /// What it uses.
            stats: TrueNasAppStats,
        }
        some {
            /// Addresses it takes.
            used_host_ips: Vec<String>,
            /// Ports it takes.
            used_ports: Vec<TrueNasAppPort>,
            /// Its containers.
            containers: Vec<TrueNasAppContainer>,
            /// Its volumes.
            volumes: Vec<TrueNasAppVolume>,
            /// Its images.
            images: Vec<String>,
            /// Its networks.
            networks: Vec<TrueNasAppNetwork>,
        }
    }

    /// A port an app takes.
    pub struct TrueNasAppPort {
        told {
            /// Port inside.
            container_port: u32,
            /// Port outside.
            host_port: u32,
            /// `tcp` or `udp`.
            protocol: String,
        }
        maybe {
            /// Address outside.
            host_ip: String,
        }
    }

    /// A container of an app.
    pub struct TrueNasAppContainer {
        told {
            /// Its id.
            id: String,
            /// The service it is of.
            service_name: String,
            /// How it is.
            state: String,
        }
        maybe {
            /// Its image.
            image: String,
        }
    }

    /// A volume of an app.
    pub struct TrueNasAppVolume {
        told {
            /// Where it is.
            source: String,
            /// Where it is mounted.
            destination: String,
        }
        maybe {
            /// How.
            mode: String,
            /// `bind` or `volume`.
            #[serde(rename = "type")]
            kind: String,
        }
    }

    /// A network of an app.
    pub struct TrueNasAppNetwork {
        told {
            /// Its name.
            name: String,
        }
        maybe {
            /// Its id.
            id: String,
        }
    }

    /// What an app uses.
    pub struct TrueNasAppStats {
        maybe {
            /// Processor; 100 is one core.
            cpu_percent: Percent,
            /// Memory.
            memory_bytes: Bytes,
            /// Received since it started.
            network_rx_bytes: Bytes,
            /// Sent since it started.
            network_tx_bytes: Bytes,
            /// Read since it started.
            block_read_bytes: Bytes,
            /// Written since it started.
            block_write_bytes: Bytes,
        }
    }

    /// A virtual machine.
    pub struct TrueNasVm {
        maybe {
            /// Its id.
            id: String,
            /// Its name.
            name: String,
            /// What its operator wrote.
            description: String,
            /// `RUNNING`, `STOPPED`.
            state: String,
            /// The hypervisor's word for that.
            domain_state: String,
            /// Its process.
            pid: i64,
            /// Sockets it sees.
            vcpus: u32,
            /// Cores of each.
            cores: u32,
            /// Threads of each.
            threads: u32,
            /// Memory.
            memory_bytes: Bytes,
            /// Memory it keeps at least.
            min_memory_bytes: Bytes,
            /// How its processor is made.
            cpu_mode: String,
            /// Which.
            cpu_model: String,
            /// `UEFI` …
            bootloader: String,
            /// Whether it starts with the system.
            autostart: bool,
            /// Whether it rests for snapshots.
            suspend_on_snapshot: bool,
            /// Whether it has a trusted platform module.
            trusted_platform_module: bool,
            /// Whether it boots only what is signed.
            secure_boot: bool,
            /// `LOCAL` or `UTC`.
            time: String,
            /// Architecture.
            arch_type: String,
            /// Machine.
            machine_type: String,
            /// Its unique id.
            uuid: String,
            /// Whether it can be seen.
            display_available: bool,
            /// Devices, counted.
            device_count: u32,
            /// Disks, counted.
            disk_count: u32,
            /// Network cards, counted.
            nic_count: u32,
            /// Displays, counted.
            display_count: u32,
            /// Optical drives, counted.
            cdrom_count: u32,
            /// USB devices, counted.
            usb_count: u32,
            /// PCI devices, counted.
            pci_count: u32,
        }
    }

    /// A share.
    pub struct TrueNasShare {
        told {
            /// Whether it is offered.
            enabled: bool,
            /// Whether nobody may write.
            read_only: bool,
        }
        maybe {
            /// Its id.
            id: String,
            /// Its name.
            name: String,
            /// `smb`, `nfs`, `iscsi`.
            protocol: String,
            /// Where it is.
            path: String,
            /// The dataset it is of.
            dataset: String,
            /// Where it is in that.
            relative_path: String,
            /// What its operator wrote.
            comment: String,
            /// Whether it is listed.
            browsable: bool,
            /// Whether its dataset is locked.
            locked: bool,
            /// Whether only what may be read is listed.
            access_based_enumeration: bool,
            /// Whether accesses are written down.
            audit_enabled: bool,
            /// Whether snapshots are shown.
            expose_snapshots: bool,
            /// The user root becomes.
            map_root_user: String,
            /// The group root becomes.
            map_root_group: String,
            /// The user everybody becomes.
            map_all_user: String,
            /// The group everybody becomes.
            map_all_group: String,
        }
        some {
            /// Other names.
            aliases: Vec<String>,
            /// Machines that may use it.
            hosts: Vec<String>,
            /// Networks that may.
            networks: Vec<String>,
            /// How users prove themselves.
            security: Vec<String>,
        }
    }
}
