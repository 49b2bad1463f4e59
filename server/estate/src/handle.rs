//! What others may ask of the estate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use pulse_model::{Observation, SourceId, SourceKind, Standing};

use crate::annotate::Annotations;
use crate::decide::{By, Decided};
use crate::error::Error;
use crate::links::{Decision, Tie};
use crate::outage::Transition;
use crate::snapshot::Estate;

/// What became of an observation that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The agent's canonical id, or the name of the polled source.
    pub agent_id: String,
    /// Whether its facts counted, or had been overtaken by a later report.
    pub was_news: bool,
    /// When the host was last seen, by the server's clock.
    pub last_seen: Timestamp,
}

impl Folded {
    pub(crate) fn of(source: &SourceId, last_seen: Timestamp) -> Self {
        Self {
            agent_id: source.name.to_string(),
            was_news: true,
            last_seen,
        }
    }
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
    /// Polls that failed.
    pub failed_polls: AtomicU64,
    /// Things left out of observations to keep the bounds.
    pub shed: AtomicU64,
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

    pub(crate) fn add_many(counter: &AtomicU64, many: usize) {
        counter.fetch_add(many as u64, Ordering::Relaxed);
    }
}

pub(crate) enum Ask {
    Observe(Box<Observation>, oneshot::Sender<Result<Folded, Error>>),
    Forget(SourceId, oneshot::Sender<()>),
    Stand(SourceId, Standing, oneshot::Sender<()>),
    Decide(Deed, oneshot::Sender<Result<Decided, Error>>),
    Ties(oneshot::Sender<(Vec<Tie>, Vec<Decision>)>),
    /// Asks for the number of the snapshot that shows everything folded so far.
    Number(oneshot::Sender<u64>),
}

/// What an operator wants decided.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Link(String, String, By),
    Unlink(String, String, By),
    ReportMerge(String, Vec<SourceKind>, By),
    Undo(u64),
}

/// A way to the estate: hand it observations, read its snapshots.
#[derive(Clone)]
pub struct Handle {
    pub(crate) intake: mpsc::Sender<Ask>,
    pub(crate) estate: watch::Receiver<Arc<Estate>>,
    pub(crate) transitions: broadcast::Sender<Transition>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) annotations: Annotations,
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

    /// Forgets a source that is no longer asked: what only it has shown has gone. It may come back.
    pub async fn forget(&self, source: SourceId) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        let sent = self.intake.send(Ask::Forget(source, reply)).await;
        sent.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)
    }

    /// Shows how a source stands with the operators, from now on and whenever it comes back. It is not kept over a
    /// restart: whoever decides that says so again.
    pub async fn stand(&self, source: SourceId, standing: Standing) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        let sent = self.intake.send(Ask::Stand(source, standing, reply)).await;
        sent.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)
    }

    /// Makes one resource of two; it goes by `id`. Resolves when that is on disk.
    pub async fn link(&self, id: &str, target: &str, by: By) -> Result<Decided, Error> {
        self.decide(Deed::Link(id.into(), target.into(), by)).await
    }

    /// Keeps two resources, or two joined views of one, apart whatever they have in common.
    pub async fn unlink(&self, id: &str, target: &str, by: By) -> Result<Decided, Error> {
        self.decide(Deed::Unlink(id.into(), target.into(), by))
            .await
    }

    /// Takes apart what was joined wrongly: the views of `sources`, or of all when none is named.
    pub async fn report_merge(
        &self,
        id: &str,
        sources: &[SourceKind],
        by: By,
    ) -> Result<Decided, Error> {
        self.decide(Deed::ReportMerge(id.into(), sources.into(), by))
            .await
    }

    /// Takes a decision back: everything is tied again as it was before it.
    pub async fn undo(&self, number: u64) -> Result<Decided, Error> {
        self.decide(Deed::Undo(number)).await
    }

    /// Returns all links and exclusions, and the decisions that can be taken back.
    pub async fn ties(&self) -> Result<(Vec<Tie>, Vec<Decision>), Error> {
        let (reply, answer) = oneshot::channel();
        let sent = self.intake.send(Ask::Ties(reply)).await;
        sent.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)
    }

    /// Waits until everything handed over so far is published, and returns the snapshot.
    pub async fn settled(&self) -> Result<Arc<Estate>, Error> {
        let (reply, answer) = oneshot::channel();
        let sent = self.intake.send(Ask::Number(reply)).await;
        sent.map_err(|_| Error::Closed)?;
        let number = answer.await.map_err(|_| Error::Closed)?;
        let mut published = self.subscribe();
        let settled = published.wait_for(|estate| estate.revision() >= number);
        settled
            .await
            .map_err(|_| Error::Closed)
            .map(|estate| estate.clone())
    }

    async fn decide(&self, deed: Deed) -> Result<Decided, Error> {
        let (reply, answer) = oneshot::channel();
        let sent = self.intake.send(Ask::Decide(deed, reply)).await;
        sent.map_err(|_| Error::Closed)?;
        answer.await.unwrap_or(Err(Error::Closed))
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

    /// Returns what people added to resources.
    pub fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// Returns what the estate counts of its own work.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
