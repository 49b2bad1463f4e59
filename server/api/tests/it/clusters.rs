//! What agents report of Kubernetes clusters.

use serde_json::{Value, json};

use crate::site::{Caller, Site};

const KUBERNETES: &str = "/api/agents/kubernetes/report";

fn report(cluster: &str, pods: &Value) -> Value {
    json!({
        "agent": {"id": format!("agent-of-{cluster}"), "version": "v6.3.0", "intervalSeconds": 10},
        "cluster": {"id": cluster, "name": cluster, "server": "https://10.0.0.1:6443", "version": "v1.33.1"},
        "nodes": [{
            "uid": "n1", "name": "worker", "ready": true, "roles": null,
            "capacity": {"cpuCores": 4, "memoryBytes": 8_000_000_000_u64, "pods": 110}, "allocatable": {},
            "usage": {"cpuMilliCores": 1_000, "memoryBytes": 2_000_000_000_u64},
        }],
        "pods": pods,
        "secrets": null,
        "gaps": [{"member": "secrets", "reason": "forbidden"}],
        "timestamp": "2027-01-15T08:00:00Z",
    })
}

fn pod(name: &str) -> Value {
    json!({
        "uid": name, "name": name, "namespace": "shop", "nodeName": "worker", "phase": "Running",
        "createdAt": "0001-01-01T00:00:00Z", "ownerKind": "ReplicaSet", "ownerName": "web",
        "usage": {"cpuMilliCores": 200, "memoryBytes": 80_000_000},
        "containers": [{"name": "it's \"odd\"\n", "image": "web:1", "ready": true, "state": "running"}],
    })
}

async fn with_agent() -> (Site, Caller, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["kubernetes:report"]).await;
    (site, admin, agent)
}

#[tokio::test]
async fn a_cluster_and_what_is_in_it_are_in_the_state_and_go_with_the_next_report() {
    let (site, admin, agent) = with_agent().await;
    let both = report("lab", &json!([pod("web-1"), pod("web-2")]));
    let answer = site.send_report_to(&agent, KUBERNETES, &both).await;
    assert_eq!(answer["success"], true);
    assert_eq!(answer["clusterId"], "lab");
    let counted = [&answer["nodes"], &answer["pods"], &answer["deployments"]];
    assert_eq!(counted, [&json!(1), &json!(2), &json!(0)]);

    let state = site.get(&admin, "/api/state").await.json();
    let cluster = &state["kubernetesClusters"][0];
    assert_eq!(cluster["name"], "lab");
    assert_eq!(cluster["status"], "online");
    assert_eq!(cluster["nodes"][0]["usageCpuPercent"], 25.0);
    let pods = cluster["pods"].as_array().expect("pods");
    assert_eq!(pods.len(), 2);
    assert_eq!(pods[0]["ownerName"], "web");
    assert_eq!(pods[0]["createdAt"], Value::Null);
    let resources = state["resources"].as_array().expect("resources");
    let lab = resources.iter().find(|r| r["type"] == "k8s-cluster");
    let facts = &lab.expect("a cluster")["kubernetes"];
    assert_eq!(facts["gaps"][0]["member"], "secrets");

    let one = report("lab", &json!([pod("web-2")]));
    site.send_report_to(&agent, KUBERNETES, &one).await;
    let state = site.get(&admin, "/api/state").await.json();
    let pods = state["kubernetesClusters"][0]["pods"].as_array();
    assert_eq!(pods.map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_cluster_is_its_first_tokens() {
    let (site, admin, agent) = with_agent().await;
    site.send_report_to(&agent, KUBERNETES, &report("lab", &json!([])))
        .await;
    let (other, _) = site.token(&admin, &["kubernetes:report"]).await;
    let answer = site
        .post(&other, KUBERNETES, &report("lab", &json!([])))
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["code"], "invalid_report");
    let text = answer.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(text.contains("already in use by"), "{text}");
}

#[tokio::test]
async fn a_report_that_names_no_cluster_or_comes_with_another_scope_is_refused() {
    let (site, admin, agent) = with_agent().await;
    let nobody = site.post(&agent, KUBERNETES, &json!({"nodes": []})).await;
    assert_eq!(nobody.status, 400);
    assert_eq!(nobody.json()["code"], "invalid_report");
    let (wrong, _) = site.token(&admin, &["docker:report"]).await;
    let refused = site
        .post(&wrong, KUBERNETES, &report("lab", &json!([])))
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["requiredScope"], "kubernetes:report");
    assert_eq!(
        site.get(&admin, "/api/state").await.json()["kubernetesClusters"],
        json!([])
    );
}
