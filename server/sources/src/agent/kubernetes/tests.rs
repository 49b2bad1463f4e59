//! A report, and what it becomes.

use std::collections::HashSet;

use pulse_protocol::report::kubernetes::KubernetesReport;

use super::*;

const REPORT: &[u8] = br#"{
    "agent": {"id": "a-1", "version": "v6.3.0", "intervalSeconds": 10},
    "cluster": {"id": "c-1", "name": "lab", "server": "https://10.0.0.1:6443", "version": "v1.33.1"},
    "nodes": [
        {"uid": "n1", "name": "worker-1", "ready": true, "capacity": {"cpuCores": 4, "memoryBytes": 1000},
         "allocatable": {"cpuCores": 2, "memoryBytes": 800}, "usage": {"cpuMilliCores": 500, "memoryBytes": 400},
         "machineId": "00112233445566778899AABBCCDDEEFF", "addresses": ["10.0.0.11"]},
        {"uid": "n2", "name": "worker-2", "ready": false, "capacity": {}, "allocatable": {}}],
    "pods": [
        {"uid": "p1", "name": "web-1", "namespace": "shop", "nodeName": "worker-1", "phase": "Running", "restarts": 3,
         "startTime": "2026-05-01T09:59:00Z", "ownerKind": "ReplicaSet", "ownerName": "web",
         "usage": {"cpuMilliCores": 200, "memoryBytes": 80, "networkRxBytes": 7},
         "containers": [{"name": "main", "image": "web:1", "ready": true, "state": "running"}]},
        {"uid": "p2", "name": "web-2", "namespace": "shop", "nodeName": "gone", "phase": "Running",
         "containers": [{"name": "main", "ready": false, "state": "waiting", "reason": "CrashLoopBackOff"}]},
        {"uid": "p3", "name": "done", "namespace": "shop", "phase": "Succeeded", "nodeName": "worker-1"},
        {"uid": "p4", "name": "odd", "namespace": "shop", "phase": "Levitating"}],
    "deployments": [{"uid": "d1", "name": "web", "namespace": "shop", "desiredReplicas": 2, "availableReplicas": 1}],
    "jobs": [{"uid": "j1", "name": "nightly", "namespace": "shop", "failed": 1}],
    "persistentVolumeClaims": [{"uid": "c1", "name": "db", "namespace": "shop", "phase": "Pending"}],
    "secrets": [{"uid": "s1", "name": "login", "namespace": "shop", "metadataOnly": true}],
    "events": [{"uid": "e1", "name": "web.1", "namespace": "shop", "type": "Warning", "reason": "BackOff"}],
    "gaps": [{"member": "roles", "reason": "forbidden"}, {"member": "pods", "reason": "limit", "leftOut": 9}],
    "timestamp": "2026-05-01T10:00:00Z"
}"#;

/// A report with one object in every list there is; the protocol's own tests see to that.
const FULL: &[u8] =
    include_bytes!("../../../../../tests/fixtures/protocol/0.1.0/kubernetes-full.json");

fn report(json: &[u8]) -> KubernetesReport {
    KubernetesReport::from_json(json).expect("a report")
}

fn mapped(report: &KubernetesReport) -> Vec<Sighting> {
    let claim = Claim {
        token_id: Some("t-1".to_owned()),
        ..claim(report)
    };
    let observation = map(report, &claim, "c-1", Timestamp::UNIX_EPOCH);
    assert_eq!(
        observation.source,
        SourceId::new(SourceKind::Kubernetes, "c-1")
    );
    let Outcome::Slice { sightings, .. } = observation.outcome else {
        panic!("a slice")
    };
    sightings
}

fn named<'a>(sightings: &'a [Sighting], name: &str) -> &'a Sighting {
    let found = sightings.iter().find(|sighting| sighting.name == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn facet(sighting: &Sighting) -> &Kubernetes {
    sighting.facets.kubernetes.as_ref().expect("a facet")
}

fn value(metric: &Option<MetricValue>) -> Option<f64> {
    metric.as_ref().map(|metric| metric.value)
}

#[test]
fn every_list_of_a_report_is_mapped_to_a_kind_of_its_own() {
    let wire: serde_json::Value = serde_json::from_slice(FULL).expect("JSON");
    let members = wire.as_object().expect("members").iter();
    let lists = members.filter(|(name, list)| list.is_array() && *name != "gaps");
    // The cluster is one more.
    let wanted = lists.count() + 1;
    let sightings = mapped(&report(FULL));
    let kinds: HashSet<_> = sightings.iter().map(|sighting| sighting.kind).collect();
    assert_eq!((sightings.len(), kinds.len()), (wanted, wanted));
}

#[test]
fn the_cluster_says_what_its_agent_could_not_read_and_left_out() {
    let sightings = mapped(&report(REPORT));
    let lab = named(&sightings, "lab");
    assert_eq!((lab.kind, lab.parent.as_ref()), (Kind::K8sCluster, None));
    assert_eq!(lab.status, Some(Status::Warning), "a node is not ready");
    let facts = facet(lab).cluster.as_ref().expect("a cluster");
    let gaps = facts.gaps.iter();
    let gaps = gaps.map(|gap| (gap.member.as_str(), gap.reason.as_str(), gap.left_out));
    let gaps: Vec<_> = gaps.collect();
    assert_eq!(
        gaps,
        [("roles", "forbidden", None), ("pods", "limit", Some(9))]
    );
    assert_eq!(facts.token_id.as_deref(), Some("t-1"));
}

#[test]
fn a_node_uses_a_share_of_what_it_has_and_the_cluster_that_of_its_nodes() {
    let sightings = mapped(&report(REPORT));
    let node = named(&sightings, "worker-1");
    assert_eq!(value(&node.metrics.cpu), Some(12.5));
    assert_eq!(value(&node.metrics.memory), Some(40.0));
    let machine = node.identity.machine_id.as_deref();
    assert_eq!(machine, Some("00112233-4455-6677-8899-aabbccddeeff"));
    let lab = named(&sightings, "lab");
    assert_eq!(value(&lab.metrics.cpu), Some(12.5));
    let silent = named(&sightings, "worker-2");
    assert_eq!(silent.metrics, Metrics::default(), "unknown is not idle");
}

#[test]
fn a_pod_is_on_its_node_where_the_report_has_that() {
    let sightings = mapped(&report(REPORT));
    let web = named(&sightings, "web-1");
    assert_eq!(web.parent, Some(node::native("worker-1").into()));
    assert_eq!(value(&web.metrics.cpu), Some(5.0));
    assert_eq!(value(&web.metrics.memory), Some(8.0));
    assert_eq!(web.counters.net_in, Some(Bytes(7)));
    assert_eq!(web.uptime, Some(Seconds(60)));
    let lost = named(&sightings, "web-2");
    assert_eq!(lost.parent, Some(CLUSTER.into()));
    assert_eq!(lost.metrics, Metrics::default());
}

#[test]
fn states_are_judged_and_a_word_nobody_knows_is_unknown() {
    let sightings = mapped(&report(REPORT));
    let status = |name| named(&sightings, name).status;
    assert_eq!(status("web-1"), Some(Status::Online));
    assert_eq!(status("web-2"), Some(Status::Warning));
    assert_eq!(status("done"), Some(Status::Offline));
    assert_eq!(status("odd"), Some(Status::Unknown));
    assert_eq!(status("web"), Some(Status::Warning));
    assert_eq!(status("nightly"), Some(Status::Warning));
    assert_eq!(status("db"), Some(Status::Warning));
    assert_eq!(status("web.1"), None, "what happened is in no state");
}

#[test]
fn a_secret_of_which_only_the_name_is_known_is_not_said_to_be_changeable() {
    let sightings = mapped(&report(REPORT));
    let secret = facet(named(&sightings, "login"));
    let facts = secret.configuration.as_ref().expect("facts");
    assert_eq!((facts.immutable, facts.metadata_only), (None, Some(true)));
}

#[test]
fn objects_of_one_name_in_two_namespaces_are_two() {
    let json = br#"{"cluster": {"id": "c"}, "services": [
        {"name": "web", "namespace": "a"}, {"name": "web", "namespace": "b"}]}"#;
    let sightings = mapped(&report(json));
    assert_eq!(sightings.len(), 3);
    assert_ne!(sightings[1].native, sightings[2].native);
}

#[test]
fn the_latest_events_are_kept() {
    let event = |second: usize| {
        let at = Timestamp::from_second(second as i64).expect("a time");
        serde_json::json!({"uid": format!("e{second}"), "name": format!("e{second}"), "lastSeen": at.to_string()})
    };
    let events: Vec<serde_json::Value> = (1..=700).map(event).collect();
    let json = serde_json::json!({"cluster": {"id": "c"}, "events": events}).to_string();
    let sightings = mapped(&report(json.as_bytes()));
    assert_eq!(sightings.len(), 501);
    assert_eq!(sightings[1].name, "e700");
}

#[test]
fn a_cluster_without_an_id_goes_by_its_agents_and_one_without_either_is_refused() {
    let id = |json: &[u8]| cluster_id(&report(json));
    assert_eq!(
        id(br#"{"agent": {"id": "a-1"}, "cluster": {"id": " "}}"#),
        Ok("a-1".into())
    );
    assert!(matches!(id(b"{}"), Err(NotTaken::Invalid(_))));
    let long = format!(r#"{{"cluster": {{"id": "{}"}}}}"#, "x".repeat(200));
    assert!(matches!(id(long.as_bytes()), Err(NotTaken::Invalid(_))));
}
