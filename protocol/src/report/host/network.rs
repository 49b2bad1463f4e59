//! Network interfaces.

use serde::{Deserialize, Serialize};

use crate::presence::absent;

/// One network interface with cumulative counters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkInterface {
    /// Interface name.
    pub name: String,
    /// Hardware address.
    #[serde(skip_serializing_if = "absent")]
    pub mac: String,
    /// Addresses, plain or with prefix length.
    #[serde(skip_serializing_if = "absent")]
    pub addresses: Vec<String>,
    /// Bytes received.
    #[serde(skip_serializing_if = "absent")]
    pub rx_bytes: Option<u64>,
    /// Bytes sent.
    #[serde(skip_serializing_if = "absent")]
    pub tx_bytes: Option<u64>,
    /// Link speed.
    #[serde(skip_serializing_if = "absent")]
    pub speed_mbps: Option<u64>,
}
