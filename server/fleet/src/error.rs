//! Why something is not done.

use thiserror::Error;

/// Why an operation on the fleet is not done.
#[derive(Debug, Error)]
pub enum Error {
    /// Nothing is known under that name.
    #[error("nothing is known under that name")]
    Unknown,
    /// One command at a time.
    #[error("the command {verb} ({id}) is still {status}; wait until it is done or has expired")]
    Busy {
        /// Which.
        id: String,
        /// What it asks for.
        verb: String,
        /// How far it is.
        status: String,
    },
    /// The register holds as much as it may.
    #[error("the register is full: {limit} sources")]
    Full {
        /// How much that is.
        limit: usize,
    },
    /// It holds, but not over a restart yet.
    #[error("decided, but it could not be written; that is tried again")]
    NotSaved(#[source] pulse_store::Error),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// Why an acknowledgement is not taken.
#[derive(Debug, Error)]
pub enum AckError {
    /// The engine was sent no such command.
    #[error("this engine was sent no such command")]
    Unknown,
    /// It is over, one way or another.
    #[error("the command is {status} already")]
    Over {
        /// How it ended.
        status: String,
    },
    /// It was never handed over.
    #[error("the command has not been handed over yet")]
    Early,
    /// It could not be carried out.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a report is not let in. The words reach whoever looks at the agent's log.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The name is somebody else's, or no name.
    #[error("{0}")]
    Taken(String),
    /// An operator removed it.
    #[error("{0}")]
    Removed(String),
    /// There is no room.
    #[error("there is no room for more: {limit} sources are known")]
    Full {
        /// How many.
        limit: usize,
    },
}
