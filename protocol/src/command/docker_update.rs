//! `docker_container_update`: recreate a container from the newer image that was reviewed.

use serde::{Deserialize, Serialize};

use super::ContainerSnapshot;
use super::operation::*;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::words::words;

/// The one operation of this verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DockerUpdateOperation {
    /// Recreate the container from a newer image.
    UpdateContainer,
}

/// Recreate a container from a newer image, if it still runs the one that was reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DockerContainerUpdate {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: DockerUpdateOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest over what is asked, see [`TypedOperation::digest_text`].
    pub request_digest: Digest,
    /// Container engine.
    pub runtime: Runtime,
    /// Container.
    pub container_id: String,
    /// Image it must be running.
    pub expected_image_digest: Digest,
    /// Seconds it may take.
    #[serde(default, skip_serializing_if = "absent")]
    pub timeout: Option<u32>,
}

impl TypedOperation for DockerContainerUpdate {
    const DEFAULT_TIMEOUT: u32 = 900;
    const MAX_TIMEOUT: u32 = 1_800;

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
        "update_container"
    }

    fn digest_text(&self) -> String {
        DigestText::of(&self.action_id, self.operation())
            .text("runtime", self.runtime.as_str())
            .text("container_id", &self.container_id)
            .text(
                "expected_image_digest",
                &self.expected_image_digest.to_string(),
            )
            .end()
    }
}

impl DockerContainerUpdate {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_request(self, self.operation_version)?;
        check_container_id(&self.container_id)
    }
}

words! {
    /// How far an update of a container got. Agents may name finer steps.
    pub enum DockerUpdatePhase {
        Preflight = "preflight",
        Mutate = "mutate",
        Verify = "verify",
        Complete = "complete",
    }
}

/// Result of a [`DockerContainerUpdate`]. Originals may send members this version does not know,
/// so alone among the typed results it ignores them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DockerContainerUpdateResult {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: DockerUpdateOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest of the request.
    pub request_digest: Digest,
    /// Container that was to be replaced.
    pub container_id: String,
    /// Container in its place.
    #[serde(default, skip_serializing_if = "absent")]
    pub new_container_id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "absent")]
    pub container_name: String,
    /// Image before.
    #[serde(default, skip_serializing_if = "absent")]
    pub old_image_digest: String,
    /// Image after.
    #[serde(default, skip_serializing_if = "absent")]
    pub new_image_digest: String,
    /// How far it got.
    pub execution_phase: DockerUpdatePhase,
    /// Whether anything was changed.
    #[serde(default)]
    pub mutation_started: bool,
    /// Whether the change was carried through.
    #[serde(default)]
    pub mutation_completed: bool,
    /// Whether the old container was kept.
    #[serde(default)]
    pub backup_created: bool,
    /// Name it is kept under.
    #[serde(default, skip_serializing_if = "absent")]
    pub backup_container: String,
    /// Whether the agent tried to go back.
    #[serde(default)]
    pub rollback_attempted: bool,
    /// Whether it went back.
    #[serde(default)]
    pub rolled_back: bool,
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

impl DockerContainerUpdateResult {
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
            self.rollback_attempted || !self.rolled_back,
            "rollback that was never tried",
        )
    }
}
