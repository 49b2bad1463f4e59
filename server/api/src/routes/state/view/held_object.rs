//! What else engines and clusters hold (`dockerHosts[].images`, `kubernetesClusters[].services` …):
//! one element for all of it, with the members its kind has.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::facet::docker::{Docker, DockerObject};
use pulse_model::facet::kubernetes::{
    KubeAccess, KubeConfiguration, KubeEvent, KubeNetwork, KubePolicy, KubeStorage, KubeWorkload,
};
use pulse_model::facet::{Kubernetes, Labels};
use pulse_model::{Kind, Resource};

use super::shape::or_blank;

/// The lists of an engine's host, each with its kind.
pub(super) const OF_ENGINES: [(Kind, &str); 7] = [
    (Kind::DockerImage, "images"),
    (Kind::DockerVolume, "volumes"),
    (Kind::DockerNetwork, "networks"),
    (Kind::DockerTask, "tasks"),
    (Kind::DockerSwarmNode, "nodes"),
    (Kind::DockerSecret, "secrets"),
    (Kind::DockerConfig, "configs"),
];

/// The lists of a cluster, each with its kind.
pub(super) const OF_CLUSTERS: [(Kind, &str); 25] = [
    (Kind::K8sNamespace, "namespaces"),
    (Kind::K8sReplicaSet, "replicaSets"),
    (Kind::K8sStatefulSet, "statefulSets"),
    (Kind::K8sDaemonSet, "daemonSets"),
    (Kind::K8sService, "services"),
    (Kind::K8sJob, "jobs"),
    (Kind::K8sCronJob, "cronJobs"),
    (Kind::K8sIngress, "ingresses"),
    (Kind::K8sEndpointSlice, "endpointSlices"),
    (Kind::K8sNetworkPolicy, "networkPolicies"),
    (Kind::K8sPersistentVolume, "persistentVolumes"),
    (Kind::K8sPersistentVolumeClaim, "persistentVolumeClaims"),
    (Kind::K8sStorageClass, "storageClasses"),
    (Kind::K8sConfigMap, "configMaps"),
    (Kind::K8sSecret, "secrets"),
    (Kind::K8sServiceAccount, "serviceAccounts"),
    (Kind::K8sRole, "roles"),
    (Kind::K8sClusterRole, "clusterRoles"),
    (Kind::K8sRoleBinding, "roleBindings"),
    (Kind::K8sClusterRoleBinding, "clusterRoleBindings"),
    (Kind::K8sResourceQuota, "resourceQuotas"),
    (Kind::K8sLimitRange, "limitRanges"),
    (Kind::K8sPodDisruptionBudget, "podDisruptionBudgets"),
    (Kind::K8sHorizontalPodAutoscaler, "horizontalPodAutoscalers"),
    (Kind::K8sEvent, "events"),
];

/// Something an engine keeps.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EngineObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a Labels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    containers: Option<i64>,
    #[serde(flatten)]
    object: DockerObject,
}

/// Returns the element of something an engine keeps.
pub(super) fn of_engine<'a>(
    resource: &'a Resource,
    docker: &'a Docker,
    object: &'a DockerObject,
) -> EngineObject<'a> {
    let own = [
        &docker.image_id,
        &object.network_id,
        &object.task_id,
        &object.node_id,
        &object.secret_id,
        &object.config_id,
    ];
    let own = own.into_iter().find_map(|id| id.as_deref());
    let is_node = resource.kind == Kind::DockerSwarmNode;
    let is_volume = resource.kind == Kind::DockerVolume;
    let has_name = !matches!(
        resource.kind,
        Kind::DockerImage | Kind::DockerTask | Kind::DockerSwarmNode
    );
    EngineObject {
        id: (!is_volume).then(|| own.unwrap_or(resource.id.as_str())),
        name: has_name.then_some(&resource.name),
        labels: (!docker.labels.is_empty()).then_some(&docker.labels),
        created_at: docker.object_created_at,
        updated_at: docker.object_updated_at,
        service_id: docker.service_id.as_deref(),
        service_name: docker.service_name.as_deref(),
        hostname: docker.hostname.as_deref().filter(|_| is_node),
        role: object.node_role.as_deref(),
        state: object.node_state.as_deref(),
        containers: object.image_containers,
        object: DockerObject {
            // What stands above already, under the name it has here.
            network_id: None,
            volume_name: None,
            task_id: None,
            secret_id: None,
            secret_name: None,
            config_id: None,
            config_name: None,
            image_containers: None,
            node_role: None,
            node_state: None,
            node_id: object.node_id.clone().filter(|_| !is_node),
            ..object.clone()
        },
    }
}

/// An object of a cluster.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterObject<'a> {
    uid: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a Labels>,
    #[serde(flatten)]
    #[schema(value_type = KubeWorkload)]
    workload: Option<&'a KubeWorkload>,
    #[serde(flatten)]
    #[schema(value_type = KubeNetwork)]
    network: Option<&'a KubeNetwork>,
    #[serde(flatten)]
    #[schema(value_type = KubeStorage)]
    storage: Option<&'a KubeStorage>,
    #[serde(flatten)]
    #[schema(value_type = KubeConfiguration)]
    configuration: Option<&'a KubeConfiguration>,
    #[serde(flatten)]
    #[schema(value_type = KubeAccess)]
    access: Option<&'a KubeAccess>,
    #[serde(flatten)]
    #[schema(value_type = KubePolicy)]
    policy: Option<&'a KubePolicy>,
    #[serde(flatten)]
    #[schema(value_type = KubeEvent)]
    event: Option<&'a KubeEvent>,
}

/// Returns the element of an object of a cluster.
pub(super) fn of_cluster<'a>(resource: &'a Resource, facet: &'a Kubernetes) -> ClusterObject<'a> {
    ClusterObject {
        uid: or_blank(&facet.resource_uid),
        name: &resource.name,
        namespace: facet.namespace.as_deref(),
        created_at: facet.created_at,
        labels: (!facet.labels.is_empty()).then_some(&facet.labels),
        workload: facet.workload.as_deref(),
        network: facet.network.as_deref(),
        storage: facet.storage.as_deref(),
        configuration: facet.configuration.as_deref(),
        access: facet.access.as_deref(),
        policy: facet.policy.as_deref(),
        event: facet.event.as_deref(),
    }
}
