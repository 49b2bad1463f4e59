//! Reads a Kubernetes cluster on a schedule of its own: a slow API delays no other report.

use std::time::Duration;

use jiff::Timestamp;
use pulse_agent_kubernetes::{Cluster, Error, Reading};
use pulse_protocol::report::host::{ModuleState, ModuleStatus};
use pulse_protocol::report::kubernetes::{ClusterAgent, KubernetesReport};
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Report;
use crate::clock::Clock;
use crate::error::chain;
use crate::status::Status;

/// Name of the module that reports a cluster.
pub(crate) const KUBERNETES: &str = "kubernetes";

/// Longest text of what went wrong.
const TROUBLE: usize = 1_000;

/// What reading a cluster needs to know.
pub(crate) struct ClusterSchedule {
    pub(crate) cluster: Cluster,
    pub(crate) interval: Duration,
    pub(crate) clock: Clock,
}

impl ClusterSchedule {
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
            let round = async {
                let outcome = self.cluster.collect(now).await;
                status.module(standing.judge(&outcome, now));
                let Ok(reading) = outcome else {
                    return true;
                };
                let report = Report::Kubernetes(Box::new(self.signed(reading.report)));
                reports.send(report).await.is_ok()
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

    /// Reads once and returns the report.
    pub(crate) async fn once(mut self, id: &str) -> Result<KubernetesReport, Error> {
        let reading = self.cluster.collect(self.clock.now()).await?;
        for remark in &reading.remarks {
            warn!(remark, "the cluster is not read whole");
        }
        let mut report = self.signed(reading.report);
        report.agent.id = id.to_owned();
        Ok(report)
    }

    /// Writes down who reports.
    fn signed(&self, mut report: KubernetesReport) -> KubernetesReport {
        report.agent = ClusterAgent {
            // The agent's id is put in when the report is queued: enrolling may change it.
            version: pulse_protocol::version::OWN.to_owned(),
            kind: "unified".to_owned(),
            interval_seconds: self.interval.as_secs().max(1),
            ..ClusterAgent::default()
        };
        report
    }
}

/// How the module fares, for saying so when it changes.
#[derive(Default)]
struct Standing {
    status: ModuleStatus,
    /// What was wrong, without counts: these change with every report.
    wrong: String,
}

impl Standing {
    fn judge(&mut self, outcome: &Result<Reading, Error>, now: Timestamp) -> ModuleStatus {
        let (state, trouble, wrong) = match outcome {
            Ok(reading) => {
                let gaps = reading.report.gaps.iter();
                let wrong: Vec<String> = gaps
                    .map(|gap| format!("{} {}", gap.member, gap.reason))
                    .collect();
                let trouble = reading.remarks.join("; ");
                (ModuleState::Running, trouble, wrong.join(", "))
            }
            Err(error) => (ModuleState::Retrying, chain(error), chain(error)),
        };
        let trouble = pulse_protocol::text::fit(&trouble, TROUBLE).into_owned();
        let is_entered = self.status.state != state;
        if is_entered || self.wrong != wrong {
            match (&state, trouble.is_empty()) {
                (ModuleState::Running, true) => info!("the cluster is read"),
                _ => warn!(trouble, "the cluster is not read, or not all of it"),
            }
        }
        self.wrong = wrong;
        self.status = ModuleStatus {
            name: KUBERNETES.to_owned(),
            enabled: true,
            updated_at: match is_entered {
                true => Some(now),
                false => self.status.updated_at,
            },
            state,
            last_error: trouble,
        };
        self.status.clone()
    }
}
