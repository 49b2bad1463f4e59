//! What others may ask of the estate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use pulse_model::Observation;

use crate::error::Error;
use crate::freshness::Transition;
use crate::recent::{Recent, Series};
use crate::snapshot::Estate;

/// What became of an observation that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The agent's canonical id.
    pub agent_id: String,
    /// Whether its facts counted, or had been overtaken by a later report.
    pub was_news: bool,
    /// When the host was last seen, by the server's clock.
    pub last_seen: Timestamp,
}

/// What the estate counts of its own work.
#[derive(Debug, Default)]
pub struct Counters {
    /// Observations folded.
    pub folded: AtomicU64,
    /// Reports that a later one had overtaken.
    pub overtaken: AtomicU64,
    /// Reports refused because of who they claimed to be.
    pub refused: AtomicU64,
    /// Observations set aside because folding them panicked.
    pub quarantined: AtomicU64,
    /// Observations turned away because the intake was full.
    pub turned_away: AtomicU64,
    /// Snapshots published.
    pub published: AtomicU64,
    /// Hosts judged to be down.
    pub went_down: AtomicU64,
    /// Hosts heard again after that.
    pub recovered: AtomicU64,
    /// Times known hosts were written.
    pub saved: AtomicU64,
    /// Times the known hosts could not be written.
    pub save_errors: AtomicU64,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) enum Ask {
    Observe(Box<Observation>, oneshot::Sender<Result<Folded, Error>>),
}

/// A way to the estate: hand it observations, read its snapshots.
#[derive(Clone)]
pub struct Handle {
    pub(crate) intake: mpsc::Sender<Ask>,
    pub(crate) estate: watch::Receiver<Arc<Estate>>,
    pub(crate) transitions: broadcast::Sender<Transition>,
    pub(crate) recent: Arc<Recent>,
    pub(crate) counters: Arc<Counters>,
}

impl Handle {
    /// Hands over an observation and waits until it is folded.
    ///
    /// A full intake answers [`Error::Busy`] at once: the sender has the report and keeps it.
    pub async fn observe(&self, observation: Observation) -> Result<Folded, Error> {
        let (reply, answer) = oneshot::channel();
        match self
            .intake
            .try_send(Ask::Observe(Box::new(observation), reply))
        {
            Ok(()) => answer.await.unwrap_or(Err(Error::Closed)),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Counters::add(&self.counters.turned_away);
                Err(Error::Busy)
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(Error::Closed),
        }
    }

    /// Tells whether the estate's task has ended, so that nothing is monitored any more.
    pub fn is_closed(&self) -> bool {
        self.intake.is_closed()
    }

    /// Returns the estate as it is now.
    pub fn estate(&self) -> Arc<Estate> {
        self.estate.borrow().clone()
    }

    /// Returns a receiver that always holds the latest snapshot and tells when there is a newer one.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Estate>> {
        self.estate.clone()
    }

    /// Returns a receiver of hosts going down and coming back.
    pub fn transitions(&self) -> broadcast::Receiver<Transition> {
        self.transitions.subscribe()
    }

    /// Returns what `id` measured since `since`, at most an hour back, or nothing when the estate
    /// has no figures of it.
    pub fn recent(&self, id: &str, since: Timestamp) -> Option<Series> {
        self.recent.series(id, since)
    }

    /// Returns what the estate counts of its own work.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
