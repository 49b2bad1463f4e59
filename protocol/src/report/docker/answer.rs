//! The answer to a Docker report and the command queue in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time;
use crate::words::words;

/// The 200 answer to a Docker report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DockerReportAnswer {
    /// True.
    pub success: bool,
    /// Id under which the server knows this engine.
    pub agent_id: String,
    /// Containers it counted.
    pub containers: u64,
    /// When the server last heard from it.
    #[serde(with = "time::required")]
    pub last_seen: Option<Timestamp>,
    /// What the agent should do; one at most.
    #[serde(skip_serializing_if = "absent")]
    pub commands: Vec<QueuedCommand>,
}

words! {
    /// What a queued command asks for.
    pub enum QueuedVerb {
        Stop = "stop",
        UpdateContainer = "update_container",
        UpdateAll = "update_all",
        CheckUpdates = "check_updates",
    }
}

/// One command handed over with a report answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct QueuedCommand {
    /// Command id; may contain a colon.
    pub id: String,
    /// What it asks for.
    #[serde(rename = "type")]
    pub verb: QueuedVerb,
    /// What it is about.
    #[serde(skip_serializing_if = "absent")]
    pub payload: Option<QueuedTarget>,
}

/// What a queued command is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct QueuedTarget {
    /// The container, for `update_container`.
    #[serde(skip_serializing_if = "absent")]
    pub container_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "absent")]
    pub container_name: String,
    /// The containers, for `update_all`.
    #[serde(skip_serializing_if = "absent")]
    pub container_ids: Vec<String>,
}

words! {
    /// How far a queued command is.
    pub enum AckStatus {
        Acknowledged = "acknowledged",
        InProgress = "in_progress",
        Completed = "completed",
        Failed = "failed",
    }
}

/// What the agent posts about a queued command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CommandAck {
    /// Its agent id; agents of version 4 say `hostId`.
    #[serde(alias = "hostId")]
    pub agent_id: String,
    /// How far it is, in one of several spellings; see [`CommandAck::progress`].
    pub status: String,
    /// Text for people.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// Which container took the place of which.
    #[serde(skip_serializing_if = "absent")]
    pub payload: Option<ReplacedContainer>,
}

/// Which container took the place of which.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ReplacedContainer {
    /// The one replaced.
    #[serde(skip_serializing_if = "absent")]
    pub old_container_id: String,
    /// The one that replaces it.
    #[serde(skip_serializing_if = "absent")]
    pub new_container_id: String,
}

/// The 200 answer to an acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CommandAckAnswer {
    /// True.
    pub success: bool,
    /// Agent the command belongs to.
    pub agent_id: String,
    /// The command as it stands.
    pub command: CommandRecord,
}

/// A queued command as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CommandRecord {
    /// Command id.
    pub id: String,
    /// What it asks for.
    #[serde(rename = "type")]
    pub verb: QueuedVerb,
    /// How far it is.
    pub status: String,
    /// Text of the last acknowledgement.
    #[serde(skip_serializing_if = "absent")]
    pub message: String,
    /// When it was queued.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(with = "time::required")]
    pub updated_at: Option<Timestamp>,
    /// When the agent was told.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub dispatched_at: Option<Timestamp>,
    /// When the agent took it.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub acknowledged_at: Option<Timestamp>,
    /// When it was done.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completed_at: Option<Timestamp>,
    /// When it failed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub failed_at: Option<Timestamp>,
    /// Why it failed.
    #[serde(skip_serializing_if = "absent")]
    pub failure_reason: String,
    /// When it is given up.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub expires_at: Option<Timestamp>,
}

impl CommandAck {
    /// Reads an acknowledgement.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }

    /// Returns how far the command is, or `None` for a spelling nobody uses.
    pub fn progress(&self) -> Option<AckStatus> {
        match self.status.trim().to_ascii_lowercase().as_str() {
            "" | "ack" | "acknowledged" => Some(AckStatus::Acknowledged),
            "in_progress" | "progress" => Some(AckStatus::InProgress),
            "success" | "completed" | "complete" => Some(AckStatus::Completed),
            "fail" | "failed" | "error" => Some(AckStatus::Failed),
            _ => None,
        }
    }
}

impl DockerReportAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
