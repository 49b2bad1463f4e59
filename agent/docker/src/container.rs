//! One container: what was listed, what was inspected and what was measured become one.

mod health;
mod mask;
mod podman;

use pulse_protocol::report::docker::{
    BlockIo, Container, ContainerNetwork, ContainerPort, ContainerState, Mount,
};
use pulse_protocol::{Time, limits};

pub(crate) use podman::{PodMember, facts as podman_facts};

use crate::meter::{Figures, Mark};
use crate::text;
use crate::wire::{Attached, Inspected, Listed, MountPoint, Port};

/// Names with this in them are containers an update put aside.
const ASIDE: &str = "_pulse_backup_";

/// What is kept of a container from one report to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// State when it was inspected; another one is reason to look again.
    pub(crate) state: String,
    /// What inspecting it told.
    pub(crate) details: Option<Details>,
    /// Whether it has to be inspected.
    pub(crate) is_due: bool,
    /// Counters of the last read.
    pub(crate) mark: Option<Mark>,
}

/// What only inspecting a container tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    created_at: Option<Time>,
    /// The reference it was made from.
    image: String,
    restart_count: Option<i64>,
    exit_code: Option<i64>,
    oom_killed: Option<bool>,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    health: String,
    targets: Vec<String>,
    env: Vec<String>,
    memory_limit: Option<u64>,
    user_namespace: String,
    networks: Vec<ContainerNetwork>,
    mounts: Vec<Mount>,
}

impl Details {
    /// Keeps what is reported of an inspected container; secrets are masked here already.
    pub(crate) fn of(inspected: &Inspected) -> Self {
        let state = inspected.state.clone().unwrap_or_default();
        let config = inspected.config.as_ref();
        let host = inspected.host_config.as_ref();
        let health = state.health.and_then(|health| health.status);
        let test = config.and_then(|config| config.healthcheck.as_ref()?.test.as_deref());
        let env = config.and_then(|config| config.env.as_deref());
        let env = env.unwrap_or_default().iter().take(limits::LIST);
        Self {
            created_at: text::moment(inspected.created.as_deref()),
            image: text::long(config.and_then(|config| config.image.as_deref())),
            restart_count: inspected.restart_count,
            exit_code: state.exit_code,
            oom_killed: state.oom_killed,
            started_at: text::moment(state.started_at.as_deref()),
            finished_at: text::moment(state.finished_at.as_deref()),
            health: text::name(health.as_deref()).to_ascii_lowercase(),
            targets: health::targets(test.unwrap_or_default()),
            env: env
                .map(|line| text::long(Some(&mask::masked(line))))
                .collect(),
            memory_limit: host
                .and_then(|host| text::size(host.memory))
                .filter(|limit| *limit > 0),
            user_namespace: text::name(host.and_then(|host| host.userns_mode.as_deref())),
            networks: networks(inspected.network_settings.as_ref()),
            mounts: mounts(inspected.mounts.as_deref()),
        }
    }
}

impl Listed {
    /// Returns its first name, without the slash.
    pub(crate) fn name(&self) -> String {
        let first = self.names.iter().flatten().next().map(String::as_str);
        let name = text::name(first.map(|name| name.trim_start_matches('/')));
        if name.is_empty() {
            self.id.chars().take(12).collect()
        } else {
            name
        }
    }

    /// Tells whether it is one to report: it has an id that can go into a path, and no update put
    /// it aside.
    pub(crate) fn is_reported(&self) -> bool {
        let names = self.names.iter().flatten();
        is_id(&self.id) && !names.into_iter().any(|name| name.contains(ASIDE))
    }

    /// Returns its state in the engine's word.
    pub(crate) fn state(&self) -> ContainerState {
        let word = text::name(self.state.as_deref()).to_ascii_lowercase();
        // Podman's words for the same.
        match word.as_str() {
            "stopped" => ContainerState::Exited,
            "configured" | "initialized" => ContainerState::Created,
            word => ContainerState::from(word),
        }
    }

    /// Tells whether its processes run, so that there is something to measure.
    pub(crate) fn is_running(&self) -> bool {
        self.state() == ContainerState::Running
    }

    /// Makes the container of a report. What is not known stays absent.
    pub(crate) fn report(
        &self,
        details: Option<&Details>,
        figures: Figures,
        now: Time,
    ) -> Container {
        let nothing = Details::default();
        let is_inspected = details.is_some();
        let known = details.unwrap_or(&nothing);
        let state = self.state();
        let has_processes = matches!(state, ContainerState::Running | ContainerState::Paused);
        let status = text::long(self.status.as_deref());
        let blocks = (figures.read.is_some() || figures.written.is_some()).then_some(BlockIo {
            read_bytes: figures.read,
            write_bytes: figures.written,
        });
        let listed_networks = networks(self.network_settings.as_ref());
        let listed_mounts = mounts(self.mounts.as_deref());
        Container {
            id: self.id.clone(),
            name: self.name(),
            image: self.image(known),
            image_digest: text::name(self.image_id.as_deref()),
            created_at: text::second(self.created).or(known.created_at),
            health: health::verdict(&status, &known.health),
            healthcheck_targets: known.targets.clone(),
            cpu_percent: figures.cpu_percent,
            memory_usage_bytes: figures.memory_used,
            memory_limit_bytes: figures.memory_limit.or(known.memory_limit),
            memory_percent: figures.memory_percent,
            uptime_seconds: uptime(has_processes, known.started_at, now),
            restart_count: known.restart_count,
            exit_code: known.exit_code.or_else(|| exit_code(&status)),
            oom_killed: known.oom_killed.filter(|_| is_inspected),
            started_at: known.started_at,
            finished_at: known.finished_at.filter(|_| !has_processes),
            ports: ports(self.ports.as_deref()),
            labels: text::labels(self.labels.as_ref()),
            env: known.env.clone(),
            networks: if listed_networks.is_empty() {
                known.networks.clone()
            } else {
                listed_networks
            },
            network_rx_bytes: figures.received,
            network_tx_bytes: figures.sent,
            block_io: blocks,
            mounts: if listed_mounts.is_empty() {
                known.mounts.clone()
            } else {
                listed_mounts
            },
            state,
            status,
            ..Container::default()
        }
    }

    /// Once a tag has moved on, the engine lists the id instead of what the container was made from.
    fn image(&self, known: &Details) -> String {
        let listed = text::long(self.image.as_deref());
        let id = self.image_id.as_deref().unwrap_or_default();
        let digits = id.strip_prefix("sha256:").unwrap_or(id);
        let is_id = listed.is_empty()
            || listed.starts_with("sha256:")
            || (listed.len() >= 12 && digits.starts_with(&listed));
        if is_id && !known.image.is_empty() {
            known.image.clone()
        } else {
            listed
        }
    }
}

/// Tells whether an id of the engine can go into a path as it is.
pub(crate) fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=limits::CHANNEL_ID).contains(&id.len()) && id.bytes().all(is_plain) && id != ".."
}

fn uptime(has_processes: bool, started: Option<Time>, now: Time) -> Option<u64> {
    if !has_processes {
        return Some(0);
    }
    let seconds = now.as_second() - started?.as_second();
    Some(u64::try_from(seconds).unwrap_or(0))
}

/// `Exited (137) 5 minutes ago`
fn exit_code(status: &str) -> Option<i64> {
    let rest = status.split_once('(')?.1;
    let is_exit = status.starts_with("Exited") || status.starts_with("Restarting");
    is_exit
        .then(|| rest.split_once(')')?.0.parse().ok())
        .flatten()
}

/// The engine lists ports in a different order each time.
fn ports(ports: Option<&[Port]>) -> Vec<ContainerPort> {
    let ports = ports.unwrap_or_default().iter().take(limits::LIST);
    let mut ports: Vec<ContainerPort> = ports
        .map(|port| ContainerPort {
            private_port: port.private_port.unwrap_or(0),
            public_port: port.public_port.map_or(0, i64::from),
            protocol: text::name(port.protocol.as_deref()),
            ip: text::name(port.ip.as_deref()),
        })
        .collect();
    ports.sort_by(|a, b| {
        let key = |port: &ContainerPort| (port.private_port, port.public_port);
        (key(a), &a.protocol, &a.ip).cmp(&(key(b), &b.protocol, &b.ip))
    });
    ports
}

fn networks(attached: Option<&Attached>) -> Vec<ContainerNetwork> {
    let networks = attached.and_then(|attached| attached.networks.as_ref());
    let networks = networks.into_iter().flatten().take(limits::LIST);
    networks
        .map(|(name, attachment)| {
            let attachment = attachment.clone().unwrap_or_default();
            ContainerNetwork {
                name: text::name(Some(name)),
                ipv4: text::name(attachment.ip_address.as_deref()),
                ipv6: text::name(attachment.ipv6_address.as_deref()),
            }
        })
        .collect()
}

fn mounts(mounts: Option<&[MountPoint]>) -> Vec<Mount> {
    let mounts = mounts.unwrap_or_default().iter().take(limits::LIST);
    let mut mounts: Vec<Mount> = mounts
        .map(|mount| Mount {
            kind: text::name(mount.kind.as_deref()),
            source: text::long(mount.source.as_deref()),
            destination: text::long(mount.destination.as_deref()),
            mode: text::name(mount.mode.as_deref()),
            rw: mount.rw.unwrap_or(false),
            propagation: text::name(mount.propagation.as_deref()),
            name: text::name(mount.name.as_deref()),
            driver: text::name(mount.driver.as_deref()),
        })
        .collect();
    mounts.sort_by(|a, b| a.destination.cmp(&b.destination));
    mounts
}

#[cfg(test)]
#[path = "container/tests.rs"]
mod tests;
