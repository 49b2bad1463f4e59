//! When silence means *stale* and when it means *offline*.
//!
//! A source is stale after three missed intervals and judged offline ten seconds later. Silence is
//! measured on the monotonic clock and only while this server was watching: after a start, and
//! after a pause of the server itself, every source has its three intervals (two minutes at least)
//! before it can be judged. So our own outage never makes a host "down".
//!
//! A polled source has a fixed patience instead (Proxmox a minute, all others two, never less than
//! one missed poll), and three polls that failed in a row for as long as three polls take are an
//! answer too.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use pulse_model::{SourceKind, SourceState};

const MISSED_UNTIL_STALE: u32 = 3;
const STALE_UNTIL_OFFLINE: Duration = Duration::from_secs(10);
const SHORTEST_WATCH: Duration = Duration::from_secs(120);
const PROXMOX_PATIENCE: Duration = Duration::from_secs(60);
const POLLED_PATIENCE: Duration = Duration::from_secs(120);
/// Polls that fail in a row before that is taken for an answer.
const FAILURES_UNTIL_OFFLINE: u32 = 3;

/// What a source's silence is taken to mean.
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

/// Returns how long a source of that kind may be silent before it is stale.
fn patience(kind: SourceKind, interval: Duration) -> Duration {
    match kind {
        SourceKind::Agent | SourceKind::Docker | SourceKind::Kubernetes => {
            interval * MISSED_UNTIL_STALE
        }
        SourceKind::Proxmox => PROXMOX_PATIENCE.max(interval * 2),
        SourceKind::Pbs | SourceKind::Pmg | SourceKind::Truenas => {
            POLLED_PATIENCE.max(interval * 2)
        }
    }
}

/// The silence of one slice of a source, measured.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    verdict: Verdict,
    interval: Duration,
    patience: Duration,
    failures: u32,
    /// Monotonic time of the last sighting; nothing when not heard since the start.
    heard: Option<Duration>,
}

impl Watch {
    /// Starts watching what has just been heard.
    pub fn heard_now(kind: SourceKind, interval: Duration, mono: Duration) -> Self {
        Self {
            verdict: Verdict::Online,
            interval,
            patience: patience(kind, interval),
            failures: 0,
            heard: Some(mono),
        }
    }

    /// Starts watching what is known from before this start.
    pub fn remembered(kind: SourceKind, verdict: Verdict, interval: Duration) -> Self {
        let verdict = match verdict {
            Verdict::Online | Verdict::Stale => Verdict::Stale,
            offline @ Verdict::Offline { .. } => offline,
        };
        Self {
            verdict,
            heard: None,
            ..Self::heard_now(kind, interval, Duration::ZERO)
        }
    }

    /// Returns the present verdict.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the monotonic time of the last sighting; nothing when not heard since the start.
    pub fn heard(&self) -> Option<Duration> {
        self.heard
    }

    /// Returns how often the source is expected.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Notes a sighting; returns whether the verdict changed.
    pub fn hear(&mut self, kind: SourceKind, interval: Duration, mono: Duration) -> bool {
        let was = self.verdict;
        *self = Self::heard_now(kind, interval, mono);
        was != self.verdict
    }

    /// Notes a poll that failed; returns whether the verdict changed.
    pub fn fail(&mut self, watching_since: Duration, mono: Duration, now: Timestamp) -> bool {
        self.failures = self.failures.saturating_add(1);
        let silent_since = self.heard.unwrap_or(watching_since).max(watching_since);
        let long_enough = mono >= silent_since + self.interval * FAILURES_UNTIL_OFFLINE;
        let is_offline = matches!(self.verdict, Verdict::Offline { .. });
        if is_offline || self.failures < FAILURES_UNTIL_OFFLINE || !long_enough {
            return false;
        }
        self.verdict = Verdict::Offline { since: now };
        true
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

    /// Lets silence take effect; returns whether the verdict changed.
    pub fn tick(&mut self, watching_since: Duration, mono: Duration, now: Timestamp) -> bool {
        let before = self.verdict;
        if self.verdict == Verdict::Online && mono >= self.stale_at(watching_since) {
            self.verdict = Verdict::Stale;
        }
        if self.verdict == Verdict::Stale && mono >= self.offline_at(watching_since) {
            self.verdict = Verdict::Offline { since: now };
        }
        self.verdict != before
    }

    fn stale_at(&self, watching_since: Duration) -> Duration {
        self.heard.unwrap_or(watching_since) + self.patience
    }

    fn offline_at(&self, watching_since: Duration) -> Duration {
        let by_silence = self.stale_at(watching_since);
        // Heard before our own pause: it has its full time again from the moment we resumed.
        let resumed_since = self.heard.is_none_or(|heard| heard < watching_since);
        let by_watching = if resumed_since {
            watching_since + self.patience.max(SHORTEST_WATCH)
        } else {
            Duration::ZERO
        };
        by_silence.max(by_watching) + STALE_UNTIL_OFFLINE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(30);

    fn at(mono: Duration) -> Timestamp {
        Timestamp::UNIX_EPOCH + mono
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn verdicts(watch: &mut Watch, start: Duration, seconds: &[u64]) -> Vec<SourceState> {
        let after = |seconds: &u64| {
            let mono = start + secs(*seconds);
            watch.tick(Duration::ZERO, mono, at(mono));
            watch.verdict().state()
        };
        seconds.iter().map(after).collect()
    }

    #[test]
    fn a_silent_host_is_stale_after_three_intervals_and_offline_ten_seconds_later() {
        let mut watch = Watch::heard_now(SourceKind::Agent, INTERVAL, secs(1_000));
        let states = verdicts(&mut watch, secs(1_000), &[89, 90, 99, 100]);
        use SourceState::{Offline, Online, Stale};
        assert_eq!(states, [Online, Stale, Stale, Offline]);
    }

    #[test]
    fn a_polled_source_is_stale_after_its_own_patience_or_one_missed_poll() {
        use SourceState::{Online, Stale};
        let cases = [
            (SourceKind::Proxmox, 10, 60),
            (SourceKind::Proxmox, 300, 600),
            (SourceKind::Pbs, 60, 120),
            (SourceKind::Truenas, 100, 200),
        ];
        for (kind, interval, patience) in cases {
            let mut watch = Watch::heard_now(kind, secs(interval), Duration::ZERO);
            let states = verdicts(&mut watch, Duration::ZERO, &[patience - 1, patience]);
            assert_eq!(states, [Online, Stale], "{kind:?} every {interval} s");
        }
    }

    #[test]
    fn three_failed_polls_are_an_answer_and_a_burst_of_them_is_not() {
        let mut watch = Watch::heard_now(SourceKind::Proxmox, secs(10), Duration::ZERO);
        let mut fail = |seconds| watch.fail(Duration::ZERO, secs(seconds), at(secs(seconds)));
        assert!(!fail(10) && !fail(11) && !fail(12) && !fail(13));
        assert!(fail(30));
        assert!(!fail(40), "only once");
        assert!(watch.hear(SourceKind::Proxmox, secs(10), secs(50)));
        assert!(!watch.fail(Duration::ZERO, secs(60), at(secs(60))));
    }

    #[test]
    fn a_host_remembered_from_before_the_start_is_stale_and_has_two_minutes() {
        let mut watch = Watch::remembered(SourceKind::Agent, Verdict::Online, secs(5));
        assert_eq!(watch.verdict(), Verdict::Stale);
        assert_eq!(watch.due(Duration::ZERO), Some(secs(130)));
        assert!(!watch.tick(Duration::ZERO, secs(129), at(secs(129))));
        assert!(watch.tick(Duration::ZERO, secs(130), at(secs(130))));
    }

    #[test]
    fn a_host_that_was_down_before_the_start_stays_down_until_heard() {
        let since = at(secs(7));
        let mut watch = Watch::remembered(SourceKind::Agent, Verdict::Offline { since }, INTERVAL);
        assert_eq!(watch.due(Duration::ZERO), None);
        assert_eq!(watch.verdict(), Verdict::Offline { since });
        assert!(watch.hear(SourceKind::Agent, INTERVAL, secs(50)));
    }

    #[test]
    fn our_own_pause_gives_every_host_its_full_time_again() {
        let mut watch = Watch::heard_now(SourceKind::Agent, INTERVAL, secs(10));
        // The server was frozen from 11 s to 500 s and noticed.
        let resumed = secs(500);
        watch.tick(resumed, secs(501), at(secs(501)));
        assert_eq!(watch.verdict(), Verdict::Stale);
        assert!(watch.tick(resumed, secs(500 + 120 + 10), at(secs(630))));
    }
}
