//! What bounds and scales workloads: quotas, limit ranges, disruption budgets, autoscalers.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, NumberOrText, objects, written};
use crate::text;

/// A resource quota.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ResourceQuota {
    pub(crate) metadata: Meta,
    status: QuotaStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QuotaStatus {
    hard: Option<BTreeMap<String, String>>,
    used: Option<BTreeMap<String, String>>,
}

/// A limit range.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LimitRange {
    pub(crate) metadata: Meta,
    spec: LimitSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LimitSpec {
    limits: Option<Vec<Typed>>,
}

/// Anything of which only its type is reported.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// A disruption budget.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PodDisruptionBudget {
    pub(crate) metadata: Meta,
    spec: BudgetSpec,
    status: BudgetStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BudgetSpec {
    min_available: Option<NumberOrText>,
    max_unavailable: Option<NumberOrText>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BudgetStatus {
    desired_healthy: Option<i64>,
    current_healthy: Option<i64>,
    disruptions_allowed: Option<i64>,
    expected_pods: Option<i64>,
}

/// An autoscaler.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HorizontalPodAutoscaler {
    pub(crate) metadata: Meta,
    spec: ScalerSpec,
    status: ScalerStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ScalerSpec {
    scale_target_ref: Target,
    min_replicas: Option<i64>,
    max_replicas: Option<i64>,
    metrics: Option<Vec<Typed>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Target {
    kind: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ScalerStatus {
    current_replicas: Option<i64>,
    desired_replicas: Option<i64>,
}

objects!(
    ResourceQuota,
    LimitRange,
    PodDisruptionBudget,
    HorizontalPodAutoscaler
);

/// Returns each type once.
fn types(of: Option<&[Typed]>) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for one in of.unwrap_or_default() {
        let kind = text::name(one.kind.as_deref());
        if !kind.is_empty() && !types.contains(&kind) && types.len() < limits::LIST {
            types.push(kind);
        }
    }
    types
}

/// Returns what is reported of a resource quota.
pub(crate) fn resource_quota(of: ResourceQuota) -> report::ResourceQuota {
    let meta = &of.metadata;
    report::ResourceQuota {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        hard: text::labels(of.status.hard.as_ref()),
        used: text::labels(of.status.used.as_ref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a limit range.
pub(crate) fn limit_range(of: LimitRange) -> report::LimitRange {
    let meta = &of.metadata;
    report::LimitRange {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        limit_types: types(of.spec.limits.as_deref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a disruption budget.
pub(crate) fn disruption_budget(of: PodDisruptionBudget) -> report::PodDisruptionBudget {
    let (meta, status) = (&of.metadata, &of.status);
    report::PodDisruptionBudget {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        min_available: written(of.spec.min_available.as_ref()),
        max_unavailable: written(of.spec.max_unavailable.as_ref()),
        desired_healthy: status.desired_healthy.unwrap_or(0),
        current_healthy: status.current_healthy.unwrap_or(0),
        disruptions_allowed: status.disruptions_allowed.unwrap_or(0),
        expected_pods: status.expected_pods.unwrap_or(0),
        labels: meta.labels(),
    }
}

/// Returns what is reported of an autoscaler.
pub(crate) fn autoscaler(of: HorizontalPodAutoscaler) -> report::HorizontalPodAutoscaler {
    let (meta, spec, status) = (&of.metadata, &of.spec, &of.status);
    report::HorizontalPodAutoscaler {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        target_kind: text::name(spec.scale_target_ref.kind.as_deref()),
        target_name: text::name(spec.scale_target_ref.name.as_deref()),
        // Without a word it is one.
        min_replicas: spec.min_replicas.unwrap_or(1),
        max_replicas: spec.max_replicas.unwrap_or(0),
        current_replicas: status.current_replicas.unwrap_or(0),
        desired_replicas: status.desired_replicas.unwrap_or(0),
        metric_types: types(spec.metrics.as_deref()),
        labels: meta.labels(),
    }
}
