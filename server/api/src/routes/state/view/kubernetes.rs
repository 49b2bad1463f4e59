//! `kubernetesClusters`: clusters; their nodes, pods and deployments are put in from their own bytes.

use jiff::Timestamp;

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeCluster;
use pulse_model::{Resource, Seconds};

use super::held_object::ClusterObject;
use super::kubernetes_object::{Deployment, KubernetesNode, Pod};
use super::shape::{element, whole};

element! {
    /// A cluster, without what is in it.
    KubernetesCluster<'a> {
        told {
            id: &'a str,
            agent_id: &'a str,
            name: &'a str,
            display_name: &'a str,
            status: &'static str,
            last_seen: Timestamp,
            hidden: bool,
            pending_uninstall: bool,
        }
        maybe {
            custom_display_name: &'a str,
            server: &'a str,
            context: &'a str,
            version: &'a str,
            interval_seconds: Seconds,
            agent_version: &'a str,
            token_id: &'a str,
        }
    }
}

whole! {
    /// The same with what is in it.
    KubernetesClusterWhole<'a> = KubernetesCluster with {
        /// Its nodes.
        nodes: KubernetesNode,
        /// Its pods.
        pods: Pod,
        /// Its deployments.
        deployments: Deployment,
        namespaces: ClusterObject,
        replica_sets: ClusterObject,
        stateful_sets: ClusterObject,
        daemon_sets: ClusterObject,
        services: ClusterObject,
        jobs: ClusterObject,
        cron_jobs: ClusterObject,
        ingresses: ClusterObject,
        endpoint_slices: ClusterObject,
        network_policies: ClusterObject,
        persistent_volumes: ClusterObject,
        persistent_volume_claims: ClusterObject,
        storage_classes: ClusterObject,
        config_maps: ClusterObject,
        secrets: ClusterObject,
        service_accounts: ClusterObject,
        roles: ClusterObject,
        cluster_roles: ClusterObject,
        role_bindings: ClusterObject,
        cluster_role_bindings: ClusterObject,
        resource_quotas: ClusterObject,
        limit_ranges: ClusterObject,
        pod_disruption_budgets: ClusterObject,
        horizontal_pod_autoscalers: ClusterObject,
        events: ClusterObject,
    }
}

/// Returns the element of a cluster.
pub(super) fn cluster<'a>(
    resource: &'a Resource,
    facet: &'a Kubernetes,
    cluster: &'a KubeCluster,
) -> KubernetesCluster<'a> {
    let custom = cluster.custom_display_name.as_deref();
    KubernetesCluster {
        id: resource.id.as_str(),
        agent_id: facet.agent_id.as_deref().unwrap_or_default(),
        name: facet.cluster_name.as_deref().unwrap_or(&resource.name),
        display_name: custom.unwrap_or(&resource.name),
        status: resource.status.word(),
        last_seen: resource.last_seen,
        hidden: cluster.hidden,
        pending_uninstall: cluster.pending_uninstall,
        custom_display_name: custom,
        server: cluster.server.as_deref(),
        context: cluster.context.as_deref(),
        version: cluster.version.as_deref(),
        interval_seconds: cluster.interval_seconds,
        agent_version: cluster.agent_version.as_deref(),
        token_id: cluster.token_id.as_deref(),
    }
}
