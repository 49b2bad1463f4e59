//! Why the agent cannot start, or cannot go on. Each is one sentence for the person who started it.

use std::io;
use std::path::PathBuf;

pub use pulse_protocol::text::chain;

/// Failures that end the agent. What passes by itself is retried and logged instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the environment cannot be understood.
    #[error("{0}")]
    Usage(String),
    /// A file the operator named cannot be read.
    #[error("cannot read the {what} {}", path.display())]
    File {
        /// What the file is for.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The state directory is not usable.
    #[error("cannot use the state directory {}", path.display())]
    State {
        /// The directory or a file in it.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Something in the state directory is not what the agent put there.
    #[error("{} {why}", path.display())]
    StateContent {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is no token.
    #[error(
        "no token: give the file that holds it with --token-file, or put it into {}",
        place.display()
    )]
    NoToken {
        /// Where it is looked for without being told.
        place: PathBuf,
    },
    /// A token that cannot be one.
    #[error("the token from {0} is empty or has spaces or control characters in it")]
    BadToken(String),
    /// The server's address cannot be used.
    #[error("{0}")]
    Address(String),
    /// The server refused to enrol this agent.
    #[error("{0}")]
    Enrolment(String),
    /// The HTTP client could not be set up.
    #[error("cannot set up the connection to the server")]
    Client(#[source] pulse_net::Error),
    /// The collectors could not be started.
    #[error("cannot start the collectors")]
    Collectors(#[source] pulse_agent_host::Error),
    /// The log file cannot be written.
    #[error("cannot write the log file {}", path.display())]
    LogFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// The asynchronous runtime could not be started.
    #[error("cannot start the agent's runtime")]
    Runtime(#[source] io::Error),
}
