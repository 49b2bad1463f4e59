//! What an agent asks before it updates itself.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::reader::{self, Rules};

/// Header with the hex SHA-256 of a download; a download without it is not used.
pub const CHECKSUM_HEADER: &str = "X-Checksum-Sha256";
/// Header with the base64 Ed25519 signature over a download.
pub const SIGNATURE_HEADER: &str = "X-Signature-Ed25519";
/// Header with the base64 of an armoured SSH signature over a download, for installers.
pub const SSH_SIGNATURE_HEADER: &str = "X-Signature-SSHSIG";

/// The version text that says "do not update".
pub const DEVELOPMENT: &str = "dev";

/// The answer to "which agent version do you have?".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentVersionAnswer {
    /// The version on offer, or [`DEVELOPMENT`].
    pub version: String,
}

impl AgentVersionAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
