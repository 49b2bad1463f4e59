//! A place in a swarm, and how its services are reached and renewed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;

facts! {
    /// One published port of a service.
    pub struct DockerServicePort {
        told {
            /// Port inside.
            target_port: u64,
            /// Port outside.
            published_port: u64,
        }
        maybe {
            /// Name.
            name: String,
            /// `tcp`, `udp` or `sctp`.
            protocol: String,
            /// `ingress` or `host`.
            publish_mode: String,
        }
    }

    /// Rolling update of a service.
    pub struct DockerServiceUpdate {
        maybe {
            /// Its state.
            state: String,
            /// What the swarm says of it.
            message: String,
            /// When it ended.
            completed_at: Timestamp,
        }
    }

    /// Part the engine has in a swarm.
    pub struct DockerSwarm {
        maybe {
            /// Its node id.
            node_id: String,
            /// `manager` or `worker`.
            node_role: String,
            /// State of its membership.
            local_state: String,
            /// Swarm id.
            cluster_id: String,
            /// Swarm name.
            cluster_name: String,
            /// `node` or `cluster`: what the lists of this report cover.
            scope: String,
            /// What is wrong with the membership.
            error: String,
        }
        some {
            /// Whether it can answer for the swarm.
            control_available: bool,
        }
    }
}
