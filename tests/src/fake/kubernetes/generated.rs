//! Objects as clusters hold them: with all that nobody reports.

use serde_json::{Value, json};

/// What every object drags along: who changed which member when.
fn managed(members: usize) -> Value {
    let fields: serde_json::Map<String, Value> = (0..members)
        .map(|at| {
            (
                format!("f:member-{at}"),
                json!({"f:value": {}, "f:other": {".": {}}}),
            )
        })
        .collect();
    json!([{
        "manager": "kube-controller-manager",
        "operation": "Update",
        "apiVersion": "v1",
        "time": "2026-01-01T00:00:00Z",
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:metadata": fields},
    }])
}

/// Returns a node that is ready.
#[must_use]
pub fn node(name: &str) -> Value {
    json!({
        "metadata": {
            "uid": format!("uid-{name}"),
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "node-role.kubernetes.io/worker": ""},
            "managedFields": managed(20),
        },
        "spec": {"podCIDR": "10.244.0.0/24", "providerID": format!("kind://fake/{name}")},
        "status": {
            "capacity": {"cpu": "8", "memory": "32Gi", "pods": "110"},
            "allocatable": {"cpu": "7900m", "memory": "31Gi", "pods": "110"},
            "conditions": [
                {"type": "MemoryPressure", "status": "False"},
                {"type": "Ready", "status": "True"},
            ],
            "nodeInfo": {
                "kubeletVersion": "v1.33.2",
                "containerRuntimeVersion": "containerd://2.1.1",
                "osImage": "Debian GNU/Linux 13",
                "kernelVersion": "6.12.1",
                "architecture": "amd64",
            },
            "images": (0..20).map(|at| json!({"names": [format!("registry.lan/image-{at}")]})).collect::<Vec<_>>(),
        },
    })
}

/// Returns a pod that runs well.
#[must_use]
pub fn pod(namespace: &str, name: &str, node: &str) -> Value {
    json!({
        "metadata": {
            "uid": format!("uid-{namespace}-{name}"),
            "name": name,
            "namespace": namespace,
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": name, "pod-template-hash": "5d4f8c7b9"},
            "annotations": {"checksum/config": "0123456789abcdef".repeat(4)},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d4f8c7b9", "controller": true}],
            "managedFields": managed(30),
        },
        "spec": {
            "nodeName": node,
            "containers": [{
                "name": "web",
                "image": "registry.lan/team/web:1.2.3",
                "env": (0..20).map(|at| json!({"name": format!("SETTING_{at}"), "value": "x".repeat(20)})).collect::<Vec<_>>(),
                "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
            }],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}],
        },
        "status": {
            "phase": "Running",
            "qosClass": "Burstable",
            "startTime": "2026-01-01T00:00:01Z",
            "podIP": "10.244.1.2",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{
                "name": "web",
                "image": "registry.lan/team/web:1.2.3",
                "imageID": format!("registry.lan/team/web@sha256:{}", "0".repeat(64)),
                "ready": true,
                "restartCount": 1,
                "state": {"running": {"startedAt": "2026-01-01T00:00:02Z"}},
            }],
        },
    })
}

/// Returns an event about a pod.
#[must_use]
pub fn event(namespace: &str, name: &str, seen: &str) -> Value {
    json!({
        "metadata": {"uid": format!("uid-{name}"), "name": name, "namespace": namespace},
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off restarting failed container",
        "involvedObject": {"kind": "Pod", "name": "web-1"},
        "count": 3,
        "lastTimestamp": seen,
    })
}

/// Returns what a node uses, as the metrics API tells it.
#[must_use]
pub fn node_metrics(name: &str) -> Value {
    json!({"metadata": {"name": name}, "usage": {"cpu": "1250m", "memory": "4Gi"}})
}

/// Returns what a pod uses, as the metrics API tells it.
#[must_use]
pub fn pod_metrics(namespace: &str, name: &str) -> Value {
    json!({
        "metadata": {"name": name, "namespace": namespace},
        "containers": [
            {"name": "web", "usage": {"cpu": "156340n", "memory": "100Mi"}},
            {"name": "proxy", "usage": {"cpu": "9m", "memory": "28Mi"}},
        ],
    })
}

/// Returns what a kubelet tells of its node and of these pods.
#[must_use]
pub fn summary(node: &str, pods: &[(&str, &str)]) -> Value {
    let pods: Vec<Value> = pods
        .iter()
        .map(|(namespace, name)| {
            json!({
                "podRef": {"name": name, "namespace": namespace},
                "cpu": {"usageNanoCores": 12_000_000},
                "memory": {"workingSetBytes": 130_000_000},
                "network": {"rxBytes": 1_000, "txBytes": 2_000, "interfaces": [{"name": "eth0"}]},
                "ephemeral-storage": {"usedBytes": 3_000, "capacityBytes": 4_000},
                "containers": [{"name": "web", "rootfs": {"usedBytes": 5}}],
            })
        })
        .collect();
    json!({
        "node": {
            "nodeName": node,
            "cpu": {"usageNanoCores": 900_000_000},
            "memory": {"workingSetBytes": 5_000_000_000_u64},
        },
        "pods": pods,
    })
}
