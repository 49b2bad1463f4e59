//! Who may do what in the cluster.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One service account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Whether pods get its token; absent is not said.
    #[serde(skip_serializing_if = "absent")]
    pub automount_service_account_token: Option<bool>,
    /// Secrets it refers to.
    #[serde(skip_serializing_if = "absent")]
    pub secret_count: i64,
    /// Secrets for pulling images.
    #[serde(skip_serializing_if = "absent")]
    pub image_pull_secrets: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One role of a namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Role {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Rules.
    #[serde(skip_serializing_if = "absent")]
    pub rule_count: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One role of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterRole {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Rules.
    #[serde(skip_serializing_if = "absent")]
    pub rule_count: i64,
    /// Labels of the roles it collects.
    #[serde(skip_serializing_if = "absent")]
    pub aggregation_labels: BTreeMap<String, String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One role binding of a namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RoleBinding {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Kind of the role.
    pub role_kind: String,
    /// Name of the role.
    pub role_name: String,
    /// Whom it is given to.
    #[serde(skip_serializing_if = "absent")]
    pub subject_count: i64,
    /// Their kinds.
    #[serde(skip_serializing_if = "absent")]
    pub subject_kinds: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One role binding of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterRoleBinding {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Kind of the role.
    pub role_kind: String,
    /// Name of the role.
    pub role_name: String,
    /// Whom it is given to.
    #[serde(skip_serializing_if = "absent")]
    pub subject_count: i64,
    /// Their kinds.
    #[serde(skip_serializing_if = "absent")]
    pub subject_kinds: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
