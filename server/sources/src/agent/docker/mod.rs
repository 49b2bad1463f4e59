//! A Docker report into an observation: pure, and the only place that knows both shapes.
//!
//! The engine and all it keeps are one slice of a source that is named after the reporting agent, so that the estate
//! joins the engine's machine with what the same agent says of it.

mod container;
mod object;
mod swarm;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::facet::Docker;
use pulse_model::facet::docker::{
    DockerCommand, DockerEngine, DockerSecurity, DockerStorageShare, DockerSwarm,
};
use pulse_model::{
    Bytes, Claim, Facets, Identity, Kind, MetricValue, Metrics, Observation, Outcome, Percent,
    Scope, Seconds, Sighting, SourceId, SourceKind,
};
use pulse_protocol::report::docker::{
    DockerReport, EngineRuntime, QueuedCommand, QueuedVerb, StorageShare, SwarmMembership,
};

use super::interval;
use super::parts::{addresses, file_system, fullest, memory, memory_metric, network_interface};
use super::room::{Room, text};
use crate::port::NotTaken;

/// What the engine is called within its source.
const ENGINE: &str = "engine";

/// Bytes of labels and lists kept of one report. An engine with two hundred containers has a tenth of it.
const KEPT: usize = 1 << 20;

/// Returns what the engine goes by. A credential that is an agent's own decides, whatever the report says; a second
/// engine of that agent's machine has its id and a word.
pub(super) fn goes_by<'a>(claim: &'a Claim, bound: Option<&'a str>) -> &'a str {
    let said = claim.agent_id.as_deref().or(claim.machine_id.as_deref());
    let said = said.unwrap_or(&claim.hostname);
    let Some(bound) = bound else {
        return said;
    };
    let rest = said.strip_prefix(bound);
    match rest.is_some_and(|rest| rest.starts_with('-')) {
        true => said,
        false => bound,
    }
}

/// Returns who the report says it is from.
///
/// # Errors
/// When it names no host.
pub(super) fn claim(report: &DockerReport) -> Result<Claim, NotTaken> {
    let hostname = text(&report.host.hostname)
        .ok_or_else(|| NotTaken::Invalid("the report has no host name".into()))?;
    Ok(Claim {
        agent_id: text(&report.agent.id),
        machine_id: text(&report.host.machine_id),
        hostname,
        ..Claim::default()
    })
}

/// Returns a command as the answer to a report says it.
pub(super) fn queued(command: DockerCommand) -> QueuedCommand {
    QueuedCommand {
        verb: QueuedVerb::from(command.verb.as_str()),
        id: command.id,
        payload: None,
    }
}

/// Returns what the report says of its engine, as seen by the agent `agent_id`.
pub(super) fn map(
    report: DockerReport,
    claim: &Claim,
    agent_id: &str,
    now: Timestamp,
) -> Observation {
    let engine = Engine {
        origin: Docker {
            host_source_id: Some(agent_id.to_owned()),
            hostname: Some(claim.hostname.clone()),
            runtime: Some(runtime(&report.host.runtime).to_owned()),
            ..Docker::default()
        },
        cores: u32::try_from(report.host.total_cpu)
            .ok()
            .filter(|cores| *cores > 0),
        memory: report.host.total_memory_bytes.map(Bytes),
        swarm: report
            .host
            .swarm
            .as_ref()
            .and_then(|swarm| text(&swarm.cluster_id)),
        room: Room::of(KEPT),
    };
    let every = interval(Some(report.agent.interval_seconds).filter(|seconds| *seconds > 0));
    let at = report.timestamp.unwrap_or(now);
    let containers = report.containers.iter();
    let mut sightings = vec![engine.sighting(&report, claim, every)];
    sightings.extend(containers.map(|wire| container::sighting(&engine, wire, at)));
    sightings.extend(object::sightings(&engine, &report));
    sightings.extend(swarm::sightings(&engine, &report));
    Observation {
        source: SourceId::new(SourceKind::Docker, agent_id),
        at,
        interval: Duration::from_secs(every),
        outcome: Outcome::Slice {
            scope: Scope::new(ENGINE),
            sightings,
        },
    }
}

fn runtime(wire: &EngineRuntime) -> &'static str {
    match wire {
        EngineRuntime::Podman => "podman",
        _ => "docker",
    }
}

/// What everything on one engine shares.
struct Engine {
    /// What each facet begins with.
    origin: Docker,
    /// Processors of its machine.
    cores: Option<u32>,
    /// Memory of its machine.
    memory: Option<Bytes>,
    /// Id of the swarm it answers for.
    swarm: Option<String>,
    /// Bytes of labels and lists there is still room for.
    room: Room,
}

impl Engine {
    fn sighting(&self, report: &DockerReport, claim: &Claim, every: u64) -> Sighting {
        let wire = &report.host;
        let engine = DockerEngine {
            token_id: claim.token_id.clone(),
            interval_seconds: Some(Seconds(every)),
            cpus: self.cores,
            total_memory_bytes: self.memory,
            ..engine(report, claim)
        };
        let cpu = wire.cpu_usage_percent.map(Percent);
        let metrics = Metrics {
            cpu: cpu.and_then(Percent::clamped).map(MetricValue::percent),
            memory: engine.memory.as_ref().and_then(memory_metric),
            disk: fullest(&engine.disks),
            ..Metrics::default()
        };
        let macs = engine.network_interfaces.iter();
        let identity = Identity {
            machine_id: claim.machine_id.clone(),
            hostnames: vec![claim.hostname.clone()],
            ip_addresses: addresses(&engine.network_interfaces),
            mac_addresses: macs
                .filter_map(|interface| Some(interface.mac.as_ref()?.to_ascii_lowercase()))
                .collect(),
            ..Identity::default()
        };
        let facet = Docker {
            agent_id: claim.agent_id.clone(),
            os: text(&wire.os),
            architecture: text(&wire.architecture),
            engine: Some(Box::new(engine)),
            ..self.origin.clone()
        };
        Sighting {
            technology: facet.runtime.clone(),
            identity,
            metrics,
            uptime: wire.uptime_seconds.map(Seconds),
            facets: facets(facet),
            ..Sighting::new(Kind::DockerHost, ENGINE, claim.hostname.clone())
        }
    }

    /// Returns something on the engine of which only this is known yet.
    fn holds(&self, kind: Kind, key: &str, name: &str, facet: Docker) -> Sighting {
        Sighting {
            parent: Some(ENGINE.into()),
            technology: facet.runtime.clone(),
            facets: facets(facet),
            ..Sighting::new(kind, format!("{}/{key}", kind.word()), name)
        }
    }
}

fn facets(docker: Docker) -> Facets {
    Facets {
        docker: Some(Arc::new(docker)),
        ..Facets::default()
    }
}

fn engine(report: &DockerReport, claim: &Claim) -> DockerEngine {
    let wire = &report.host;
    let updates = report
        .containers
        .iter()
        .filter_map(|c| c.update_status.as_ref());
    let count = |length: usize| Some(length as u64);
    let any = |length: usize| count(length).filter(|length| *length > 0);
    let usage = report.storage_usage.clone().unwrap_or_default();
    let load = wire.load_average.iter().copied();
    DockerEngine {
        display_name: text(&wire.name).or_else(|| Some(claim.hostname.clone())),
        machine_id: claim.machine_id.clone(),
        kernel_version: text(&wire.kernel_version),
        runtime_version: text(&wire.runtime_version),
        docker_version: text(&wire.docker_version),
        agent_version: text(&report.agent.version),
        memory: memory(&wire.memory),
        uptime_seconds: wire.uptime_seconds.map(Seconds),
        container_count: count(report.containers.len()),
        image_count: any(report.images.len()),
        volume_count: any(report.volumes.len()),
        network_count: any(report.networks.len()),
        node_count: any(report.nodes.len()),
        secret_count: any(report.secrets.len()),
        config_count: any(report.configs.len()),
        updates_available_count: count(updates.clone().filter(|u| u.update_available).count()),
        updates_last_checked_at: updates.filter_map(|update| update.last_checked).max(),
        images_usage: usage.images.map(share),
        containers_usage: usage.containers.map(share),
        volumes_usage: usage.volumes.map(share),
        build_cache_usage: usage.build_cache.map(share),
        swarm: wire.swarm.as_ref().map(membership),
        security: wire.security.as_ref().map(|security| DockerSecurity {
            authorization_plugins: security.authorization_plugins.clone(),
            ..DockerSecurity::default()
        }),
        load_average: load.filter(|load| load.is_finite()).take(3).collect(),
        disks: wire.disks.iter().cloned().map(file_system).collect(),
        network_interfaces: wire
            .network
            .iter()
            .cloned()
            .map(network_interface)
            .collect(),
        is_legacy: report.agent.kind != "unified",
        ..DockerEngine::default()
    }
}

fn share(wire: StorageShare) -> DockerStorageShare {
    DockerStorageShare {
        total_count: wire.total_count,
        active_count: wire.active_count,
        total_size_bytes: wire.total_size_bytes.map(Bytes),
        reclaimable_bytes: wire.reclaimable_bytes.map(Bytes),
    }
}

fn membership(wire: &SwarmMembership) -> DockerSwarm {
    DockerSwarm {
        node_id: text(&wire.node_id),
        node_role: text(&wire.node_role),
        local_state: text(&wire.local_state),
        cluster_id: text(&wire.cluster_id),
        cluster_name: text(&wire.cluster_name),
        scope: text(&wire.scope),
        error: text(&wire.error),
        control_available: wire.control_available,
    }
}

#[cfg(test)]
mod tests;
