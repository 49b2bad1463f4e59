//! Volumes and the space the engine uses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::presence::absent;

/// One volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Volume {
    /// Name.
    pub name: String,
    /// Driver.
    #[serde(skip_serializing_if = "absent")]
    pub driver: String,
    /// Path on the machine.
    #[serde(skip_serializing_if = "absent")]
    pub mountpoint: String,
    /// `local` or `global`.
    #[serde(skip_serializing_if = "absent")]
    pub scope: String,
    /// When it was created, as the engine words it.
    #[serde(skip_serializing_if = "absent")]
    pub created_at: String,
    /// Size; -1 is not computed.
    #[serde(skip_serializing_if = "absent")]
    pub size_bytes: Option<i64>,
    /// Containers that use it; -1 is not computed.
    #[serde(skip_serializing_if = "absent")]
    pub ref_count: Option<i64>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
    /// Driver options.
    #[serde(skip_serializing_if = "absent")]
    pub options: BTreeMap<String, String>,
}

/// Space the engine uses, by sort.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StorageUsage {
    /// Images.
    #[serde(skip_serializing_if = "absent")]
    pub images: Option<StorageShare>,
    /// Writable layers.
    #[serde(skip_serializing_if = "absent")]
    pub containers: Option<StorageShare>,
    /// Volumes.
    #[serde(skip_serializing_if = "absent")]
    pub volumes: Option<StorageShare>,
    /// Build cache.
    #[serde(skip_serializing_if = "absent")]
    pub build_cache: Option<StorageShare>,
}

/// Space one sort uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StorageShare {
    /// How many there are.
    #[serde(skip_serializing_if = "absent")]
    pub total_count: Option<u64>,
    /// How many are in use.
    #[serde(skip_serializing_if = "absent")]
    pub active_count: Option<u64>,
    /// Their size.
    #[serde(skip_serializing_if = "absent")]
    pub total_size_bytes: Option<u64>,
    /// What could be freed.
    #[serde(skip_serializing_if = "absent")]
    pub reclaimable_bytes: Option<u64>,
}
