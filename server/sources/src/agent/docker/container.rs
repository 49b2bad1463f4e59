//! Containers.

use jiff::Timestamp;

use pulse_model::facet::Docker;
use pulse_model::facet::docker::{
    DockerBlockIo, DockerContainer, DockerLink, DockerMount, DockerPodman, DockerPort, DockerUpdate,
};
use pulse_model::{
    Bytes, Counters, Kind, MetricValue, Metrics, Percent, Seconds, Sighting, Status,
};
use pulse_protocol::report::docker as wire;
use pulse_protocol::report::docker::{ContainerHealth, ContainerState};

use super::{Engine, text};

/// Returns what the report says of one container.
pub(super) fn sighting(engine: &Engine, wire: &wire::Container, at: Timestamp) -> Sighting {
    let runs = matches!(
        wire.state,
        ContainerState::Running | ContainerState::Restarting | ContainerState::Paused
    );
    // The original's agents send zeros of what does not run: that is not known, not idle.
    let cpu = wire.cpu_percent.filter(|_| runs).map(Percent);
    let of_all = cpu.map(|cpu| Percent(cpu.0 / f64::from(engine.cores.unwrap_or(1))));
    let facet = Docker {
        image: text(&wire.image),
        container_id: text(&wire.id),
        started_at: wire.started_at.filter(|_| runs),
        labels: engine.room.labels(&wire.labels),
        container: Some(Box::new(DockerContainer {
            cpu_raw_percent: cpu,
            cpu_capacity_percent: of_all.and_then(Percent::clamped),
            cpu_capacity_cores: engine.cores,
            ..facts(engine, wire, runs)
        })),
        ..engine.origin.clone()
    };
    let used = wire.memory_usage_bytes.filter(|_| runs).map(Bytes);
    let limit = wire.memory_limit_bytes.filter(|limit| *limit > 0);
    let limit = limit.map(Bytes).or(engine.memory);
    let metrics = Metrics {
        cpu: of_all.and_then(Percent::clamped).map(MetricValue::percent),
        memory: used
            .zip(limit)
            .and_then(|(used, limit)| MetricValue::share(used, limit)),
        ..Metrics::default()
    };
    let block_io = wire.block_io.clone().unwrap_or_default();
    let counters = Counters {
        net_in: wire.network_rx_bytes.filter(|_| runs).map(Bytes),
        net_out: wire.network_tx_bytes.filter(|_| runs).map(Bytes),
        disk_read: block_io.read_bytes.filter(|_| runs).map(Bytes),
        disk_write: block_io.write_bytes.filter(|_| runs).map(Bytes),
    };
    let since = wire.started_at.filter(|_| runs);
    let since = since.map(|since| at.duration_since(since).as_secs());
    let uptime = wire.uptime_seconds.filter(|up| *up > 0);
    let uptime = uptime.or_else(|| since.and_then(|up| u64::try_from(up).ok()));
    let name = text(&wire.name).unwrap_or_else(|| wire.id.chars().take(12).collect());
    Sighting {
        status: Some(status(wire)),
        metrics,
        counters,
        uptime: uptime.filter(|_| runs).map(Seconds),
        ..engine.holds(Kind::AppContainer, &wire.id, &name, facet)
    }
}

/// A container that ended is offline, whether it was meant to or not: alerts judge that.
fn status(wire: &wire::Container) -> Status {
    match (&wire.state, &wire.health) {
        (ContainerState::Running, ContainerHealth::Unhealthy) => Status::Warning,
        (ContainerState::Running, _) => Status::Online,
        (ContainerState::Restarting | ContainerState::Paused, _) => Status::Warning,
        (
            ContainerState::Created
            | ContainerState::Exited
            | ContainerState::Dead
            | ContainerState::Removing,
            _,
        ) => Status::Offline,
        _ => Status::Unknown,
    }
}

fn facts(engine: &Engine, wire: &wire::Container, runs: bool) -> DockerContainer {
    let block_io = wire.block_io.as_ref().map(|io| DockerBlockIo {
        read_bytes: io.read_bytes.map(Bytes),
        write_bytes: io.write_bytes.map(Bytes),
        ..DockerBlockIo::default()
    });
    DockerContainer {
        image_digest: text(&wire.image_digest),
        container_state: text(&wire.state.to_string()),
        container_status: text(&wire.status),
        health: text(&wire.health.to_string()),
        restart_count: wire
            .restart_count
            .and_then(|count| u64::try_from(count).ok()),
        exit_code: wire.exit_code.filter(|_| !runs),
        oom_killed: wire.oom_killed,
        created_at: wire.created_at,
        finished_at: wire.finished_at,
        network_rx_bytes: wire.network_rx_bytes.map(Bytes),
        network_tx_bytes: wire.network_tx_bytes.map(Bytes),
        writable_layer_bytes: wire.writable_layer_bytes.map(Bytes),
        root_filesystem_bytes: wire.root_filesystem_bytes.map(Bytes),
        block_io,
        podman: wire.podman.as_ref().map(podman).map(Box::new),
        update_status: wire.update_status.as_ref().map(update).map(Box::new),
        healthcheck_targets: engine.room.texts(&wire.healthcheck_targets),
        ports: engine.room.list(&wire.ports, |port| port.ip.len(), port),
        networks: engine
            .room
            .list(&wire.networks, |link| link.name.len(), link),
        mounts: engine.room.list(
            &wire.mounts,
            |m| m.source.len() + m.destination.len(),
            mount,
        ),
        ..DockerContainer::default()
    }
}

fn port(wire: &wire::ContainerPort) -> DockerPort {
    DockerPort {
        private_port: wire.private_port,
        protocol: wire.protocol.clone(),
        public_port: u32::try_from(wire.public_port)
            .ok()
            .filter(|port| *port > 0),
        ip: text(&wire.ip),
    }
}

fn link(wire: &wire::ContainerNetwork) -> DockerLink {
    DockerLink {
        name: wire.name.clone(),
        ipv4: text(&wire.ipv4),
        ipv6: text(&wire.ipv6),
    }
}

fn mount(wire: &wire::Mount) -> DockerMount {
    DockerMount {
        rw: wire.rw,
        kind: text(&wire.kind),
        source: text(&wire.source),
        destination: text(&wire.destination),
        mode: text(&wire.mode),
        propagation: text(&wire.propagation),
        name: text(&wire.name),
        driver: text(&wire.driver),
    }
}

fn podman(wire: &wire::Podman) -> DockerPodman {
    DockerPodman {
        pod_name: text(&wire.pod_name),
        pod_id: text(&wire.pod_id),
        compose_project: text(&wire.compose_project),
        compose_service: text(&wire.compose_service),
        compose_workdir: text(&wire.compose_workdir),
        compose_config_hash: text(&wire.compose_config_hash),
        auto_update_policy: text(&wire.auto_update_policy),
        auto_update_restart: text(&wire.auto_update_restart),
        user_namespace: text(&wire.user_namespace),
        infra: wire.infra,
    }
}

fn update(wire: &wire::ContainerUpdate) -> DockerUpdate {
    DockerUpdate {
        update_available: wire.update_available,
        current_digest: text(&wire.current_digest),
        latest_digest: text(&wire.latest_digest),
        last_checked: wire.last_checked,
        error: text(&wire.error),
    }
}
