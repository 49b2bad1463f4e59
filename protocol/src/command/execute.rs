//! `execute_command` and `cancel_command`: a command line, where the agent's operator allows it.

use serde::{Deserialize, Serialize};

use super::ApprovalGrant;
use crate::presence::absent;
use crate::words::words;

words! {
    /// Where a command runs; `host` and nothing are the agent's own machine.
    pub enum ExecutionTarget {
        Agent = "agent",
        Container = "container",
        Vm = "vm",
        Host = "host",
    }
}

/// A command line to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExecuteCommand {
    /// Request.
    pub request_id: String,
    /// Command line.
    pub command: String,
    /// Approval it was given.
    #[serde(skip_serializing_if = "absent")]
    pub approval_id: String,
    /// Proof of that approval.
    #[serde(skip_serializing_if = "absent")]
    pub approval_grant: Option<ApprovalGrant>,
    /// Where to run it.
    pub target_type: ExecutionTarget,
    /// Number of the container or virtual machine.
    #[serde(skip_serializing_if = "absent")]
    pub target_id: String,
    /// Seconds it may take; absent or 0 is 60.
    #[serde(skip_serializing_if = "absent")]
    pub timeout: Option<u64>,
    /// Whether the server asks to skip the approval; blocked commands stay blocked.
    #[serde(skip_serializing_if = "absent")]
    pub trusted: bool,
}

/// Stop a running command. Too late is no error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelCommand {
    /// Request.
    pub request_id: String,
}

/// Result of a command or a file read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandResult {
    /// Request.
    pub request_id: String,
    /// Whether it ended well.
    pub success: bool,
    /// Its output.
    #[serde(skip_serializing_if = "absent")]
    pub stdout: String,
    /// Its error output.
    #[serde(skip_serializing_if = "absent")]
    pub stderr: String,
    /// Exit code, -1 if it never ended by itself.
    pub exit_code: i64,
    /// Why it was not run or not finished.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
    /// Milliseconds it took.
    pub duration_ms: u64,
}
