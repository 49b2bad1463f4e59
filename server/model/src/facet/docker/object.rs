//! What an engine keeps besides containers: images, volumes, networks, and the parts of a swarm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::{Labels, facts};
use crate::units::Bytes;

facts! {
    /// What is only of an image, a volume, a network, a task, a node, a secret or a config.
    pub struct DockerObject {
        maybe {
            /// The id of the network it is.
            network_id: String,
            /// The name of the volume it is.
            volume_name: String,
            /// The id of the task it is.
            task_id: String,
            /// The id of the secret it is.
            secret_id: String,
            /// Its name.
            secret_name: String,
            /// The id of the config it is.
            config_id: String,
            /// Its name.
            config_name: String,
            /// Size.
            size_bytes: Bytes,
            /// Size shared with other images; -1 is not computed.
            shared_size_bytes: Bytes,
            /// Containers that use it; -1 is not computed.
            image_containers: i64,
            /// Driver.
            driver: String,
            /// Path on the machine.
            mountpoint: String,
            /// `local` or `global`.
            scope: String,
            /// Containers that use it; -1 is not computed.
            ref_count: i64,
            /// Whether it has IPv4.
            enable_ipv4: bool,
            /// Whether it has IPv6.
            enable_ipv6: bool,
            /// Whether it has no way out.
            internal: bool,
            /// Whether containers may attach by themselves.
            attachable: bool,
            /// Whether it is the swarm's routing network.
            ingress: bool,
            /// Whether it only holds settings for others.
            config_only: bool,
            /// Slot in the service.
            slot: i64,
            /// Node it runs on.
            node_id: String,
            /// Its name.
            node_name: String,
            /// State it should have.
            desired_state: String,
            /// State it has.
            current_state: String,
            /// What went wrong.
            error: String,
            /// What the swarm says of it.
            message: String,
            /// Its name.
            container_name: String,
            /// When it ended.
            completed_at: Timestamp,
            /// `manager` or `worker`.
            node_role: String,
            /// `active`, `pause` or `drain`.
            availability: String,
            /// State as the swarm words it.
            node_state: String,
            /// Address.
            address: String,
            /// Reachability as a manager.
            manager_reachability: String,
            /// Address as a manager.
            manager_address: String,
            /// Engine version.
            engine_version: String,
            /// Processors, in billionths.
            nano_cpus: u64,
            /// Memory.
            memory_bytes: Bytes,
            /// Whether it leads.
            leader: bool,
            /// Driver.
            driver_name: String,
            /// Templating driver.
            templating_driver: String,
        }
        some {
            /// Tags.
            repo_tags: Vec<String>,
            /// Digests.
            repo_digests: Vec<String>,
            /// Driver options.
            options: Labels,
            /// Address ranges.
            subnets: Vec<DockerSubnet>,
            /// Labels of the engine.
            engine_labels: Labels,
        }
    }

    /// One address range of a network.
    pub struct DockerSubnet {
        maybe {
            /// The range.
            subnet: String,
            /// Its gateway.
            gateway: String,
        }
    }
}
