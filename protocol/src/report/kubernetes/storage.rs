//! Persistent storage.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One persistent volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolume {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Phase.
    #[serde(skip_serializing_if = "absent")]
    pub phase: String,
    /// Storage class.
    #[serde(skip_serializing_if = "absent")]
    pub storage_class: String,
    /// Size.
    #[serde(skip_serializing_if = "absent")]
    pub capacity_bytes: Option<u64>,
    /// Access modes.
    #[serde(skip_serializing_if = "absent")]
    pub access_modes: Vec<String>,
    /// What happens when it is released.
    #[serde(skip_serializing_if = "absent")]
    pub reclaim_policy: String,
    /// Namespace of its claim.
    #[serde(skip_serializing_if = "absent")]
    pub claim_namespace: String,
    /// Name of its claim.
    #[serde(skip_serializing_if = "absent")]
    pub claim_name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One claim of a persistent volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaim {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Phase.
    #[serde(skip_serializing_if = "absent")]
    pub phase: String,
    /// Storage class.
    #[serde(skip_serializing_if = "absent")]
    pub storage_class: String,
    /// Size wanted.
    #[serde(skip_serializing_if = "absent")]
    pub requested_bytes: Option<u64>,
    /// Size it has.
    #[serde(skip_serializing_if = "absent")]
    pub capacity_bytes: Option<u64>,
    /// Access modes.
    #[serde(skip_serializing_if = "absent")]
    pub access_modes: Vec<String>,
    /// Volume it is bound to.
    #[serde(skip_serializing_if = "absent")]
    pub volume_name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One storage class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StorageClass {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Who makes its volumes.
    #[serde(skip_serializing_if = "absent")]
    pub provisioner: String,
    /// What happens when they are released.
    #[serde(skip_serializing_if = "absent")]
    pub reclaim_policy: String,
    /// When they are bound.
    #[serde(skip_serializing_if = "absent")]
    pub volume_binding_mode: String,
    /// Whether they may grow; absent is not said.
    #[serde(skip_serializing_if = "absent")]
    pub allow_volume_expansion: Option<bool>,
    /// Names of its parameters.
    #[serde(skip_serializing_if = "absent")]
    pub parameter_keys: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
