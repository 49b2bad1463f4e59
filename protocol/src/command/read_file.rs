//! `read_file`. Original agents always refuse it; the answer is a `command_result`.

use serde::{Deserialize, Serialize};

use super::ExecutionTarget;
use crate::presence::absent;

/// A file to read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadFile {
    /// Request.
    pub request_id: String,
    /// Path.
    pub path: String,
    /// Where to read it.
    pub target_type: ExecutionTarget,
    /// Number of the container or virtual machine.
    #[serde(skip_serializing_if = "absent")]
    pub target_id: String,
    /// Bytes to read at most; absent is 1 MiB.
    #[serde(skip_serializing_if = "absent")]
    pub max_bytes: Option<u64>,
}
