//! Puts together what one round told.

use pulse_protocol::Time;
use pulse_protocol::limits;
use pulse_protocol::report::docker::{
    Container, DockerReport, EngineHost, EngineRuntime, EngineSecurity, SwarmMembership,
};

use super::lists::Slow;
use crate::swarm::{self, Lists};
use crate::text;
use crate::updates::Updates;
use crate::wire::About;

/// What one round told.
#[derive(Debug)]
pub struct Reading {
    /// The report. Who reports it and what its machine is doing is for the agent to fill in.
    pub report: DockerReport,
    /// What could not be read, each in a few words.
    pub remarks: Vec<String>,
    /// The engine's own id; Podman has none.
    pub(crate) engine_id: String,
}

/// The parts of a reading.
pub(super) struct Parts<'a> {
    pub(super) runtime: EngineRuntime,
    pub(super) version: String,
    pub(super) about: About,
    pub(super) containers: Vec<Container>,
    pub(super) swarm: Option<(SwarmMembership, Option<Lists>)>,
    pub(super) slow: &'a Slow,
    pub(super) updates: &'a Updates,
    pub(super) checks: bool,
}

impl Parts<'_> {
    pub(super) fn reading(self, now: Time, remarks: Vec<String>) -> Reading {
        let mut containers = self.containers;
        let mut images = self.slow.images.value.clone();
        let mut volumes = self.slow.volumes.value.clone();
        if let Some(sizes) = self.slow.usage() {
            sizes.fill(&mut images, &mut volumes);
        }
        if self.checks {
            let secure = |registry: &str| self.about.is_secure(registry);
            self.updates.judge(&mut containers, &images, secure, now);
        }
        let (membership, lists) = self.swarm.unzip();
        let mut lists = match (&membership, lists.flatten()) {
            (_, Some(lists)) => lists,
            (Some(_), None) => swarm::inferred(&containers),
            (None, None) => Lists::default(),
        };
        name_containers(&mut lists, &containers);
        let names = self.slow.names.value.clone();
        let engine_id = text::name(self.about.id.as_deref());
        let report = DockerReport {
            host: host(&self.about, self.runtime, self.version, membership),
            containers,
            images,
            volumes,
            networks: self.slow.networks.value.clone(),
            services: lists.services,
            tasks: lists.tasks,
            nodes: lists.nodes,
            secrets: names.secrets,
            configs: names.configs,
            storage_usage: self.slow.usage().map(|sizes| sizes.usage.clone()),
            timestamp: Some(now),
            ..DockerReport::default()
        };
        Reading {
            report,
            remarks,
            engine_id,
        }
    }
}

/// The swarm knows its tasks' containers by id only.
fn name_containers(lists: &mut Lists, containers: &[Container]) {
    for task in &mut lists.tasks {
        let own = containers
            .iter()
            .find(|container| container.id == task.container_id);
        if let Some(container) = own {
            task.container_name.clone_from(&container.name);
        }
    }
}

fn host(
    about: &About,
    runtime: EngineRuntime,
    version: String,
    swarm: Option<SwarmMembership>,
) -> EngineHost {
    let plugins = about
        .plugins
        .as_ref()
        .and_then(|plugins| plugins.authorization.as_deref());
    let plugins: Vec<String> = plugins
        .unwrap_or_default()
        .iter()
        .take(limits::LIST)
        .cloned()
        .collect();
    let version = if version.is_empty() {
        text::name(about.server_version.as_deref())
    } else {
        version
    };
    EngineHost {
        name: text::name(about.name.as_deref()),
        os: text::name(about.operating_system.as_deref()),
        runtime,
        runtime_version: version.clone(),
        docker_version: version,
        kernel_version: text::name(about.kernel_version.as_deref()),
        architecture: text::name(about.architecture.as_deref()),
        total_cpu: about.cpus.unwrap_or(0),
        total_memory_bytes: text::size(about.mem_total),
        swarm,
        security: (!plugins.is_empty()).then_some(EngineSecurity {
            authorization_plugins: plugins,
        }),
        ..EngineHost::default()
    }
}
