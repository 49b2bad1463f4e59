//! Services, tasks and nodes of a swarm, and the names of its secrets and configurations.

use jiff::Timestamp;

use pulse_model::facet::Docker;
use pulse_model::facet::docker::{
    DockerObject, DockerService, DockerServicePort, DockerServiceUpdate,
};
use pulse_model::{Bytes, Kind, Sighting, Status};
use pulse_protocol::report::docker as wire;

use super::{Engine, text};

/// Returns what the report says of all of them.
pub(super) fn sightings<'a>(
    engine: &'a Engine,
    report: &'a wire::DockerReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let services = report.services.iter().map(|wire| service(engine, wire));
    let tasks = report.tasks.iter().map(|wire| task(engine, wire));
    let nodes = report.nodes.iter().map(|wire| node(engine, wire));
    let secrets = report.secrets.iter().map(|wire| secret(engine, wire));
    let configs = report.configs.iter().map(|wire| config(engine, wire));
    let all = services
        .chain(tasks)
        .chain(nodes)
        .chain(secrets)
        .chain(configs);
    all.map(|sighting| of_swarm(engine, sighting))
}

/// Says of which swarm it is: every manager tells of it, and it is one thing.
fn of_swarm(engine: &Engine, mut sighting: Sighting) -> Sighting {
    sighting.identity.cluster_name.clone_from(&engine.swarm);
    sighting
}

fn service(engine: &Engine, wire: &wire::Service) -> Sighting {
    let count = |count: i64| u64::try_from(count).ok();
    let service = DockerService {
        stack: text(&wire.stack),
        mode: text(&wire.mode),
        desired_tasks: count(wire.desired_tasks),
        running_tasks: count(wire.running_tasks),
        completed_tasks: count(wire.completed_tasks),
        service_update: wire
            .update_status
            .as_ref()
            .map(|update| DockerServiceUpdate {
                state: text(&update.state),
                message: text(&update.message),
                completed_at: update.completed_at,
            }),
        endpoint_ports: engine
            .room
            .list(&wire.endpoint_ports, |port| port.name.len(), port),
    };
    let facet = Docker {
        image: text(&wire.image),
        service_id: text(&wire.id),
        service_name: text(&wire.name),
        labels: engine.room.labels(&wire.labels),
        object_created_at: wire.created_at,
        object_updated_at: wire.updated_at,
        service: Some(Box::new(service)),
        ..engine.origin.clone()
    };
    // A job's tasks end: what is done counts with what runs.
    let there = wire.running_tasks.saturating_add(wire.completed_tasks);
    let status = match there {
        _ if there >= wire.desired_tasks => Status::Online,
        0 => Status::Offline,
        _ => Status::Warning,
    };
    Sighting {
        status: Some(status),
        ..engine.holds(Kind::DockerService, &wire.id, &wire.name, facet)
    }
}

fn port(wire: &wire::ServicePort) -> DockerServicePort {
    let number = |port: i64| u64::try_from(port).unwrap_or_default();
    DockerServicePort {
        target_port: number(wire.target_port),
        published_port: number(wire.published_port),
        name: text(&wire.name),
        protocol: text(&wire.protocol),
        publish_mode: text(&wire.publish_mode),
    }
}

fn task(engine: &Engine, wire: &wire::Task) -> Sighting {
    let object = DockerObject {
        task_id: text(&wire.id),
        slot: Some(wire.slot).filter(|slot| *slot > 0),
        node_id: text(&wire.node_id),
        node_name: text(&wire.node_name),
        desired_state: text(&wire.desired_state),
        current_state: text(&wire.current_state),
        error: text(&wire.error),
        message: text(&wire.message),
        container_name: text(&wire.container_name),
        completed_at: wire.completed_at,
        ..DockerObject::default()
    };
    let facet = Docker {
        service_id: text(&wire.service_id),
        service_name: text(&wire.service_name),
        container_id: text(&wire.container_id),
        started_at: wire.started_at,
        object_created_at: wire.created_at,
        object_updated_at: wire.updated_at,
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    };
    let name = match (text(&wire.service_name), wire.slot) {
        (Some(service), 1..) => format!("{service}.{}", wire.slot),
        (Some(service), _) => format!("{service}.{}", wire.node_name),
        (None, _) => wire.id.clone(),
    };
    let is_as_meant = wire.current_state == wire.desired_state;
    let status = match wire.current_state.as_str() {
        "running" => Status::Online,
        "failed" | "rejected" | "orphaned" => Status::Warning,
        "complete" | "shutdown" | "remove" => Status::Offline,
        _ if is_as_meant => Status::Online,
        _ => Status::Unknown,
    };
    Sighting {
        status: Some(status),
        ..engine.holds(Kind::DockerTask, &wire.id, &name, facet)
    }
}

fn node(engine: &Engine, wire: &wire::Node) -> Sighting {
    let object = DockerObject {
        node_id: text(&wire.id),
        node_name: text(&wire.hostname),
        node_role: text(&wire.role),
        availability: text(&wire.availability),
        node_state: text(&wire.state),
        message: text(&wire.message),
        address: text(&wire.address),
        manager_reachability: text(&wire.manager_reachability),
        manager_address: text(&wire.manager_address),
        engine_version: text(&wire.engine_version),
        nano_cpus: wire.nano_cpus,
        memory_bytes: wire.memory_bytes.map(Bytes),
        leader: Some(wire.leader),
        engine_labels: engine.room.labels(&wire.engine_labels),
        ..DockerObject::default()
    };
    let facet = Docker {
        os: text(&wire.os),
        architecture: text(&wire.architecture),
        labels: engine.room.labels(&wire.labels),
        object_created_at: wire.created_at,
        object_updated_at: wire.updated_at,
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    };
    let status = match (wire.state.as_str(), wire.availability.as_str()) {
        ("ready", "active" | "") => Status::Online,
        ("ready", _) => Status::Warning,
        ("down" | "disconnected", _) => Status::Offline,
        _ => Status::Unknown,
    };
    let name = text(&wire.hostname).unwrap_or_else(|| wire.id.clone());
    Sighting {
        status: Some(status),
        ..engine.holds(Kind::DockerSwarmNode, &wire.id, &name, facet)
    }
}

fn secret(engine: &Engine, wire: &wire::SwarmSecret) -> Sighting {
    let object = DockerObject {
        secret_id: text(&wire.id),
        secret_name: text(&wire.name),
        driver_name: text(&wire.driver_name),
        templating_driver: text(&wire.templating_driver),
        ..DockerObject::default()
    };
    let facet = Docker {
        labels: engine.room.labels(&wire.labels),
        ..kept(engine, [wire.created_at, wire.updated_at], object)
    };
    engine.holds(Kind::DockerSecret, &wire.id, &wire.name, facet)
}

fn config(engine: &Engine, wire: &wire::SwarmConfig) -> Sighting {
    let object = DockerObject {
        config_id: text(&wire.id),
        config_name: text(&wire.name),
        templating_driver: text(&wire.templating_driver),
        ..DockerObject::default()
    };
    let facet = Docker {
        labels: engine.room.labels(&wire.labels),
        ..kept(engine, [wire.created_at, wire.updated_at], object)
    };
    engine.holds(Kind::DockerConfig, &wire.id, &wire.name, facet)
}

/// Returns what is kept in the swarm since, and as of, these times.
fn kept(engine: &Engine, [since, as_of]: [Option<Timestamp>; 2], object: DockerObject) -> Docker {
    Docker {
        object_created_at: since,
        object_updated_at: as_of,
        object: Some(Box::new(object)),
        ..engine.origin.clone()
    }
}
