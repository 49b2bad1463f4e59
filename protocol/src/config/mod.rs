//! The configuration a server manages for an agent.

mod fingerprint;
mod settings;
mod target;

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::error::Error;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time::{self, Time};

pub use fingerprint::*;
pub use settings::*;
pub use target::*;

/// The 200 answer to an agent that asks for its configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigAnswer {
    /// True.
    pub success: bool,
    /// Agent the configuration is for.
    pub agent_id: String,
    /// The configuration.
    pub config: AgentConfig,
}

/// A managed configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentConfig {
    /// Whether commands are on; absent leaves the agent's default.
    #[serde(skip_serializing_if = "absent")]
    pub commands_enabled: Option<bool>,
    /// Settings, known and unknown.
    #[serde(skip_serializing_if = "absent")]
    pub settings: Settings,
    /// Fingerprint the agent checks the configuration against.
    #[serde(skip_serializing_if = "absent")]
    pub desired_config: Option<ConfigFingerprint>,
    /// When it was signed.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub issued_at: Option<Time>,
    /// Until when the signature stands.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub expires_at: Option<Time>,
    /// Signature in base64; original agents refuse one by a key they do not trust.
    #[serde(skip_serializing_if = "absent")]
    pub signature: String,
}

impl ConfigAnswer {
    /// Reads the server's answer. Neither fingerprint nor signature is checked yet.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}

impl AgentConfig {
    /// Returns the text whose Ed25519 signature by a trusted key is in `signature`, or `None`
    /// while the two times are missing. Unlike the fingerprint it covers every setting.
    pub fn signed_text(&self, agent_id: &str) -> Option<String> {
        let mut text = String::from(r#"{"agentId":"#);
        canonical::write_text(&mut text, agent_id);
        for (name, time) in [
            ("issuedAt", self.issued_at?),
            ("expiresAt", self.expires_at?),
        ] {
            canonical::write_member(&mut text, name);
            canonical::write_text(&mut text, &time.to_string());
        }
        fingerprint::write_rest(&mut text, self.commands_enabled, &self.settings, |_| true);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_text_covers_every_setting_in_the_order_of_the_original() {
        let answer = ConfigAnswer::from_json(
            br#"{"success":true,"agentId":"a","config":{"commandsEnabled":false,
                "settings":{"zeta":[1,{"b":1,"a":2}],"interval":"30s"},
                "issuedAt":"2026-01-02T04:04:05.120+01:00","expiresAt":"2026-01-02T03:19:05Z"}}"#,
        )
        .unwrap();
        assert_eq!(
            answer.config.signed_text("a").unwrap(),
            concat!(
                r#"{"agentId":"a","issuedAt":"2026-01-02T03:04:05.12Z","#,
                r#""expiresAt":"2026-01-02T03:19:05Z","commandsEnabled":false,"#,
                r#""settings":{"interval":"30s","zeta":[1,{"a":2,"b":1}]}}"#
            )
        );
        assert_eq!(AgentConfig::default().signed_text("a"), None);
    }

    #[test]
    fn a_configuration_that_says_a_setting_twice_is_refused() {
        let twice = br#"{"config":{"settings":{"interval":"30s","interval":"5s"}}}"#;
        assert!(ConfigAnswer::from_json(twice).is_err());
    }
}
