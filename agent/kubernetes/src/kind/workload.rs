//! What runs pods: deployments and their kin.

use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::object::{Meta, objects};
use crate::text;

/// A deployment, or any of the others that want a number of replicas.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Replicated {
    pub(crate) metadata: Meta,
    spec: ReplicatedSpec,
    status: ReplicatedStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ReplicatedSpec {
    replicas: Option<i64>,
    service_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ReplicatedStatus {
    updated_replicas: Option<i64>,
    ready_replicas: Option<i64>,
    current_replicas: Option<i64>,
    available_replicas: Option<i64>,
    fully_labeled_replicas: Option<i64>,
    observed_generation: Option<i64>,
}

/// A daemon set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DaemonSet {
    pub(crate) metadata: Meta,
    status: DaemonStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DaemonStatus {
    desired_number_scheduled: Option<i64>,
    current_number_scheduled: Option<i64>,
    number_ready: Option<i64>,
    updated_number_scheduled: Option<i64>,
    number_available: Option<i64>,
    number_unavailable: Option<i64>,
    number_misscheduled: Option<i64>,
}

/// A job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Job {
    pub(crate) metadata: Meta,
    spec: JobSpec,
    status: JobStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobSpec {
    completions: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct JobStatus {
    succeeded: Option<i64>,
    failed: Option<i64>,
    active: Option<i64>,
    start_time: Option<String>,
    completion_time: Option<String>,
}

/// A scheduled job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CronJob {
    pub(crate) metadata: Meta,
    spec: CronSpec,
    status: CronStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CronSpec {
    schedule: Option<String>,
    suspend: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CronStatus {
    active: Option<Vec<IgnoredAny>>,
    last_schedule_time: Option<String>,
    last_successful_time: Option<String>,
}

objects!(Replicated, DaemonSet, Job, CronJob);

impl Replicated {
    /// Tells whether it has less than it wants.
    pub(crate) fn is_in_trouble(&self) -> bool {
        let wanted = self.wanted();
        let status = &self.status;
        let has = [
            status.available_replicas,
            status.ready_replicas,
            status.updated_replicas,
        ];
        wanted > 0 && has.iter().any(|has| has.unwrap_or(0) < wanted)
    }

    /// Without a word it is one.
    fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }
}

/// Returns what is reported of a deployment.
pub(crate) fn deployment(of: Replicated) -> report::Deployment {
    let (meta, status) = (&of.metadata, &of.status);
    report::Deployment {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        desired_replicas: of.wanted(),
        updated_replicas: status.updated_replicas.unwrap_or(0),
        ready_replicas: status.ready_replicas.unwrap_or(0),
        available_replicas: status.available_replicas.unwrap_or(0),
        observed_generation: status.observed_generation.unwrap_or(0),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a replica set.
pub(crate) fn replica_set(of: Replicated) -> report::ReplicaSet {
    let (meta, status) = (&of.metadata, &of.status);
    let (owner_kind, owner_name) = meta.owner();
    report::ReplicaSet {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        desired_replicas: of.wanted(),
        ready_replicas: status.ready_replicas.unwrap_or(0),
        available_replicas: status.available_replicas.unwrap_or(0),
        fully_labeled_replicas: status.fully_labeled_replicas.unwrap_or(0),
        observed_generation: status.observed_generation.unwrap_or(0),
        owner_kind,
        owner_name,
        labels: meta.labels(),
    }
}

/// Returns what is reported of a stateful set.
pub(crate) fn stateful_set(of: Replicated) -> report::StatefulSet {
    let (meta, status) = (&of.metadata, &of.status);
    report::StatefulSet {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        desired_replicas: of.wanted(),
        ready_replicas: status.ready_replicas.unwrap_or(0),
        current_replicas: status.current_replicas.unwrap_or(0),
        updated_replicas: status.updated_replicas.unwrap_or(0),
        available_replicas: status.available_replicas.unwrap_or(0),
        service_name: text::name(of.spec.service_name.as_deref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a daemon set.
pub(crate) fn daemon_set(of: DaemonSet) -> report::DaemonSet {
    let (meta, status) = (&of.metadata, &of.status);
    report::DaemonSet {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        desired_number_scheduled: status.desired_number_scheduled.unwrap_or(0),
        current_number_scheduled: status.current_number_scheduled.unwrap_or(0),
        number_ready: status.number_ready.unwrap_or(0),
        updated_number_scheduled: status.updated_number_scheduled.unwrap_or(0),
        number_available: status.number_available.unwrap_or(0),
        number_unavailable: status.number_unavailable.unwrap_or(0),
        number_misscheduled: status.number_misscheduled.unwrap_or(0),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a job.
pub(crate) fn job(of: Job) -> report::Job {
    let (meta, status) = (&of.metadata, &of.status);
    report::Job {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        // Without a number, one success is enough.
        desired_completions: of.spec.completions.unwrap_or(1),
        succeeded: status.succeeded.unwrap_or(0),
        failed: status.failed.unwrap_or(0),
        active: status.active.unwrap_or(0),
        start_time: text::moment(status.start_time.as_deref()),
        completion_time: text::moment(status.completion_time.as_deref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a scheduled job.
pub(crate) fn cron_job(of: CronJob) -> report::CronJob {
    let (meta, status) = (&of.metadata, &of.status);
    report::CronJob {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        schedule: text::name(of.spec.schedule.as_deref()),
        suspend: of.spec.suspend == Some(true),
        active: text::count(status.active.as_deref()),
        last_schedule_time: text::moment(status.last_schedule_time.as_deref()),
        last_successful_time: text::moment(status.last_successful_time.as_deref()),
        labels: meta.labels(),
    }
}
