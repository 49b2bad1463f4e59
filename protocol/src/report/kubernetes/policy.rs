//! Quotas, limits, disruption budgets and autoscalers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One resource quota.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceQuota {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Limits, as quantities.
    #[serde(skip_serializing_if = "absent")]
    pub hard: BTreeMap<String, String>,
    /// What is used, as quantities.
    #[serde(skip_serializing_if = "absent")]
    pub used: BTreeMap<String, String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One limit range.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LimitRange {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// What it limits.
    #[serde(skip_serializing_if = "absent")]
    pub limit_types: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One disruption budget.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PodDisruptionBudget {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Pods that must stay, number or percent.
    #[serde(skip_serializing_if = "absent")]
    pub min_available: String,
    /// Pods that may go, number or percent.
    #[serde(skip_serializing_if = "absent")]
    pub max_unavailable: String,
    /// Pods that should be healthy.
    #[serde(skip_serializing_if = "absent")]
    pub desired_healthy: i64,
    /// Pods that are healthy.
    #[serde(skip_serializing_if = "absent")]
    pub current_healthy: i64,
    /// Pods that may go now.
    #[serde(skip_serializing_if = "absent")]
    pub disruptions_allowed: i64,
    /// Pods it covers.
    #[serde(skip_serializing_if = "absent")]
    pub expected_pods: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One autoscaler.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HorizontalPodAutoscaler {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Kind of what it scales.
    #[serde(skip_serializing_if = "absent")]
    pub target_kind: String,
    /// Name of what it scales.
    #[serde(skip_serializing_if = "absent")]
    pub target_name: String,
    /// Replicas at least.
    #[serde(skip_serializing_if = "absent")]
    pub min_replicas: i64,
    /// Replicas at most.
    #[serde(skip_serializing_if = "absent")]
    pub max_replicas: i64,
    /// Replicas now.
    #[serde(skip_serializing_if = "absent")]
    pub current_replicas: i64,
    /// Replicas wanted.
    #[serde(skip_serializing_if = "absent")]
    pub desired_replicas: i64,
    /// What it goes by.
    #[serde(skip_serializing_if = "absent")]
    pub metric_types: Vec<String>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
