//! `host_update`: install the pending packages that were reviewed.

use serde::{Deserialize, Serialize};

use super::operation::*;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::time::{self, Time};

/// The one operation of this verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostUpdateOperation {
    /// Install pending packages of the operating system.
    InstallOsUpdates,
}

/// Install the pending packages, if they are still the ones that were reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostUpdate {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation: HostUpdateOperation,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest over what is asked, see [`TypedOperation::digest_text`].
    pub request_digest: Digest,
    /// Digest of the pending set that was reviewed.
    pub expected_inventory_hash: Digest,
    /// Seconds it may take.
    #[serde(default, skip_serializing_if = "absent")]
    pub timeout: Option<u32>,
}

impl TypedOperation for HostUpdate {
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
        "install_os_updates"
    }

    fn digest_text(&self) -> String {
        DigestText::of(&self.action_id, self.operation())
            .text(
                "expected_inventory_hash",
                &self.expected_inventory_hash.to_string(),
            )
            .end()
    }
}

impl HostUpdate {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_request(self, self.operation_version)
    }
}

/// How far an update got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostUpdatePhase {
    /// Looking whether it can be done.
    Preflight,
    /// Refreshing the package index.
    Refresh,
    /// Installing.
    Install,
    /// Looking again.
    Verify,
    /// Done.
    Complete,
}

/// Result of a [`HostUpdate`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostUpdateResult {
    /// Request.
    pub request_id: String,
    /// Action.
    pub action_id: String,
    /// Whether the packages were installed.
    pub success: bool,
    /// How far it got.
    pub execution_phase: HostUpdatePhase,
    /// Whether anything was changed.
    #[serde(default)]
    pub mutation_started: bool,
    /// Pending packages before.
    #[serde(default, skip_serializing_if = "absent")]
    pub before: Option<PackageSnapshot>,
    /// Pending packages after.
    #[serde(default, skip_serializing_if = "absent")]
    pub after: Option<PackageSnapshot>,
    /// Whether the package manager's health was looked at.
    #[serde(default)]
    pub health_checked: bool,
    /// Whether the package manager is healthy.
    #[serde(default)]
    pub package_manager_healthy: bool,
    /// Whether a person has to repair something.
    #[serde(default)]
    pub recovery_required: bool,
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

/// Pending packages at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PackageSnapshot {
    /// Whether the package manager is one the agent knows.
    pub supported: bool,
    /// `apt`.
    #[serde(skip_serializing_if = "absent")]
    pub manager: String,
    /// Digest of the pending set.
    #[serde(skip_serializing_if = "absent")]
    pub inventory_hash: Option<Digest>,
    /// Number of pending packages.
    pub pending_count: u64,
    /// The pending packages, at most 200.
    #[serde(skip_serializing_if = "absent")]
    pub packages: Vec<PendingPackage>,
    /// When this was read.
    #[serde(with = "time::required")]
    pub checked_at: Option<Time>,
    /// Whether a restart is waiting.
    #[serde(skip_serializing_if = "absent")]
    pub reboot_required: bool,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
}

/// One pending package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PendingPackage {
    /// Package name.
    pub name: String,
    /// Installed version.
    #[serde(skip_serializing_if = "absent")]
    pub installed_version: String,
    /// Version on offer.
    #[serde(skip_serializing_if = "absent")]
    pub available_version: String,
}

impl HostUpdateResult {
    pub(super) fn check(&self) -> Result<(), Error> {
        use HostUpdatePhase::{Complete, Install, Verify};
        check_ids(&self.request_id, &self.action_id)?;
        check_outcome(
            &self.error,
            self.reason_code.as_deref(),
            self.mutation_started,
        )?;
        if self.success {
            ensure(
                matches!(self.execution_phase, Verify | Complete),
                "phase of a success",
            )?;
        }
        let is_partial = self.execution_phase == Install && self.mutation_started;
        ensure(
            !is_partial || self.recovery_required,
            "partial installation",
        )?;
        if self.verification == Verification::Verified {
            let is_done = self.success && self.execution_phase == Complete;
            let is_clear = self.after.as_ref().is_some_and(PackageSnapshot::is_clear);
            ensure(is_done && is_clear, "verified result")?;
        }
        Ok(())
    }
}

impl PackageSnapshot {
    fn is_clear(&self) -> bool {
        let is_known = self.supported && self.manager == "apt" && self.inventory_hash.is_some();
        is_known && self.pending_count == 0
    }
}
