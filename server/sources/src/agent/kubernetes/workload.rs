//! What creates pods: deployments, replica sets, stateful and daemon sets, jobs.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeWorkload;
use pulse_model::{Kind, Sighting, Status};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, complete, count, text};

/// Returns what the report says of all of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let deployments = report.deployments.iter().map(|w| deployment(cluster, w));
    let replica_sets = report.replica_sets.iter().map(|w| replica_set(cluster, w));
    let stateful_sets = report.stateful_sets.iter().map(|w| stateful(cluster, w));
    let daemon_sets = report.daemon_sets.iter().map(|w| daemon_set(cluster, w));
    let jobs = report.jobs.iter().map(|w| job(cluster, w));
    let cron_jobs = report.cron_jobs.iter().map(|w| cron_job(cluster, w));
    deployments
        .chain(replica_sets)
        .chain(stateful_sets)
        .chain(daemon_sets)
        .chain(jobs)
        .chain(cron_jobs)
}

fn facet(workload: KubeWorkload) -> Kubernetes {
    Kubernetes {
        workload: Some(Box::new(workload)),
        ..Kubernetes::default()
    }
}

fn deployment(cluster: &Cluster<'_>, wire: &wire::Deployment) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeWorkload {
        desired_replicas: count(wire.desired_replicas),
        updated_replicas: count(wire.updated_replicas),
        ready_replicas: count(wire.ready_replicas),
        available_replicas: count(wire.available_replicas),
        observed_generation: count(wire.observed_generation),
        ..KubeWorkload::default()
    });
    Sighting {
        status: complete(wire.available_replicas, wire.desired_replicas),
        ..cluster.holds(Kind::K8sDeployment, "Deployment", &meta, facet)
    }
}

fn replica_set(cluster: &Cluster<'_>, wire: &wire::ReplicaSet) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).within(&wire.namespace);
    let facet = facet(KubeWorkload {
        desired_replicas: count(wire.desired_replicas),
        ready_replicas: count(wire.ready_replicas),
        available_replicas: count(wire.available_replicas),
        fully_labeled_replicas: count(wire.fully_labeled_replicas),
        observed_generation: count(wire.observed_generation),
        ..KubeWorkload::default()
    });
    let facet = Kubernetes {
        owner_kind: text(&wire.owner_kind),
        owner_name: text(&wire.owner_name),
        ..facet
    };
    Sighting {
        status: complete(wire.ready_replicas, wire.desired_replicas),
        ..cluster.holds(Kind::K8sReplicaSet, "ReplicaSet", &meta, facet)
    }
}

fn stateful(cluster: &Cluster<'_>, wire: &wire::StatefulSet) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).within(&wire.namespace);
    let facet = Kubernetes {
        service_name: text(&wire.service_name),
        ..facet(KubeWorkload {
            desired_replicas: count(wire.desired_replicas),
            ready_replicas: count(wire.ready_replicas),
            current_replicas: count(wire.current_replicas),
            updated_replicas: count(wire.updated_replicas),
            available_replicas: count(wire.available_replicas),
            ..KubeWorkload::default()
        })
    };
    Sighting {
        status: complete(wire.ready_replicas, wire.desired_replicas),
        ..cluster.holds(Kind::K8sStatefulSet, "StatefulSet", &meta, facet)
    }
}

fn daemon_set(cluster: &Cluster<'_>, wire: &wire::DaemonSet) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).within(&wire.namespace);
    let facet = facet(KubeWorkload {
        desired_number_scheduled: count(wire.desired_number_scheduled),
        current_number_scheduled: count(wire.current_number_scheduled),
        number_ready: count(wire.number_ready),
        updated_number_scheduled: count(wire.updated_number_scheduled),
        number_available: count(wire.number_available),
        number_unavailable: count(wire.number_unavailable),
        number_misscheduled: count(wire.number_misscheduled),
        ..KubeWorkload::default()
    });
    Sighting {
        status: complete(wire.number_ready, wire.desired_number_scheduled),
        ..cluster.holds(Kind::K8sDaemonSet, "DaemonSet", &meta, facet)
    }
}

fn job(cluster: &Cluster<'_>, wire: &wire::Job) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).within(&wire.namespace);
    let facet = Kubernetes {
        start_time: wire.start_time,
        ..facet(KubeWorkload {
            desired_completions: count(wire.desired_completions),
            succeeded: count(wire.succeeded),
            failed: count(wire.failed),
            active: count(wire.active),
            completion_time: wire.completion_time,
            ..KubeWorkload::default()
        })
    };
    Sighting {
        status: Some(job_status(wire)),
        ..cluster.holds(Kind::K8sJob, "Job", &meta, facet)
    }
}

/// A job that is done is offline like a pod that is; one whose pods failed is in trouble until it is done.
fn job_status(wire: &wire::Job) -> Status {
    match (wire.completion_time, wire.failed > 0, wire.active > 0) {
        (Some(_), _, _) => Status::Offline,
        (None, true, _) => Status::Warning,
        (None, false, true) => Status::Online,
        (None, false, false) if wire.succeeded > 0 => Status::Offline,
        (None, false, false) => Status::Unknown,
    }
}

fn cron_job(cluster: &Cluster<'_>, wire: &wire::CronJob) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).within(&wire.namespace);
    let facet = facet(KubeWorkload {
        schedule: text(&wire.schedule),
        suspend: Some(wire.suspend),
        active: count(wire.active),
        last_schedule_time: wire.last_schedule_time,
        last_successful_time: wire.last_successful_time,
        ..KubeWorkload::default()
    });
    cluster.holds(Kind::K8sCronJob, "CronJob", &meta, facet)
}
