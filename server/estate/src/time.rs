//! When a report was made, when it arrived, and which of the two to believe.

use std::time::Duration;

use jiff::Timestamp;

/// Clocks this far apart are shown; closer ones are taken for delay.
const NOTABLE_SKEW: Duration = Duration::from_secs(300);
/// No queue reaches back further.
const LONGEST_QUEUE: Duration = Duration::from_secs(24 * 3600);
/// A clock that gains this much between two reports was set, and did not run.
const NOTABLE_STEP: Duration = Duration::from_secs(5);

/// Tells whether a report that does not say its place in an order was overtaken by the one before. Only a clock that went
/// back on the heels of another report tells that from a corrected clock.
pub(crate) fn is_overtaken(
    made_at: Timestamp,
    before: Option<Timestamp>,
    since_last: Option<Duration>,
    interval: Duration,
) -> bool {
    let on_its_heels = (interval / 2).clamp(Duration::from_secs(2), Duration::from_secs(15));
    let went_back = before.is_some_and(|before| made_at < before);
    went_back && since_last.is_some_and(|since| since < on_its_heels)
}

/// When a report was made and when it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// By the source's clock.
    pub made_at: Timestamp,
    /// By ours.
    pub now: Timestamp,
}

impl Times {
    /// Returns when the figures were true by our clock: the source's time unless its clock is off.
    pub fn true_at(self) -> Timestamp {
        if self.skew().is_some() {
            self.now
        } else {
            self.made_at.min(self.now)
        }
    }

    /// Returns how many seconds the source's clock is ahead when that is more than delay explains.
    /// A report may be old because it waited for us, so only the future tells of a wrong clock,
    /// or a past no queue reaches back to.
    pub fn skew(self) -> Option<i64> {
        let ahead = self.made_at.duration_since(self.now);
        let wrong = if ahead.is_negative() {
            ahead.unsigned_abs() > LONGEST_QUEUE
        } else {
            ahead.unsigned_abs() > NOTABLE_SKEW
        };
        wrong.then(|| ahead.as_secs())
    }

    /// Returns how long after `before` this was made, or nothing when a clock was set in between:
    /// time that goes back, or a lead that delay cannot explain, tells no distance.
    pub fn since(self, before: Self) -> Option<Duration> {
        let span = self.made_at.duration_since(before.made_at);
        if !span.is_positive() {
            return None;
        }
        let gained = self.lead().checked_sub(before.lead()).unwrap_or_default();
        (gained <= NOTABLE_STEP).then(|| span.unsigned_abs())
    }

    /// Returns how far ahead of our clock the source's is; a queue makes reports older, never newer.
    fn lead(self) -> Duration {
        let ahead = self.made_at.duration_since(self.now);
        if ahead.is_positive() {
            ahead.unsigned_abs()
        } else {
            Duration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(made: i64, now: i64) -> Times {
        let at = |second| Timestamp::from_second(second).expect("a valid second");
        Times {
            made_at: at(made),
            now: at(now),
        }
    }

    #[test]
    fn a_queued_report_keeps_its_own_time() {
        assert_eq!(times(1_000, 2_800).true_at().as_second(), 1_000);
        assert_eq!(times(1_000, 2_800).skew(), None);
    }

    #[test]
    fn a_clock_ahead_or_years_behind_is_shown_and_not_believed() {
        assert_eq!(times(10_000, 1_000).true_at().as_second(), 1_000);
        assert_eq!(times(10_000, 1_000).skew(), Some(9_000));
        assert_eq!(times(0, 1_700_000_000).true_at().as_second(), 1_700_000_000);
        assert_eq!(times(0, 1_700_000_000).skew(), Some(-1_700_000_000));
    }

    #[test]
    fn a_small_lead_is_delay_and_never_lies_in_the_future() {
        assert_eq!(times(1_004, 1_000).true_at().as_second(), 1_000);
        assert_eq!(times(1_004, 1_000).skew(), None);
    }

    #[test]
    fn a_clock_that_was_set_between_two_reports_tells_no_distance() {
        let seconds = |earlier, later: Times| later.since(earlier).map(|span| span.as_secs());
        assert_eq!(seconds(times(100, 100), times(110, 110)), Some(10));
        assert_eq!(
            seconds(times(100, 900), times(110, 901)),
            Some(10),
            "queued"
        );
        assert_eq!(
            seconds(times(100, 100), times(230, 110)),
            None,
            "set forward"
        );
        assert_eq!(seconds(times(100, 100), times(20, 110)), None, "set back");
        assert_eq!(
            seconds(times(230, 110), times(240, 120)),
            Some(10),
            "runs on"
        );
    }
}
