//! Containers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::{Bytes, BytesPerSecond, Percent};

facts! {
    /// What is only of a container.
    pub struct DockerContainer {
        maybe {
            /// The image's digest.
            image_digest: String,
            /// `running`, `exited`, `restarting` …
            container_state: String,
            /// The engine's sentence about that.
            container_status: String,
            /// `healthy`, `unhealthy`, `starting`.
            health: String,
            /// Times it was restarted.
            restart_count: u64,
            /// How it last ended.
            exit_code: i64,
            /// Whether it was ended for want of memory.
            oom_killed: bool,
            /// Processor use; 100 is one core.
            cpu_raw_percent: Percent,
            /// Processor use of the whole machine.
            cpu_capacity_percent: Percent,
            /// Processors it may use.
            cpu_capacity_cores: u32,
            /// When it was made.
            created_at: Timestamp,
            /// When it ended.
            finished_at: Timestamp,
            /// Received since it started.
            network_rx_bytes: Bytes,
            /// Sent since it started.
            network_tx_bytes: Bytes,
            /// What it wrote into its own layer.
            writable_layer_bytes: Bytes,
            /// The size of all its layers.
            root_filesystem_bytes: Bytes,
            /// What it read and wrote.
            block_io: DockerBlockIo,
            /// What only Podman tells.
            podman: Box<DockerPodman>,
            /// Whether there is a newer image.
            update_status: Box<DockerUpdate>,
        }
        some {
            /// What its health check asks.
            healthcheck_targets: Vec<String>,
            /// Its ports.
            ports: Vec<DockerPort>,
            /// The networks it is in.
            networks: Vec<DockerLink>,
            /// What is mounted into it.
            mounts: Vec<DockerMount>,
        }
    }

    /// One published port.
    pub struct DockerPort {
        told {
            /// Port inside.
            private_port: u32,
            /// `tcp`, `udp` or `sctp`.
            protocol: String,
        }
        maybe {
            /// Port outside, of a published one.
            public_port: u32,
            /// Address it is published on.
            ip: String,
        }
    }

    /// One network a container is attached to.
    pub struct DockerLink {
        told {
            /// Network name.
            name: String,
        }
        maybe {
            /// Address.
            ipv4: String,
            /// Address.
            ipv6: String,
        }
    }

    /// Cumulative block counters of a container.
    pub struct DockerBlockIo {
        maybe {
            /// Bytes read.
            read_bytes: Bytes,
            /// Bytes written.
            write_bytes: Bytes,
            /// Bytes per second read.
            read_rate_bytes_per_second: BytesPerSecond,
            /// Bytes per second written.
            write_rate_bytes_per_second: BytesPerSecond,
        }
    }

    /// One mount of a container.
    pub struct DockerMount {
        told {
            /// Whether it can be written.
            rw: bool,
        }
        maybe {
            /// `bind`, `volume`, `tmpfs`, ….
            #[serde(rename = "type")]
            kind: String,
            /// Path on the machine.
            source: String,
            /// Path inside.
            destination: String,
            /// Mount options.
            mode: String,
            /// Mount propagation.
            propagation: String,
            /// Volume name.
            name: String,
            /// Volume driver.
            driver: String,
        }
    }

    /// What only Podman knows of a container.
    pub struct DockerPodman {
        maybe {
            /// Pod name.
            pod_name: String,
            /// Pod id.
            pod_id: String,
            /// Compose project.
            compose_project: String,
            /// Compose service.
            compose_service: String,
            /// Compose directory.
            compose_workdir: String,
            /// Compose configuration digest.
            compose_config_hash: String,
            /// Automatic update policy.
            auto_update_policy: String,
            /// What to restart after an update.
            auto_update_restart: String,
            /// User namespace.
            user_namespace: String,
        }
        some {
            /// Whether it is the pod's own container.
            infra: bool,
        }
    }

    /// Whether a newer image exists.
    pub struct DockerUpdate {
        told {
            /// Whether it does.
            update_available: bool,
        }
        maybe {
            /// Digest in use.
            current_digest: String,
            /// Digest on offer.
            latest_digest: String,
            /// When the registry was asked.
            last_checked: Timestamp,
            /// Why it could not be told.
            error: String,
        }
    }
}
