//! `dockerHosts[].containers`, and what of each shows among its host's `issues` and
//! `recentExitCodes`.

use jiff::Timestamp;

use pulse_model::facet::Labels;
use pulse_model::facet::docker::{
    Docker, DockerBlockIo, DockerContainer, DockerLink, DockerMount, DockerPodman, DockerPort,
    DockerUpdate,
};
use pulse_model::{Bytes, BytesPerSecond, Percent, Resource, Seconds, Status};

use super::shape::{amounts, element, or_blank, percent};

/// So many restarts are no accident.
const RESTART_LOOP: u64 = 3;

element! {
    /// A container of an engine.
    Container<'a> {
        told {
            id: &'a str,
            name: &'a str,
            image: &'a str,
            state: &'a str,
            status: &'a str,
        }
        maybe {
            image_digest: &'a str,
            health: &'a str,
            cpu_percent: Percent,
            cpu_capacity_percent: Percent,
            memory_usage_bytes: Bytes,
            memory_limit_bytes: Bytes,
            memory_percent: Percent,
            uptime_seconds: Seconds,
            restart_count: u64,
            exit_code: i64,
            oom_killed: bool,
            created_at: Timestamp,
            started_at: Timestamp,
            finished_at: Timestamp,
            labels: &'a Labels,
            network_rx_bytes: Bytes,
            network_tx_bytes: Bytes,
            net_in_rate: BytesPerSecond,
            net_out_rate: BytesPerSecond,
            writable_layer_bytes: Bytes,
            root_filesystem_bytes: Bytes,
            block_io: &'a DockerBlockIo,
            podman: &'a DockerPodman,
            update_status: &'a DockerUpdate,
        }
        some {
            healthcheck_targets: String,
            ports: DockerPort,
            networks: DockerLink,
            mounts: DockerMount,
        }
    }
}

/// Returns the element of a container.
pub(super) fn container<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    facts: &'a DockerContainer,
) -> Container<'a> {
    let metrics = &resource.metrics;
    let (memory_limit, memory_used) = amounts(metrics.memory.as_ref());
    let rate = |metric: &Option<pulse_model::MetricValue>| {
        metric.as_ref().map(|metric| BytesPerSecond(metric.value))
    };
    let state = state(resource, facts);
    Container {
        id: docker
            .container_id
            .as_deref()
            .unwrap_or(resource.id.as_str()),
        name: &resource.name,
        image: or_blank(&docker.image),
        state,
        status: facts.container_status.as_deref().unwrap_or(state),
        image_digest: facts.image_digest.as_deref(),
        health: facts.health.as_deref(),
        cpu_percent: facts
            .cpu_raw_percent
            .or_else(|| percent(metrics.cpu.as_ref())),
        cpu_capacity_percent: facts.cpu_capacity_percent,
        memory_usage_bytes: memory_used,
        memory_limit_bytes: memory_limit,
        memory_percent: percent(metrics.memory.as_ref()),
        uptime_seconds: resource.uptime,
        restart_count: facts.restart_count,
        exit_code: facts.exit_code,
        oom_killed: facts.oom_killed,
        created_at: facts.created_at,
        started_at: docker.started_at,
        finished_at: facts.finished_at,
        labels: (!docker.labels.is_empty()).then_some(&docker.labels),
        network_rx_bytes: facts.network_rx_bytes,
        network_tx_bytes: facts.network_tx_bytes,
        net_in_rate: rate(&metrics.net_in),
        net_out_rate: rate(&metrics.net_out),
        writable_layer_bytes: facts.writable_layer_bytes,
        root_filesystem_bytes: facts.root_filesystem_bytes,
        block_io: facts.block_io.as_ref(),
        podman: facts.podman.as_deref(),
        update_status: facts.update_status.as_deref(),
        healthcheck_targets: &facts.healthcheck_targets,
        ports: &facts.ports,
        networks: &facts.networks,
        mounts: &facts.mounts,
    }
}

fn state<'a>(resource: &Resource, facts: &'a DockerContainer) -> &'a str {
    let by_status = match resource.status {
        Status::Online | Status::Warning => "running",
        Status::Offline => "exited",
        Status::Unknown => "unknown",
    };
    facts.container_state.as_deref().unwrap_or(by_status)
}

element! {
    /// Something wrong with a container.
    Issue<'a> {
        told {
            container_id: &'a str,
            container_name: &'a str,
            /// `health_check_failed`, `restart_loop` or `out_of_memory`.
            #[serde(rename = "type")]
            kind: &'static str,
            message: String,
        }
    }
}

/// Returns what is wrong with a container, the worst of it.
pub(super) fn issue<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    facts: &'a DockerContainer,
) -> Option<Issue<'a>> {
    let restarts = facts.restart_count.unwrap_or_default();
    let is_restarting = facts.container_state.as_deref() == Some("restarting");
    let (kind, message) = if facts.oom_killed == Some(true) {
        ("out_of_memory", "ended for want of memory".to_owned())
    } else if is_restarting && restarts >= RESTART_LOOP {
        ("restart_loop", format!("restarted {restarts} times"))
    } else if facts.health.as_deref() == Some("unhealthy") {
        ("health_check_failed", "its health check fails".to_owned())
    } else {
        return None;
    };
    Some(Issue {
        container_id: docker
            .container_id
            .as_deref()
            .unwrap_or(resource.id.as_str()),
        container_name: &resource.name,
        kind,
        message,
    })
}

element! {
    /// How a container ended that ended badly.
    Exit<'a> {
        told {
            container_id: &'a str,
            container_name: &'a str,
            exit_code: i64,
        }
        maybe {
            finished_at: Timestamp,
            oom_killed: bool,
        }
    }
}

/// Returns how a container ended, when it did and not as it should.
pub(super) fn exit<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    facts: &'a DockerContainer,
) -> Option<Exit<'a>> {
    let code = facts.exit_code.filter(|code| *code != 0)?;
    Some(Exit {
        container_id: docker
            .container_id
            .as_deref()
            .unwrap_or(resource.id.as_str()),
        container_name: &resource.name,
        exit_code: code,
        finished_at: facts.finished_at,
        oom_killed: facts.oom_killed,
    })
}
