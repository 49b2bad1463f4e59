//! Pods.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::{KubePod, KubePodContainer};
use pulse_model::{Bytes, Counters, Kind, MetricValue, Metrics, Seconds, Sighting, Status};
use pulse_protocol::report::kubernetes::{Pod, PodContainer, PodUsage};

use super::{Cluster, Meta, count, node, text, usage};

/// Returns what the report says of one pod.
pub(super) fn map(cluster: &Cluster<'_>, wire: &Pod) -> Sighting {
    let runs = wire.phase == "Running";
    let used = wire.usage.clone().unwrap_or_default();
    let since = wire.start_time.filter(|_| runs);
    let uptime = since.map(|since| cluster.at.duration_since(since).as_secs());
    let uptime = uptime.and_then(|seconds| u64::try_from(seconds).ok());
    let uptime = uptime.map(Seconds);
    let facet = Kubernetes {
        node_name: text(&wire.node_name),
        start_time: wire.start_time,
        owner_kind: text(&wire.owner_kind),
        owner_name: text(&wire.owner_name),
        uptime_seconds: uptime,
        image: wire.containers.first().and_then(|first| text(&first.image)),
        usage_cpu_milli_cores: used.cpu_milli_cores,
        usage_memory_bytes: used.memory_bytes.map(Bytes),
        pod: Some(Box::new(facts(cluster, wire, &used))),
        ..Kubernetes::default()
    };
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let made = cluster.holds(Kind::Pod, "Pod", &meta, facet);
    let room = cluster.nodes.get(wire.node_name.as_str());
    Sighting {
        parent: match room {
            Some(_) => Some(node::native(&wire.node_name).into()),
            None => made.parent.clone(),
        },
        status: Some(status(wire)),
        metrics: Metrics {
            disk: disk(&used),
            ..usage(
                used.cpu_milli_cores,
                used.memory_bytes,
                room.copied().unwrap_or_default(),
            )
        },
        counters: Counters {
            net_in: used.network_rx_bytes.map(Bytes),
            net_out: used.network_tx_bytes.map(Bytes),
            ..Counters::default()
        },
        uptime,
        ..made
    }
}

fn disk(used: &PodUsage) -> Option<MetricValue> {
    let of = used.ephemeral_storage_capacity_bytes.filter(|all| *all > 0);
    let (used, all) = used.ephemeral_storage_used_bytes.zip(of)?;
    MetricValue::share(Bytes(used), Bytes(all))
}

/// A pod that did its work is offline and nothing is wrong; one whose containers are not ready is in trouble, as long as
/// that may be.
fn status(wire: &Pod) -> Status {
    let is_ready = |container: &PodContainer| {
        container.ready || (container.state == "terminated" && container.reason == "Completed")
    };
    match wire.phase.as_str() {
        "Running" if wire.containers.iter().all(is_ready) => Status::Online,
        "Running" | "Pending" | "Failed" => Status::Warning,
        "Succeeded" => Status::Offline,
        _ => Status::Unknown,
    }
}

fn facts(cluster: &Cluster<'_>, wire: &Pod, used: &PodUsage) -> KubePod {
    KubePod {
        pod_uid: text(&wire.uid),
        pod_phase: text(&wire.phase),
        pod_reason: text(&wire.reason),
        pod_message: text(&wire.message),
        qos_class: text(&wire.qos_class),
        restarts: count(wire.restarts),
        network_rx_bytes: used.network_rx_bytes.map(Bytes),
        network_tx_bytes: used.network_tx_bytes.map(Bytes),
        ephemeral_storage_used_bytes: used.ephemeral_storage_used_bytes.map(Bytes),
        ephemeral_storage_capacity_bytes: used.ephemeral_storage_capacity_bytes.map(Bytes),
        pod_containers: cluster.room.list(
            &wire.containers,
            |c| c.name.len() + c.image.len() + c.reason.len() + c.message.len(),
            container,
        ),
    }
}

fn container(wire: &PodContainer) -> KubePodContainer {
    KubePodContainer {
        name: wire.name.clone(),
        ready: wire.ready,
        image: text(&wire.image),
        restart_count: count(wire.restart_count),
        state: text(&wire.state),
        reason: text(&wire.reason),
        message: text(&wire.message),
    }
}
