//! An agent asking what the server calls it, and telling it good-bye.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time::{self, Time};

/// The 200 answer to a look-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LookupAnswer {
    /// True.
    pub success: bool,
    /// The agent that was found.
    pub agent: LookedUpAgent,
}

/// An agent as the server knows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LookedUpAgent {
    /// Agent id.
    pub id: String,
    /// Host name.
    pub hostname: String,
    /// Name to show.
    #[serde(skip_serializing_if = "absent")]
    pub display_name: String,
    /// `online` and so on.
    pub status: String,
    /// Whether it reports.
    pub connected: bool,
    /// When the server last heard from it.
    #[serde(with = "time::required")]
    pub last_seen: Option<Time>,
    /// Version of the agent.
    #[serde(skip_serializing_if = "absent")]
    pub agent_version: String,
}

/// What an agent posts when it is removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UninstallRequest {
    /// Its agent id.
    pub agent_id: String,
}

/// The 200 answer, also when the agent was gone already.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UninstallAnswer {
    /// True.
    pub success: bool,
    /// Agent id.
    pub agent_id: String,
    /// Text for people.
    pub message: String,
}

impl LookupAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}

impl UninstallRequest {
    /// Reads an agent's good-bye.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
