//! `action_preflight`: could an operation be done now? Changes nothing.

use serde::{Deserialize, Serialize};

use super::operation::*;
use super::{DockerContainerLifecycle, DockerContainerUpdate, HostStorageCleanup, HostUpdate};
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::time::Time;

/// Version of the preflight's own contract.
pub const PREFLIGHT_VERSION: u32 = 1;

/// Asks whether one operation could be done; exactly one is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionPreflight {
    /// Request; the operation inside carries the same.
    pub request_id: String,
    /// Version of the preflight's contract.
    pub protocol_version: u32,
    /// Installing packages.
    #[serde(default, skip_serializing_if = "absent")]
    pub host_update: Option<HostUpdate>,
    /// Cleaning the package cache.
    #[serde(default, skip_serializing_if = "absent")]
    pub storage_cleanup: Option<HostStorageCleanup>,
    /// Starting, stopping or restarting a container.
    #[serde(default, skip_serializing_if = "absent")]
    pub docker_lifecycle: Option<DockerContainerLifecycle>,
    /// Updating a container.
    #[serde(default, skip_serializing_if = "absent")]
    pub docker_update: Option<DockerContainerUpdate>,
}

impl ActionPreflight {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_id(&self.request_id, "request id")?;
        ensure(
            self.protocol_version == PREFLIGHT_VERSION,
            "protocol version",
        )?;
        let mut inner_ids = Vec::new();
        if let Some(operation) = &self.host_update {
            operation.check()?;
            inner_ids.push(&operation.request_id);
        }
        if let Some(operation) = &self.storage_cleanup {
            operation.check()?;
            inner_ids.push(&operation.request_id);
        }
        if let Some(operation) = &self.docker_lifecycle {
            operation.check()?;
            inner_ids.push(&operation.request_id);
        }
        if let Some(operation) = &self.docker_update {
            operation.check()?;
            inner_ids.push(&operation.request_id);
        }
        ensure(
            inner_ids == [&self.request_id],
            "preflight of not exactly one operation",
        )
    }
}

/// Whether an operation could be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionPreflightResult {
    /// Request.
    pub request_id: String,
    /// Version of the preflight's contract.
    pub protocol_version: u32,
    /// Operation.
    pub operation: String,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest of the operation's request.
    pub request_digest: Digest,
    /// Whether it could be done.
    pub feasible: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "absent")]
    pub reason_code: Option<String>,
    /// When this was found out.
    pub checked_at: Time,
}

impl ActionPreflightResult {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_id(&self.request_id, "request id")?;
        ensure(
            self.protocol_version == PREFLIGHT_VERSION,
            "protocol version",
        )?;
        ensure(
            self.operation_version == CONTRACT_VERSION,
            "operation version",
        )?;
        match &self.reason_code {
            Some(code) => check_reason(code)?,
            None => ensure(self.feasible, "refusal without a reason")?,
        }
        ensure(
            !self.feasible || self.reason_code.is_none(),
            "reason without a refusal",
        )
    }
}
