//! One stream of reports to the server: its queue, and how it fares. A stream the server does not
//! take holds up no other.

use std::time::Duration;

use pulse_protocol::limits;
use pulse_protocol::paths;
use tokio::time::Instant;
use tracing::{info, warn};

use super::buffer::Buffer;

/// What a stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This machine.
    Host,
    /// A container engine.
    Docker,
    /// A Kubernetes cluster.
    Kubernetes,
}

impl Kind {
    /// Returns the module such reports come from.
    pub(crate) fn module(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Docker => "docker",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// Returns where such reports are posted; also what their proof signs.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Host => paths::HOST_REPORT,
            Self::Docker => paths::DOCKER_REPORT,
            Self::Kubernetes => paths::KUBERNETES_REPORT,
        }
    }

    /// Returns the most bytes a server takes, compressed.
    pub(crate) fn most_packed(self) -> usize {
        match self {
            Self::Host => limits::HOST_BODY,
            Self::Docker | Self::Kubernetes => limits::CONTAINER_BODY,
        }
    }

    /// Returns the most bytes a server takes, as JSON.
    pub(crate) fn most_json(self) -> usize {
        match self {
            Self::Host => limits::HOST_JSON,
            Self::Docker | Self::Kubernetes => limits::CONTAINER_JSON,
        }
    }
}

/// How it goes, for saying so when it changes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing was sent yet.
    Unknown,
    /// The last report was taken.
    Good,
    /// It was not, and why.
    Bad(String),
}

/// One stream.
pub(crate) struct Lane {
    pub(crate) kind: Kind,
    /// What is put behind the agent's id.
    pub(crate) suffix: String,
    pub(crate) buffer: Buffer,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// When to try next.
    pub(crate) not_before: Instant,
    /// The server wants no more of it.
    pub(crate) is_over: bool,
    standing: Standing,
    left_out: &'static str,
}

impl Lane {
    pub(crate) fn new(kind: Kind, suffix: String, buffer: Buffer) -> Self {
        Self {
            kind,
            suffix,
            buffer,
            failures: 0,
            not_before: Instant::now(),
            is_over: false,
            standing: Standing::Unknown,
            left_out: "",
        }
    }

    /// Tells whether there is something to send.
    pub(crate) fn has_work(&self) -> bool {
        !self.is_over && self.buffer.first().is_some()
    }

    /// Returns the agent id such reports are sent under.
    pub(crate) fn agent_id(&self, own: &str) -> String {
        agent_id(own, &self.suffix)
    }

    /// Says what has to be left out for a report to be small enough, once per change.
    pub(crate) fn leaves_out(&mut self, left_out: &'static str) {
        if self.left_out != left_out && !left_out.is_empty() {
            let module = self.kind.module();
            warn!(module, left_out, "reports are larger than servers take");
        }
        self.left_out = left_out;
    }

    pub(crate) fn wait(&mut self, time: Duration) {
        self.not_before = Instant::now() + time;
    }

    /// Notes how it goes and says so, once per change.
    pub(crate) fn stand(&mut self, standing: Standing) {
        if self.standing == standing {
            return;
        }
        let (module, waiting) = (self.kind.module(), self.buffer.len());
        match &standing {
            Standing::Bad(why) => warn!(module, why, waiting, "reports are not delivered"),
            Standing::Good => info!(module, waiting, "reports are delivered"),
            Standing::Unknown => {}
        }
        self.standing = standing;
    }
}

/// Returns the id under which one of an agent's streams is sent.
pub(crate) fn agent_id(own: &str, suffix: &str) -> String {
    if suffix.is_empty() {
        own.to_owned()
    } else {
        format!("{own}-{suffix}")
    }
}
