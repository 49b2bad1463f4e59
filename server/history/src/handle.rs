//! What others may ask of the history.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use pulse_model::Reading;

use crate::answer::{Answer, Ask, Span};
use crate::core::{Core, lock, read};
use crate::counters::{Counters, add};
use crate::error::Error;
use crate::options::{Durability, Limits};
use crate::query::query;

/// What the task is asked to do.
pub(crate) enum Order {
    Record(Vec<Reading>),
    /// Flush now, and say when it is done.
    Flush(oneshot::Sender<()>),
    /// Seal what is due, without spreading it, and say when it is done.
    Seal(oneshot::Sender<()>),
}

/// How far opening has come.
#[derive(Clone)]
pub(crate) enum Opening {
    Pending,
    Done(Arc<Core>),
    /// It could not be opened, or was ended.
    Closed,
}

/// How a history is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// Where samples are before they are sealed.
    pub durability: Durability,
    /// What keeps it from storing, if anything does.
    pub trouble: Option<String>,
    /// Whether the database found at the start was no good and a fresh one was begun.
    pub was_replaced: bool,
    /// Bytes the database takes on disk.
    pub database_bytes: u64,
    /// Bytes of the logs.
    pub log_bytes: u64,
    /// Samples, minutes and hours stored.
    pub points: [u64; 3],
    /// Resources with a history.
    pub resources: usize,
    /// Rows in memory that are not sealed.
    pub open_rows: u64,
    /// Bytes of memory they take.
    pub open_bytes: usize,
    /// Readings that wait to be recorded.
    pub waiting: usize,
    /// When the log was last flushed.
    pub flushed_at: Option<Timestamp>,
    /// When a tier was last summed up.
    pub rolled_at: Option<Timestamp>,
    /// When windows were last deleted.
    pub expired_at: Option<Timestamp>,
    /// Bytes of samples written since midnight UTC, the file system's own share not counted.
    pub written_today: u64,
}

/// A way to the history: hand it readings, ask it for series.
#[derive(Clone)]
pub struct Handle {
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) opening: watch::Receiver<Opening>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) waiting: Arc<AtomicUsize>,
    pub(crate) limits: Limits,
}

impl Handle {
    /// Hands over readings and returns at once. When too many wait already they are dropped and
    /// counted: whoever measures never waits for history.
    pub fn record(&self, readings: Vec<Reading>) {
        let count = readings.len();
        if count == 0 {
            return;
        }
        let waiting = self.waiting.fetch_add(count, Ordering::Relaxed);
        let is_taken = waiting + count <= self.limits.waiting
            && self.orders.try_send(Order::Record(readings)).is_ok();
        if !is_taken {
            self.waiting.fetch_sub(count, Ordering::Relaxed);
            add(&self.counters.shed, count as u64);
        }
    }

    /// Returns the series `ask` names.
    pub async fn query(&self, ask: Ask, span: Span) -> Result<Answer, Error> {
        self.query_many(vec![ask], span).await
    }

    /// Returns every series the asks name, all cut alike.
    pub async fn query_many(&self, asks: Vec<Ask>, span: Span) -> Result<Answer, Error> {
        let core = self.core()?;
        let answered = tokio::task::spawn_blocking(move || query(&core, &asks, &span));
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Returns how it is doing.
    pub async fn stats(&self) -> Result<Stats, Error> {
        let core = self.core()?;
        let waiting = self.waiting.load(Ordering::Relaxed);
        let gathered = tokio::task::spawn_blocking(move || stats(&core, waiting));
        gathered.await.map_err(|_| Error::Closed)
    }

    /// Flushes and waits for it.
    pub async fn flush(&self) -> Result<(), Error> {
        self.order(Order::Flush).await
    }

    /// Seals what is due and waits for it.
    pub async fn seal(&self) -> Result<(), Error> {
        self.order(Order::Seal).await
    }

    /// Waits until it is open, or has failed to.
    pub async fn opened(&self) -> Result<(), Error> {
        let mut opening = self.opening.clone();
        let is_settled = |opening: &Opening| !matches!(opening, Opening::Pending);
        opening
            .wait_for(is_settled)
            .await
            .map_err(|_| Error::Closed)?;
        self.core().map(drop)
    }

    /// Returns how many readings wait to be recorded.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Returns what it counts of its own work.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) -> Result<(), Error> {
        let (done, wait) = oneshot::channel();
        let sent = self.orders.send(order(done)).await;
        sent.map_err(|_| Error::Closed)?;
        wait.await.map_err(|_| Error::Closed)
    }

    fn core(&self) -> Result<Arc<Core>, Error> {
        match &*self.opening.borrow() {
            Opening::Pending => Err(Error::Starting),
            Opening::Done(core) => Ok(core.clone()),
            Opening::Closed => Err(Error::Closed),
        }
    }
}

pub(crate) fn stats(core: &Core, waiting: usize) -> Stats {
    // One lock at a time: whoever flushes holds the journal and wants the head.
    let log_bytes = core.log_size();
    let marks = *lock(&core.marks);
    let trouble = lock(&core.trouble).iter().flatten().next().cloned();
    let (written_on, written) = *lock(&core.today);
    let at = |second: u32| (second > 0).then(|| Timestamp::from_second(i64::from(second)).ok());
    let day = core.now() / 86_400;
    let database = core.database.as_ref().and_then(|path| path.metadata().ok());
    let head = read(&core.head);
    Stats {
        durability: core.options.durability,
        trouble,
        was_replaced: core.was_replaced,
        database_bytes: database.map_or(0, |found| {
            std::os::unix::fs::MetadataExt::blocks(&found) * 512
        }),
        log_bytes,
        points: marks.points,
        resources: head.register.len(),
        open_rows: head.hours(0, u32::MAX).map(|hour| hour.rows()).sum(),
        open_bytes: head.arena.used(),
        waiting,
        flushed_at: at(core.flushed_at.load(Ordering::Relaxed)).flatten(),
        rolled_at: at(marks.rolled_at).flatten(),
        expired_at: at(marks.expired_at).flatten(),
        written_today: if written_on == day { written } else { 0 },
    }
}
