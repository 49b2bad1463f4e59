//! The life of a sample, on the calling thread and on a clock that is set by hand.

mod damage;
mod life;
mod passing;
mod trouble;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::watch;

use pulse_model::{Clock, Hands, Kind, Metric, Reading, ResourceId};

use crate::answer::{Answer, Ask, Span};
use crate::core::Core;
use crate::hour::WEEK;
use crate::options::{Durability, Options, Retention};
use crate::query::query;

/// The start of a week and of everything smaller.
const START: i64 = 1_800_000_000 / WEEK as i64 * WEEK as i64;

/// A history on a directory of its own.
struct Site {
    dir: TempDir,
    hands: Hands,
    clock: Clock,
    retention: watch::Sender<Retention>,
    durability: Durability,
    core: Option<Core>,
}

impl Site {
    fn start() -> Self {
        Self::start_as(Durability::Log)
    }

    fn start_as(durability: Durability) -> Self {
        let (clock, hands) = Clock::manual(second(0));
        let mut site = Self {
            dir: tempfile::tempdir().unwrap(),
            hands,
            clock,
            retention: watch::channel(Retention::default()).0,
            durability,
            core: None,
        };
        site.open();
        site
    }

    /// Starts one whose database is in memory, for tests of many hours.
    fn start_light() -> Self {
        let mut site = Self::start_as(Durability::Sealed);
        let opened = (pulse_store::Store::in_memory(), None, false);
        site.core = Some(Core::over(opened, site.options(), Arc::default()).unwrap());
        site
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn options(&self) -> Options {
        let mut options = Options::new(
            self.dir.path().to_owned(),
            self.clock.clone(),
            self.retention.subscribe(),
        );
        options.durability = self.durability;
        options
    }

    fn open(&mut self) {
        self.core = None;
        self.core = Some(Core::open(self.options(), Arc::default()).unwrap());
    }

    fn core(&self) -> &Core {
        self.core.as_ref().unwrap()
    }

    /// Sets the clock to that many seconds after the start.
    fn at(&self, seconds: i64) {
        self.hands.set_wall(second(seconds));
    }

    fn record(&self, id: &str, seconds: i64, value: f64) {
        self.core().record(&[reading(id, seconds, value)]);
    }

    /// Records a value every ten seconds from `from` to `to`, the clock following, and flushes
    /// each minute.
    fn run(&self, id: &str, from: i64, to: i64) {
        for seconds in (from..to).step_by(10) {
            self.at(seconds);
            self.record(id, seconds, value_at(seconds));
            if seconds % 60 == 50 {
                self.core().flush().unwrap();
            }
        }
        self.at(to);
    }

    fn seal(&self) {
        if let Some(pass) = self.core().next_pass() {
            self.core().run_pass(pass).unwrap();
        }
    }

    fn ask(&self, id: &str, from: i64, to: i64, points: usize) -> Answer {
        let ask = Ask {
            resource: ResourceId::new(id),
            metrics: vec![Metric::Cpu],
        };
        let span = Span {
            start: second(from),
            end: second(to),
            points,
        };
        query(self.core(), &[ask], &span).unwrap()
    }

    /// Returns every sample there is between two seconds, as pairs of second and value.
    fn samples(&self, id: &str, from: i64, to: i64) -> Vec<(i64, f64)> {
        let answer = self.ask(id, from, to, (to - from) as usize);
        let points = answer.series.iter().flat_map(|series| &series.points);
        points
            .map(|point| {
                assert_eq!(point.count, 1, "a sample is there twice");
                (point.at / 1_000 - START, point.mean)
            })
            .collect()
    }

    fn counted(&self, counter: impl Fn(&crate::Counters) -> &std::sync::atomic::AtomicU64) -> u64 {
        counter(&self.core().counters).load(std::sync::atomic::Ordering::Relaxed)
    }

    fn logs(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut logs: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "log"))
            .collect();
        logs.sort();
        logs
    }
}

fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

fn reading(id: &str, seconds: i64, value: f64) -> Reading {
    Reading {
        resource: ResourceId::new(id),
        kind: Kind::Agent,
        at: second(seconds),
        step: Duration::from_secs(10),
        values: vec![(Metric::Cpu, value)],
    }
}

/// A value that tells its second apart from its neighbours.
fn value_at(seconds: i64) -> f64 {
    ((seconds / 10 * 37) % 9_973) as f64 / 100.0
}

/// What [`Site::run`] leaves between two seconds.
fn expected(from: i64, to: i64) -> Vec<(i64, f64)> {
    (from..to)
        .step_by(10)
        .map(|seconds| (seconds, value_at(seconds)))
        .collect()
}
