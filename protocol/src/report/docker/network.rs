//! Networks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Network {
    /// Network id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Driver.
    #[serde(skip_serializing_if = "absent")]
    pub driver: String,
    /// `local`, `swarm` or `global`.
    #[serde(skip_serializing_if = "absent")]
    pub scope: String,
    /// When it was created.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// Whether it has IPv4.
    #[serde(skip_serializing_if = "absent")]
    pub enable_ipv4: bool,
    /// Whether it has IPv6.
    #[serde(skip_serializing_if = "absent")]
    pub enable_ipv6: bool,
    /// Whether it has no way out.
    #[serde(skip_serializing_if = "absent")]
    pub internal: bool,
    /// Whether containers may attach by themselves.
    #[serde(skip_serializing_if = "absent")]
    pub attachable: bool,
    /// Whether it is the swarm's routing network.
    #[serde(skip_serializing_if = "absent")]
    pub ingress: bool,
    /// Whether it only holds settings for others.
    #[serde(skip_serializing_if = "absent")]
    pub config_only: bool,
    /// Address ranges.
    #[serde(skip_serializing_if = "absent")]
    pub subnets: Vec<Subnet>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Driver options.
    #[serde(skip_serializing_if = "absent")]
    pub options: BTreeMap<String, String>,
}

/// One address range of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Subnet {
    /// The range.
    #[serde(skip_serializing_if = "absent")]
    pub subnet: String,
    /// Its gateway.
    #[serde(skip_serializing_if = "absent")]
    pub gateway: String,
}
