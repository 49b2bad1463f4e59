//! Why a cluster, or one kind of object in it, cannot be read.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use pulse_protocol::text::chain;

/// Failures of reading a cluster.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing says where the cluster is.
    #[error("no cluster is known: this is no pod, and there is no kubeconfig")]
    NoCluster,
    /// A file the way to the cluster needs cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The kubeconfig, the address of the API, or who is to ask there, cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// The program that is to give a token gives none.
    #[error("{program} gives no credentials: {why}")]
    Plugin {
        /// The program as the kubeconfig names it.
        program: String,
        /// What went wrong.
        why: String,
    },
    /// The certificates do not make a TLS client.
    #[error("cannot set up TLS: {0}")]
    Tls(String),
    /// Nobody answers at the API's address.
    #[error("cannot reach the API at {server}")]
    Connect {
        /// Address of the API.
        server: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The API broke off.
    #[error("the API broke off")]
    Broken(#[source] hyper::Error),
    /// The API did not answer in time.
    #[error("no answer within {} s", limit.as_secs())]
    Late {
        /// How long was waited.
        limit: Duration,
    },
    /// There was no time left to ask.
    #[error("no time left to ask for it")]
    NoTime,
    /// The answer is larger than anything of its kind.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// The API refused.
    #[error("the API answered {status}{said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, with a colon in front.
        said: String,
    },
    /// The API has no time just now.
    #[error("the API answered {status}{said}")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// What it said, with a colon in front.
        said: String,
        /// How long it wants to be left alone, if it said so.
        after: Option<Duration>,
    },
    /// The answer is not what the API's documentation says.
    #[error("the answer makes no sense")]
    Json(#[source] serde_json::Error),
    /// The API's watch ended with an error.
    #[error("the watch ended")]
    Watch,
}

impl Error {
    /// Tells whether the credentials are not, or no longer, good.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401)
    }

    /// Tells whether these credentials may not read it.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// Tells whether the cluster does not have such a thing.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.status() == Some(404)
    }

    /// Tells whether the place in a list or a watch is no longer known.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.status() == Some(410)
    }

    fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}
