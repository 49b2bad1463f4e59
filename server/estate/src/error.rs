//! Why an observation was not taken.

use thiserror::Error;

use crate::links::LinkError;

/// What can go wrong between a source and the estate.
#[derive(Debug, Error)]
pub enum Error {
    /// The intake is full; the sender keeps its report and tries again.
    #[error("the estate is busy")]
    Busy,
    /// The estate has shut down.
    #[error("the estate is shutting down")]
    Closed,
    /// Folding this observation panicked; it was set aside and nothing changed.
    #[error("the observation could not be folded and was set aside")]
    Quarantined,
    /// The observation may not be taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The decision about two resources may not be taken.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The decision holds, but not over a restart yet.
    #[error("decided, but it could not be written; that is tried again")]
    NotSaved,
    /// The known hosts could not be read at start.
    #[error("reading the known hosts")]
    Read(#[source] pulse_store::Error),
}

/// Why an agent's report may not change the estate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The report has nothing to identify its machine by.
    #[error("the report names no host")]
    Nameless,
    /// The credential belongs to one agent and the report claims to be another one.
    #[error("this token belongs to agent {bound}, the report claims to be agent {claimed}")]
    OtherAgent {
        /// Whose token it is.
        bound: String,
        /// Who the report says it is.
        claimed: String,
    },
    /// The agent has shown a key before, this report has none.
    #[error("agent {agent_id} signs its reports, this one is not signed")]
    KeyRequired {
        /// Which agent.
        agent_id: String,
    },
    /// One token reports for as many hosts as it may.
    #[error("this token already reports for {limit} hosts; make another one for further hosts")]
    TokenFull {
        /// How many it may report for.
        limit: usize,
    },
    /// The estate holds as many hosts as it may.
    #[error("the estate is full: {limit} hosts")]
    Full {
        /// How many it may hold.
        limit: usize,
    },
}
