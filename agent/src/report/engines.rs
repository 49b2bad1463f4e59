//! Reads the container engines on a schedule of their own: a slow engine delays no host report.

use std::time::Duration;

use jiff::Timestamp;
use pulse_agent_docker::{Engines, Outcome};
use pulse_protocol::report::docker::{DockerReport, EngineAgent};
use pulse_protocol::report::host::{ModuleState, ModuleStatus};
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Report;
use super::figures::MachineFigures;
use super::lane;
use crate::clock::Clock;
use crate::footprint::Seen;
use crate::identity::Machine;
use crate::status::Status;

/// Name of the module that reports container engines.
pub(crate) const DOCKER: &str = "docker";

/// Longest text of what went wrong.
const TROUBLE: usize = 1_000;

/// What reading the engines needs to know.
pub(crate) struct EngineSchedule {
    pub(crate) engines: Engines,
    /// The operator wants it, so that finding no engine is worth saying.
    pub(crate) is_demanded: bool,
    pub(crate) interval: Duration,
    pub(crate) machine: Machine,
    pub(crate) clock: Clock,
    pub(crate) figures: watch::Receiver<MachineFigures>,
    /// What the agent itself uses and leaves out.
    pub(crate) seen: watch::Receiver<Seen>,
}

impl EngineSchedule {
    /// Reads and hands over reports until told to stop, by the agent or by the server.
    pub(crate) async fn run(
        mut self,
        first_gap: Duration,
        reports: Sender<Report>,
        status: Status,
        shutdown: CancellationToken,
        unwanted: CancellationToken,
    ) {
        let mut ticks = interval_at(Instant::now() + first_gap, self.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut standing = Standing::default();
        loop {
            let now = self.clock.now();
            let spared = self.seen.borrow().spared();
            self.engines.spare(spared);
            let round = async {
                let outcomes = self.engines.collect(now).await;
                self.hand_over(outcomes, &mut standing, now, &reports, &status)
                    .await
            };
            let is_heard = tokio::select! {
                // What a round that was under way says must not replace why it ended.
                biased;
                () = shutdown.cancelled() => return,
                () = unwanted.cancelled() => return,
                is_heard = round => is_heard,
            };
            if !is_heard {
                return;
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = unwanted.cancelled() => return,
                _ = ticks.tick() => {}
            }
        }
    }

    /// Reads twice, so that what is measured between two reads is there, and returns the reports.
    pub(crate) async fn once(mut self, id: &str) -> Vec<DockerReport> {
        self.engines.collect(self.clock.now()).await;
        let outcomes = self.engines.collect(self.clock.now()).await;
        let report = |outcome: Outcome| {
            let mut report = self.signed(outcome.reading.ok()?.report);
            report.agent.id = lane::agent_id(id, &outcome.suffix);
            Some(report)
        };
        outcomes.into_iter().filter_map(report).collect()
    }

    /// Hands over what came of a round; tells whether anybody still listens.
    async fn hand_over(
        &self,
        outcomes: Vec<Outcome>,
        standing: &mut Standing,
        now: Timestamp,
        reports: &Sender<Report>,
        status: &Status,
    ) -> bool {
        status.module(standing.judge(&outcomes, &self.engines, self.is_demanded, now));
        for outcome in outcomes {
            let Ok(reading) = outcome.reading else {
                continue;
            };
            let report = Report::Docker {
                suffix: outcome.suffix,
                report: Box::new(self.signed(reading.report)),
            };
            if reports.send(report).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Writes down who reports, and what the machine is doing.
    fn signed(&self, mut report: DockerReport) -> DockerReport {
        report.agent = EngineAgent {
            // The agent's id is put in when the report is queued: enrolling may change it.
            version: pulse_protocol::version::OWN.to_owned(),
            kind: "unified".to_owned(),
            interval_seconds: self.interval.as_secs().max(1),
            ..EngineAgent::default()
        };
        report.host.hostname.clone_from(&self.machine.hostname);
        report.host.machine_id.clone_from(&self.machine.machine_id);
        self.figures.borrow().fill(&mut report);
        report
    }
}

/// Tells that the engines cannot be looked for at all.
pub(crate) fn broken(why: String, now: Timestamp) -> ModuleStatus {
    ModuleStatus {
        name: DOCKER.to_owned(),
        enabled: true,
        state: ModuleState::Retrying,
        last_error: why,
        updated_at: Some(now),
    }
}

/// How the module fares, for saying so when it changes.
#[derive(Default)]
struct Standing {
    status: ModuleStatus,
}

impl Standing {
    fn judge(
        &mut self,
        outcomes: &[Outcome],
        engines: &Engines,
        is_demanded: bool,
        now: Timestamp,
    ) -> ModuleStatus {
        let is_enabled = is_demanded || !outcomes.is_empty();
        let reads = outcomes
            .iter()
            .filter(|outcome| outcome.reading.is_ok())
            .count();
        let state = match (is_enabled, reads) {
            (false, _) => ModuleState::Disabled,
            (true, 0) => ModuleState::Retrying,
            (true, _) => ModuleState::Running,
        };
        let trouble = if outcomes.is_empty() && is_demanded {
            format!("no engine at {}", engines.places().join(", "))
        } else {
            trouble(outcomes)
        };
        let trouble = pulse_protocol::text::fit(&trouble, TROUBLE).into_owned();
        let before = &self.status;
        if before.state != state || before.last_error != trouble {
            match (&state, trouble.is_empty()) {
                (ModuleState::Running, true) => info!(engines = reads, "containers are read"),
                (_, false) => warn!(trouble, "containers are not read, or not all of them"),
                _ => {}
            }
        }
        let is_entered = before.state != state;
        let updated_at = if is_entered {
            Some(now)
        } else {
            before.updated_at
        };
        self.status = ModuleStatus {
            name: DOCKER.to_owned(),
            enabled: is_enabled,
            state,
            last_error: trouble,
            updated_at,
        };
        self.status.clone()
    }
}

/// Names what could not be read; with several engines, of which.
fn trouble(outcomes: &[Outcome]) -> String {
    let mut parts = Vec::new();
    for outcome in outcomes {
        let of = |what: &str| match outcomes.len() {
            1 => what.to_owned(),
            _ => format!("{}: {what}", outcome.address),
        };
        match &outcome.reading {
            Ok(reading) => parts.extend(reading.remarks.iter().map(|remark| of(remark))),
            Err(why) => parts.push(of(why)),
        }
    }
    parts.join("; ")
}
