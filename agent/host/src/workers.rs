//! Runs every collector in a thread of its own and gathers what is there in time.
//!
//! A round asks the idle workers whose turn it is and waits for them, at most [`ROUND`]. A worker
//! that is not back by then is *stuck*: the report goes out without its part, and it is not asked
//! again until it returns. A panic is that collector's failure; it is made anew for the next round.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::{HostReport, ModuleState, ModuleStatus};
use tracing::{debug, info, warn};

use crate::collector::{Collector, Context, MakeCollector, Pause, Reading, Settings};
use crate::error::Error;
use crate::roots::Roots;

/// Longest a round waits for its collectors.
const ROUND: Duration = Duration::from_secs(10);

/// How many times less often a collector is asked that can wait, when the agent is short of time.
const STRETCH: u32 = 6;

/// A worker's stack: collectors read small files and do not recurse.
const STACK: usize = 256 * 1024;

/// The collectors of this machine, each in its own thread.
pub struct Workers {
    workers: Vec<Worker>,
    replies: Receiver<Reply>,
    pause: Pause,
    round: u64,
    limit: Duration,
    stretch: u32,
}

impl Workers {
    /// Starts one worker per collector.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        collectors: &[MakeCollector],
        roots: Roots,
        settings: Settings,
    ) -> Result<Self, Error> {
        let pause = Pause::default();
        let (answer, replies) = sync_channel(collectors.len().max(1));
        let surroundings = Arc::new((roots, settings));
        let workers = collectors.iter().enumerate().map(|(index, make)| {
            let task = Task {
                index,
                make: *make,
                surroundings: Arc::clone(&surroundings),
                pause: pause.clone(),
                answer: answer.clone(),
            };
            Worker::start(task)
        });
        let workers = workers.collect::<Result<_, _>>()?;
        Ok(Self {
            workers,
            replies,
            pause,
            round: 0,
            limit: ROUND,
            stretch: 1,
        })
    }

    /// Asks the collectors that are not asked for every report less often from now on, or as often
    /// as ever. What they read stays in the reports meanwhile: a system keeps its name.
    pub fn spare_slow(&mut self, is_spared: bool) {
        self.stretch = if is_spared { STRETCH } else { 1 };
    }

    /// Asks every collector whose turn it is and fills `report` with what came back in time.
    pub fn collect(&mut self, now: Time, report: &mut HostReport) {
        while let Ok(reply) = self.replies.try_recv() {
            self.take(reply, now);
        }
        let started = Instant::now();
        let deadline = started + self.limit;
        self.round += 1;
        let mut waiting = 0;
        let stretch = self.stretch;
        for worker in &mut self.workers {
            let request = Request {
                round: self.round,
                deadline,
            };
            waiting += usize::from(worker.ask(request, stretch));
        }
        while waiting > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(left) {
                Ok(reply) => {
                    waiting -= usize::from(reply.round == self.round);
                    self.take(reply, now);
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        for worker in &mut self.workers {
            worker.mark_stuck(self.limit, now);
            if let Some(reading) = worker.reading(self.round) {
                reading.fill(report);
            }
        }
    }

    /// Returns how each collector fares; those with nothing to collect here are left out.
    pub fn health(&self) -> Vec<ModuleStatus> {
        self.workers.iter().filter_map(Worker::status).collect()
    }

    fn take(&mut self, reply: Reply, now: Time) {
        let current = self.round;
        if let Some(worker) = self.workers.get_mut(reply.index) {
            worker.take(reply, current, now);
        }
    }
}

impl Drop for Workers {
    /// Wakes the workers and lets them go; one that hangs in the kernel is not waited for.
    fn drop(&mut self) {
        self.pause.stop();
    }
}

struct Request {
    round: u64,
    deadline: Instant,
}

struct Reply {
    index: usize,
    round: u64,
    outcome: Result<Reading, Failure>,
}

enum Failure {
    Collector(Error),
    Panic,
}

/// Where a collector stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Health {
    Starting,
    Running,
    Absent,
    Failing(String),
}

struct Worker {
    name: &'static str,
    every: Duration,
    requests: SyncSender<Request>,
    asked: Option<Instant>,
    is_busy: bool,
    reading: Option<(u64, Reading)>,
    health: Health,
    since: Option<Time>,
}

impl Worker {
    fn start(task: Task) -> Result<Self, Error> {
        let collector = (task.make)();
        let (name, every) = (collector.name(), collector.every());
        let (requests, orders) = sync_channel(1);
        thread::Builder::new()
            .name(name.to_owned())
            .stack_size(STACK)
            .spawn(move || task.serve(collector, &orders))
            .map_err(Error::Worker)?;
        Ok(Self {
            name,
            every,
            requests,
            asked: None,
            is_busy: false,
            reading: None,
            health: Health::Starting,
            since: None,
        })
    }

    /// Asks for a reading if it is this collector's turn, which comes `stretch` times less often;
    /// tells whether a reply is to come.
    fn ask(&mut self, request: Request, stretch: u32) -> bool {
        let every = self.every * stretch;
        // A tick a moment early still counts, or a collector would slip to every other report.
        let is_due = self
            .asked
            .is_none_or(|asked| asked.elapsed() + every / 10 >= every);
        if self.is_busy || !is_due || self.requests.try_send(request).is_err() {
            return false;
        }
        self.asked = Some(Instant::now());
        self.is_busy = true;
        true
    }

    fn take(&mut self, reply: Reply, current: u64, now: Time) {
        self.is_busy = false;
        match reply.outcome {
            // What was true when the collector got stuck is not news any more.
            Ok(_) if reply.round != current => self.enter(Health::Starting, now),
            Ok(reading) => {
                self.reading = Some((reply.round, reading));
                self.enter(Health::Running, now);
            }
            Err(failure) => {
                self.reading = None;
                self.enter(failure.health(), now);
            }
        }
    }

    fn mark_stuck(&mut self, limit: Duration, now: Time) {
        if self.is_busy {
            self.reading = None;
            self.enter(Health::Failing(Error::Timeout(limit).to_string()), now);
        }
    }

    /// Returns what belongs into this round's report: slow subjects are repeated in between.
    fn reading(&self, round: u64) -> Option<&Reading> {
        let (taken, reading) = self.reading.as_ref()?;
        (*taken == round || !self.every.is_zero()).then_some(reading)
    }

    fn enter(&mut self, health: Health, now: Time) {
        if self.health == health {
            return;
        }
        match &health {
            Health::Failing(error) => warn!(collector = self.name, error, "collector failing"),
            Health::Absent => debug!(collector = self.name, "nothing to collect"),
            Health::Running if matches!(self.health, Health::Failing(_)) => {
                info!(collector = self.name, "collector works again");
            }
            Health::Running | Health::Starting => {}
        }
        self.health = health;
        self.since = Some(now);
    }

    fn status(&self) -> Option<ModuleStatus> {
        let (state, last_error) = match &self.health {
            Health::Absent => return None,
            Health::Starting => (ModuleState::Starting, String::new()),
            Health::Running => (ModuleState::Running, String::new()),
            Health::Failing(error) => (ModuleState::Retrying, error.clone()),
        };
        Some(ModuleStatus {
            name: self.name.to_owned(),
            enabled: true,
            state,
            last_error,
            updated_at: self.since,
        })
    }
}

impl Failure {
    fn health(&self) -> Health {
        match self {
            Self::Collector(Error::Absent(_)) => Health::Absent,
            Self::Collector(error) => Health::Failing(chain(error)),
            Self::Panic => Health::Failing("the collector panicked".to_owned()),
        }
    }
}

/// Writes an error with its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What a worker's thread holds.
struct Task {
    index: usize,
    make: MakeCollector,
    surroundings: Arc<(Roots, Settings)>,
    pause: Pause,
    answer: SyncSender<Reply>,
}

impl Task {
    fn serve(&self, mut collector: Box<dyn Collector>, orders: &Receiver<Request>) {
        while let Ok(Request { round, deadline }) = orders.recv() {
            let (roots, settings) = &*self.surroundings;
            let cx = Context {
                roots,
                settings,
                deadline,
                pause: &self.pause,
            };
            let run = panic::catch_unwind(AssertUnwindSafe(|| collector.collect(&cx)));
            let outcome = match run {
                Ok(outcome) => outcome.map_err(Failure::Collector),
                Err(_) => {
                    collector = (self.make)();
                    Err(Failure::Panic)
                }
            };
            if self
                .answer
                .send(Reply {
                    index: self.index,
                    round,
                    outcome,
                })
                .is_err()
            {
                return;
            }
        }
    }
}

#[cfg(test)]
#[path = "workers/tests.rs"]
mod tests;
