//! When to report: at once, then every interval at a moment of this agent's own.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::Report;
use super::assemble::Assembler;
use super::figures::MachineFigures;
use crate::status::Status;

/// Collects and hands over reports until told to stop.
pub(crate) async fn run(
    mut assembler: Assembler,
    interval: Duration,
    first_gap: Duration,
    reports: Sender<Report>,
    figures: watch::Sender<MachineFigures>,
    status: Status,
    shutdown: CancellationToken,
) {
    let mut ticks = interval_at(Instant::now() + first_gap, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let collected = tokio::task::spawn_blocking(move || {
            let report = assembler.next();
            (assembler, report)
        });
        let mut report = tokio::select! {
            () = shutdown.cancelled() => return,
            collected = collected => match collected {
                Ok((back, report)) => {
                    assembler = back;
                    report
                }
                Err(error) => {
                    // Collectors cannot bring it down, so this is a fault of the agent itself.
                    warn!(%error, "collecting ended");
                    shutdown.cancel();
                    return;
                }
            },
        };
        status.collected(&report.agent.modules);
        report.agent.modules.extend(status.beside());
        figures.send_replace(MachineFigures::of(&report));
        debug!(sequence = report.sequence_id, "collected");
        tokio::select! {
            () = shutdown.cancelled() => return,
            sent = reports.send(Report::Host(Box::new(report))) => if sent.is_err() { return },
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
    }
}

/// Returns the time from the first report, made at once, to the second, which falls on this agent's
/// own moment of the interval. Never less than half an interval.
pub(crate) fn first_gap(now: Timestamp, interval: Duration, phase: u64) -> Duration {
    let length = u64::try_from(interval.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let now = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let until = (phase % length + length - now % length) % length;
    let gap = if until < length / 2 {
        until.saturating_add(length)
    } else {
        until
    };
    Duration::from_millis(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_report_falls_on_the_agents_own_moment() {
        let interval = Duration::from_secs(30);
        for now in [0, 1, 14_999, 15_000, 29_999, 1_700_000_012_345] {
            for phase in [0, 1, 20_000, 29_999, 4_000_000_000] {
                let at = Timestamp::from_millisecond(now).expect("a time");
                let gap = first_gap(at, interval, phase).as_millis() as i64;
                assert!((15_000..45_000).contains(&gap), "{now} {phase}: {gap}");
                assert_eq!((now + gap) % 30_000, phase as i64 % 30_000);
            }
        }
    }
}
