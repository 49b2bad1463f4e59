//! Every kind of object that is listed, where, and how often.

use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use pulse_protocol::report::kubernetes as report;
use pulse_protocol::report::kubernetes::{Gap, KubernetesReport};

use crate::kept::{Kept, Round};
use crate::kind::{access, configuration, namespace, network, policy, recovery, storage, workload};
use crate::list::Resource;

/// Lists that are read at a time: each holds a page.
const LANES: usize = 3;

/// What changes by itself is read for every report.
const ALWAYS: Duration = Duration::ZERO;

/// What people change is read now and then: a large cluster's API has better things to do.
const NOW_AND_THEN: Duration = Duration::from_secs(5 * 60);

const CORE: &str = "/api/v1";
const APPS: &str = "/apis/apps/v1";
const BATCH: &str = "/apis/batch/v1";
const NETWORKING: &str = "/apis/networking.k8s.io/v1";
const DISCOVERY: &str = "/apis/discovery.k8s.io/v1";
const STORAGE: &str = "/apis/storage.k8s.io/v1";
const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";
const POLICY: &str = "/apis/policy/v1";
const AUTOSCALING: &str = "/apis/autoscaling/v2";

/// Deployments are read apart: without them there is no report.
pub(crate) const DEPLOYMENTS: Resource = Resource::new("deployments", APPS, "deployments", true);

/// Nodes are read apart for the same reason.
pub(crate) const NODES: Resource = Resource::new("nodes", CORE, "nodes", false);

const SNAPSHOTS: Resource = Resource::new(
    "recovery.volumeSnapshots",
    "/apis/snapshot.storage.k8s.io/v1",
    "volumesnapshots",
    true,
);

const BACKUPS: Resource = Resource::new(
    "recovery.veleroBackups",
    "/apis/velero.io/v1",
    "backups",
    true,
);

/// Makes the lists from a table: member of the report, what is reported, how often, where the
/// objects are, what is kept of one.
macro_rules! lists {
    ($($field:ident: $reported:ident, $every:ident, $resource:expr, $keep:path;)+) => {
        /// The lists.
        #[derive(Default)]
        pub(crate) struct Lists {
            $($field: Kept<report::$reported>,)+
            snapshots: Kept<report::VolumeSnapshot>,
            backups: Kept<report::VeleroBackup>,
        }

        impl Lists {
            /// Reads the lists that are due.
            pub(crate) async fn refresh(&mut self, round: &Round<'_>) {
                let mut readings: Vec<BoxFuture<'_, ()>> = Vec::new();
                $(readings.push(Box::pin(async {
                    const RESOURCE: Resource = $resource;
                    let keep = |object| Some($keep(object));
                    self.$field.refresh(round, &RESOURCE, $every, keep).await;
                }));)+
                readings.push(Box::pin(async {
                    let keep = |object| Some(recovery::volume_snapshot(object));
                    self.snapshots.refresh(round, &SNAPSHOTS, NOW_AND_THEN, keep).await;
                }));
                readings.push(Box::pin(async {
                    let keep = |object| Some(recovery::velero_backup(object));
                    self.backups.refresh(round, &BACKUPS, NOW_AND_THEN, keep).await;
                }));
                stream::iter(readings).for_each_concurrent(LANES, |reading| reading).await;
            }

            /// Puts what is kept into a report.
            pub(crate) fn fill(&self, report: &mut KubernetesReport) {
                $(report.$field.clone_from(&self.$field.value);)+
                self.fill_recovery(report);
            }

            /// Returns what is missing.
            pub(crate) fn gaps(&self) -> impl Iterator<Item = &Gap> {
                let all = [$(&self.$field.gaps,)+ &self.snapshots.gaps, &self.backups.gaps];
                all.into_iter().flatten()
            }
        }
    };
}

lists! {
    namespaces: Namespace, NOW_AND_THEN,
        Resource::new("namespaces", CORE, "namespaces", false), namespace::namespace;
    replica_sets: ReplicaSet, NOW_AND_THEN,
        Resource::new("replicaSets", APPS, "replicasets", true), workload::replica_set;
    stateful_sets: StatefulSet, ALWAYS,
        Resource::new("statefulSets", APPS, "statefulsets", true), workload::stateful_set;
    daemon_sets: DaemonSet, ALWAYS,
        Resource::new("daemonSets", APPS, "daemonsets", true), workload::daemon_set;
    services: Service, NOW_AND_THEN,
        Resource::new("services", CORE, "services", true), network::service;
    jobs: Job, ALWAYS,
        Resource::new("jobs", BATCH, "jobs", true), workload::job;
    cron_jobs: CronJob, NOW_AND_THEN,
        Resource::new("cronJobs", BATCH, "cronjobs", true), workload::cron_job;
    ingresses: Ingress, NOW_AND_THEN,
        Resource::new("ingresses", NETWORKING, "ingresses", true), network::ingress;
    endpoint_slices: EndpointSlice, NOW_AND_THEN,
        Resource::new("endpointSlices", DISCOVERY, "endpointslices", true),
        network::endpoint_slice;
    network_policies: NetworkPolicy, NOW_AND_THEN,
        Resource::new("networkPolicies", NETWORKING, "networkpolicies", true),
        network::network_policy;
    persistent_volumes: PersistentVolume, NOW_AND_THEN,
        Resource::new("persistentVolumes", CORE, "persistentvolumes", false),
        storage::persistent_volume;
    persistent_volume_claims: PersistentVolumeClaim, NOW_AND_THEN,
        Resource::new("persistentVolumeClaims", CORE, "persistentvolumeclaims", true),
        storage::persistent_volume_claim;
    storage_classes: StorageClass, NOW_AND_THEN,
        Resource::new("storageClasses", STORAGE, "storageclasses", false), storage::storage_class;
    config_maps: ConfigMap, NOW_AND_THEN,
        Resource::new("configMaps", CORE, "configmaps", true).without_content(),
        configuration::config_map;
    secrets: ClusterSecret, NOW_AND_THEN,
        Resource::new("secrets", CORE, "secrets", true).without_content(), configuration::secret;
    service_accounts: ServiceAccount, NOW_AND_THEN,
        Resource::new("serviceAccounts", CORE, "serviceaccounts", true), access::service_account;
    roles: Role, NOW_AND_THEN,
        Resource::new("roles", RBAC, "roles", true), access::role;
    cluster_roles: ClusterRole, NOW_AND_THEN,
        Resource::new("clusterRoles", RBAC, "clusterroles", false), access::cluster_role;
    role_bindings: RoleBinding, NOW_AND_THEN,
        Resource::new("roleBindings", RBAC, "rolebindings", true), access::role_binding;
    cluster_role_bindings: ClusterRoleBinding, NOW_AND_THEN,
        Resource::new("clusterRoleBindings", RBAC, "clusterrolebindings", false),
        access::cluster_role_binding;
    resource_quotas: ResourceQuota, NOW_AND_THEN,
        Resource::new("resourceQuotas", CORE, "resourcequotas", true), policy::resource_quota;
    limit_ranges: LimitRange, NOW_AND_THEN,
        Resource::new("limitRanges", CORE, "limitranges", true), policy::limit_range;
    pod_disruption_budgets: PodDisruptionBudget, NOW_AND_THEN,
        Resource::new("podDisruptionBudgets", POLICY, "poddisruptionbudgets", true),
        policy::disruption_budget;
    horizontal_pod_autoscalers: HorizontalPodAutoscaler, ALWAYS,
        Resource::new("horizontalPodAutoscalers", AUTOSCALING, "horizontalpodautoscalers", true),
        policy::autoscaler;
}

impl Lists {
    fn fill_recovery(&self, report: &mut KubernetesReport) {
        let mut snapshots = self.snapshots.value.clone();
        for snapshot in snapshots
            .iter_mut()
            .filter(|one| !one.source_pvc.is_empty())
        {
            let mut claims = self.persistent_volume_claims.value.iter();
            let is_its = |claim: &&report::PersistentVolumeClaim| {
                claim.namespace == snapshot.namespace && claim.name == snapshot.source_pvc
            };
            if let Some(claim) = claims.find(is_its) {
                snapshot.source_pvc_uid.clone_from(&claim.uid);
            }
        }
        let recovery = report::Recovery {
            volume_snapshots: snapshots,
            velero_backups: self.backups.value.clone(),
        };
        let is_empty = recovery.volume_snapshots.is_empty() && recovery.velero_backups.is_empty();
        report.recovery = (!is_empty).then_some(recovery);
    }
}
