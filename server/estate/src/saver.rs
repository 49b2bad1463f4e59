//! When known hosts are written: who there is at once, their facts by the half hour.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use pulse_model::ResourceId;
use pulse_store::Store;

use crate::handle::Counters;
use crate::tables::{self, KnownHost};

/// Every commit costs tens of kilobytes of the disk's life, so facts that every report changes are
/// written this seldom.
const ROUND: Duration = Duration::from_secs(1_800);
/// A disk that just failed is left alone this long.
const PAUSE: Duration = Duration::from_secs(30);

/// Keeps track of what is not on disk yet, and writes one batch at a time.
pub(crate) struct Saver {
    store: Store,
    counters: Arc<Counters>,
    urgent: HashSet<ResourceId>,
    changed: HashSet<ResourceId>,
    under_way: HashSet<ResourceId>,
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
            urgent: HashSet::new(),
            changed: HashSet::new(),
            under_way: HashSet::new(),
            writing: None,
            round_at: mono + ROUND,
            not_before: None,
        }
    }

    /// Notes that facts of `id` changed.
    pub fn note_change(&mut self, id: ResourceId) {
        self.changed.insert(id);
    }

    /// Notes that `id` is new, renamed, down or back: what a crash must not forget.
    pub fn note_event(&mut self, id: ResourceId) {
        self.urgent.insert(id);
    }

    /// Returns the hosts to write now, if there are any and no batch is under way.
    pub fn take_due(&mut self, mono: Duration) -> Option<HashSet<ResourceId>> {
        let must_wait = self
            .not_before
            .is_some_and(|until| tokio::time::Instant::now() < until);
        if self.writing.is_some() || must_wait {
            return None;
        }
        let mut due = std::mem::take(&mut self.urgent);
        if mono >= self.round_at {
            self.round_at = mono + ROUND;
            due.extend(self.changed.drain());
        }
        (!due.is_empty()).then_some(due)
    }

    /// Writes `hosts` in the background.
    pub fn start(&mut self, hosts: Vec<KnownHost>) {
        self.under_way = hosts.iter().map(|host| host.resource.id.clone()).collect();
        let store = self.store.clone();
        self.writing = Some(tokio::spawn(
            async move { tables::save(&store, hosts).await },
        ));
    }

    /// Resolves when the batch under way is written; never while there is none.
    pub async fn finished(&mut self) {
        let Some(writing) = &mut self.writing else {
            return std::future::pending().await;
        };
        let written = writing.await;
        self.writing = None;
        let under_way = std::mem::take(&mut self.under_way);
        let failure = match written {
            Ok(Ok(())) => return Counters::add(&self.counters.saved),
            Ok(Err(error)) => whole(&error),
            Err(error) => error.to_string(),
        };
        Counters::add(&self.counters.save_errors);
        tracing::error!(
            error = failure,
            "known hosts could not be written; again soon"
        );
        self.urgent.extend(under_way);
        self.not_before = Some(tokio::time::Instant::now() + PAUSE);
    }

    /// Waits for the batch under way and returns everything that is still to be written.
    pub async fn take_rest(&mut self) -> HashSet<ResourceId> {
        if self.writing.is_some() {
            self.finished().await;
        }
        let mut rest = std::mem::take(&mut self.urgent);
        rest.extend(self.changed.drain());
        rest
    }

    /// Writes `hosts` now.
    pub async fn save(&self, hosts: Vec<KnownHost>) {
        if let Err(error) = tables::save(&self.store, hosts).await {
            tracing::error!(
                error = whole(&error),
                "known hosts could not be written at the end"
            );
        }
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
