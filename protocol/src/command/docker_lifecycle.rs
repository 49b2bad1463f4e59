//! `docker_container_lifecycle`: start, stop or restart the container that was reviewed.

use serde::{Deserialize, Serialize};

use super::operation::*;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::time::{self, Time};

/// What to do with a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleOperation {
    /// Start it.
    StartContainer,
    /// Stop it.
    StopContainer,
    /// Restart it.
    RestartContainer,
}

/// Start, stop or restart a container, if it is still as it was reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DockerContainerLifecycle {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: LifecycleOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest over what is asked, see [`TypedOperation::digest_text`].
    pub request_digest: Digest,
    /// Container engine.
    pub runtime: Runtime,
    /// Container.
    pub container_id: String,
    /// State it must be in.
    pub expected_state: String,
    /// When its current run must have begun.
    #[serde(with = "time::required")]
    pub expected_started_at: Option<Time>,
    /// Seconds it may take.
    #[serde(default, skip_serializing_if = "absent")]
    pub timeout: Option<u32>,
}

/// Bytes of a container state.
const STATE: usize = 32;

impl TypedOperation for DockerContainerLifecycle {
    const DEFAULT_TIMEOUT: u32 = 120;
    const MAX_TIMEOUT: u32 = 300;

    fn ids(&self) -> (&str, &str) {
        (&self.request_id, &self.action_id)
    }

    fn request_digest(&self) -> Digest {
        self.request_digest
    }

    fn timeout(&self) -> Option<u32> {
        self.timeout
    }

    fn operation(&self) -> &'static str {
        self.operation.as_str()
    }

    fn digest_text(&self) -> String {
        let started_at = self.expected_started_at.map(|time| time.to_string());
        DigestText::of(&self.action_id, self.operation())
            .text("runtime", self.runtime.as_str())
            .text("container_id", &self.container_id)
            .text("expected_state", &self.expected_state)
            .text(
                "expected_started_at",
                started_at.as_deref().unwrap_or(time::ZERO),
            )
            .end()
    }
}

impl LifecycleOperation {
    /// Returns the operation's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartContainer => "start_container",
            Self::StopContainer => "stop_container",
            Self::RestartContainer => "restart_container",
        }
    }
}

impl DockerContainerLifecycle {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_request(self, self.operation_version)?;
        check_container_id(&self.container_id)?;
        ensure(self.expected_state.len() <= STATE, "expected state")
    }
}

/// How far an operation on a container got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecyclePhase {
    /// Looking whether it can be done.
    Preflight,
    /// Doing it.
    Mutate,
    /// Looking again.
    Verify,
    /// Done.
    Complete,
}

/// Result of a [`DockerContainerLifecycle`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DockerContainerLifecycleResult {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: LifecycleOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest of the request.
    pub request_digest: Digest,
    /// Container.
    pub container_id: String,
    /// How far it got.
    pub execution_phase: LifecyclePhase,
    /// Whether anything was changed.
    #[serde(default)]
    pub mutation_started: bool,
    /// Whether the change was carried through.
    #[serde(default)]
    pub mutation_completed: bool,
    /// Whether the agent looked again.
    #[serde(default)]
    pub readback_ran: bool,
    /// The container before.
    #[serde(default, skip_serializing_if = "absent")]
    pub before: Option<ContainerSnapshot>,
    /// The container after.
    #[serde(default, skip_serializing_if = "absent")]
    pub after: Option<ContainerSnapshot>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "absent")]
    pub reason_code: Option<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "absent")]
    pub error: String,
    /// Milliseconds it took.
    #[serde(default)]
    pub duration_ms: u64,
}

/// A container at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContainerSnapshot {
    /// Container.
    pub container_id: String,
    /// Its state.
    pub state: String,
    /// Whether it runs.
    pub running: bool,
    /// When its current run began.
    #[serde(with = "time::required")]
    pub started_at: Option<Time>,
    /// Times it was restarted.
    pub restart_count: i64,
    /// When this was read, always written in UTC.
    #[serde(with = "time::required")]
    pub observed_at: Option<Time>,
}

impl DockerContainerLifecycleResult {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_ids(&self.request_id, &self.action_id)?;
        check_container_id(&self.container_id)?;
        ensure(
            self.operation_version == CONTRACT_VERSION,
            "operation version",
        )?;
        check_outcome(
            &self.error,
            self.reason_code.as_deref(),
            self.mutation_started,
        )?;
        ensure(
            self.mutation_started || !self.mutation_completed,
            "mutation that never started",
        )
    }
}
