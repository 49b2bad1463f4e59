//! The proof of approval original agents ask for before they run a command.
//!
//! Our own agents take signed intents instead. Hashing and the MAC are the callers'.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time::{self, Time};

/// Says that a person approved one command for one agent, for two minutes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalGrant {
    /// Always 1.
    pub version: i64,
    /// Approval.
    pub approval_id: String,
    /// Request.
    pub request_id: String,
    /// Agent.
    pub agent_id: String,
    /// Hex SHA-256 of [`command_text`].
    pub command_hash: String,
    /// Where it runs.
    pub target_type: String,
    /// Number of the container or virtual machine.
    #[serde(skip_serializing_if = "absent")]
    pub target_id: String,
    /// When it was given.
    #[serde(with = "time::required")]
    pub issued_at: Option<Time>,
    /// When it ends.
    #[serde(with = "time::required")]
    pub expires_at: Option<Time>,
    /// Random text.
    pub nonce: String,
    /// `hmac-sha256:` and the base64 MAC of [`ApprovalGrant::signed_text`].
    pub signature: String,
}

/// Text whose SHA-256 is the MAC's key, followed by the agent's token.
pub const GRANT_KEY_PREFIX: &[u8] = b"pulse-agent-exec-approval-grant-v1\0";

/// Returns the text whose SHA-256 names the command in a grant.
pub fn command_text(command: &str, target_type: &str, target_id: &str) -> String {
    format!("{command}|{}|{target_id}", target_type.to_lowercase())
}

impl ApprovalGrant {
    /// Returns the text the MAC is over: one line per member.
    pub fn signed_text(&self) -> String {
        let time = |time: Option<Time>| time.map_or(time::ZERO.to_owned(), |time| time.to_string());
        [
            &self.version.to_string(),
            &self.approval_id,
            &self.request_id,
            &self.agent_id,
            &self.command_hash,
            &self.target_type,
            &self.target_id,
            &time(self.issued_at),
            &time(self.expires_at),
            &self.nonce,
        ]
        .map(String::as_str)
        .join("\n")
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    /// HMAC-SHA256 by its definition; the key is one digest long.
    fn mac(key: &[u8], text: &str) -> Vec<u8> {
        let pad = |byte: u8| -> Vec<u8> {
            (0..64)
                .map(|i| key.get(i).copied().unwrap_or(0) ^ byte)
                .collect()
        };
        let inner = Sha256::digest([&pad(0x36), text.as_bytes()].concat());
        Sha256::digest([&pad(0x5c), &inner[..]].concat()).to_vec()
    }

    #[test]
    fn a_grant_is_signed_as_the_original_signs_it() {
        let command = command_text("systemctl restart nginx", "Agent", "");
        let grant = ApprovalGrant {
            version: 1,
            approval_id: "ap-1".into(),
            request_id: "req-1".into(),
            agent_id: "agent-1".into(),
            command_hash: hex::encode(Sha256::digest(command)),
            target_type: "agent".into(),
            target_id: String::new(),
            issued_at: Some("2026-01-02T03:04:05Z".parse().unwrap()),
            expires_at: Some("2026-01-02T03:06:05Z".parse().unwrap()),
            nonce: "A".repeat(22),
            signature: String::new(),
        };
        assert_eq!(
            grant.command_hash,
            "0c3260a962c42d4e31e9ea590d1c05d08d4796c7dc9aaf41779b9cccbbdf7dda"
        );
        let key = Sha256::digest([GRANT_KEY_PREFIX, b"tok"].concat());
        assert_eq!(
            STANDARD.encode(mac(&key, &grant.signed_text())),
            "8HxDMBmhaPvuP1hlAdIFULdh8SamR00MNglLC2NA7jc="
        );
    }
}
