//! When silence means *stale* and when it means *offline*.
//!
//! A source is stale after three missed intervals and judged offline ten seconds later. Silence is
//! measured on the monotonic clock and only while this server was watching: after a start, and
//! after a pause of the server itself, every source has its three intervals (two minutes at least)
//! before it can be judged. So our own outage never makes a host "down".
//!
//! *Down* and *recovered* are paired by construction: the only way to leave `Offline` is a sighting,
//! and the transition it returns carries the moment the host went down.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use pulse_model::{ResourceId, SourceState};

const MISSED_UNTIL_STALE: u32 = 3;
const STALE_UNTIL_OFFLINE: Duration = Duration::from_secs(10);
const SHORTEST_WATCH: Duration = Duration::from_secs(120);

/// What a host's silence is taken to mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Verdict {
    /// Heard in time.
    Online,
    /// Not heard for three intervals, or not yet since this server started.
    Stale,
    /// Judged to be down.
    Offline {
        /// When it was judged.
        since: Timestamp,
    },
}

impl Verdict {
    /// Returns the word for the source's state.
    pub fn state(self) -> SourceState {
        match self {
            Self::Online => SourceState::Online,
            Self::Stale => SourceState::Stale,
            Self::Offline { .. } => SourceState::Offline,
        }
    }
}

/// A host going down or coming back. Never one without the other before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Judged to be down.
    Down {
        /// Which host.
        id: ResourceId,
        /// When it was judged.
        at: Timestamp,
    },
    /// Heard again after having been judged down.
    Recovered {
        /// Which host.
        id: ResourceId,
        /// When it had been judged down.
        down_since: Timestamp,
        /// When it was heard.
        at: Timestamp,
    },
}

/// One host's silence, measured.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    verdict: Verdict,
    interval: Duration,
    /// Monotonic time of the last sighting; nothing when not heard since the start.
    heard: Option<Duration>,
}

impl Watch {
    /// Starts watching a host that has just been heard.
    pub fn heard_now(interval: Duration, mono: Duration) -> Self {
        Self {
            verdict: Verdict::Online,
            interval,
            heard: Some(mono),
        }
    }

    /// Starts watching a host known from before this start.
    pub fn remembered(verdict: Verdict, interval: Duration) -> Self {
        let verdict = match verdict {
            Verdict::Online | Verdict::Stale => Verdict::Stale,
            offline @ Verdict::Offline { .. } => offline,
        };
        Self {
            verdict,
            interval,
            heard: None,
        }
    }

    /// Returns the present verdict.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Notes a sighting; returns the recovery it is, if it is one.
    pub fn hear(
        &mut self,
        id: &ResourceId,
        interval: Duration,
        mono: Duration,
        now: Timestamp,
    ) -> Option<Transition> {
        let recovered = match self.verdict {
            Verdict::Offline { since } => Some(Transition::Recovered {
                id: id.clone(),
                down_since: since,
                at: now,
            }),
            Verdict::Online | Verdict::Stale => None,
        };
        *self = Self::heard_now(interval, mono);
        recovered
    }

    /// Returns when the verdict should be looked at again: the monotonic time of the next change
    /// that silence alone would bring, or nothing while there is none to come.
    pub fn due(&self, watching_since: Duration) -> Option<Duration> {
        match self.verdict {
            Verdict::Online => Some(self.stale_at(watching_since)),
            Verdict::Stale => Some(self.offline_at(watching_since)),
            Verdict::Offline { .. } => None,
        }
    }

    /// Lets silence take effect; returns whether the verdict changed, and the fall it is, if it is one.
    pub fn tick(
        &mut self,
        id: &ResourceId,
        watching_since: Duration,
        mono: Duration,
        now: Timestamp,
    ) -> (bool, Option<Transition>) {
        let before = self.verdict;
        if self.verdict == Verdict::Online && mono >= self.stale_at(watching_since) {
            self.verdict = Verdict::Stale;
        }
        if self.verdict == Verdict::Stale && mono >= self.offline_at(watching_since) {
            self.verdict = Verdict::Offline { since: now };
            return (
                true,
                Some(Transition::Down {
                    id: id.clone(),
                    at: now,
                }),
            );
        }
        (self.verdict != before, None)
    }

    fn patience(&self) -> Duration {
        self.interval * MISSED_UNTIL_STALE
    }

    fn stale_at(&self, watching_since: Duration) -> Duration {
        self.heard.unwrap_or(watching_since) + self.patience()
    }

    fn offline_at(&self, watching_since: Duration) -> Duration {
        let by_silence = self.stale_at(watching_since);
        // Heard before our own pause: it has its full time again from the moment we resumed.
        let resumed_since = self.heard.is_none_or(|heard| heard < watching_since);
        let by_watching = if resumed_since {
            watching_since + self.patience().max(SHORTEST_WATCH)
        } else {
            Duration::ZERO
        };
        by_silence.max(by_watching) + STALE_UNTIL_OFFLINE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INTERVAL: Duration = Duration::from_secs(30);

    fn id() -> ResourceId {
        ResourceId::new("host")
    }

    fn at(mono: Duration) -> Timestamp {
        Timestamp::UNIX_EPOCH + mono
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_silent_host_is_stale_after_three_intervals_and_offline_ten_seconds_later() {
        let start = secs(1_000);
        let mut watch = Watch::heard_now(INTERVAL, start);
        let mut after = |seconds| {
            let mono = start + secs(seconds);
            watch.tick(&id(), Duration::ZERO, mono, at(mono));
            watch.verdict().state()
        };
        assert_eq!(after(89), SourceState::Online);
        assert_eq!(after(90), SourceState::Stale);
        assert_eq!(after(99), SourceState::Stale);
        assert_eq!(after(100), SourceState::Offline);
    }

    #[test]
    fn a_host_remembered_from_before_the_start_is_stale_and_has_two_minutes() {
        let mut watch = Watch::remembered(Verdict::Online, secs(5));
        assert_eq!(watch.verdict(), Verdict::Stale);
        assert_eq!(watch.due(Duration::ZERO), Some(secs(130)));
        assert_eq!(
            watch.tick(&id(), Duration::ZERO, secs(129), at(secs(129))),
            (false, None)
        );
        let (changed, fall) = watch.tick(&id(), Duration::ZERO, secs(130), at(secs(130)));
        assert!(changed && fall.is_some());
    }

    #[test]
    fn a_host_that_was_down_before_the_start_stays_down_until_heard() {
        let since = at(secs(7));
        let mut watch = Watch::remembered(Verdict::Offline { since }, INTERVAL);
        assert_eq!(watch.due(Duration::ZERO), None);
        let recovered = watch.hear(&id(), INTERVAL, secs(50), at(secs(50)));
        assert_eq!(
            recovered,
            Some(Transition::Recovered {
                id: id(),
                down_since: since,
                at: at(secs(50))
            })
        );
    }

    #[test]
    fn our_own_pause_gives_every_host_its_full_time_again() {
        let mut watch = Watch::heard_now(INTERVAL, secs(10));
        // The server was frozen from 11 s to 500 s and noticed.
        let resumed = secs(500);
        let (_, fall) = watch.tick(&id(), resumed, secs(501), at(secs(501)));
        assert_eq!(fall, None);
        let (_, fall) = watch.tick(&id(), resumed, secs(500 + 120 + 10), at(secs(630)));
        assert!(fall.is_some());
    }

    proptest! {
        #[test]
        fn every_recovery_has_its_own_fall_before_it(steps in prop::collection::vec((any::<bool>(), 1u64..200), 1..200)) {
            let mut watch = Watch::heard_now(INTERVAL, Duration::ZERO);
            let mut mono = Duration::ZERO;
            let mut down: Option<Timestamp> = None;
            for (heard, wait) in steps {
                mono += secs(wait);
                let transition = if heard {
                    watch.hear(&id(), INTERVAL, mono, at(mono))
                } else {
                    watch.tick(&id(), Duration::ZERO, mono, at(mono)).1
                };
                match transition {
                    Some(Transition::Down { at, .. }) => {
                        prop_assert_eq!(down, None);
                        down = Some(at);
                    }
                    Some(Transition::Recovered { down_since, .. }) => {
                        prop_assert_eq!(down.take(), Some(down_since));
                    }
                    None => {}
                }
            }
        }
    }
}
