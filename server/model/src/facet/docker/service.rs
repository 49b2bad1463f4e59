//! Services of a swarm.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DockerServicePort, DockerServiceUpdate};
use crate::facet::facts;

facts! {
    /// What is only of a service.
    pub struct DockerService {
        maybe {
            /// The stack it belongs to.
            stack: String,
            /// `replicated`, `global` …
            mode: String,
            /// Tasks that should run.
            desired_tasks: u64,
            /// Tasks that run.
            running_tasks: u64,
            /// Tasks that are done.
            completed_tasks: u64,
            /// Its rolling update.
            service_update: DockerServiceUpdate,
        }
        some {
            /// Its published ports.
            endpoint_ports: Vec<DockerServicePort>,
        }
    }
}
