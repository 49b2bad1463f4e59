//! Time, injected: every area is given a [`Clock`] and none asks the operating system.
//!
//! A clock has two faces. The wall face dates things and may jump; the monotonic face measures how
//! long something took or has been silent and never goes back. Durations are always taken from the
//! second, so a corrected system clock neither fires nor resolves anything.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Where a [`Clock`] reads from; implemented for the system and, in tests, for whatever paces them.
pub trait TimeSource: Send + Sync {
    /// Returns the date and time of day.
    fn now(&self) -> Timestamp;
    /// Returns the time since an arbitrary fixed point; never decreases.
    fn monotonic(&self) -> Duration;
}

/// A shared handle on a [`TimeSource`].
#[derive(Clone)]
pub struct Clock(Arc<dyn TimeSource>);

impl Clock {
    /// Returns the operating system's clock.
    pub fn system() -> Self {
        Self(Arc::new(SystemTime {
            started: Instant::now(),
        }))
    }

    /// Returns a clock that stands still at `start` until its [`Hands`] are moved.
    pub fn manual(start: Timestamp) -> (Self, Hands) {
        let hands = Hands(Arc::new(Mutex::new(Held {
            now: start,
            monotonic: Duration::ZERO,
        })));
        (Self(Arc::new(hands.clone())), hands)
    }

    /// Returns a clock that reads `source`.
    pub fn from_source(source: Arc<dyn TimeSource>) -> Self {
        Self(source)
    }

    /// Returns the date and time of day.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Returns the time since an arbitrary fixed point; never decreases.
    pub fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

struct SystemTime {
    started: Instant,
}

impl TimeSource for SystemTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Moves a clock made by [`Clock::manual`].
#[derive(Clone, Debug)]
pub struct Hands(Arc<Mutex<Held>>);

#[derive(Debug)]
struct Held {
    now: Timestamp,
    monotonic: Duration,
}

impl Hands {
    /// Lets `by` pass on both faces.
    pub fn advance(&self, by: Duration) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.now += by;
        held.monotonic += by;
    }

    /// Sets the wall face alone, as an operator or a time server does.
    pub fn set_wall(&self, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now = now;
    }
}

impl TimeSource for Hands {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    fn monotonic(&self) -> Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .monotonic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_the_wall_leaves_durations_alone() {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        hands.advance(Duration::from_secs(5));
        hands.set_wall(Timestamp::from_second(86_400).expect("a valid second"));
        assert_eq!(clock.now().as_second(), 86_400);
        assert_eq!(clock.monotonic(), Duration::from_secs(5));
    }
}
