//! `agent_operation_query`: what became of an operation whose result never arrived?

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::operation::*;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::presence::absent;
use crate::time::{self, Time};

/// Version of the query's own contract.
pub const QUERY_VERSION: u32 = 1;

/// Asks about one attempt. The frame's id ties the answer to the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationQuery {
    /// Version of the query's contract.
    pub version: u32,
    /// The attempt.
    pub identity: AttemptIdentity,
}

/// One attempt at one operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptIdentity {
    /// Attempt: the request id of the operation.
    pub attempt_id: String,
    /// Action.
    pub action_id: String,
    /// Operation.
    pub operation_kind: String,
    /// Version of its contract.
    pub operation_version: u32,
    /// Digest of its request.
    pub request_digest: Digest,
    /// Agent it was sent to.
    pub agent_id: String,
}

impl AttemptIdentity {
    fn check(&self) -> Result<(), Error> {
        check_id(&self.attempt_id, "attempt id")?;
        check_id(&self.action_id, "action id")?;
        check_id(&self.operation_kind, "operation kind")?;
        check_id(&self.agent_id, "agent id")?;
        ensure(
            self.operation_version == CONTRACT_VERSION,
            "operation version",
        )
    }
}

impl OperationQuery {
    pub(super) fn check(&self) -> Result<(), Error> {
        ensure(self.version == QUERY_VERSION, "query version")?;
        self.identity.check()
    }
}

/// Whether the agent knows the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryStatus {
    /// It does not.
    NotFound,
    /// It does, and it came to an end.
    FoundTerminal,
    /// It does, and was interrupted: what was done is not known.
    FoundInterruptedUnknown,
}

/// How far an attempt is in the agent's receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// Taken on.
    Accepted,
    /// Begun.
    Started,
    /// Interrupted: what was done is not known.
    InterruptedUnknown,
    /// At its end.
    Terminal,
    /// Only remembered so that it is never done again.
    ReplayDeniedTombstone,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationQueryResult {
    /// Version of the query's contract.
    pub version: u32,
    /// Whether the agent knows it.
    pub status: QueryStatus,
    /// What it knows.
    #[serde(default, skip_serializing_if = "absent")]
    pub record: Option<ReceiptRecord>,
}

/// What an agent keeps of an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRecord {
    /// The attempt.
    pub identity: AttemptIdentity,
    /// How far it is.
    pub state: ReceiptState,
    /// When it was taken on.
    #[serde(default, with = "time::required")]
    pub accepted_at: Option<Time>,
    /// When it was begun.
    #[serde(default, with = "time::required")]
    pub started_at: Option<Time>,
    /// When it came to an end.
    #[serde(default, with = "time::required")]
    pub terminal_at: Option<Time>,
    /// Kind of its result, such as `pulse.host_update_result`.
    #[serde(default, skip_serializing_if = "absent")]
    pub result_kind: String,
    /// Version of that kind.
    #[serde(default, skip_serializing_if = "absent")]
    pub result_version: Option<u32>,
    /// The result, as the agent sent or would have sent it.
    #[serde(default, skip_serializing_if = "absent")]
    pub result: Option<Value>,
}

impl OperationQueryResult {
    pub(super) fn check(&self) -> Result<(), Error> {
        ensure(self.version == QUERY_VERSION, "query version")?;
        match &self.record {
            None => ensure(self.status == QueryStatus::NotFound, "missing record"),
            Some(record) => {
                ensure(self.status != QueryStatus::NotFound, "record of nothing")?;
                record.identity.check()
            }
        }
    }
}
