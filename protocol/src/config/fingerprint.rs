//! The fingerprint by which server and agent agree on a managed configuration.

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::canonical;

/// Fingerprint of a managed configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ConfigFingerprint {
    /// Version of the fingerprint's own format.
    pub version: String,
    /// `sha256:` and the digest in hex.
    pub hash: String,
}

impl ConfigFingerprint {
    /// The version this crate computes.
    pub const VERSION: &str = "host-agent-config/v1";

    /// Makes the fingerprint from the SHA-256 of [`fingerprint_text`].
    pub fn from_digest(sha256_of_text: &[u8; 32]) -> Self {
        let hash = format!("sha256:{}", hex::encode(sha256_of_text));
        Self {
            version: Self::VERSION.to_owned(),
            hash,
        }
    }
}

/// Returns the text whose SHA-256 is the fingerprint. Only profile settings count.
pub fn fingerprint_text(commands_enabled: Option<bool>, settings: &Settings) -> String {
    let mut text = String::from(r#"{"version":"#);
    canonical::write_text(&mut text, ConfigFingerprint::VERSION);
    write_rest(&mut text, commands_enabled, settings, |name| {
        Settings::PROFILE.contains(&name)
    });
    text
}

/// Writes the members that fingerprint and signature share, and closes the object.
pub(super) fn write_rest(
    text: &mut String,
    commands_enabled: Option<bool>,
    settings: &Settings,
    counts: impl Fn(&str) -> bool,
) {
    if let Some(enabled) = commands_enabled {
        canonical::write_member(text, "commandsEnabled");
        text.push_str(if enabled { "true" } else { "false" });
    }
    let mut counted = settings
        .0
        .iter()
        .filter(|(name, _)| counts(name))
        .peekable();
    if counted.peek().is_some() {
        canonical::write_member(text, "settings");
        canonical::write_object(text, counted);
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sha2::{Digest, Sha256};

    use super::*;

    fn fingerprint(commands_enabled: Option<bool>, settings: serde_json::Value) -> String {
        let settings: Settings = serde_json::from_value(settings).unwrap();
        let text = fingerprint_text(commands_enabled, &settings);
        ConfigFingerprint::from_digest(&Sha256::digest(text).into()).hash
    }

    #[test]
    fn fingerprints_agree_with_the_original() {
        let none = json!({});
        assert_eq!(
            fingerprint(None, none.clone()),
            "sha256:6920d6e9952fc4c168bf4e6dad49b29ffb567767aced3476f429927fe879c8cd"
        );
        assert_eq!(
            fingerprint(Some(false), none.clone()),
            "sha256:59378fe4db8132c2ce1d9c16b492c16093156579d09357db44e34a0fab494bea"
        );
        assert_eq!(
            fingerprint(Some(true), none),
            "sha256:65bf8cb891b2cfb0692de3a91fa82d5aa348c6f90cf1f16352e5dad64631f2a5"
        );
        assert_eq!(
            fingerprint(
                Some(false),
                json!({"interval": "30s", "disable_ceph": true})
            ),
            "sha256:7d57db12f8b58681ca52304b89fcd88f09846011957be458c707c3c03103fdde"
        );
    }

    #[test]
    fn targets_and_unknown_settings_do_not_count() {
        let with_others = json!({"interval": "30s", "availabilityTargets": [], "later": 1});
        assert_eq!(
            fingerprint(None, with_others),
            fingerprint(None, json!({"interval": "30s"}))
        );
    }
}
