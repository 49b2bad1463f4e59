//! Enrolment: a bootstrap token becomes an agent's own token, and its key becomes known.
//!
//! The original's members come first; ours (`publicKey`, `proof`, and from `serverId` on) are
//! unknown to either original and ignored by it, so both directions keep working.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bytes::{Nonce, PublicKey};
use crate::envelope::Envelope;
use crate::error::Error;
use crate::ids::{AgentRef, Digest};
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time;
use crate::token::Token;

/// What an agent posts with its bootstrap token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EnrolRequest {
    /// Host name.
    pub hostname: String,
    /// Operating system.
    #[serde(skip_serializing_if = "absent")]
    pub os: String,
    /// Architecture.
    #[serde(skip_serializing_if = "absent")]
    pub arch: String,
    /// Version of the agent.
    #[serde(skip_serializing_if = "absent")]
    pub agent_version: String,
    /// Whether the agent's own operator switched commands on.
    #[serde(skip_serializing_if = "absent")]
    pub commands_enabled: bool,
    /// Full host name.
    #[serde(skip_serializing_if = "absent")]
    pub fqdn: String,
    /// Machine id.
    #[serde(skip_serializing_if = "absent")]
    pub machine_id: String,
    /// Part in a Proxmox cluster.
    #[serde(skip_serializing_if = "absent")]
    pub proxmox: Option<ProxmoxMembership>,
    /// Deployment this enrolment belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub deploy_job_id: String,
    /// The agent's public key.
    #[serde(skip_serializing_if = "absent")]
    pub public_key: Option<PublicKey>,
    /// [`EnrolClaim`], signed with that key.
    #[serde(skip_serializing_if = "absent")]
    pub proof: Option<Envelope>,
}

/// Part a machine has in a Proxmox cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProxmoxMembership {
    /// Cluster name.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_name: String,
    /// Node name.
    #[serde(skip_serializing_if = "absent")]
    pub node_name: String,
}

/// The 200 answer to an enrolment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EnrolAnswer {
    /// Id the server gives the agent.
    pub agent_id: String,
    /// The agent's own token, shown this once.
    pub runtime_token: Token,
    /// Id of that token.
    pub runtime_token_id: String,
    /// Interval the server suggests, such as `30s`.
    pub report_interval: String,
    /// Id of the server.
    #[serde(skip_serializing_if = "absent")]
    pub server_id: String,
    /// The server's clock.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub server_time: Option<Timestamp>,
    /// The server's keys, signed by its root.
    #[serde(skip_serializing_if = "absent")]
    pub keyset: Option<Envelope>,
    /// Name made from the agent's key.
    #[serde(skip_serializing_if = "absent")]
    pub agent_ref: Option<AgentRef>,
}

/// Payload of type `pulse.enrol.v1`: which key enrols with which token where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolClaim {
    /// Server it is meant for, if the agent was told.
    #[serde(default, skip_serializing_if = "absent")]
    pub server_id: Option<String>,
    /// Digest of the bootstrap token.
    pub token_sha256: Digest,
    /// Random number, so that no two claims are alike.
    pub nonce: Nonce,
    /// When it was made by the agent's clock.
    pub issued_at: Timestamp,
    /// Host name, as in the request.
    pub hostname: String,
    /// Machine id, as in the request.
    pub machine_id: String,
}

impl EnrolRequest {
    /// Reads an enrolment body.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}

impl EnrolAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
