//! How to run a history.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;

use pulse_model::Clock;
use pulse_store::DataDir;

use crate::hour::HOUR;

/// Where samples are between their arrival and their hour's seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// In a log that is flushed every minute or so: a crash costs one interval.
    #[default]
    Log,
    /// In memory only until sealed: fewest writes, a crash costs the open hour.
    Sealed,
    /// Nothing is ever on disk.
    Memory,
}

impl Durability {
    /// Returns the setting's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Sealed => "sealed",
            Self::Memory => "memory",
        }
    }
}

/// How long each tier is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Samples as they came.
    pub raw: Duration,
    /// One bucket a minute.
    pub minute: Duration,
    /// One bucket an hour.
    pub hour: Duration,
}

const DAY: u64 = 24 * HOUR as u64;

impl Default for Retention {
    fn default() -> Self {
        Self {
            raw: Duration::from_secs(2 * DAY),
            minute: Duration::from_secs(14 * DAY),
            hour: Duration::from_secs(90 * DAY),
        }
    }
}

impl Retention {
    /// What is kept when all of it is in memory, unless less is asked for.
    const IN_MEMORY: Self = Self {
        raw: Duration::from_secs(6 * 3_600),
        minute: Duration::from_secs(2 * DAY),
        hour: Duration::from_secs(90 * DAY),
    };

    /// Returns what can be kept: a week becomes hours only while all its minutes are there, late
    /// samples included.
    pub(crate) fn workable(self, durability: Durability) -> Self {
        let raw = self.raw.max(Duration::from_secs(u64::from(HOUR)));
        if durability == Durability::Memory {
            return Self {
                raw: raw.min(Self::IN_MEMORY.raw),
                minute: self.minute.min(Self::IN_MEMORY.minute),
                hour: self.hour.min(Self::IN_MEMORY.hour),
            };
        }
        let minute = self
            .minute
            .max(raw + Duration::from_secs(7 * DAY + DAY / 2));
        Self {
            raw,
            minute,
            hour: self.hour.max(minute),
        }
    }
}

/// How to run a history.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the logs are, and the database unless it is elsewhere.
    pub dir: PathBuf,
    /// Where the database is, if not in `dir`.
    pub database: Option<PathBuf>,
    /// Kept ours for as long as the history runs.
    pub held: Option<DataDir>,
    /// What time it is.
    pub clock: Clock,
    /// How long to keep what.
    pub retention: watch::Receiver<Retention>,
    /// How often the log is flushed.
    pub flush_every: Duration,
    /// What a crash may cost.
    pub durability: Durability,
    /// Bounds.
    pub limits: Limits,
}

/// What a history may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most resources with a history; a source that keeps inventing some meets it.
    pub resources: usize,
    /// Most bytes of open hours in memory.
    pub memory: usize,
    /// Most rows that wait for an hour sealed long ago.
    pub late_rows: u64,
    /// Unflushed bytes that make a flush early.
    pub unflushed: usize,
    /// Most readings that wait to be recorded.
    pub waiting: usize,
    /// Most rows of one commit.
    pub commit_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            resources: 200_000,
            memory: 128 << 20,
            late_rows: 100_000,
            unflushed: 4 << 20,
            waiting: 262_144,
            commit_rows: 8_192,
        }
    }
}

impl Options {
    /// Returns the usual options for a history in `dir`.
    pub fn new(dir: PathBuf, clock: Clock, retention: watch::Receiver<Retention>) -> Self {
        Self {
            dir,
            database: None,
            held: None,
            clock,
            retention,
            flush_every: Duration::from_secs(60),
            durability: Durability::default(),
            limits: Limits::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_outlive_the_week_they_become_hours_in() {
        let asked = Retention {
            raw: Duration::from_secs(4 * DAY),
            minute: Duration::from_secs(DAY),
            hour: Duration::from_secs(DAY),
        };
        let kept = asked.workable(Durability::Log);
        assert!(kept.minute >= Duration::from_secs(11 * DAY) && kept.hour >= kept.minute);
        assert_eq!(
            Retention::default().workable(Durability::Log),
            Retention::default()
        );
    }
}
