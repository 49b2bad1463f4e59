//! What the sources need of others.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use thiserror::Error;

use pulse_model::facet::docker::DockerCommand;
use pulse_model::{Claim, Observation, SourceId};

/// A future that may move between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes observations.
pub trait Intake: Send + Sync {
    /// Hands over an observation; resolves when it has been folded.
    fn observe(&self, observation: Observation) -> Pending<'_, Result<Taken, NotTaken>>;

    /// Takes back all a source has shown.
    fn forget(&self, source: SourceId) -> Pending<'_, ()>;
}

/// Says who may report, and what their agents are to do.
pub trait Admission: Send + Sync {
    /// Says whether the machine that `claim` is from may report. Which one it is, the estate decides.
    ///
    /// # Errors
    /// When an operator removed it.
    fn admit_machine(&self, claim: &Claim) -> Result<(), NotTaken>;

    /// Notes the machine the estate took a report of.
    ///
    /// # Errors
    /// When an operator has removed it meanwhile.
    fn note_machine(&self, agent_id: &str, claim: &Claim) -> Result<(), NotTaken>;

    /// Says whether whoever `claim` is from may report the engine or the cluster `source`, and notes that it does.
    ///
    /// # Errors
    /// When it is somebody else's, when an operator removed it, or when there is no room for more.
    fn admit(&self, source: &SourceId, claim: &Claim) -> Result<(), NotTaken>;

    /// Returns what the agent of `engine` is to do next, which it is told with the answer to its report.
    fn next_command<'a>(&'a self, engine: &'a SourceId) -> Pending<'a, Option<DockerCommand>>;
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
