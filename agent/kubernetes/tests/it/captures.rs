//! Objects real clusters sent, kept beside the checkout; tests go on without them, saying so.

use serde_json::{Value, json};

use crate::setting::{Setting, everything};

/// Reads an object, if the captures are there: Kubernetes 1.13 to 1.30, as k9s recorded it.
fn capture(name: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let directory = option_env!("PULSE_CAPTURES").unwrap_or(beside);
    let path = std::path::Path::new(directory)
        .join("kubernetes/k9s")
        .join(name);
    let text = std::fs::read(path).ok();
    if text.is_none() {
        println!("no capture kubernetes/k9s/{name} here, nothing compared");
    }
    Some(serde_json::from_slice(&text?).expect("a capture is JSON"))
}

/// Puts captured objects into a cluster; some were recorded with an API that is gone by now.
async fn recorded() -> Option<Setting> {
    let setting = Setting::start().await;
    for (name, list) in [
        ("no", "/api/v1/nodes"),
        ("ns", "/api/v1/namespaces"),
        ("po", "/api/v1/pods"),
        ("po_init", "/api/v1/pods"),
        ("po_sidecar", "/api/v1/pods"),
        ("svc", "/api/v1/services"),
        ("pv", "/api/v1/persistentvolumes"),
        ("pvc", "/api/v1/persistentvolumeclaims"),
        ("ev", "/api/v1/events"),
        ("dp", "/apis/apps/v1/deployments"),
        ("ds", "/apis/apps/v1/daemonsets"),
        ("sts", "/apis/apps/v1/statefulsets"),
        ("rs", "/apis/apps/v1/replicasets"),
        ("job", "/apis/batch/v1/jobs"),
        ("cj", "/apis/batch/v1/cronjobs"),
        ("ing", "/apis/networking.k8s.io/v1/ingresses"),
        ("hpa", "/apis/autoscaling/v2/horizontalpodautoscalers"),
        ("pdb", "/apis/policy/v1/poddisruptionbudgets"),
    ] {
        setting.add(list, capture(&format!("{name}.json"))?);
    }
    Some(setting)
}

#[tokio::test]
async fn recorded_objects_are_read_without_loss() {
    let Some(setting) = recorded().await else {
        return;
    };
    let report = setting.report(everything()).await;
    let usage = |gap: &&pulse_protocol::report::kubernetes::Gap| gap.member != "usage";
    let gaps: Vec<_> = report.gaps.iter().filter(usage).collect();
    assert!(gaps.is_empty(), "{gaps:?}");
    let node = &report.nodes[0];
    assert!(
        node.ready && node.capacity.memory_bytes > Some(1 << 30),
        "{node:?}"
    );
    assert!(
        !node.kubelet_version.is_empty() && node.roles == ["master"],
        "{node:?}"
    );
    // Two of the three were recorded of one pod, at different times.
    assert_eq!(report.pods.len(), 2);
    let pod = report
        .pods
        .iter()
        .find(|pod| pod.name == "nginx")
        .expect("a pod");
    assert_eq!(
        (pod.phase.as_str(), pod.qos_class.as_str()),
        ("Running", "BestEffort")
    );
    assert_eq!(pod.containers[0].image, "nginx:alpine");
    assert!(pod.start_time.is_some() && pod.created_at.is_some());
    let deployment = &report.deployments[0];
    assert_eq!(deployment.desired_replicas, deployment.ready_replicas);
    assert!(report.daemon_sets[0].desired_number_scheduled > 0);
    assert!(report.persistent_volumes[0].capacity_bytes.is_some());
    assert!(report.persistent_volume_claims[0].requested_bytes.is_some());
    assert_eq!(report.cron_jobs[0].schedule, "*/1 * * * *");
    assert!(report.services[0].ports.iter().all(|port| port.port > 0));
    assert!(report.events[0].last_seen.is_some() && !report.events[0].reason.is_empty());
    assert!(report.horizontal_pod_autoscalers[0].max_replicas > 0);
    let json = json!(report).to_string();
    assert!(!json.contains("last-applied-configuration"));
}
