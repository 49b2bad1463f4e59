//! Mock mode: an invented estate in the place of this one, and nothing lost meanwhile.

use std::collections::BTreeSet;

use pulse_tests::Site;
use serde_json::{Value, json};

const SWITCH: &str = "/api/system/mock-mode";

fn names(state: &Value, member: &str) -> BTreeSet<String> {
    let rows = state[member].as_array().expect("a list").iter();
    rows.map(|row| row["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Every collection of the state has something.
fn assert_filled(state: &Value) {
    for member in [
        "nodes",
        "vms",
        "containers",
        "dockerHosts",
        "hosts",
        "kubernetesClusters",
        "storage",
        "cephClusters",
        "physicalDisks",
        "pbs",
        "pmg",
        "connectedInfrastructure",
        "resources",
    ] {
        assert!(
            !state[member].as_array().expect(member).is_empty(),
            "{member}"
        );
    }
}

#[tokio::test]
async fn an_invented_estate_is_shown_and_taken_away_and_real_reports_count_meanwhile() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let mut db = site.machine(&admin, "db").await;
    web.report(1.0).await;
    let mut live = admin.live("?delta=1").await;
    live.until("web", |web| web["name"] == "web").await;
    let before = admin.get(SWITCH).await.json();
    assert_eq!(before["enabled"], false);
    assert!(before["config"]["nodeCount"].is_u64());

    let on = json!({"enabled": true, "config": {"nodeCount": 2, "vmsPerNode": 3, "lxcsPerNode": 3,
        "dockerHostCount": 8, "dockerContainersPerHost": 3, "genericHostCount": 1,
        "k8sClusterCount": 1, "k8sPodsPerCluster": 4, "k8sDeploymentsPerCluster": 2}});
    let now = admin.post(SWITCH, &on).await.json();
    assert_eq!(
        (&now["enabled"], &now["config"]["nodeCount"]),
        (&json!(true), &json!(2))
    );

    let frame = live.expect("rawData").await;
    assert_eq!(frame["data"]["mockMode"], true, "sockets begin anew");
    let state = admin.get("/api/state").await.json();
    assert_eq!(state["mockMode"], true);
    assert_filled(&state);
    assert!(
        !names(&state, "resources").contains("web"),
        "nothing real is shown"
    );
    let counts = admin.get("/api/resources/stats").await.json();
    let kinds = counts["byType"].as_object().expect("counts").len();
    assert!(kinds >= 15, "{kinds} kinds");

    let vm = &state["vms"][0]["id"].as_str().expect("an id").to_owned();
    let path =
        format!("/api/metrics-store/history?resourceType=vm&resourceId={vm}&range=24h&metric=disk");
    let history = admin.get(&path).await.json();
    assert_eq!(history["source"], "mock_synthetic");
    assert!(
        history["points"].as_array().expect("points").len() > 20,
        "a past at once"
    );

    web.report(2.0).await;
    db.report(2.0).await;
    let off = admin.put(SWITCH, &json!({"enabled": false})).await.json();
    assert_eq!(off["enabled"], false);
    live.until("db", |db| db["name"] == "db").await;
    let state = admin.get("/api/state").await.json();
    assert_eq!(state["mockMode"], false);
    assert_eq!(
        names(&state, "resources"),
        BTreeSet::from(["db".into(), "web".into()])
    );
    assert!(
        !site.data_dir().join("mock").exists(),
        "its history is gone from disk"
    );
}

#[tokio::test]
async fn a_size_out_of_range_is_refused_by_name_and_changes_nothing() {
    let (_site, admin) = Site::set_up().await;
    for (config, code) in [
        (json!({"nodeCount": 1_000_000_000u64}), "out_of_range"),
        (json!({"stoppedPercent": 1.5}), "out_of_range"),
        (json!({"nodeCount": -1}), "invalid_config"),
        (json!({"nodeCount": "many"}), "invalid_config"),
    ] {
        let answer = admin
            .post(SWITCH, &json!({"enabled": true, "config": config}))
            .await;
        assert_eq!(answer.status, 400, "{config}");
        assert_eq!(answer.json()["code"], code, "{config}");
    }
    assert_eq!(admin.get(SWITCH).await.json()["enabled"], false);
}
