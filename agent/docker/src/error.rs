//! Why an engine, or one thing of it, cannot be read.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use pulse_protocol::text::chain;

/// Failures of asking a container engine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of the engine cannot be used.
    #[error("{0}")]
    Address(String),
    /// A file TLS needs cannot be read.
    #[error("cannot read {}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What the certificate files hold does not make a TLS client.
    #[error("cannot set up TLS from {}", directory.display())]
    Tls {
        /// Where the files lie.
        directory: PathBuf,
        /// Why not.
        #[source]
        source: rustls::Error,
    },
    /// Nobody answers at the engine's address, or this user may not ask.
    #[error("cannot reach the engine at {address}")]
    Connect {
        /// The address.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The engine broke off.
    #[error("the engine broke off")]
    Broken(#[source] hyper::Error),
    /// The engine did not answer in time.
    #[error("no answer within {} s", limit.as_secs())]
    Late {
        /// How long was waited.
        limit: Duration,
    },
    /// The answer is larger than anything of its kind.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// The engine refused.
    #[error("the engine answered {status}{said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, with a colon in front.
        said: String,
    },
    /// The answer is not what the engine's documentation says.
    #[error("the answer makes no sense")]
    Json(#[source] serde_json::Error),
    /// Something else than a container engine answers there.
    #[error("something else than a container engine answers at {0}")]
    NoEngine(String),
    /// The engine is not the one that was asked for.
    #[error("the engine at {address} is {runtime}")]
    OtherRuntime {
        /// The address.
        address: String,
        /// What it is.
        runtime: String,
    },
}

impl Error {
    /// Tells whether the whole engine is away, rather than one answer of it wrong.
    #[must_use]
    pub fn is_engine_away(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Broken(_) | Self::Late { .. }
        )
    }
}
