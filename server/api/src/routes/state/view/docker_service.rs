//! `dockerHosts[].services`: services of a swarm.

use jiff::Timestamp;

use pulse_model::Resource;
use pulse_model::facet::Labels;
use pulse_model::facet::docker::{Docker, DockerService, DockerServicePort, DockerServiceUpdate};

use super::shape::element;

element! {
    /// A service of a swarm.
    Service<'a> {
        told {
            id: &'a str,
            name: &'a str,
        }
        maybe {
            stack: &'a str,
            image: &'a str,
            mode: &'a str,
            desired_tasks: u64,
            running_tasks: u64,
            completed_tasks: u64,
            update_status: &'a DockerServiceUpdate,
            labels: &'a Labels,
            created_at: Timestamp,
            updated_at: Timestamp,
        }
        some {
            endpoint_ports: DockerServicePort,
        }
    }
}

/// Returns the element of a service.
pub(super) fn service<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    facts: &'a DockerService,
) -> Service<'a> {
    Service {
        id: docker.service_id.as_deref().unwrap_or(resource.id.as_str()),
        name: &resource.name,
        stack: facts.stack.as_deref(),
        image: docker.image.as_deref(),
        mode: facts.mode.as_deref(),
        desired_tasks: facts.desired_tasks,
        running_tasks: facts.running_tasks,
        completed_tasks: facts.completed_tasks,
        update_status: facts.service_update.as_ref(),
        labels: (!docker.labels.is_empty()).then_some(&docker.labels),
        created_at: docker.object_created_at,
        updated_at: docker.object_updated_at,
        endpoint_ports: &facts.endpoint_ports,
    }
}
