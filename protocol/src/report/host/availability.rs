//! Results of the probes the server assigned to this agent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    pub checked_at: Option<Timestamp>,
    /// Why it failed.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
    /// Certificate the target showed.
    #[serde(skip_serializing_if = "absent")]
    pub certificate: Option<ProbeCertificate>,
}

/// Certificate a probed target showed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    pub observed_at: Option<Timestamp>,
    /// Valid from.
    #[serde(with = "time::required")]
    pub not_before: Option<Timestamp>,
    /// Valid until.
    #[serde(with = "time::required")]
    pub not_after: Option<Timestamp>,
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
