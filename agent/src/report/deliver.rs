//! Gets reports to the server: enrols first if need be, then sends in order, keeping what cannot be
//! sent yet. Collecting never waits for any of this.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use pulse_protocol::enrol::EnrolAnswer;
use pulse_protocol::report::docker::{AckStatus, CommandAck, QueuedCommand, QueuedVerb};
use pulse_protocol::report::host::{ModuleState, ModuleStatus};
use pulse_protocol::token::Token;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::Report;
use super::buffer::Buffer;
use super::commands::ack;
use super::lane::{Kind, Lane, Standing};
use super::pack::Packed;
use super::retry;
use super::send::{self, Outcome, send};
use crate::clock::Clock;
use crate::enrol::{Enrolment, enrol};
use crate::error::{Error, chain};
use crate::identity::{self, AgentId, Machine};
use crate::key::{Key, Prover};
use crate::net::Server;
use crate::random;
use crate::state::{self, StateDir};
use crate::status::Status;
use crate::token::TokenPlace;

/// What delivering needs to know.
pub(crate) struct Parts {
    pub(crate) server: Server,
    pub(crate) key: Arc<Key>,
    pub(crate) machine: Machine,
    pub(crate) id: AgentId,
    pub(crate) state: StateDir,
    pub(crate) clock: Clock,
    pub(crate) status: Status,
    pub(crate) interval: std::time::Duration,
    /// Where the server's wishes go.
    pub(crate) commands: Sender<QueuedCommand>,
    /// What is cancelled when the server wants no more of something.
    pub(crate) unwanted: Unwanted,
}

/// Ends reading what the server wants no more of. The machine itself is read on: reports of its
/// engines tell its figures too.
#[derive(Clone, Default)]
pub(crate) struct Unwanted {
    pub(crate) engines: CancellationToken,
    pub(crate) cluster: CancellationToken,
}

/// The stream of host reports is there from the start.
const HOST: usize = 0;

/// What the server is spoken to with.
pub(crate) enum Access {
    /// A token, and proof of the key for a server that knows it.
    Ready(Token, Option<Prover>),
    /// A token that is to be traded first.
    ToEnrol(TokenPlace),
}

/// Acknowledgements that wait; one command is under way at a time.
const ACKS: usize = 16;

/// How often an acknowledgement is tried.
const ATTEMPTS: u32 = 3;

/// Most streams at once; a machine has a few engines at most.
const LANES: usize = 16;

/// Delivers reports.
pub(crate) struct Courier {
    parts: Parts,
    access: Access,
    lanes: Vec<Lane>,
    acks: VecDeque<Ack>,
    enrolment: Attempts,
}

/// How far a command is, on its way to the server.
struct Ack {
    id: String,
    body: CommandAck,
    attempts: u32,
    not_before: Instant,
}

/// How often enrolling failed in a row, when to try next, and what was last said about it.
struct Attempts {
    failures: u32,
    not_before: Instant,
    said: String,
}

/// What is to be done next.
#[derive(Clone, Copy)]
enum Act {
    Enrol,
    /// Send the first report of this stream.
    Send(usize),
    /// Say how far a command is.
    Acknowledge,
}

impl Courier {
    /// Delivers what waits in `buffer`, then what comes.
    pub(crate) fn new(parts: Parts, access: Access, buffer: Buffer) -> Self {
        Self {
            parts,
            access,
            lanes: vec![Lane::new(Kind::Host, String::new(), buffer)],
            acks: VecDeque::new(),
            enrolment: Attempts {
                failures: 0,
                not_before: Instant::now(),
                said: String::new(),
            },
        }
    }

    /// Delivers until told to stop, then keeps what waits of the machine itself.
    ///
    /// # Errors
    /// When the server will never enrol this agent. What waits is kept even then.
    pub(crate) async fn run(
        mut self,
        mut reports: Receiver<Report>,
        shutdown: CancellationToken,
    ) -> Result<(), Error> {
        let outcome = self.work(&mut reports, &shutdown).await;
        reports.close();
        while let Ok(report) = reports.try_recv() {
            self.keep(report);
        }
        let buffer = &self.lanes[HOST].buffer;
        let waiting = buffer.len();
        match buffer.save(&self.parts.state) {
            Ok(()) if waiting > 0 => info!(waiting, "reports are kept for the next start"),
            Ok(()) => {}
            Err(error) => error!(waiting, error = chain(&error), "cannot keep the reports"),
        }
        outcome
    }

    async fn work(
        &mut self,
        reports: &mut Receiver<Report>,
        shutdown: &CancellationToken,
    ) -> Result<(), Error> {
        loop {
            while let Ok(report) = reports.try_recv() {
                self.keep(report);
            }
            let waiting = self.lanes.iter().map(|lane| lane.buffer.len()).sum();
            self.parts.status.waiting(waiting);
            let next = self.next();
            let not_before = next.map_or_else(Instant::now, |(not_before, _)| not_before);
            let due = next.filter(|(not_before, _)| *not_before <= Instant::now());
            let (is_due, has_work) = (due.is_some(), next.is_some());
            let act = due.map_or(Act::Enrol, |(_, act)| act);
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                done = self.act(act), if is_due => done?,
                () = sleep_until(not_before), if has_work && !is_due => {}
                report = reports.recv(), if !is_due => match report {
                    Some(report) => self.keep(report),
                    None => return Ok(()),
                },
            }
        }
    }

    /// Returns what to do next and when: enrol first, then whichever stream has waited longest.
    fn next(&self) -> Option<(Instant, Act)> {
        if matches!(self.access, Access::ToEnrol(_)) {
            return Some((self.enrolment.not_before, Act::Enrol));
        }
        let lanes = self.lanes.iter().enumerate();
        let lanes = lanes.filter(|(_, lane)| lane.has_work());
        let ack = self
            .acks
            .front()
            .map(|ack| (ack.not_before, Act::Acknowledge));
        lanes
            .map(|(index, lane)| (lane.not_before, Act::Send(index)))
            .chain(ack)
            .min_by_key(|(not_before, _)| *not_before)
    }

    /// Puts a report into its queue, under the id the agent has by now.
    fn keep(&mut self, report: Report) {
        let (kind, suffix) = match &report {
            Report::Host(_) => (Kind::Host, ""),
            Report::Docker { suffix, .. } => (Kind::Docker, suffix.as_str()),
            Report::Kubernetes(_) => (Kind::Kubernetes, ""),
            Report::Ack(id, body) => {
                let sender = self.parts.id.presented();
                return self.keep_ack(id.clone(), body.clone(), sender);
            }
        };
        let Some(index) = self.lane(kind, suffix) else {
            return;
        };
        let lane = &mut self.lanes[index];
        if lane.is_over {
            return;
        }
        let id = lane.agent_id(&self.parts.id.presented());
        let packed = match report {
            Report::Host(mut report) => {
                report.agent.id = id;
                Packed::report(kind, &report)
            }
            Report::Docker { mut report, .. } => {
                report.agent.id = id;
                let (packed, left_out) = Packed::engine(*report);
                lane.leaves_out(left_out);
                packed
            }
            Report::Kubernetes(mut report) => {
                report.agent.id = id;
                let (packed, left_out) = Packed::cluster(*report);
                lane.leaves_out(left_out);
                packed
            }
            Report::Ack(..) => return,
        };
        match packed {
            Some(packed) => lane.buffer.push(packed),
            None => warn!("a report is larger than servers take, and is dropped"),
        }
    }

    fn keep_ack(&mut self, id: String, mut body: CommandAck, sender: String) {
        body.agent_id = sender;
        if self.acks.len() == ACKS {
            self.acks.pop_front();
        }
        self.acks.push_back(Ack {
            id,
            body,
            attempts: 0,
            not_before: Instant::now(),
        });
    }

    /// Says how far a command is; three times at most, then the server lets it expire.
    async fn acknowledge(&mut self) {
        let Access::Ready(token, _) = &self.access else {
            return;
        };
        let Some(mut ack) = self.acks.pop_front() else {
            return;
        };
        let is_heard = send::acknowledge(&self.parts.server, token, &ack.id, &ack.body).await;
        ack.attempts += 1;
        if is_heard {
            return;
        }
        if ack.attempts == ATTEMPTS {
            warn!(
                id = ack.id,
                "the server does not hear how far its command is"
            );
            return;
        }
        ack.not_before =
            Instant::now() + retry::after_failure(ack.attempts, None, random::fraction());
        self.acks.push_front(ack);
    }

    /// Finds the stream, or begins it.
    fn lane(&mut self, kind: Kind, suffix: &str) -> Option<usize> {
        let is_it = |lane: &Lane| lane.kind == kind && lane.suffix == suffix;
        let known = self.lanes.iter().position(is_it);
        if known.is_some() || self.lanes.len() == LANES {
            return known;
        }
        let buffer = Buffer::new(kind, self.parts.interval);
        self.lanes.push(Lane::new(kind, suffix.to_owned(), buffer));
        Some(self.lanes.len() - 1)
    }

    async fn act(&mut self, act: Act) -> Result<(), Error> {
        match act {
            Act::Enrol => self.enrol().await,
            Act::Acknowledge => {
                self.acknowledge().await;
                Ok(())
            }
            Act::Send(index) => {
                self.send_first(index).await;
                Ok(())
            }
        }
    }

    async fn send_first(&mut self, index: usize) {
        let Access::Ready(token, prover) = &mut self.access else {
            return;
        };
        let lane = &mut self.lanes[index];
        let Some(report) = lane.buffer.first() else {
            return;
        };
        let (kind, now) = (lane.kind, self.parts.clock.now());
        let proof = prover
            .as_mut()
            .map(|prover| prover.header(kind.path(), report.bytes(), now));
        let outcome = send(&self.parts.server, token, kind, report, proof).await;
        let is_taken = matches!(outcome, Outcome::Accepted(_));
        self.parts.status.attempted(report.bytes().len(), is_taken);
        self.parts.status.delivers(kind.module(), is_taken);
        match outcome {
            Outcome::Accepted(taken) => {
                lane.buffer.pop();
                lane.failures = 0;
                // Behind the other streams.
                lane.not_before = Instant::now();
                lane.stand(Standing::Good);
                self.parts.status.sent();
                if kind == Kind::Host {
                    self.parts.id.learn(&taken.agent_id);
                }
                self.hand_over(index, taken.commands);
            }
            Outcome::Later(why, asked) => {
                lane.failures += 1;
                let wait = retry::after_failure(lane.failures, asked, random::fraction());
                lane.wait(wait);
                lane.stand(Standing::Bad(why));
            }
            Outcome::Refused(why) => {
                lane.wait(retry::after_refusal(random::fraction()));
                lane.stand(Standing::Bad(why));
            }
            Outcome::Unwanted(why) => {
                lane.buffer.pop();
                self.parts.status.dropped();
                lane.stand(Standing::Bad(format!("{why}; such reports are dropped")));
            }
            Outcome::Over(why) => {
                self.parts.status.dropped();
                self.end(
                    index,
                    format!("not reported until the agent is restarted: {why}"),
                );
            }
        }
    }

    /// Passes on what the server wants done about an engine. To stop is done here.
    fn hand_over(&mut self, index: usize, commands: Vec<QueuedCommand>) {
        for command in commands {
            if !identity::is_plain(&command.id) {
                continue;
            }
            if command.verb == QueuedVerb::Stop {
                let why = "the server asked to stop; not reported until the agent is restarted";
                let sender = self.lanes[index].agent_id(&self.parts.id.presented());
                self.keep_ack(command.id, ack(AckStatus::Completed, why), sender);
                self.end(index, why.to_owned());
            } else {
                // One that finds the queue full is handed over again, or expires.
                let _ = self.parts.commands.try_send(command);
            }
        }
    }

    /// Ends a stream until the agent is restarted, and reading what it is about.
    fn end(&mut self, index: usize, why: String) {
        let lane = &mut self.lanes[index];
        let kind = lane.kind;
        lane.buffer = Buffer::new(kind, self.parts.interval);
        lane.is_over = true;
        lane.stand(Standing::Bad(why.clone()));
        let mut alike = self.lanes.iter().filter(|lane| lane.kind == kind);
        if !alike.all(|lane| lane.is_over) {
            return;
        }
        match kind {
            Kind::Host => {}
            Kind::Docker => self.parts.unwanted.engines.cancel(),
            Kind::Kubernetes => self.parts.unwanted.cluster.cancel(),
        }
        let now = self.parts.clock.now();
        self.parts.status.module(unwanted(kind, why, now));
    }

    async fn enrol(&mut self) -> Result<(), Error> {
        let Access::ToEnrol(place) = &self.access else {
            return Ok(());
        };
        let token = match place.read() {
            Ok(token) => token,
            Err(error) => {
                self.enrol_later(chain(&error), None);
                return Ok(());
            }
        };
        let Parts {
            server,
            key,
            machine,
            clock,
            ..
        } = &self.parts;
        match enrol(server, key, machine, &token, clock).await? {
            Enrolment::Enrolled(answer) => self.adopt(*answer)?,
            Enrolment::NotNeeded => {
                info!("the token is used as it is; it is not one to enrol with");
                self.access = Access::Ready(token, None);
            }
            Enrolment::Later(why, asked) => self.enrol_later(why, asked),
            Enrolment::NotSetUp(asked) => {
                // Starting over keeps asking often: the machine should be there with the first page.
                self.enrolment.failures = 0;
                self.enrol_later("the server is not set up yet".to_owned(), asked);
            }
        }
        Ok(())
    }

    fn enrol_later(&mut self, why: String, asked: Option<std::time::Duration>) {
        let attempts = &mut self.enrolment;
        attempts.failures += 1;
        let wait = retry::after_enrolment(attempts.failures, asked, random::fraction());
        attempts.not_before = Instant::now() + wait;
        self.parts.status.delivers(Kind::Host.module(), false);
        if attempts.said != why {
            let waiting = self.lanes[HOST].buffer.len();
            let why = format!("cannot enrol yet: {why}");
            warn!(why, waiting, "reports are not delivered");
        }
        attempts.said = why;
    }

    /// Takes over token and id, and keeps them. The token last: it marks a finished enrolment.
    fn adopt(&mut self, answer: EnrolAnswer) -> Result<(), Error> {
        let EnrolAnswer {
            agent_id,
            runtime_token,
            mut server_id,
            ..
        } = answer;
        if !server_id.is_empty() && !identity::is_plain(&server_id) {
            warn!("the server gave a server id that cannot be one; reports go without proof");
            server_id.clear();
        }
        let state = &self.parts.state;
        let mut kept = Ok(());
        if !server_id.is_empty() {
            kept = state.write(state::SERVER_ID, server_id.as_bytes());
        }
        kept = kept
            .and_then(|()| state.write(state::RUNTIME_TOKEN, runtime_token.expose().as_bytes()));
        if let Err(error) = kept {
            error!(
                error = chain(&error),
                "cannot keep the agent's token; enrol again after a restart"
            );
        }
        self.parts.id.adopt(&agent_id);
        let agent_id = self.parts.id.presented();
        for lane in &mut self.lanes {
            let id = lane.agent_id(&agent_id);
            lane.buffer.readdress(&id);
        }
        let prover = match server_id.is_empty() {
            true => None,
            false => Some(Prover::new(Arc::clone(&self.parts.key), server_id)?),
        };
        info!(agent_id, is_keyed = prover.is_some(), "enrolled");
        self.access = Access::Ready(runtime_token, prover);
        Ok(())
    }
}

/// Tells that the server wants no more of a module.
fn unwanted(kind: Kind, why: String, now: Timestamp) -> ModuleStatus {
    ModuleStatus {
        name: kind.module().to_owned(),
        enabled: false,
        state: ModuleState::Disabled,
        last_error: why,
        updated_at: Some(now),
    }
}
