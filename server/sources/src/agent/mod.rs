//! Reports that agents push: decoding, reading, mapping, handing over.

mod budget;
mod decode;
mod docker;
mod host;
mod kubernetes;
mod parts;
mod room;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use pulse_model::{Claim, Clock, Observation, SourceId};
use pulse_protocol::limits::Shed;
use pulse_protocol::report::docker::{DockerReport, DockerReportAnswer};
use pulse_protocol::report::host::{HostReport, HostReportAnswer};
use pulse_protocol::report::kubernetes::{KubernetesReport, KubernetesReportAnswer};

use crate::error::Error;
use crate::port::{Admission, Intake, NotTaken, Taken};
pub use decode::Limits;
use tokio::sync::Semaphore;

/// What a host report may weigh.
pub const HOST_LIMITS: Limits = Limits {
    encoded: 256 << 10,
    decoded: 1_536 << 10,
};

/// What a Docker report may weigh.
pub const DOCKER_LIMITS: Limits = Limits {
    encoded: 2 << 20,
    decoded: 10 << 20,
};

/// What a Kubernetes report may weigh.
pub const KUBERNETES_LIMITS: Limits = DOCKER_LIMITS;

const USUAL_INTERVAL: u64 = 30;
const LONGEST_INTERVAL: u64 = 3_600;

/// Bodies above this are inflated and read off the async threads.
const HEAVY: usize = 32 << 10;
/// How many of those are read at once, and how many may wait for their turn; the others are sent again later.
const HEAVY_AT_ONCE: usize = 2;
const HEAVY_WAITING: usize = 64;

/// Who sends, as the server's own authentication knows.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    /// The API token used.
    pub token_id: Option<String>,
    /// When that was made, for tokens that were made here.
    pub token_made_at: Option<Timestamp>,
    /// The agent that token is bound to.
    pub bound_agent_id: Option<String>,
    /// Whether the report was signed with that agent's key.
    pub keyed: bool,
}

impl Sender {
    /// Returns `claim` with what is known of who sends it.
    fn prove(self, claim: Claim) -> Claim {
        Claim {
            bound_agent_id: self.bound_agent_id,
            keyed: self.keyed,
            token_id: self.token_id,
            token_made_at: self.token_made_at,
            ..claim
        }
    }
}

/// A report body as it arrived.
#[derive(Clone, Debug)]
pub struct Body {
    /// The `Content-Encoding` header, if there was one.
    pub encoding: Option<String>,
    /// The bytes as sent.
    pub bytes: bytes::Bytes,
}

/// What the ingest counts of its own work.
#[derive(Debug, Default)]
pub struct Counters {
    /// Reports accepted.
    pub accepted: AtomicU64,
    /// Reports too large, as sent or inflated.
    pub too_large: AtomicU64,
    /// Reports in an encoding nobody promised to read.
    pub unsupported: AtomicU64,
    /// Reports that are not what they say they are: broken gzip, broken JSON.
    pub unreadable: AtomicU64,
    /// Reports refused for what they claim.
    pub refused: AtomicU64,
    /// Reports that broke the mapping or the fold.
    pub poison: AtomicU64,
    /// Reports turned away because too many came at once.
    pub turned_away: AtomicU64,
    /// Reports of hosts there is no room for.
    pub no_room: AtomicU64,
    /// List elements and texts shortened to keep the bounds.
    pub shed: AtomicU64,
}

/// Takes agent reports. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    intake: Arc<dyn Intake>,
    admission: Arc<dyn Admission>,
    clock: Clock,
    counters: Arc<Counters>,
    heavy: Arc<Heavy>,
}

/// Turns for heavy bodies: inflated they are many times what was sent, and must not be so all at once.
struct Heavy {
    /// Being read.
    reading: Semaphore,
    /// Being read or waiting for it.
    waiting: Semaphore,
}

impl Ingest {
    /// Makes an ingest that hands over to `intake` what `admission` lets in.
    pub fn new(intake: Arc<dyn Intake>, admission: Arc<dyn Admission>, clock: Clock) -> Self {
        Self {
            intake,
            admission,
            clock,
            counters: Arc::default(),
            heavy: Arc::new(Heavy {
                reading: Semaphore::new(HEAVY_AT_ONCE),
                waiting: Semaphore::new(HEAVY_WAITING),
            }),
        }
    }

    /// Returns what the ingest counts of its own work.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Takes a host report and says what to answer.
    pub async fn host(&self, sender: Sender, body: Body) -> Result<HostReportAnswer, Error> {
        let taken = self.try_host(sender, body).await;
        self.count(taken.as_ref().err());
        taken
    }

    /// Takes a Docker report and says what to answer.
    pub async fn docker(&self, sender: Sender, body: Body) -> Result<DockerReportAnswer, Error> {
        let taken = self.try_docker(sender, body).await;
        self.count(taken.as_ref().err());
        taken
    }

    /// Takes a Kubernetes report and says what to answer.
    pub async fn kubernetes(
        &self,
        sender: Sender,
        body: Body,
    ) -> Result<KubernetesReportAnswer, Error> {
        let taken = self.try_kubernetes(sender, body).await;
        self.count(taken.as_ref().err());
        taken
    }

    async fn try_host(&self, sender: Sender, body: Body) -> Result<HostReportAnswer, Error> {
        let now = self.clock.now();
        let (counters, admission) = (self.counters.clone(), self.admission.clone());
        let read = move |body: &Body| {
            let report = decode::read(body, HOST_LIMITS, HostReport::from_json)?;
            counters.note_shed(report.shed);
            let answer = host::answer(&report);
            let claim = sender.prove(host::claim(&report));
            admission.admit_machine(&claim)?;
            Ok((host::map(report, claim.clone(), now)?, claim, answer))
        };
        let (observation, claim, mut answer) = self.off_the_async_threads(body, read).await?;
        let taken = self.intake.observe(observation).await?;
        if let Err(removed) = self.admission.note_machine(&taken.agent_id, &claim) {
            let source = SourceId::agent(&taken.agent_id);
            self.intake.forget(source).await;
            return Err(removed.into());
        }
        answer.agent_id = taken.agent_id;
        answer.last_seen = Some(taken.last_seen);
        Ok(answer)
    }

    async fn try_docker(&self, sender: Sender, body: Body) -> Result<DockerReportAnswer, Error> {
        let now = self.clock.now();
        let counters = self.counters.clone();
        let read = move |body: &Body| {
            let report = decode::read(body, DOCKER_LIMITS, DockerReport::from_json)?;
            counters.note_shed(report.shed);
            let claim = docker::claim(&report)?;
            let bound = sender.bound_agent_id.as_deref();
            let agent_id = docker::goes_by(&claim, bound).to_owned();
            let answer = DockerReportAnswer {
                success: true,
                containers: report.containers.len() as u64,
                agent_id: agent_id.clone(),
                ..DockerReportAnswer::default()
            };
            let claim = sender.prove(claim);
            let observation = docker::map(report, &claim, &agent_id, now);
            Ok((observation, claim, answer))
        };
        let (observation, claim, mut answer) = self.off_the_async_threads(body, read).await?;
        let engine = observation.source.clone();
        let taken = self.take_admitted(observation, &claim).await?;
        answer.last_seen = Some(taken.last_seen);
        let command = self.admission.next_command(&engine).await;
        answer.commands.extend(command.map(docker::queued));
        Ok(answer)
    }

    async fn try_kubernetes(
        &self,
        sender: Sender,
        body: Body,
    ) -> Result<KubernetesReportAnswer, Error> {
        let now = self.clock.now();
        let counters = self.counters.clone();
        let read = move |body: &Body| {
            let report = decode::read(body, KUBERNETES_LIMITS, KubernetesReport::from_json)?;
            counters.note_shed(report.shed);
            let cluster_id = kubernetes::cluster_id(&report)?;
            let answer = KubernetesReportAnswer {
                success: true,
                nodes: report.nodes.len() as u64,
                pods: report.pods.len() as u64,
                deployments: report.deployments.len() as u64,
                cluster_id: cluster_id.clone(),
                ..KubernetesReportAnswer::default()
            };
            let claim = sender.prove(kubernetes::claim(&report));
            let observation = kubernetes::map(&report, &claim, &cluster_id, now);
            Ok((observation, claim, answer))
        };
        let (observation, claim, mut answer) = self.off_the_async_threads(body, read).await?;
        let taken = self.take_admitted(observation, &claim).await?;
        answer.last_seen = Some(taken.last_seen);
        Ok(answer)
    }

    /// Hands over what was seen of an engine or a cluster, if whoever `claim` is from may report it.
    async fn take_admitted(
        &self,
        observation: Observation,
        claim: &Claim,
    ) -> Result<Taken, NotTaken> {
        let source = observation.source.clone();
        self.admission.admit(&source, claim)?;
        let taken = self.intake.observe(observation).await?;
        // Removed while this was on its way: what it brought back goes again.
        if let Err(removed) = self.admission.admit(&source, claim) {
            self.intake.forget(source).await;
            return Err(removed);
        }
        Ok(taken)
    }

    /// Inflates, reads and maps a body; a heavy one where waiting for it holds up nobody, when it is its turn. What panics
    /// is set aside.
    async fn off_the_async_threads<T: Send + 'static>(
        &self,
        body: Body,
        read: impl FnOnce(&Body) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let is_heavy = body.bytes.len() > HEAVY;
        let caught = move || {
            let read = AssertUnwindSafe(|| read(&body));
            catch_unwind(read).unwrap_or(Err(Error::Poison))
        };
        if !is_heavy {
            return caught();
        }
        let busy = Error::NotTaken(NotTaken::Busy);
        let Ok(_place) = self.heavy.waiting.try_acquire() else {
            return Err(busy);
        };
        let Ok(_turn) = self.heavy.reading.acquire().await else {
            return Err(busy);
        };
        let read = tokio::task::spawn_blocking(caught).await;
        read.unwrap_or(Err(Error::Poison))
    }

    fn count(&self, error: Option<&Error>) {
        let counters = &self.counters;
        let counter = match error {
            None => &counters.accepted,
            Some(Error::TooLarge { .. }) => &counters.too_large,
            Some(Error::Encoding) => &counters.unsupported,
            Some(Error::Compression | Error::Json(_)) => &counters.unreadable,
            Some(Error::Poison | Error::NotTaken(NotTaken::Quarantined)) => &counters.poison,
            Some(Error::NotTaken(NotTaken::Busy)) => &counters.turned_away,
            Some(Error::NotTaken(NotTaken::Full(_))) => &counters.no_room,
            Some(Error::NotTaken(_)) => &counters.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counters {
    fn note_shed(&self, shed: Shed) {
        let shed = shed.elements + shed.texts;
        self.shed.fetch_add(shed, Ordering::Relaxed);
    }
}

/// Returns how often an agent reports, in seconds: what it says, within reason.
fn interval(said: Option<u64>) -> u64 {
    said.unwrap_or(USUAL_INTERVAL).clamp(1, LONGEST_INTERVAL)
}
