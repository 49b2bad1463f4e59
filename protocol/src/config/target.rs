//! What an agent is to probe.

use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::words::words;

words! {
    /// What a target is.
    pub enum TargetKind {
        Machine = "machine",
        Service = "service",
        Device = "device",
    }
}

words! {
    /// How a target is asked; `ping` is `icmp`.
    pub enum ProbeProtocol {
        Icmp = "icmp",
        Ping = "ping",
        Tcp = "tcp",
        Http = "http",
        Https = "https",
        Udp = "udp",
    }
}

/// One target an agent is to probe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AvailabilityTarget {
    /// Target id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// What it is.
    pub target_kind: TargetKind,
    /// Address or URL.
    pub address: String,
    /// How to ask it.
    pub protocol: ProbeProtocol,
    /// Whether to ask it.
    pub enabled: bool,
    /// Interval; 0 is the default.
    pub poll_interval_seconds: i64,
    /// Time to wait; 0 is the default.
    pub timeout_millis: i64,
    /// Port.
    #[serde(skip_serializing_if = "absent")]
    pub port: i64,
    /// Path of the request.
    #[serde(skip_serializing_if = "absent")]
    pub path: String,
    /// `response_required` or `open_or_filtered`.
    #[serde(skip_serializing_if = "absent")]
    pub udp_mode: String,
    /// What to send.
    #[serde(skip_serializing_if = "absent")]
    pub udp_request: String,
    /// What must come back.
    #[serde(skip_serializing_if = "absent")]
    pub udp_expected_response: String,
    /// Whether its certificate is left alone.
    #[serde(skip_serializing_if = "absent")]
    pub certificate_monitoring_disabled: bool,
    /// Days before expiry to warn; 0 is the default.
    #[serde(skip_serializing_if = "absent")]
    pub certificate_expiry_warning_days: i64,
}
