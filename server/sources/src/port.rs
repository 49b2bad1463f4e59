//! What the sources need of others.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use thiserror::Error;

use pulse_model::Observation;

/// A future that may move between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes observations.
pub trait Intake: Send + Sync {
    /// Hands over an observation; resolves when it has been folded.
    fn observe(&self, observation: Observation) -> Pending<'_, Result<Taken, NotTaken>>;
}

/// What became of an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The agent's canonical id.
    pub agent_id: String,
    /// When the host was last seen, by the server's clock.
    pub last_seen: Timestamp,
}

/// Why an observation was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// Too much at once or shutting down: the sender keeps the report and tries again.
    #[error("the estate is busy")]
    Busy,
    /// There is no room for another host; the sender keeps the report until there is.
    #[error("{0}")]
    Full(String),
    /// Folding panicked; sending it again would not help.
    #[error("the observation was set aside")]
    Quarantined,
    /// The agent has to sign its reports and did not.
    #[error("{0}")]
    KeyRequired(String),
    /// The report may not be taken for what it claims.
    #[error("{0}")]
    Invalid(String),
}
