//! A cluster is reported whole, and as little of it as the operator wants.

use std::collections::BTreeMap;

use pulse_agent_kubernetes::{Namespaces, Settings};
use pulse_protocol::report::kubernetes::{GapReason, KubernetesReport};
use serde_json::{Value, json};

use crate::fake::{event, node, pod};
use crate::setting::{Setting, everything, gap, now};

/// Puts one object of every kind there is into a cluster.
fn furnish(setting: &Setting) {
    let each: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("one_of_each.json")).expect("objects");
    for (list, object) in each {
        setting.add(&list, object);
    }
    setting.add("/api/v1/nodes", node("n1"));
    setting.add("/api/v1/pods", pod("shop", "web-1", "n1"));
    let seen = "2026-01-02T00:00:00Z";
    setting.add("/api/v1/events", event("shop", "e1", seen));
}

fn lists(report: &KubernetesReport) -> Vec<(String, usize)> {
    let report = serde_json::to_value(report).expect("JSON");
    let lists = report.as_object().expect("members").iter();
    lists
        .filter(|(name, _)| *name != "gaps")
        .filter_map(|(name, list)| Some((name.clone(), list.as_array()?.len())))
        .collect()
}

#[tokio::test]
async fn a_cluster_is_reported_whole() {
    let setting = Setting::start().await;
    furnish(&setting);
    let report = setting.report(everything()).await;
    let lists = lists(&report);
    assert_eq!(lists.len(), 28, "{lists:?}");
    assert!(lists.iter().all(|(_, count)| *count == 1), "{lists:?}");
    assert_eq!(report.timestamp, Some(now()));
    let about = &report.cluster;
    assert_eq!(
        (about.name.as_str(), about.context.as_str()),
        ("fake", "fake")
    );
    assert_eq!(
        (about.version.as_str(), about.provider.as_str()),
        ("v1.33.2", "kind")
    );
    assert_eq!(
        (about.server.clone(), about.id.len()),
        (setting.api.url(), 64)
    );
    let node = &report.nodes[0];
    assert!(node.ready && node.roles == ["worker"]);
    assert_eq!(
        (node.capacity.cpu_cores, node.allocatable.cpu_cores),
        (Some(8), Some(7))
    );
    assert_eq!(node.capacity.memory_bytes, Some(32 << 30));
    let pod = &report.pods[0];
    assert_eq!((pod.owner_kind.as_str(), pod.restarts), ("ReplicaSet", 1));
    assert_eq!(pod.containers[0].state, "running");
    assert_eq!(report.services[0].ports[1].target_port, "8081");
    assert_eq!(report.endpoint_slices[0].ready_endpoint_count, 1);
    assert_eq!(report.pod_disruption_budgets[0].min_available, "50%");
    assert_eq!(report.role_bindings[0].subject_kinds, ["User"]);
    let recovery = report.recovery.expect("recovery");
    assert_eq!(recovery.volume_snapshots[0].source_pvc_uid, "uid-files");
    assert_eq!(recovery.velero_backups[0].phase, "Completed");
}

#[tokio::test]
async fn what_secrets_and_config_maps_hold_is_not_even_asked_for() {
    let setting = Setting::start().await;
    furnish(&setting);
    let report = setting.report(everything()).await;
    assert!(report.secrets[0].metadata_only && report.config_maps[0].metadata_only);
    let text = serde_json::to_string(&report).expect("JSON");
    assert!(
        !text.contains("s3cret") && !text.contains("czNjcmV0"),
        "{text}"
    );
    for asked in &setting.api.world().seen {
        let is_secret = asked.path.contains("/secrets") || asked.path.contains("/configmaps");
        let is_bare = asked.accept.contains("as=PartialObjectMetadataList");
        assert_eq!(is_secret, is_bare, "{asked:?}");
    }
}

#[tokio::test]
async fn an_api_that_cannot_leave_content_out_is_not_listened_to() {
    let setting = Setting::start().await;
    furnish(&setting);
    setting.api.world().knows_metadata_only = false;
    let report = setting.report(everything()).await;
    assert!(report.secrets.is_empty() && report.config_maps.is_empty());
    let gap = gap(&report, "secrets").expect("a gap");
    assert!(gap.detail.contains("content"), "{gap:?}");
}

#[tokio::test]
async fn without_a_word_only_what_is_in_trouble_is_reported() {
    let setting = Setting::start().await;
    furnish(&setting);
    let mut failing = pod("shop", "web-2", "n1");
    failing["status"]["containerStatuses"][0]["ready"] = json!(false);
    let mut done = pod("shop", "import-1", "n1");
    done["status"]["phase"] = json!("Succeeded");
    setting.add("/api/v1/pods", failing);
    setting.add("/api/v1/pods", done);
    let whole =
        json!({"replicas": 1, "readyReplicas": 1, "updatedReplicas": 1, "availableReplicas": 1});
    setting.add("/apis/apps/v1/deployments", json!({"metadata": {"uid": "u9", "name": "fine", "namespace": "shop"}, "spec": {"replicas": 1}, "status": whole}));
    let report = setting.report(Settings::default()).await;
    let names: Vec<&str> = report.pods.iter().map(|pod| pod.name.as_str()).collect();
    assert_eq!(names, ["web-2"]);
    let names: Vec<&str> = report
        .deployments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["web"]);
    let report = setting.report(everything()).await;
    assert_eq!(
        (report.pods.len(), report.deployments.len()),
        (2, 2),
        "what is done is done"
    );
}

#[tokio::test]
async fn more_pods_than_wanted_are_left_out_by_name_and_counted() {
    let setting = Setting::start().await;
    for at in 0..10 {
        setting.add("/api/v1/pods", pod("shop", &format!("web-{at}"), "n1"));
    }
    let settings = Settings {
        most_pods: 4,
        ..everything()
    };
    let reading = setting.read(settings).await.expect("a reading");
    let names: Vec<&str> = reading
        .report
        .pods
        .iter()
        .map(|pod| pod.name.as_str())
        .collect();
    assert_eq!(names, ["web-0", "web-1", "web-2", "web-3"]);
    let gap = gap(&reading.report, "pods").expect("a gap");
    assert_eq!((gap.reason, gap.left_out), (GapReason::Limit, 6));
    assert!(
        reading.remarks.iter().any(|one| one.contains("6 left out")),
        "{:?}",
        reading.remarks
    );
}

#[tokio::test]
async fn namespaces_are_chosen_by_name_and_by_pattern() {
    let setting = Setting::start().await;
    for namespace in ["shop", "shop-test", "kube-system"] {
        setting.add(
            "/api/v1/namespaces",
            json!({"metadata": {"uid": namespace, "name": namespace}}),
        );
        setting.add("/api/v1/pods", pod(namespace, "web-1", "n1"));
        setting.add(
            "/api/v1/services",
            json!({"metadata": {"uid": namespace, "name": "web", "namespace": namespace}}),
        );
        setting.add(
            "/api/v1/events",
            event(namespace, &format!("e-{namespace}"), "2026-01-01T00:00:00Z"),
        );
    }
    let seen = |report: &KubernetesReport| {
        let of = |names: Vec<&String>| {
            let mut names: Vec<String> = names.into_iter().cloned().collect();
            names.sort();
            names
        };
        let pods = of(report.pods.iter().map(|one| &one.namespace).collect());
        assert_eq!(
            pods,
            of(report.services.iter().map(|one| &one.namespace).collect())
        );
        assert_eq!(
            pods,
            of(report.events.iter().map(|one| &one.namespace).collect())
        );
        assert_eq!(
            pods,
            of(report.namespaces.iter().map(|one| &one.name).collect())
        );
        pods
    };
    let choice = |include: &[&str], exclude: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let namespaces = Namespaces {
            include: owned(include),
            exclude: owned(exclude),
        };
        Settings {
            namespaces,
            ..everything()
        }
    };
    let report = setting.report(choice(&[], &["kube-*"])).await;
    assert_eq!(seen(&report), ["shop", "shop-test"]);
    let report = setting.report(choice(&["shop*"], &["*-test"])).await;
    assert_eq!(seen(&report), ["shop"]);
    assert_eq!(setting.api.world().count("/api/v1/namespaces/shop/"), 0);
    let report = setting.report(choice(&["shop"], &[])).await;
    assert_eq!(
        (seen(&report), report.cluster.namespace.as_str()),
        (vec!["shop".to_owned()], "shop")
    );
    let world = setting.api.world();
    assert!(
        world.count("/api/v1/namespaces/shop/pods?") == 1,
        "named ones are asked for by name"
    );
    assert!(world.count("/apis/apps/v1/namespaces/shop/deployments?") == 1);
}

#[tokio::test]
async fn names_with_quotes_and_line_ends_do_no_harm() {
    let setting = Setting::start().await;
    let odd = "we\"b'\n\u{1b}[31m\u{202e}";
    setting.add("/api/v1/nodes", node(odd));
    let mut pod = pod("shop", odd, odd);
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    pod["status"]["message"] = json!("x".repeat(100_000));
    setting.add("/api/v1/pods", pod);
    let report = setting.report(Settings::default()).await;
    let safe = "we\"b'  [31m ";
    assert_eq!(
        (report.nodes[0].name.as_str(), report.pods[0].name.as_str()),
        (safe, safe)
    );
    assert_eq!(report.pods[0].message.len(), 4_096);
    let json = serde_json::to_vec(&report).expect("JSON");
    let again = KubernetesReport::from_json(&json).expect("a report");
    assert!(again.shed.is_nothing(), "{:?}", again.shed);
}
