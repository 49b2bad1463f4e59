//! `agent_register`, the first frame, and its answer.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::token::Token;

/// Who the agent is. The token opens the channel; there are no headers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Register {
    /// Agent id.
    pub agent_id: String,
    /// Host name.
    pub hostname: String,
    /// Version of the agent.
    pub version: String,
    /// `linux`, `macos`, `windows` or `freebsd`.
    pub platform: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub tags: Vec<String>,
    /// The agent's token.
    pub token: Token,
    /// Receipt format the agent keeps; absent without a durable store.
    #[serde(skip_serializing_if = "absent")]
    pub operation_receipt_version: Option<u32>,
    /// Preflight contract the agent knows.
    #[serde(skip_serializing_if = "absent")]
    pub action_preflight_version: Option<u32>,
}

/// Whether the agent was let in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registered {
    /// Whether it was.
    pub success: bool,
    /// Why not, or `Registered`.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
}
