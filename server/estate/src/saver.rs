//! When things are written: who there is and what was decided at once, facts by the half hour.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use pulse_model::ResourceId;
use pulse_store::Store;

use crate::decide::Decided;
use crate::error::Error;
use crate::handle::Counters;
use crate::links::Unsaved;
use crate::tables::{self, Batch};

/// Every commit costs tens of kilobytes of the disk's life, so facts that every report changes are
/// written this seldom.
const ROUND: Duration = Duration::from_secs(1_800);
/// A disk that just failed is left alone this long.
const PAUSE: Duration = Duration::from_secs(30);

type Reply = oneshot::Sender<Result<Decided, Error>>;

/// What is not on disk yet.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Machines, by id: as they are now, or gone.
    pub hosts: HashSet<ResourceId>,
    /// Views, by their own id, whose resource changed.
    pub trails: HashSet<ResourceId>,
    /// What operators decided, in order.
    pub unsaved: Vec<Unsaved>,
    /// Who waits for that.
    replies: Vec<(Decided, Reply)>,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.trails.is_empty() && self.unsaved.is_empty()
    }

    fn answer(&mut self, was_saved: bool) {
        for (decided, reply) in self.replies.drain(..) {
            let answer = if was_saved {
                Ok(decided)
            } else {
                Err(Error::NotSaved)
            };
            let _ = reply.send(answer);
        }
    }
}

/// Keeps track of what is not on disk yet, and writes one batch at a time.
pub(crate) struct Saver {
    store: Store,
    counters: Arc<Counters>,
    urgent: Pending,
    changed: HashSet<ResourceId>,
    under_way: Pending,
    writing: Option<JoinHandle<Result<(), pulse_store::Error>>>,
    round_at: Duration,
    /// After a failure: no sooner than this.
    not_before: Option<tokio::time::Instant>,
}

impl Saver {
    pub fn new(store: Store, counters: Arc<Counters>, mono: Duration) -> Self {
        Self {
            store,
            counters,
            urgent: Pending::default(),
            changed: HashSet::new(),
            under_way: Pending::default(),
            writing: None,
            round_at: mono + ROUND,
            not_before: None,
        }
    }

    /// Notes that facts of the machine `id` changed.
    pub fn note_change(&mut self, id: ResourceId) {
        self.changed.insert(id);
    }

    /// Notes that the machine `id` is new, renamed, down, back or gone: what a crash must not forget.
    pub fn note_event(&mut self, id: ResourceId) {
        self.changed.remove(&id);
        self.urgent.hosts.insert(id);
    }

    /// Notes that the view `own` lives under another id.
    pub fn note_trail(&mut self, own: ResourceId) {
        self.urgent.trails.insert(own);
    }

    /// Notes what was decided.
    pub fn note_decision(&mut self, unsaved: Unsaved) {
        self.urgent.unsaved.push(unsaved);
    }

    /// Tells `reply` when all that is noted so far is on disk.
    pub fn note_reply(&mut self, decided: Decided, reply: Reply) {
        self.urgent.replies.push((decided, reply));
    }

    /// Returns what to write now, if there is anything and no batch is under way.
    pub fn take_due(&mut self, mono: Duration) -> Option<Pending> {
        let must_wait = self
            .not_before
            .is_some_and(|until| tokio::time::Instant::now() < until);
        if self.writing.is_some() || must_wait {
            return None;
        }
        if mono >= self.round_at {
            self.round_at = mono + ROUND;
            self.urgent.hosts.extend(self.changed.drain());
        }
        (!self.urgent.is_empty()).then(|| std::mem::take(&mut self.urgent))
    }

    /// Writes `batch`, made of `pending`, in the background.
    pub fn start(&mut self, pending: Pending, batch: Batch) {
        self.under_way = pending;
        let store = self.store.clone();
        self.writing = Some(tokio::spawn(
            async move { tables::save(&store, batch).await },
        ));
    }

    /// Resolves when the batch under way is written; never while there is none.
    pub async fn finished(&mut self) {
        let Some(writing) = &mut self.writing else {
            return std::future::pending().await;
        };
        let written = writing.await;
        self.writing = None;
        let mut under_way = std::mem::take(&mut self.under_way);
        let failure = match written {
            Ok(Ok(())) => {
                under_way.answer(true);
                return Counters::add(&self.counters.saved);
            }
            Ok(Err(error)) => whole(&error),
            Err(error) => error.to_string(),
        };
        Counters::add(&self.counters.save_errors);
        tracing::error!(
            error = failure,
            "what the estate knows could not be written; again soon"
        );
        under_way.answer(false);
        self.put_back(under_way);
        self.not_before = Some(tokio::time::Instant::now() + PAUSE);
    }

    /// Waits for the batch under way and returns everything that is still to be written.
    pub async fn take_rest(&mut self) -> Pending {
        if self.writing.is_some() {
            self.finished().await;
        }
        let mut rest = std::mem::take(&mut self.urgent);
        rest.hosts.extend(self.changed.drain());
        rest
    }

    /// Writes `batch`, made of `pending`, now.
    pub async fn save(&self, mut pending: Pending, batch: Batch) {
        let saved = tables::save(&self.store, batch).await;
        pending.answer(saved.is_ok());
        if let Err(error) = saved {
            tracing::error!(
                error = whole(&error),
                "what the estate knows could not be written at the end"
            );
        }
    }

    /// Puts back what could not be written; what was decided before comes before what was since.
    fn put_back(&mut self, failed: Pending) {
        self.urgent.hosts.extend(failed.hosts);
        self.urgent.trails.extend(failed.trails);
        let since = std::mem::replace(&mut self.urgent.unsaved, failed.unsaved);
        self.urgent.unsaved.extend(since);
    }
}

/// Returns the text of `error` with everything that caused it.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
