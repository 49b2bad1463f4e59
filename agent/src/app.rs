//! Puts the agent together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pulse_agent_docker::Engines;
use pulse_agent_host::{MakeCollector, Own, Roots, collect};
use pulse_agent_kubernetes::Cluster;
use pulse_protocol::report::docker::{DockerReport, QueuedCommand};
use pulse_protocol::report::host::HostReport;
use pulse_protocol::report::kubernetes::KubernetesReport;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, chain};
use crate::footprint::{Seen, Watch};
use crate::health;
use crate::identity::{self, AgentId, Machine};
use crate::key::{Key, Prover};
use crate::net::Server;
use crate::programs::MachinePrograms;
use crate::report::Report;
use crate::report::assemble::Assembler;
use crate::report::buffer::Buffer;
use crate::report::clusters::ClusterSchedule;
use crate::report::commands;
use crate::report::deliver::{Access, Courier, Parts, Unwanted};
use crate::report::engines::{self, EngineSchedule};
use crate::report::figures::MachineFigures;
use crate::report::lane::Kind;
use crate::report::schedule;
use crate::state::StateDir;
use crate::status::Status;
use crate::token::{self, TokenPlace};

/// Reports on their way from collecting to delivering.
const CHANNEL: usize = 16;

/// Commands of the server that wait.
const COMMANDS: usize = 4;

/// Longest wait for the health page and collecting to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// What the agent takes from the machine it runs on; replaced in tests.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The wall clock.
    pub clock: Clock,
    /// Where the system's files lie.
    pub roots: Roots,
    /// What collects.
    pub collectors: Vec<MakeCollector>,
    /// What the sockets of container engines are below.
    pub sockets: PathBuf,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            roots: Roots::default(),
            collectors: collect::ALL.to_vec(),
            sockets: PathBuf::from("/"),
        }
    }
}

/// Runs the agent until `shutdown`.
///
/// # Errors
/// When it cannot start, or the server will never enrol it.
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    run_in(config, Surroundings::default(), shutdown).await
}

/// Runs the agent in given surroundings until `shutdown`.
///
/// # Errors
/// As [`run`].
pub async fn run_in(
    config: Config,
    surroundings: Surroundings,
    shutdown: CancellationToken,
) -> Result<(), Error> {
    for remark in &config.remarks {
        warn!("{remark}");
    }
    let state = StateDir::open(&config.state_dir)?;
    // Before first contact: an agent that never had a key cannot be told from an impostor later.
    let key = Arc::new(Key::open(&state)?);
    let machine = Machine::of(&config, &surroundings.roots);
    let id = AgentId::decide(&config, &machine, identity::kept(&config, &state)?);
    id.keep();
    let access = access(&config, &state, &key)?;
    let server = Server::open(&config).await?;
    info!(
        version = pulse_protocol::version::OWN,
        server = %server.address(),
        hostname = machine.hostname,
        agent_id = id.presented(),
        interval = ?config.interval,
        "agent starts"
    );

    let status = Status::new(config.enable_host);
    let tasks = TaskTracker::new();
    if let Some(address) = &config.health_addr
        && let Some(listener) = health::listen(address).await
    {
        tasks.spawn(health::serve(listener, status.clone(), shutdown.clone()));
    }
    let (reports, incoming) = mpsc::channel(CHANNEL);
    let unwanted = Unwanted::default();
    let (commands, asked) = mpsc::channel(COMMANDS);
    let collecting = Collecting {
        reports: reports.clone(),
        gap: schedule::first_gap(surroundings.clock.now(), config.interval, key.phase()),
        status: status.clone(),
        shutdown: shutdown.clone(),
        unwanted: unwanted.clone(),
        asked,
    };
    collecting.start(&config, &surroundings, &machine, id.clone(), &tasks)?;
    tasks.close();

    let mut buffer = Buffer::new(Kind::Host, config.interval);
    buffer.load(&state);
    let clock = surroundings.clock;
    let parts = Parts {
        server,
        key,
        machine,
        id,
        state,
        clock,
        status,
        interval: config.interval,
        commands,
        unwanted,
    };
    // Held open: without collecting there is still an enrolment to finish and a page to serve.
    let _reports = reports;
    let outcome = Courier::new(parts, access, buffer)
        .run(incoming, shutdown.clone())
        .await;
    shutdown.cancel();
    let _ = tokio::time::timeout(FAREWELL, tasks.wait()).await;
    info!("agent stops");
    outcome
}

/// What the tasks that collect share.
struct Collecting {
    reports: mpsc::Sender<Report>,
    gap: Duration,
    status: Status,
    shutdown: CancellationToken,
    unwanted: Unwanted,
    asked: mpsc::Receiver<QueuedCommand>,
}

impl Collecting {
    /// Starts what is switched on.
    fn start(
        self,
        config: &Config,
        surroundings: &Surroundings,
        machine: &Machine,
        id: AgentId,
        tasks: &TaskTracker,
    ) -> Result<(), Error> {
        let (figures, known) = watch::channel(MachineFigures::default());
        let (watch, seen) = Watch::new(config.ceilings, self.status.clone());
        tasks.spawn(watch.run(config.interval, self.gap, self.shutdown.clone()));
        let inputs = Inputs {
            figures: known,
            seen: seen.clone(),
        };
        let engines = engine_schedule(config, surroundings, machine.clone(), inputs, &self.status);
        let cluster = cluster_schedule(config, &surroundings.clock);
        if engines.is_none() && cluster.is_none() && !config.enable_host {
            warn!("reporting this machine and its containers is switched off; nothing is left");
        }
        if let Some(cluster) = cluster {
            let reports = self.reports.clone();
            let (status, shutdown) = (self.status.clone(), self.shutdown.clone());
            tasks.spawn(cluster.run(self.gap, reports, status, shutdown, self.unwanted.cluster));
        }
        if let Some(engines) = engines {
            tasks.spawn(commands::run(
                engines.engines.checker(),
                self.asked,
                self.reports.clone(),
                self.shutdown.clone(),
            ));
            tasks.spawn(engines.run(
                self.gap,
                self.reports.clone(),
                self.status.clone(),
                self.shutdown.clone(),
                self.unwanted.engines,
            ));
        }
        if config.enable_host {
            tasks.spawn(schedule::run(
                Assembler::start(config, machine, id, surroundings, seen)?,
                config.interval,
                self.gap,
                self.reports,
                figures,
                self.status,
                self.shutdown,
            ));
        }
        Ok(())
    }
}

/// What reading the engines goes by, from one round to the next.
struct Inputs {
    figures: watch::Receiver<MachineFigures>,
    seen: watch::Receiver<Seen>,
}

/// Sets up reading the container engines, unless the operator wants none of it. An address that
/// cannot be one is named in every report: the machine itself is worth watching all the same.
fn engine_schedule(
    config: &Config,
    surroundings: &Surroundings,
    machine: Machine,
    inputs: Inputs,
    status: &Status,
) -> Option<EngineSchedule> {
    let docker = &config.docker;
    if docker.enabled == Some(false) {
        return None;
    }
    let mut places = docker.places.clone();
    places.root.clone_from(&surroundings.sockets);
    match Engines::in_places(&places, docker.settings.clone()) {
        Ok(engines) => Some(EngineSchedule {
            engines,
            is_demanded: docker.enabled == Some(true),
            interval: config.interval,
            machine,
            clock: surroundings.clock.clone(),
            figures: inputs.figures,
            seen: inputs.seen,
        }),
        Err(error) => {
            let error = chain(&error);
            warn!(error, "containers are not read");
            status.module(engines::broken(error, surroundings.clock.now()));
            None
        }
    }
}

/// Sets up reading a cluster, if the operator wants it.
fn cluster_schedule(config: &Config, clock: &Clock) -> Option<ClusterSchedule> {
    let kubernetes = &config.kubernetes;
    kubernetes.enabled.then(|| ClusterSchedule {
        cluster: Cluster::new(
            kubernetes.places.clone(),
            kubernetes.settings.clone(),
            Arc::new(MachinePrograms),
        ),
        interval: config.interval,
        clock: clock.clone(),
    })
}

/// Decides what to speak to the server with: the agent's own token if it has one.
fn access(config: &Config, state: &StateDir, key: &Arc<Key>) -> Result<Access, Error> {
    let prover = || {
        let server = identity::server_id(state);
        server
            .map(|server| Prover::new(Arc::clone(key), server))
            .transpose()
    };
    if config.enroll {
        return Ok(match token::own(state)? {
            Some(token) => Access::Ready(token, prover()?),
            None => Access::ToEnrol(TokenPlace::of(config, state)?),
        });
    }
    let token = TokenPlace::of(config, state)?.read()?;
    // The agent's own token works without --enroll too, and is still proven.
    let own = token::own(state)?;
    let prover = if own.as_ref() == Some(&token) {
        prover()?
    } else {
        None
    };
    Ok(Access::Ready(token, prover))
}

/// What would be sent.
#[derive(Debug)]
pub struct Collected {
    /// The machine.
    pub host: HostReport,
    /// Its container engines.
    pub engines: Vec<DockerReport>,
    /// The cluster, if it is to be reported and can be read.
    pub cluster: Option<KubernetesReport>,
}

/// Collects twice, so that what is measured between two looks is there, and returns the reports.
/// No registry is asked.
///
/// # Errors
/// When the collectors cannot be started.
pub async fn collect_once(config: &Config, surroundings: Surroundings) -> Result<Collected, Error> {
    let machine = Machine::of(config, &surroundings.roots);
    // Anybody may look, also who may not read what the agent keeps.
    let kept = identity::kept(config, &StateDir::existing(&config.state_dir));
    let kept = kept.unwrap_or_else(|error| {
        warn!(error = chain(&error), "the agent's id is not known here");
        String::new()
    });
    let id = AgentId::decide(config, &machine, kept);
    let status = Status::new(config.enable_host);
    let (mut watch, seen) = Watch::new(config.ceilings, status.clone());
    let mut assembler =
        Assembler::start(config, &machine, id.clone(), &surroundings, seen.clone())?;
    let collected = tokio::task::spawn_blocking(move || {
        assembler.next();
        assembler.settle();
        watch.look(Own::now(), Instant::now());
        assembler.next()
    });
    let host = collected
        .await
        .map_err(|error| Error::Runtime(std::io::Error::other(error)))?;
    let (_figures, known) = watch::channel(MachineFigures::of(&host));
    let inputs = Inputs {
        figures: known,
        seen,
    };
    let mut config = config.clone();
    config.docker.settings.updates = false;
    let engines = match engine_schedule(&config, &surroundings, machine, inputs, &status) {
        Some(engines) => engines.once(&id.presented()).await,
        None => Vec::new(),
    };
    let cluster = match cluster_schedule(&config, &surroundings.clock) {
        Some(cluster) => cluster.once(&id.presented()).await.map_err(|error| {
            warn!(error = chain(&error), "the cluster is not read");
        }),
        None => Err(()),
    };
    Ok(Collected {
        host,
        engines,
        cluster: cluster.ok(),
    })
}
