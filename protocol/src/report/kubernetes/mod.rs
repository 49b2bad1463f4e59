//! The Kubernetes report: one cluster as its agent sees it.
//!
//! Counts that upstream leaves out when they are zero are plain numbers here; figures that may be
//! unknown are `Option`. Content of secrets and config maps is never part of it.

mod access;
mod answer;
mod cluster;
mod configuration;
mod event;
mod gap;
mod network;
mod node;
mod pod;
mod policy;
mod recovery;
mod storage;
mod workload;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::Shed;
use crate::presence::absent;
use crate::reader::{self, Rules};
use crate::time;

pub use access::*;
pub use answer::*;
pub use cluster::*;
pub use configuration::*;
pub use event::*;
pub use gap::*;
pub use network::*;
pub use node::*;
pub use pod::*;
pub use policy::*;
pub use recovery::*;
pub use storage::*;
pub use workload::*;

/// What a cluster's agent posts every interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct KubernetesReport {
    /// The agent itself.
    pub agent: ClusterAgent,
    /// The cluster.
    pub cluster: Cluster,
    /// Nodes.
    #[serde(skip_serializing_if = "absent")]
    pub nodes: Vec<Node>,
    /// Namespaces.
    #[serde(skip_serializing_if = "absent")]
    pub namespaces: Vec<Namespace>,
    /// Pods.
    #[serde(skip_serializing_if = "absent")]
    pub pods: Vec<Pod>,
    /// Deployments.
    #[serde(skip_serializing_if = "absent")]
    pub deployments: Vec<Deployment>,
    /// Replica sets.
    #[serde(skip_serializing_if = "absent")]
    pub replica_sets: Vec<ReplicaSet>,
    /// Stateful sets.
    #[serde(skip_serializing_if = "absent")]
    pub stateful_sets: Vec<StatefulSet>,
    /// Daemon sets.
    #[serde(skip_serializing_if = "absent")]
    pub daemon_sets: Vec<DaemonSet>,
    /// Services.
    #[serde(skip_serializing_if = "absent")]
    pub services: Vec<Service>,
    /// Jobs.
    #[serde(skip_serializing_if = "absent")]
    pub jobs: Vec<Job>,
    /// Scheduled jobs.
    #[serde(skip_serializing_if = "absent")]
    pub cron_jobs: Vec<CronJob>,
    /// Ingresses.
    #[serde(skip_serializing_if = "absent")]
    pub ingresses: Vec<Ingress>,
    /// Endpoint slices.
    #[serde(skip_serializing_if = "absent")]
    pub endpoint_slices: Vec<EndpointSlice>,
    /// Network policies.
    #[serde(skip_serializing_if = "absent")]
    pub network_policies: Vec<NetworkPolicy>,
    /// Persistent volumes.
    #[serde(skip_serializing_if = "absent")]
    pub persistent_volumes: Vec<PersistentVolume>,
    /// Claims of persistent volumes.
    #[serde(skip_serializing_if = "absent")]
    pub persistent_volume_claims: Vec<PersistentVolumeClaim>,
    /// Storage classes.
    #[serde(skip_serializing_if = "absent")]
    pub storage_classes: Vec<StorageClass>,
    /// Config maps, without their values.
    #[serde(skip_serializing_if = "absent")]
    pub config_maps: Vec<ConfigMap>,
    /// Secrets, without their values.
    #[serde(skip_serializing_if = "absent")]
    pub secrets: Vec<ClusterSecret>,
    /// Service accounts.
    #[serde(skip_serializing_if = "absent")]
    pub service_accounts: Vec<ServiceAccount>,
    /// Roles of a namespace.
    #[serde(skip_serializing_if = "absent")]
    pub roles: Vec<Role>,
    /// Roles of the cluster.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_roles: Vec<ClusterRole>,
    /// Role bindings of a namespace.
    #[serde(skip_serializing_if = "absent")]
    pub role_bindings: Vec<RoleBinding>,
    /// Role bindings of the cluster.
    #[serde(skip_serializing_if = "absent")]
    pub cluster_role_bindings: Vec<ClusterRoleBinding>,
    /// Resource quotas.
    #[serde(skip_serializing_if = "absent")]
    pub resource_quotas: Vec<ResourceQuota>,
    /// Limit ranges.
    #[serde(skip_serializing_if = "absent")]
    pub limit_ranges: Vec<LimitRange>,
    /// Disruption budgets.
    #[serde(skip_serializing_if = "absent")]
    pub pod_disruption_budgets: Vec<PodDisruptionBudget>,
    /// Autoscalers.
    #[serde(skip_serializing_if = "absent")]
    pub horizontal_pod_autoscalers: Vec<HorizontalPodAutoscaler>,
    /// Recent events.
    #[serde(skip_serializing_if = "absent")]
    pub events: Vec<Event>,
    /// Snapshots and backups.
    #[serde(skip_serializing_if = "absent")]
    pub recovery: Option<Recovery>,
    /// What is not here although the cluster may have it; original agents do not say.
    #[serde(skip_serializing_if = "absent")]
    pub gaps: Vec<Gap>,
    /// When the figures were collected.
    #[serde(with = "time::required")]
    pub timestamp: Option<Timestamp>,
    /// What reading this report had to leave out; never on the wire.
    #[serde(skip)]
    pub shed: Shed,
}

impl KubernetesReport {
    /// Reads a report body, shortening what exceeds [`crate::limits`]; `shed` says how much.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let (mut report, shed) = reader::read::<Self>(json, Rules::Report)?;
        report.shed = shed;
        Ok(report)
    }
}
