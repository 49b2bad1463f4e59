//! What creates pods.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::absent;
use crate::time;

/// One deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Deployment {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// When it was created.
    #[serde(with = "time::required")]
    pub created_at: Option<Timestamp>,
    /// Replicas wanted.
    #[serde(skip_serializing_if = "absent")]
    pub desired_replicas: i64,
    /// Replicas of the current template.
    #[serde(skip_serializing_if = "absent")]
    pub updated_replicas: i64,
    /// Replicas that are ready.
    #[serde(skip_serializing_if = "absent")]
    pub ready_replicas: i64,
    /// Replicas that are available.
    #[serde(skip_serializing_if = "absent")]
    pub available_replicas: i64,
    /// Generation the controller has seen.
    #[serde(skip_serializing_if = "absent")]
    pub observed_generation: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One replica set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSet {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Replicas wanted.
    #[serde(skip_serializing_if = "absent")]
    pub desired_replicas: i64,
    /// Replicas that are ready.
    #[serde(skip_serializing_if = "absent")]
    pub ready_replicas: i64,
    /// Replicas that are available.
    #[serde(skip_serializing_if = "absent")]
    pub available_replicas: i64,
    /// Replicas with all labels of the template.
    #[serde(skip_serializing_if = "absent")]
    pub fully_labeled_replicas: i64,
    /// Generation the controller has seen.
    #[serde(skip_serializing_if = "absent")]
    pub observed_generation: i64,
    /// Kind of what created it.
    #[serde(skip_serializing_if = "absent")]
    pub owner_kind: String,
    /// Name of what created it.
    #[serde(skip_serializing_if = "absent")]
    pub owner_name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One stateful set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StatefulSet {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Replicas wanted.
    #[serde(skip_serializing_if = "absent")]
    pub desired_replicas: i64,
    /// Replicas that are ready.
    #[serde(skip_serializing_if = "absent")]
    pub ready_replicas: i64,
    /// Replicas of the current revision.
    #[serde(skip_serializing_if = "absent")]
    pub current_replicas: i64,
    /// Replicas of the update revision.
    #[serde(skip_serializing_if = "absent")]
    pub updated_replicas: i64,
    /// Replicas that are available.
    #[serde(skip_serializing_if = "absent")]
    pub available_replicas: i64,
    /// Service that governs it.
    #[serde(skip_serializing_if = "absent")]
    pub service_name: String,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One daemon set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSet {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Nodes that should run it.
    #[serde(skip_serializing_if = "absent")]
    pub desired_number_scheduled: i64,
    /// Nodes that run it and should.
    #[serde(skip_serializing_if = "absent")]
    pub current_number_scheduled: i64,
    /// Nodes where it is ready.
    #[serde(skip_serializing_if = "absent")]
    pub number_ready: i64,
    /// Nodes with the current template.
    #[serde(skip_serializing_if = "absent")]
    pub updated_number_scheduled: i64,
    /// Nodes where it is available.
    #[serde(skip_serializing_if = "absent")]
    pub number_available: i64,
    /// Nodes where it is not.
    #[serde(skip_serializing_if = "absent")]
    pub number_unavailable: i64,
    /// Nodes that run it and should not.
    #[serde(skip_serializing_if = "absent")]
    pub number_misscheduled: i64,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Job {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Completions wanted.
    #[serde(skip_serializing_if = "absent")]
    pub desired_completions: i64,
    /// Pods that succeeded.
    #[serde(skip_serializing_if = "absent")]
    pub succeeded: i64,
    /// Pods that failed.
    #[serde(skip_serializing_if = "absent")]
    pub failed: i64,
    /// Pods that run.
    #[serde(skip_serializing_if = "absent")]
    pub active: i64,
    /// When it was started.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub start_time: Option<Timestamp>,
    /// When it was done.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub completion_time: Option<Timestamp>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}

/// One scheduled job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CronJob {
    /// Object id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Schedule in cron's form.
    #[serde(skip_serializing_if = "absent")]
    pub schedule: String,
    /// Whether it is suspended.
    #[serde(skip_serializing_if = "absent")]
    pub suspend: bool,
    /// Jobs that run.
    #[serde(skip_serializing_if = "absent")]
    pub active: i64,
    /// When it last ran.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_schedule_time: Option<Timestamp>,
    /// When it last succeeded.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub last_successful_time: Option<Timestamp>,
    /// Labels.
    #[serde(skip_serializing_if = "absent")]
    pub labels: BTreeMap<String, String>,
}
