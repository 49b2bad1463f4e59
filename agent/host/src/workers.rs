//! Runs every collector in a thread of its own and gathers what is there in time.
//!
//! A round asks the idle workers whose turn it is and waits for them, at most [`ROUND`]. A worker
//! that is not back by then is *stuck*: the report goes out without its part, and it is not asked
//! again until it returns. A panic is that collector's failure; it is made anew for the next round.
//! A collector with a budget of its own runs beside the rounds: none waits for it, and each repeats
//! what it last read. One whose subject this machine does not have ends its thread and is looked for
//! again every [`ABSENT`]: threads cost memory.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::{
    CollectorState, CollectorStatus, HostReport, ModuleState, ModuleStatus,
};
use pulse_protocol::text::chain;
use tracing::{debug, info, warn};

use crate::collector::{Collector, Context, MakeCollector, Pause, Reading, Settings};
use crate::error::Error;
use crate::roots::Roots;

/// Longest a round waits for its collectors.
const ROUND: Duration = Duration::from_secs(10);

/// How many times less often a collector is asked that can wait, when the agent is short of time.
const STRETCH: u32 = 6;

/// What a collector beside the rounds may take longer than its budget: tools are ended by it, which
/// takes a moment too.
const GRACE: Duration = Duration::from_secs(5);

/// How often a subject is looked for that this machine does not have.
const ABSENT: Duration = Duration::from_secs(5 * 60);

/// A worker's stack: collectors read small files and do not recurse.
const STACK: usize = 256 * 1024;

/// The collectors of this machine, each in its own thread.
pub struct Workers {
    workers: Vec<Worker>,
    /// Names of those the operator switched off.
    off: Vec<&'static str>,
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
        let (mut workers, mut off) = (Vec::new(), Vec::new());
        for make in collectors {
            let collector = make();
            let (_, settings) = &*surroundings;
            if settings
                .disabled
                .iter()
                .any(|name| name == collector.name())
            {
                off.push(collector.name());
                continue;
            }
            let task = Task {
                index: workers.len(),
                make: *make,
                surroundings: Arc::clone(&surroundings),
                pause: pause.clone(),
                answer: answer.clone(),
            };
            workers.push(Worker::start(task, collector)?);
        }
        Ok(Self {
            workers,
            off,
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
        let deadline = Instant::now() + self.limit;
        self.round += 1;
        let stretch = self.stretch;
        for worker in &mut self.workers {
            worker.ask(self.round, now, deadline, stretch);
        }
        self.gather(now, deadline, |worker, round| worker.is_awaited(round));
        for worker in &mut self.workers {
            worker.mark_stuck(self.limit, now);
            if let Some(reading) = worker.reading(self.round) {
                reading.fill(report);
            }
        }
    }

    /// Waits until nobody is at work any more, at most `limit`.
    pub fn settle(&mut self, now: Time, limit: Duration) {
        let deadline = Instant::now() + limit;
        self.gather(now, deadline, |worker, _| worker.is_busy);
    }

    fn gather(&mut self, now: Time, deadline: Instant, is_awaited: fn(&Worker, u64) -> bool) {
        while self
            .workers
            .iter()
            .any(|worker| is_awaited(worker, self.round))
        {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(left) {
                Ok(reply) => self.take(reply, now),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Returns how each collector fares; those with nothing to collect here are left out.
    pub fn health(&self) -> Vec<ModuleStatus> {
        self.workers.iter().filter_map(Worker::module).collect()
    }

    /// Returns how every collector fares, those that are switched off last.
    pub fn collectors(&self) -> Vec<CollectorStatus> {
        let off = self.off.iter().map(|name| CollectorStatus {
            name: (*name).to_owned(),
            state: CollectorState::Off,
            ..CollectorStatus::default()
        });
        self.workers.iter().map(Worker::status).chain(off).collect()
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
    now: Time,
    deadline: Instant,
}

struct Reply {
    index: usize,
    round: u64,
    took: Duration,
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
    /// With what is missing from its readings, if anything.
    Running(String),
    Absent,
    Failing(String),
    Late(String),
}

struct Worker {
    name: &'static str,
    every: Duration,
    budget: Option<Duration>,
    task: Task,
    /// The way to its thread, if it has one.
    requests: Option<SyncSender<Request>>,
    asked: Option<(u64, Instant)>,
    is_busy: bool,
    took: Option<Duration>,
    reading: Option<(u64, Reading)>,
    health: Health,
    since: Option<Time>,
}

impl Worker {
    fn start(task: Task, collector: Box<dyn Collector>) -> Result<Self, Error> {
        let (name, every, budget) = (collector.name(), collector.every(), collector.budget());
        let requests = task.spawn(collector)?;
        Ok(Self {
            name,
            every,
            budget,
            task,
            requests: Some(requests),
            asked: None,
            is_busy: false,
            took: None,
            reading: None,
            health: Health::Starting,
            since: None,
        })
    }

    /// Asks for a reading if it is this collector's turn, which comes `stretch` times less often.
    fn ask(&mut self, round: u64, now: Time, deadline: Instant, stretch: u32) {
        let every = match self.health {
            Health::Absent => self.every.max(ABSENT) * stretch,
            _ => self.every * stretch,
        };
        // A tick a moment early still counts, or a collector would slip to every other report.
        let is_due = self
            .asked
            .is_none_or(|(_, at)| at.elapsed() + every / 10 >= every);
        let started = Instant::now();
        let request = Request {
            round,
            now,
            deadline: self.budget.map_or(deadline, |budget| started + budget),
        };
        if self.is_busy || !is_due {
            return;
        }
        match self.order(request) {
            Ok(is_taken) if is_taken => {
                self.asked = Some((round, started));
                self.is_busy = true;
            }
            Ok(_) => {}
            Err(error) => self.enter(Health::Failing(chain(&error)), now),
        }
    }

    /// Hands a request to the thread, which is started anew if there is none.
    fn order(&mut self, request: Request) -> Result<bool, Error> {
        let requests = match self.requests.take() {
            Some(requests) => requests,
            None => self.task.spawn((self.task.make)())?,
        };
        let is_taken = requests.try_send(request).is_ok();
        self.requests = Some(requests);
        Ok(is_taken)
    }

    /// Tells whether this round waits for it.
    fn is_awaited(&self, round: u64) -> bool {
        let is_of_round = self.asked.is_some_and(|(asked, _)| asked == round);
        self.is_busy && self.budget.is_none() && is_of_round
    }

    fn take(&mut self, reply: Reply, current: u64, now: Time) {
        self.is_busy = false;
        self.took = Some(reply.took);
        match reply.outcome {
            // What was true when the collector got stuck is not news any more.
            Ok(_) if reply.round != current && self.budget.is_none() => {
                self.enter(Health::Starting, now);
            }
            Ok(reading) => {
                let remark = reading.remark().to_owned();
                self.reading = Some((reply.round, reading));
                self.enter(Health::Running(remark), now);
            }
            Err(failure) => {
                self.reading = None;
                self.enter(failure.health(), now);
                if self.health == Health::Absent {
                    self.requests = None;
                }
            }
        }
    }

    fn mark_stuck(&mut self, limit: Duration, now: Time) {
        let limit = self.budget.unwrap_or(limit);
        let is_over = self.budget.is_none()
            || self
                .asked
                .is_some_and(|(_, at)| at.elapsed() > limit + GRACE);
        if self.is_busy && is_over {
            self.reading = None;
            self.enter(Health::Late(Error::Timeout(limit).to_string()), now);
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
            Health::Failing(error) | Health::Late(error) => {
                warn!(collector = self.name, error, "collector failing");
            }
            Health::Absent => debug!(collector = self.name, "nothing to collect"),
            Health::Running(remark) if !remark.is_empty() => {
                warn!(
                    collector = self.name,
                    remark, "not everything could be read"
                );
            }
            Health::Running(_) if matches!(self.health, Health::Failing(_) | Health::Late(_)) => {
                info!(collector = self.name, "collector works again");
            }
            Health::Running(_) | Health::Starting => {}
        }
        self.health = health;
        self.since = Some(now);
    }

    fn module(&self) -> Option<ModuleStatus> {
        let (state, last_error) = match &self.health {
            Health::Absent => return None,
            Health::Starting if self.budget.is_some() => return None,
            Health::Starting => (ModuleState::Starting, ""),
            Health::Running(remark) => (ModuleState::Running, remark.as_str()),
            Health::Failing(error) | Health::Late(error) => (ModuleState::Retrying, error.as_str()),
        };
        Some(ModuleStatus {
            name: self.name.to_owned(),
            enabled: true,
            state,
            last_error: last_error.to_owned(),
            updated_at: self.since,
        })
    }

    fn status(&self) -> CollectorStatus {
        let (state, last_error) = match &self.health {
            Health::Starting => (CollectorState::Starting, ""),
            Health::Running(remark) => (CollectorState::Ok, remark.as_str()),
            Health::Absent => (CollectorState::Absent, ""),
            Health::Failing(error) => (CollectorState::Failing, error.as_str()),
            Health::Late(error) => (CollectorState::TimedOut, error.as_str()),
        };
        let milliseconds = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        CollectorStatus {
            name: self.name.to_owned(),
            state,
            last_error: last_error.to_owned(),
            last_duration_ms: self.took.map(milliseconds),
            every_seconds: (!self.every.is_zero()).then_some(self.every.as_secs()),
            updated_at: self.since,
        }
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

/// What a worker's thread holds.
#[derive(Clone)]
struct Task {
    index: usize,
    make: MakeCollector,
    surroundings: Arc<(Roots, Settings)>,
    pause: Pause,
    answer: SyncSender<Reply>,
}

impl Task {
    /// Starts a thread; it ends when nobody can ask it any more.
    fn spawn(&self, collector: Box<dyn Collector>) -> Result<SyncSender<Request>, Error> {
        let (requests, orders) = sync_channel(1);
        let task = self.clone();
        thread::Builder::new()
            .name(collector.name().to_owned())
            .stack_size(STACK)
            .spawn(move || task.serve(collector, &orders))
            .map_err(Error::Worker)?;
        Ok(requests)
    }

    fn serve(&self, mut collector: Box<dyn Collector>, orders: &Receiver<Request>) {
        while let Ok(Request {
            round,
            now,
            deadline,
        }) = orders.recv()
        {
            let (roots, settings) = &*self.surroundings;
            let cx = Context {
                roots,
                settings,
                now,
                deadline,
                pause: &self.pause,
            };
            let started = Instant::now();
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
                    took: started.elapsed(),
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
