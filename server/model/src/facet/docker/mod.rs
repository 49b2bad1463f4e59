//! What a container engine says of a host, a container or a service.

mod container;
mod engine;
mod object;
mod service;
mod swarm;
mod usage;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Labels, facts};

pub use container::*;
pub use engine::*;
pub use object::*;
pub use service::*;
pub use swarm::*;
pub use usage::*;

facts! {
    /// Which engine, and what is only of a host, of a container or of a service.
    pub struct Docker {
        maybe {
            /// The engine's id at the agent that reports it.
            host_source_id: String,
            /// The agent that reports it.
            agent_id: String,
            /// The machine the engine is on.
            hostname: String,
            /// `docker` or `podman`.
            runtime: String,
            /// The image it runs.
            image: String,
            /// The container it is, or runs in.
            container_id: String,
            /// When it started.
            started_at: Timestamp,
            /// Operating system of a host or a node.
            os: String,
            /// Processor architecture of a host or a node.
            architecture: String,
            /// The id of the image it runs, or is.
            image_id: String,
            /// The service it is, or is of.
            service_id: String,
            /// That one's name.
            service_name: String,
            /// When it was made.
            object_created_at: Timestamp,
            /// When it was changed.
            object_updated_at: Timestamp,
        }
        some {
            /// Its labels.
            labels: Labels,
        }
        parts {
            /// What is only of a host.
            engine: DockerEngine,
            /// What is only of a container.
            container: DockerContainer,
            /// What is only of a service.
            service: DockerService,
            /// What is only of anything else an engine keeps.
            object: DockerObject,
        }
    }
}
