//! Bounds a cluster keeps: quotas, ranges, disruption budgets, autoscalers.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::{KubePolicy, KubeWorkload};
use pulse_model::{Kind, Sighting};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, count, text};

/// Returns what the report says of all of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let quotas = report.resource_quotas.iter().map(|w| quota(cluster, w));
    let ranges = report.limit_ranges.iter().map(|w| range(cluster, w));
    let budgets = report.pod_disruption_budgets.iter();
    let budgets = budgets.map(|w| budget(cluster, w));
    let scalers = report.horizontal_pod_autoscalers.iter();
    let scalers = scalers.map(|w| autoscaler(cluster, w));
    quotas.chain(ranges).chain(budgets).chain(scalers)
}

fn facet(policy: KubePolicy) -> Kubernetes {
    Kubernetes {
        policy: Some(Box::new(policy)),
        ..Kubernetes::default()
    }
}

fn quota(cluster: &Cluster<'_>, wire: &wire::ResourceQuota) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubePolicy {
        hard: cluster.room.labels(&wire.hard),
        used: cluster.room.labels(&wire.used),
        ..KubePolicy::default()
    });
    cluster.holds(Kind::K8sResourceQuota, "ResourceQuota", &meta, facet)
}

fn range(cluster: &Cluster<'_>, wire: &wire::LimitRange) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubePolicy {
        limit_types: cluster.room.texts(&wire.limit_types),
        ..KubePolicy::default()
    });
    cluster.holds(Kind::K8sLimitRange, "LimitRange", &meta, facet)
}

fn budget(cluster: &Cluster<'_>, wire: &wire::PodDisruptionBudget) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubePolicy {
        min_available: text(&wire.min_available),
        max_unavailable: text(&wire.max_unavailable),
        desired_healthy: count(wire.desired_healthy),
        current_healthy: count(wire.current_healthy),
        disruptions_allowed: count(wire.disruptions_allowed),
        expected_pods: count(wire.expected_pods),
        ..KubePolicy::default()
    });
    let (kind, word) = (Kind::K8sPodDisruptionBudget, "PodDisruptionBudget");
    cluster.holds(kind, word, &meta, facet)
}

fn autoscaler(cluster: &Cluster<'_>, wire: &wire::HorizontalPodAutoscaler) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = Kubernetes {
        workload: Some(Box::new(KubeWorkload {
            current_replicas: count(wire.current_replicas),
            desired_replicas: count(wire.desired_replicas),
            ..KubeWorkload::default()
        })),
        ..facet(KubePolicy {
            min_replicas: count(wire.min_replicas),
            max_replicas: count(wire.max_replicas),
            target_kind: text(&wire.target_kind),
            target_name: text(&wire.target_name),
            metric_types: cluster.room.texts(&wire.metric_types),
            ..KubePolicy::default()
        })
    };
    let (kind, word) = (Kind::K8sHorizontalPodAutoscaler, "HorizontalPodAutoscaler");
    cluster.holds(kind, word, &meta, facet)
}
