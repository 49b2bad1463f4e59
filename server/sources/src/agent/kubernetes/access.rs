//! Who may do what in a cluster.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeAccess;
use pulse_model::{Kind, Sighting};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, count, text};

/// Returns what the report says of all of it.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let roles = report.roles.iter().map(|w| role(cluster, w));
    let of_cluster = report
        .cluster_roles
        .iter()
        .map(|w| cluster_role(cluster, w));
    let bindings = report.role_bindings.iter().map(|w| binding(cluster, w));
    let whole = report.cluster_role_bindings.iter();
    let whole = whole.map(|w| cluster_binding(cluster, w));
    roles.chain(of_cluster).chain(bindings).chain(whole)
}

fn facet(access: KubeAccess) -> Kubernetes {
    Kubernetes {
        access: Some(Box::new(access)),
        ..Kubernetes::default()
    }
}

fn role(cluster: &Cluster<'_>, wire: &wire::Role) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeAccess {
        rule_count: count(wire.rule_count),
        ..KubeAccess::default()
    });
    cluster.holds(Kind::K8sRole, "Role", &meta, facet)
}

fn cluster_role(cluster: &Cluster<'_>, wire: &wire::ClusterRole) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).made(wire.created_at);
    let facet = facet(KubeAccess {
        rule_count: count(wire.rule_count),
        aggregation_labels: cluster.room.labels(&wire.aggregation_labels),
        ..KubeAccess::default()
    });
    cluster.holds(Kind::K8sClusterRole, "ClusterRole", &meta, facet)
}

fn binding(cluster: &Cluster<'_>, wire: &wire::RoleBinding) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeAccess {
        role_kind: text(&wire.role_kind),
        role_name: text(&wire.role_name),
        subject_count: count(wire.subject_count),
        subject_kinds: cluster.room.texts(&wire.subject_kinds),
        ..KubeAccess::default()
    });
    cluster.holds(Kind::K8sRoleBinding, "RoleBinding", &meta, facet)
}

fn cluster_binding(cluster: &Cluster<'_>, wire: &wire::ClusterRoleBinding) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).made(wire.created_at);
    let facet = facet(KubeAccess {
        role_kind: text(&wire.role_kind),
        role_name: text(&wire.role_name),
        subject_count: count(wire.subject_count),
        subject_kinds: cluster.room.texts(&wire.subject_kinds),
        ..KubeAccess::default()
    });
    let (kind, word) = (Kind::K8sClusterRoleBinding, "ClusterRoleBinding");
    cluster.holds(kind, word, &meta, facet)
}
