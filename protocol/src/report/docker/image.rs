//! Images.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Image {
    /// Image id.
    pub id: String,
    /// Tags.
    #[serde(skip_serializing_if = "absent")]
    pub repo_tags: Vec<String>,
    /// Digests.
    #[serde(skip_serializing_if = "absent")]
    pub repo_digests: Vec<String>,
    /// Size.
    #[serde(skip_serializing_if = "absent")]
    pub size_bytes: Option<u64>,
    /// Size shared with other images; -1 is not computed.
    #[serde(skip_serializing_if = "absent")]
    pub shared_size_bytes: Option<i64>,
    /// Containers that use it; -1 is not computed.
    #[serde(skip_serializing_if = "absent")]
    pub containers: Option<i64>,
    /// When it was built.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub created_at: Option<Timestamp>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
