//! Gets reports to the server: enrols first if need be, then sends in order, keeping what cannot be
//! sent yet. Collecting never waits for any of this.

use std::sync::Arc;

use pulse_protocol::enrol::EnrolAnswer;
use pulse_protocol::report::host::HostReport;
use pulse_protocol::token::Token;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::buffer::Buffer;
use super::pack::Packed;
use super::retry;
use super::send::{Outcome, send};
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
}

/// What the server is spoken to with.
pub(crate) enum Access {
    /// A token, and proof of the key for a server that knows it.
    Ready(Token, Option<Prover>),
    /// A token that is to be traded first.
    ToEnrol(TokenPlace),
}

/// Delivers reports.
pub(crate) struct Courier {
    parts: Parts,
    access: Access,
    buffer: Buffer,
    /// Failures in a row.
    failures: u32,
    not_before: Instant,
    standing: Standing,
}

/// How it goes, for saying so when it changes.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Unknown,
    Good,
    Bad(String),
}

impl Courier {
    pub(crate) fn new(parts: Parts, access: Access, buffer: Buffer) -> Self {
        let not_before = Instant::now();
        Self {
            parts,
            access,
            buffer,
            failures: 0,
            not_before,
            standing: Standing::Unknown,
        }
    }

    /// Delivers until told to stop, then keeps what waits.
    ///
    /// # Errors
    /// When the server will never enrol this agent. What waits is kept even then.
    pub(crate) async fn run(
        mut self,
        mut reports: Receiver<HostReport>,
        shutdown: CancellationToken,
    ) -> Result<(), Error> {
        let outcome = self.work(&mut reports, &shutdown).await;
        reports.close();
        while let Ok(report) = reports.try_recv() {
            self.keep(report);
        }
        let waiting = self.buffer.len();
        match self.buffer.save(&self.parts.state) {
            Ok(()) if waiting > 0 => info!(waiting, "reports are kept for the next start"),
            Ok(()) => {}
            Err(error) => error!(waiting, error = chain(&error), "cannot keep the reports"),
        }
        outcome
    }

    async fn work(
        &mut self,
        reports: &mut Receiver<HostReport>,
        shutdown: &CancellationToken,
    ) -> Result<(), Error> {
        loop {
            while let Ok(report) = reports.try_recv() {
                self.keep(report);
            }
            self.parts.status.waiting(self.buffer.len());
            let has_work =
                self.buffer.first().is_some() || matches!(self.access, Access::ToEnrol(_));
            let not_before = self.not_before;
            let is_due = has_work && Instant::now() >= not_before;
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                done = self.act(), if is_due => done?,
                () = sleep_until(not_before), if has_work && !is_due => {}
                report = reports.recv(), if !is_due => match report {
                    Some(report) => self.keep(report),
                    None => return Ok(()),
                },
            }
        }
    }

    /// Puts a report into the queue, under the id the agent has by now.
    fn keep(&mut self, mut report: HostReport) {
        report.agent.id = self.parts.id.presented();
        match Packed::report(&report) {
            Some(packed) => self.buffer.push(packed),
            None => warn!("a report is larger than servers take, and is dropped"),
        }
    }

    async fn act(&mut self) -> Result<(), Error> {
        match &self.access {
            Access::ToEnrol(_) => self.enrol().await,
            Access::Ready(..) => {
                self.send_first().await;
                Ok(())
            }
        }
    }

    async fn send_first(&mut self) {
        let Access::Ready(token, prover) = &mut self.access else {
            return;
        };
        let Some(report) = self.buffer.first() else {
            return;
        };
        let now = self.parts.clock.now();
        let proof = prover
            .as_mut()
            .map(|prover| prover.header(report.bytes(), now));
        match send(&self.parts.server, token, report, proof).await {
            Outcome::Accepted(answer) => {
                self.buffer.pop();
                self.failures = 0;
                self.stand(Standing::Good);
                self.parts.status.sent();
                self.parts.id.learn(&answer.agent_id);
            }
            Outcome::Later(why, asked) => {
                self.failures += 1;
                self.wait(retry::after_failure(
                    self.failures,
                    asked,
                    random::fraction(),
                ));
                self.stand(Standing::Bad(why));
            }
            Outcome::Refused(why) => {
                self.wait(retry::after_refusal(random::fraction()));
                self.stand(Standing::Bad(why));
            }
            Outcome::Unwanted(why) => {
                self.buffer.pop();
                self.parts.status.dropped();
                self.stand(Standing::Bad(format!("{why}; such reports are dropped")));
            }
        }
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
                self.failures = 0;
            }
            Enrolment::Later(why, asked) => self.enrol_later(why, asked),
            Enrolment::NotSetUp(asked) => {
                // Starting over keeps asking often: the machine should be there with the first page.
                self.failures = 0;
                self.enrol_later("the server is not set up yet".to_owned(), asked);
            }
        }
        Ok(())
    }

    fn enrol_later(&mut self, why: String, asked: Option<std::time::Duration>) {
        self.failures += 1;
        self.wait(retry::after_enrolment(
            self.failures,
            asked,
            random::fraction(),
        ));
        self.stand(Standing::Bad(format!("cannot enrol yet: {why}")));
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
        self.buffer.readdress(&agent_id);
        let prover = match server_id.is_empty() {
            true => None,
            false => Some(Prover::new(Arc::clone(&self.parts.key), server_id)?),
        };
        info!(agent_id, is_keyed = prover.is_some(), "enrolled");
        self.access = Access::Ready(runtime_token, prover);
        self.failures = 0;
        Ok(())
    }

    fn wait(&mut self, time: std::time::Duration) {
        self.not_before = Instant::now() + time;
    }

    /// Says how it goes, once per change.
    fn stand(&mut self, standing: Standing) {
        self.parts.status.delivers(standing == Standing::Good);
        if self.standing == standing {
            return;
        }
        let waiting = self.buffer.len();
        match &standing {
            Standing::Bad(why) => warn!(why, waiting, "reports are not delivered"),
            Standing::Good => info!(waiting, "reports are delivered"),
            Standing::Unknown => {}
        }
        self.standing = standing;
    }
}
