//! Results of the probes the server assigned to this agent.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time::{self, Time};
use crate::words::words;

words! {
    /// What a probe found. Any other word is to be treated as indeterminate.
    pub enum ProbeOutcome {
        Reachable = "reachable",
        Unreachable = "unreachable",
        Indeterminate = "indeterminate",
    }
}

/// Result of one probe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AvailabilityProbeResult {
    /// Target it belongs to.
    pub target_id: String,
    /// What it found.
    pub outcome: ProbeOutcome,
    /// Round trip in milliseconds.
    pub latency_millis: i64,
    /// When it ran.
    #[serde(with = "time::required")]
    pub checked_at: Option<Time>,
    /// Why it failed.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
    /// Certificate the target showed.
    #[serde(skip_serializing_if = "absent")]
    pub certificate: Option<ProbeCertificate>,
}

/// Certificate a probed target showed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProbeCertificate {
    /// Subject.
    #[serde(skip_serializing_if = "absent")]
    pub subject: String,
    /// Issuer.
    #[serde(skip_serializing_if = "absent")]
    pub issuer: String,
    /// Serial number.
    #[serde(skip_serializing_if = "absent")]
    pub serial_number: String,
    /// Names it is for.
    #[serde(skip_serializing_if = "absent")]
    pub dns_names: Vec<String>,
    /// When it was seen.
    #[serde(with = "time::required")]
    pub observed_at: Option<Time>,
    /// Valid from.
    #[serde(with = "time::required")]
    pub not_before: Option<Time>,
    /// Valid until.
    #[serde(with = "time::required")]
    pub not_after: Option<Time>,
    /// Fingerprint.
    pub fingerprint_sha256: String,
    /// Verdict on the chain.
    pub trust_status: String,
    /// Whether the chain is trusted.
    pub chain_valid: bool,
    /// Whether it covers the host name.
    pub hostname_valid: bool,
    /// Whether it signed itself.
    pub self_signed: bool,
    /// Why it is not trusted.
    #[serde(skip_serializing_if = "absent")]
    pub trust_error: String,
}
