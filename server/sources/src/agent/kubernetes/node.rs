//! Nodes, and the cluster as the sum of them.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeNode;
use pulse_model::{Bytes, Identity, Kind, Metrics, Sighting, Status};
use pulse_protocol::report::kubernetes::Node;

use super::{Capacity, Cluster, Meta, text, usage};

/// Returns what the node has. What pods may use of it is in the report in whole cores only, rounded down: too coarse.
pub(super) fn capacity(wire: &Node) -> Capacity {
    let cores = wire.capacity.cpu_cores.or(wire.allocatable.cpu_cores);
    let memory = wire.capacity.memory_bytes.or(wire.allocatable.memory_bytes);
    Capacity {
        milli_cores: cores
            .and_then(|cores| u64::try_from(cores).ok()?.checked_mul(1_000))
            .filter(|cores| *cores > 0),
        memory: memory.filter(|bytes| *bytes > 0).map(Bytes),
    }
}

/// Returns what a pod's parent is called: its node.
pub(super) fn native(name: &str) -> String {
    format!("{}/{name}", Kind::K8sNode.word())
}

/// Returns what the report says of one node.
pub(super) fn map(cluster: &Cluster<'_>, wire: &Node) -> Sighting {
    let used = wire.usage.clone().unwrap_or_default();
    let facet = Kubernetes {
        node_name: text(&wire.name),
        usage_cpu_milli_cores: used.cpu_milli_cores,
        usage_memory_bytes: used.memory_bytes.map(Bytes),
        node: Some(Box::new(facts(cluster, wire))),
        ..Kubernetes::default()
    };
    let no_labels = Default::default();
    let meta = Meta::new(&wire.uid, &wire.name, &no_labels);
    let made = cluster.holds(Kind::K8sNode, "Node", &meta, facet);
    Sighting {
        native: native(&wire.name).into(),
        status: Some(if wire.ready {
            Status::Online
        } else {
            Status::Warning
        }),
        identity: Identity {
            machine_id: machine_id(&wire.machine_id),
            dmi_uuid: text(&wire.system_uuid).map(|uuid| uuid.to_ascii_lowercase()),
            hostnames: text(&wire.name).into_iter().collect(),
            ip_addresses: wire.addresses.clone(),
            ..made.identity.clone()
        },
        metrics: usage(used.cpu_milli_cores, used.memory_bytes, capacity(wire)),
        ..made
    }
}

/// Returns what the nodes with figures use together.
pub(super) fn of_all(nodes: &[Node]) -> Metrics {
    let known = nodes.iter().filter_map(|node| {
        let used = node.usage.as_ref()?;
        let of = capacity(node);
        Some((
            used.cpu_milli_cores?,
            used.memory_bytes?,
            of.milli_cores?,
            of.memory?,
        ))
    });
    let sum = known.reduce(|a, b| {
        let memory = Bytes(a.3.0.saturating_add(b.3.0));
        (
            a.0.saturating_add(b.0),
            a.1.saturating_add(b.1),
            a.2.saturating_add(b.2),
            memory,
        )
    });
    let Some((cores, bytes, milli_cores, memory)) = sum else {
        return Metrics::default();
    };
    let all = Capacity {
        milli_cores: Some(milli_cores),
        memory: Some(memory),
    };
    usage(Some(cores), Some(bytes), all)
}

fn facts(cluster: &Cluster<'_>, wire: &Node) -> KubeNode {
    let number = |wire: Option<i64>| wire.and_then(|number| u32::try_from(number).ok());
    KubeNode {
        node_uid: text(&wire.uid),
        ready: Some(wire.ready),
        unschedulable: Some(wire.unschedulable),
        kubelet_version: text(&wire.kubelet_version),
        container_runtime_version: text(&wire.container_runtime_version),
        os_image: text(&wire.os_image),
        kernel_version: text(&wire.kernel_version),
        architecture: text(&wire.architecture),
        capacity_cpu_cores: number(wire.capacity.cpu_cores),
        capacity_memory_bytes: wire.capacity.memory_bytes.map(Bytes),
        capacity_pods: number(wire.capacity.pods),
        allocatable_cpu_cores: number(wire.allocatable.cpu_cores),
        allocatable_memory_bytes: wire.allocatable.memory_bytes.map(Bytes),
        allocatable_pods: number(wire.allocatable.pods),
        roles: cluster.room.texts(&wire.roles),
    }
}

/// Returns a machine id as host agents write it: 32 digits with dashes.
fn machine_id(wire: &str) -> Option<String> {
    let id = text(wire)?.to_ascii_lowercase();
    let is_bare = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_bare {
        return Some(id);
    }
    let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
    Some(parts.join("-"))
}
