//! The engine and the machine it is on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DockerStorageShare, DockerSwarm};
use crate::facet::agent_host::{FileSystem, HostMemory, NetworkInterface};
use crate::facet::facts;
use crate::units::{Bytes, BytesPerSecond, Celsius, Seconds};

facts! {
    /// What is only of a host.
    pub struct DockerEngine {
        maybe {
            /// The name people see.
            display_name: String,
            /// The name an operator gave it.
            custom_display_name: String,
            /// The operating system's machine id.
            machine_id: String,
            /// Kernel.
            kernel_version: String,
            /// Release of the engine.
            runtime_version: String,
            /// The same under its name of old.
            docker_version: String,
            /// Release of the agent.
            agent_version: String,
            /// Seconds between two reports.
            interval_seconds: Seconds,
            /// Processors.
            cpus: u32,
            /// Memory.
            total_memory_bytes: Bytes,
            /// Memory and swap.
            memory: HostMemory,
            /// Seconds since the machine started.
            uptime_seconds: Seconds,
            /// Its leading temperature.
            temperature: Celsius,
            /// Bytes per second received.
            net_in_rate: BytesPerSecond,
            /// Bytes per second sent.
            net_out_rate: BytesPerSecond,
            /// Bytes per second read.
            disk_read_rate: BytesPerSecond,
            /// Bytes per second written.
            disk_write_rate: BytesPerSecond,
            /// Containers it knows.
            container_count: u64,
            /// Images it keeps.
            image_count: u64,
            /// Volumes it keeps.
            volume_count: u64,
            /// Networks it has.
            network_count: u64,
            /// Nodes of its swarm.
            node_count: u64,
            /// Secrets of its swarm.
            secret_count: u64,
            /// Configs of its swarm.
            config_count: u64,
            /// Containers with a newer image.
            updates_available_count: u64,
            /// When that was asked.
            updates_last_checked_at: Timestamp,
            /// Space of images.
            images_usage: DockerStorageShare,
            /// Space of writable layers.
            containers_usage: DockerStorageShare,
            /// Space of volumes.
            volumes_usage: DockerStorageShare,
            /// Space of the build cache.
            build_cache_usage: DockerStorageShare,
            /// The API token its agent reports with.
            token_id: String,
            /// Its place in a swarm.
            swarm: DockerSwarm,
            /// What may stop commands.
            security: DockerSecurity,
            /// The last command it was sent.
            command: DockerCommand,
            /// Two machines that report under its id.
            identity_conflict: IdentityConflict,
        }
        some {
            /// Load over 1, 5 and 15 minutes.
            load_average: Vec<f64>,
            /// Its file systems.
            disks: Vec<FileSystem>,
            /// Its network interfaces.
            network_interfaces: Vec<NetworkInterface>,
            /// Whether an operator hid it.
            hidden: bool,
            /// Whether its agent was asked to go.
            pending_uninstall: bool,
            /// Whether its agent is of the old sort.
            is_legacy: bool,
        }
    }

    /// What may stop commands on an engine.
    pub struct DockerSecurity {
        maybe {
            /// Why commands that change something are refused.
            mutating_commands_blocked_reason: String,
        }
        some {
            /// Its authorization plugins.
            authorization_plugins: Vec<String>,
            /// Whether commands that change something are refused.
            mutating_commands_blocked: bool,
        }
    }

    /// A command an engine's agent was sent.
    pub struct DockerCommand {
        told {
            /// Its id.
            id: String,
            /// What was asked.
            #[serde(rename = "type")]
            verb: String,
            /// How far it is.
            status: String,
            /// When it was asked.
            created_at: Timestamp,
            /// When it last moved.
            updated_at: Timestamp,
        }
        maybe {
            /// What the agent said.
            message: String,
            /// When it was handed over.
            dispatched_at: Timestamp,
            /// When the agent took it.
            acknowledged_at: Timestamp,
            /// When it was done.
            completed_at: Timestamp,
            /// When it failed.
            failed_at: Timestamp,
            /// Why.
            failure_reason: String,
            /// When it is no longer worth doing.
            expires_at: Timestamp,
        }
    }

    /// Two machines that report under one id.
    pub struct IdentityConflict {
        told {
            /// For people.
            message: String,
        }
        maybe {
            /// When it was noticed.
            detected_at: Timestamp,
        }
        some {
            /// The host names seen.
            hostnames: Vec<String>,
        }
    }
}
