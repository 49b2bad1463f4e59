//! `dockerHosts`: machines with a container engine. What runs on them is put in from its own bytes.

use jiff::Timestamp;

use pulse_model::facet::agent_host::{FileSystem, NetworkInterface};
use pulse_model::facet::docker::{
    Docker, DockerCommand, DockerEngine, DockerSecurity, DockerStorageUsage, DockerSwarm,
    IdentityConflict,
};
use pulse_model::{Bytes, BytesPerSecond, Celsius, Percent, Resource, Seconds};

use super::docker_container::{Container, Exit, Issue};
use super::docker_service::Service;
use super::held_object::EngineObject;
use super::shape::{Memory, element, percent, rounded, whole};

element! {
    /// A machine with a container engine, without what runs on it.
    DockerHost<'a> {
        told {
            id: &'a str,
            agent_id: &'a str,
            hostname: &'a str,
            display_name: &'a str,
            memory: Memory,
            status: &'static str,
            last_seen: Timestamp,
            hidden: bool,
            pending_uninstall: bool,
        }
        maybe {
            custom_display_name: &'a str,
            machine_id: &'a str,
            os: &'a str,
            kernel_version: &'a str,
            architecture: &'a str,
            runtime: &'a str,
            runtime_version: &'a str,
            docker_version: &'a str,
            cpus: u32,
            total_memory_bytes: Bytes,
            uptime_seconds: Seconds,
            cpu_usage_percent: Percent,
            interval_seconds: Seconds,
            agent_version: &'a str,
            storage_usage: DockerStorageUsage,
            swarm: &'a DockerSwarm,
            security: &'a DockerSecurity,
            temperature: Celsius,
            token_id: &'a str,
            command: &'a DockerCommand,
            is_legacy: bool,
            identity_conflict: &'a IdentityConflict,
            net_in_rate: BytesPerSecond,
            net_out_rate: BytesPerSecond,
            disk_read_rate: BytesPerSecond,
            disk_write_rate: BytesPerSecond,
        }
        some {
            load_average: f64,
            disks: FileSystem,
            network_interfaces: NetworkInterface,
        }
    }
}

whole! {
    /// The same with what runs on it.
    DockerHostWhole<'a> = DockerHost with {
        /// What runs on it.
        containers: Container,
        /// Services of its swarm.
        services: Service,
        /// What is wrong with its containers.
        issues: Issue,
        /// How containers that ended badly ended.
        recent_exit_codes: Exit,
        /// Its images.
        images: EngineObject,
        /// Its volumes.
        volumes: EngineObject,
        /// Its networks.
        networks: EngineObject,
        /// Tasks of its swarm.
        tasks: EngineObject,
        /// Members of its swarm.
        nodes: EngineObject,
        /// Secrets of its swarm, without their content.
        secrets: EngineObject,
        /// Configurations of its swarm, without their content.
        configs: EngineObject,
    }
}

/// Returns the element of a machine with an engine.
pub(super) fn docker_host<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    engine: &'a DockerEngine,
) -> DockerHost<'a> {
    let agent = resource.facets.agent.as_deref();
    let metrics = &resource.metrics;
    let rate = |metric| rounded(metric).map(|bytes| BytesPerSecond(bytes as f64));
    let memory = engine.memory.as_ref();
    let usage = DockerStorageUsage {
        images: engine.images_usage.clone(),
        containers: engine.containers_usage.clone(),
        volumes: engine.volumes_usage.clone(),
        build_cache: engine.build_cache_usage.clone(),
    };
    let agent_id = docker.agent_id.as_deref();
    let custom = engine.custom_display_name.as_deref();
    let called = custom.or(engine.display_name.as_deref());
    DockerHost {
        id: resource.id.as_str(),
        agent_id: agent_id
            .or_else(|| agent.map(|agent| agent.agent_id.as_str()))
            .unwrap_or_default(),
        hostname: docker.hostname.as_deref().unwrap_or(&resource.name),
        display_name: called.unwrap_or(&resource.name),
        memory: Memory::told(memory.or_else(|| agent.and_then(|agent| agent.memory.as_ref()))),
        status: resource.status.word(),
        last_seen: resource.last_seen,
        hidden: engine.hidden,
        pending_uninstall: engine.pending_uninstall,
        custom_display_name: custom,
        machine_id: engine.machine_id.as_deref(),
        os: docker.os.as_deref(),
        kernel_version: engine.kernel_version.as_deref(),
        architecture: docker.architecture.as_deref(),
        runtime: docker.runtime.as_deref(),
        runtime_version: engine.runtime_version.as_deref(),
        docker_version: engine.docker_version.as_deref(),
        cpus: engine.cpus,
        total_memory_bytes: engine.total_memory_bytes,
        uptime_seconds: engine.uptime_seconds.or(resource.uptime),
        cpu_usage_percent: percent(metrics.cpu.as_ref()),
        interval_seconds: engine.interval_seconds,
        agent_version: engine.agent_version.as_deref(),
        storage_usage: (usage != DockerStorageUsage::default()).then_some(usage),
        swarm: engine.swarm.as_ref(),
        security: engine.security.as_ref(),
        temperature: engine.temperature.or(resource.temperature),
        token_id: engine.token_id.as_deref(),
        command: engine.command.as_ref(),
        is_legacy: engine.is_legacy.then_some(true),
        identity_conflict: engine.identity_conflict.as_ref(),
        net_in_rate: engine.net_in_rate.or_else(|| rate(&metrics.net_in)),
        net_out_rate: engine.net_out_rate.or_else(|| rate(&metrics.net_out)),
        disk_read_rate: engine.disk_read_rate.or_else(|| rate(&metrics.disk_read)),
        disk_write_rate: engine.disk_write_rate.or_else(|| rate(&metrics.disk_write)),
        load_average: &engine.load_average,
        disks: &engine.disks,
        network_interfaces: &engine.network_interfaces,
    }
}
