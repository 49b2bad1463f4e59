//! The answer to a Kubernetes report.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::reader::{self, Rules};
use crate::time;

/// The 200 answer to a Kubernetes report. Original agents ignore it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct KubernetesReportAnswer {
    /// True.
    pub success: bool,
    /// Id under which the server knows this cluster.
    pub cluster_id: String,
    /// Nodes it counted.
    pub nodes: u64,
    /// Pods it counted.
    pub pods: u64,
    /// Deployments it counted.
    pub deployments: u64,
    /// When the server last heard from it.
    #[serde(with = "time::required")]
    pub last_seen: Option<Timestamp>,
}

impl KubernetesReportAnswer {
    /// Reads the server's answer.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reader::read(json, Rules::Message)?.0)
    }
}
