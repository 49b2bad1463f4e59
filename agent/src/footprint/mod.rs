//! What the agent itself uses, and the optional work it gives up to use no more.
//!
//! One look per interval: memory, processor time, what was sent. At a ceiling the agent gives up
//! one kind of [`Work`] per look, in a fixed order, and takes it up again when there has been room
//! for a while. Reports themselves are never given up.

mod ladder;

use std::time::Duration;

use pulse_agent_docker::Spared;
use pulse_agent_host::Own;
use pulse_protocol::report::host::Footprint;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub(crate) use self::ladder::Work;
use self::ladder::{Ladder, Use};
use crate::status::Status;

/// How much the agent may use before it leaves out optional work; without one, whatever it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ceilings {
    /// Resident memory in bytes.
    pub memory: Option<u64>,
    /// Processor time in percent of one core.
    pub cpu: Option<f64>,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self {
            memory: Some(64 * 1024 * 1024),
            cpu: Some(20.0),
        }
    }
}

/// The last look, for those who report it and those who work.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    footprint: Option<Footprint>,
    shed: &'static [Work],
}

impl Seen {
    /// Returns what the last look told, for the host report.
    pub(crate) fn footprint(&self) -> Option<Footprint> {
        self.footprint.clone()
    }

    /// Tells whether a kind of work is left out.
    pub(crate) fn is_shed(&self, work: Work) -> bool {
        self.shed.contains(&work)
    }

    /// Returns what reading the container engines leaves out.
    pub(crate) fn spared(&self) -> Spared {
        Spared {
            updates: self.is_shed(Work::UpdateChecks),
            lists: self.is_shed(Work::ObjectLists),
            usage: self.is_shed(Work::DiskUsage),
            details: self.is_shed(Work::ContainerDetails),
        }
    }
}

/// Looks at the agent itself.
pub(crate) struct Watch {
    ceilings: Ceilings,
    ladder: Ladder,
    status: Status,
    seen: watch::Sender<Seen>,
    before: Option<(Instant, Duration)>,
}

impl Watch {
    /// Nothing has been looked at yet.
    pub(crate) fn new(ceilings: Ceilings, status: Status) -> (Self, watch::Receiver<Seen>) {
        let (seen, receiver) = watch::channel(Seen::default());
        let watch = Self {
            ceilings,
            ladder: Ladder::default(),
            status,
            seen,
            before: None,
        };
        (watch, receiver)
    }

    /// Looks at once, then with every report, until told to stop.
    pub(crate) async fn run(
        mut self,
        interval: Duration,
        first_gap: Duration,
        shutdown: CancellationToken,
    ) {
        let mut ticks = interval_at(Instant::now() + first_gap, interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            self.look(Own::now(), Instant::now());
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => {}
            }
        }
    }

    /// Takes one look into account.
    pub(crate) fn look(&mut self, own: Own, at: Instant) {
        let cpu = self.share(own.processor, at);
        let used = Use {
            memory: own.resident,
            cpu,
        };
        let before = self.ladder.shed();
        self.ladder.judge(used, self.ceilings);
        let shed = self.ladder.shed();
        let facts = self.status.facts();
        let footprint = Footprint {
            rss_bytes: own.resident,
            cpu_percent: cpu,
            sent_bytes: Some(facts.sent_bytes),
            reports_sent: Some(facts.sent),
            attempts_failed: Some(facts.failed),
            reports_waiting: Some(facts.waiting as u64),
            ceiling_bytes: self.ceilings.memory,
            ceiling_cpu_percent: self.ceilings.cpu,
            shed: shed.iter().map(|work| work.word().to_owned()).collect(),
        };
        self.say(before, shed, used);
        let footprint = Some(footprint);
        self.seen.send_replace(Seen { footprint, shed });
    }

    /// Share of one core between this look and the one before.
    fn share(&mut self, processor: Option<Duration>, at: Instant) -> Option<f64> {
        let now = processor.map(|processor| (at, processor));
        let before = std::mem::replace(&mut self.before, now);
        let ((at, processor), (then, until_then)) = (now?, before?);
        let passed = at.duration_since(then).as_secs_f64();
        let used = processor.saturating_sub(until_then).as_secs_f64();
        (passed > 0.0).then(|| (used / passed * 100_000.0).round() / 1_000.0)
    }

    /// Says what changed, once.
    fn say(&self, before: &[Work], shed: &[Work], used: Use) {
        let (memory, cpu) = (used.memory.unwrap_or(0), used.cpu.unwrap_or(0.0));
        if shed.len() > before.len() {
            let work = shed.last().map_or("", |work| work.word());
            let (most, most_cpu) = (self.ceilings.memory, self.ceilings.cpu);
            warn!(
                work,
                memory,
                cpu,
                memory_ceiling = most,
                cpu_ceiling = most_cpu,
                "the agent is at its ceiling and leaves work out"
            );
        } else if shed.len() < before.len() {
            let work = before.last().map_or("", |work| work.word());
            info!(work, memory, cpu, "the agent takes work up again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    fn own(resident: u64, milliseconds: u64) -> Own {
        Own {
            resident: Some(resident),
            processor: Some(Duration::from_millis(milliseconds)),
        }
    }

    #[test]
    fn the_share_of_a_core_is_that_between_two_looks() {
        let status = Status::new(true);
        let (mut watch, seen) = Watch::new(Ceilings::default(), status);
        let cpu = || seen.borrow().footprint().and_then(|seen| seen.cpu_percent);
        let start = Instant::now();
        watch.look(own(5 * MB, 400), start);
        assert_eq!(cpu(), None, "one look tells nothing about use");
        watch.look(own(5 * MB, 430), start + Duration::from_secs(10));
        assert_eq!(cpu(), Some(0.3));
        watch.look(Own::default(), start + Duration::from_secs(20));
        assert_eq!(cpu(), None);
        watch.look(own(5 * MB, 500), start + Duration::from_secs(30));
        assert_eq!(cpu(), None, "the look before told nothing");
    }

    #[test]
    fn what_is_not_known_is_left_out_of_the_report() {
        let (mut watch, seen) = Watch::new(Ceilings::default(), Status::new(true));
        watch.look(Own::default(), Instant::now());
        let json = serde_json::to_value(seen.borrow().footprint()).expect("JSON");
        assert!(json.get("rssBytes").is_none() && json.get("cpuPercent").is_none());
        assert_eq!(json["ceilingBytes"], 64 * 1024 * 1024);
    }

    #[test]
    fn work_left_out_is_named_and_left_out() {
        let ceilings = Ceilings {
            memory: Some(10 * MB),
            cpu: None,
        };
        let (mut watch, seen) = Watch::new(ceilings, Status::new(true));
        for _ in 0..2 {
            watch.look(own(11 * MB, 0), Instant::now());
        }
        let seen = seen.borrow();
        let shed = seen.footprint().expect("a look").shed;
        assert_eq!(shed, ["update-checks", "object-lists"]);
        let spared = seen.spared();
        assert!(spared.updates && spared.lists && !spared.usage && !spared.details);
        assert!(!seen.is_shed(Work::SlowCollectors));
    }
}
