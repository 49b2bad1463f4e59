//! `host_storage_cleanup`: clean the package cache that was reviewed.

use serde::{Deserialize, Serialize};

use super::operation::*;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::time::{self, Time};

/// The one operation of this verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostStorageCleanupOperation {
    /// Clean the package cache.
    CleanPackageCache,
}

/// Clean the package cache, if it is still the one that was reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostStorageCleanup {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: HostStorageCleanupOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest over what is asked, see [`TypedOperation::digest_text`].
    pub request_digest: Digest,
    /// Digest of what was reviewed.
    pub expected_fingerprint: Digest,
    /// Seconds it may take.
    #[serde(default, skip_serializing_if = "absent")]
    pub timeout: Option<u32>,
}

impl TypedOperation for HostStorageCleanup {
    const DEFAULT_TIMEOUT: u32 = 300;
    const MAX_TIMEOUT: u32 = 900;

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
        "clean_package_cache"
    }

    fn digest_text(&self) -> String {
        DigestText::of(&self.action_id, self.operation())
            .text(
                "expected_fingerprint",
                &self.expected_fingerprint.to_string(),
            )
            .end()
    }
}

impl HostStorageCleanup {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_request(self, self.operation_version)
    }
}

/// How far a clean-up got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostStorageCleanupPhase {
    /// Looking whether it can be done.
    Preflight,
    /// Cleaning.
    Clean,
    /// Looking again.
    Verify,
    /// Done.
    Complete,
}

/// Result of a [`HostStorageCleanup`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostStorageCleanupResult {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Whether the cache was cleaned.
    pub success: bool,
    /// How far it got.
    pub execution_phase: HostStorageCleanupPhase,
    /// Whether anything was changed.
    #[serde(default)]
    pub mutation_started: bool,
    /// The cache before.
    #[serde(default, skip_serializing_if = "absent")]
    pub before: Option<CleanupSnapshot>,
    /// The cache after.
    #[serde(default, skip_serializing_if = "absent")]
    pub after: Option<CleanupSnapshot>,
    /// Bytes freed.
    #[serde(default)]
    pub reclaimed_bytes: u64,
    /// What looking again showed.
    pub verification: Verification,
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

/// The package cache at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CleanupSnapshot {
    /// Whether the agent can clean up here.
    pub supported: bool,
    /// `apt-package-cache`.
    #[serde(skip_serializing_if = "absent")]
    pub provider: String,
    /// Digest of what would go.
    #[serde(skip_serializing_if = "absent")]
    pub fingerprint: Option<Digest>,
    /// Bytes that would be freed.
    pub reclaimable_bytes: u64,
    /// When this was read.
    #[serde(with = "time::required")]
    pub checked_at: Option<Time>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}

/// The provider a verified clean-up is of.
const PROVIDER: &str = "apt-package-cache";
/// Bytes a clean-up can plausibly free.
const MAX_RECLAIMED: u64 = 1 << 60;

impl HostStorageCleanupResult {
    pub(super) fn check(&self) -> Result<(), Error> {
        use HostStorageCleanupPhase::{Complete, Verify};
        check_ids(&self.request_id, &self.action_id)?;
        check_outcome(
            &self.error,
            self.reason_code.as_deref(),
            self.mutation_started,
        )?;
        ensure(self.reclaimed_bytes <= MAX_RECLAIMED, "reclaimed bytes")?;
        if self.success {
            ensure(
                matches!(self.execution_phase, Verify | Complete),
                "phase of a success",
            )?;
        }
        if self.verification == Verification::Verified {
            ensure(self.success && self.is_accounted_for(), "verified result")?;
        }
        Ok(())
    }

    fn is_accounted_for(&self) -> bool {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return false;
        };
        let freed = before
            .reclaimable_bytes
            .checked_sub(after.reclaimable_bytes);
        after.provider == PROVIDER && freed == Some(self.reclaimed_bytes)
    }
}
