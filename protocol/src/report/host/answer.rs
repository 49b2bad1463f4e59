//! What the server answers to a host report.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time;

/// The 200 answer to a host report. Foreign agents read the first four and `config`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HostReportAnswer {
    /// True.
    pub success: bool,
    /// Id under which the server knows this host.
    pub agent_id: String,
    /// When the server last heard from it.
    #[serde(with = "time::required")]
    pub last_seen: Option<Timestamp>,
    /// Platform as the server folded it.
    pub platform: String,
    /// System name, echoed.
    pub os_name: String,
    /// System version, echoed.
    pub os_version: String,
    /// Version of the server, an invitation to update.
    #[serde(skip_serializing_if = "absent")]
    pub server_version: String,
    /// Settings that changed since the agent last asked.
    #[serde(skip_serializing_if = "absent")]
    pub config: Option<AnswerConfig>,
    /// Highest report sequence on the server's disk; only for agents that have a key.
    #[serde(skip_serializing_if = "absent")]
    pub durable_seq: Option<u64>,
}

/// Settings a report answer may carry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AnswerConfig {
    /// Whether the command channel should be on; absent leaves the agent's default.
    #[serde(skip_serializing_if = "absent")]
    pub commands_enabled: Option<bool>,
}

impl HostReportAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
