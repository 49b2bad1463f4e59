//! The configuration a server manages for an agent.

use serde::{Deserialize, Serialize};

/// Fingerprint of a managed configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigFingerprint {
    /// Version of the fingerprint's own format.
    pub version: String,
    /// `sha256:` and the digest in hex.
    pub hash: String,
}
