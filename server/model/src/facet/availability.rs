//! Whether something answers: the outcome of a probe.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use crate::units::Seconds;

facts! {
    /// What probes tell.
    pub struct Availability {
        told {
            /// Whether it is probed.
            enabled: bool,
            /// Whether it answers.
            available: bool,
        }
        maybe {
            /// The probe's id.
            target_id: String,
            /// The resource it stands for.
            linked_resource_id: String,
            /// Its name.
            name: String,
            /// What is probed.
            target_kind: String,
            /// Where.
            address: String,
            /// How: `icmp`, `tcp`, `udp`, `http`, `https`.
            protocol: String,
            /// What the probe said.
            probe_outcome: String,
            /// The agent that probes.
            probe_agent_id: String,
            /// What counts as an answer to a datagram.
            udp_mode: String,
            /// Which port.
            port: u16,
            /// Which path.
            path: String,
            /// When it was last probed.
            last_checked: Timestamp,
            /// When it last answered.
            last_success: Timestamp,
            /// How long the answer took.
            latency_millis: u64,
            /// Probes without an answer in a row.
            consecutive_failures: u32,
            /// Why.
            last_error: String,
            /// How many are needed to believe it.
            failure_threshold: u32,
            /// Seconds between two probes.
            poll_interval_seconds: Seconds,
            /// How long an answer may take.
            timeout_millis: u64,
            /// Whether the resource it belongs to is known.
            correlation_state: String,
            /// By what rule.
            correlation_rule: String,
            /// Why not.
            correlation_reason: String,
            /// How many it could be.
            correlation_candidates: u32,
            /// Whether its certificate is watched.
            certificate_monitoring: bool,
            /// Days before its end to warn.
            certificate_expiry_warning_days: u32,
            /// Its certificate.
            certificate: Certificate,
        }
    }

    /// A certificate as it was shown.
    pub struct Certificate {
        maybe {
            /// Whom it names.
            subject: String,
            /// Who signed it.
            issuer: String,
            /// Its number.
            serial_number: String,
            /// When it was seen.
            observed_at: Timestamp,
            /// Valid from.
            not_before: Timestamp,
            /// Valid until.
            not_after: Timestamp,
            /// Its digest.
            fingerprint_sha256: String,
            /// Verdict on its chain.
            trust_status: String,
            /// Whether the chain is trusted.
            chain_valid: bool,
            /// Whether it covers the name asked for.
            hostname_valid: bool,
            /// Whether it signed itself.
            self_signed: bool,
            /// Why it is not trusted.
            trust_error: String,
        }
        some {
            /// Names it is for.
            dns_names: Vec<String>,
        }
    }
}
