//! Why a collector has nothing to say.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Failures of collecting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This machine has no such thing; not a failure, and said once at debug.
    #[error("not on this machine: {0}")]
    Absent(&'static str),
    /// A file of the system could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system answered something this version does not understand.
    #[error("cannot make sense of {0}")]
    Format(&'static str),
    /// The system call behind a figure failed.
    #[error("cannot ask the system for {what}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A program could not be started or waited for.
    #[error("cannot run {program}")]
    Run {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program's path is relative: what it means would depend on who set `PATH`.
    #[error("{0} is not an absolute path")]
    RelativeProgram(String),
    /// A program ended with a failure.
    #[error("{program} failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A program wrote more than anybody wants to read.
    #[error("{program} wrote more than {limit} bytes")]
    TooMuchOutput {
        /// The program.
        program: String,
        /// The most that is read.
        limit: usize,
    },
    /// A tool answered, but with an error of its own.
    #[error("{program}: {message}")]
    Told {
        /// The program.
        program: &'static str,
        /// What it said.
        message: String,
    },
    /// It did not finish in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The agent is shutting down.
    #[error("shutting down")]
    Stopped,
    /// A thread could not be started.
    #[error("cannot start a worker")]
    Worker(#[source] io::Error),
}
