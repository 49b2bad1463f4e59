//! The cluster, its agent and its namespaces.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// The reporting agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterAgent {
    /// Agent id.
    pub id: String,
    /// Version of the agent.
    pub version: String,
    /// Kind of agent.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Reporting interval.
    pub interval_seconds: u64,
}

/// The cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Cluster {
    /// Cluster id the agent derived.
    pub id: String,
    /// Name.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// Address of its API.
    #[serde(skip_serializing_if = "absent")]
    pub server: String,
    /// Context the agent uses.
    #[serde(skip_serializing_if = "absent")]
    pub context: String,
    /// Kubernetes version.
    #[serde(skip_serializing_if = "absent")]
    pub version: String,
    /// Who runs it.
    #[serde(skip_serializing_if = "absent")]
    pub provider: String,
    /// Namespace the agent is limited to.
    #[serde(skip_serializing_if = "absent")]
    pub namespace: String,
}

/// One namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Namespace {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// `Active` or `Terminating`.
    #[serde(skip_serializing_if = "absent")]
    pub phase: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
