//! Config maps and secrets: that they exist, never what they hold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One config map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMap {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Names of its texts.
    #[serde(skip_serializing_if = "absent")]
    pub data_keys: Vec<String>,
    /// Names of its binary values.
    #[serde(skip_serializing_if = "absent")]
    pub binary_data_keys: Vec<String>,
    /// Whether it cannot be changed.
    #[serde(skip_serializing_if = "absent")]
    pub immutable: bool,
    /// Whether the agent read no names.
    #[serde(skip_serializing_if = "absent")]
    pub metadata_only: bool,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterSecret {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Type.
    #[serde(rename = "type", skip_serializing_if = "absent")]
    pub kind: String,
    /// Names of its values.
    #[serde(skip_serializing_if = "absent")]
    pub data_keys: Vec<String>,
    /// Whether it cannot be changed.
    #[serde(skip_serializing_if = "absent")]
    pub immutable: bool,
    /// Whether the agent read no names.
    #[serde(skip_serializing_if = "absent")]
    pub metadata_only: bool,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
