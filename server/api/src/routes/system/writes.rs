//! How much this process wrote to disks today.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use pulse_model::Clock;
use tokio_util::sync::CancellationToken;

use super::machine;

/// The system counts since the process began; the day's share is counted from what it said when
/// the day began. Days are UTC.
#[derive(Clone, Default)]
pub(crate) struct DiskWrites(Arc<Mutex<Day>>);

#[derive(Default)]
struct Day {
    date: Option<Date>,
    before: u64,
}

impl DiskWrites {
    /// Starts counting; ends with `stop`.
    pub fn spawn(clock: Clock, stop: CancellationToken) -> Self {
        let writes = Self::default();
        writes.begin_today(&clock, 0);
        let mine = writes.clone();
        tokio::spawn(async move {
            loop {
                let until_midnight = until_tomorrow(&clock);
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(until_midnight) => {}
                }
                mine.begin_today(&clock, machine::written().unwrap_or_default());
            }
        });
        writes
    }

    /// Returns the bytes written today, when the system tells.
    pub fn today(&self) -> Option<u64> {
        let day = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(machine::written()?.saturating_sub(day.before))
    }

    fn begin_today(&self, clock: &Clock, written: u64) {
        let today = clock.now().to_zoned(TimeZone::UTC).date();
        let mut day = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if day.date != Some(today) {
            *day = Day {
                date: Some(today),
                before: written,
            };
        }
    }
}

fn until_tomorrow(clock: &Clock) -> Duration {
    let second = clock.now().as_second().rem_euclid(86_400);
    // A second late rather than early.
    Duration::from_secs(86_401_u64.saturating_sub(u64::try_from(second).unwrap_or(0)))
}
