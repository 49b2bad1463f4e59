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

/// Asks for a small estate.
fn on() -> Value {
    json!({"enabled": true, "config": {"nodeCount": 2, "vmsPerNode": 3, "lxcsPerNode": 3,
        "dockerHostCount": 8, "dockerContainersPerHost": 3, "genericHostCount": 1,
        "k8sClusterCount": 1, "k8sPodsPerCluster": 4, "k8sDeploymentsPerCluster": 2}})
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
    let mut live = admin.live("delta=1").await;
    live.until("web", |web| web["name"] == "web").await;
    let before = admin.get(SWITCH).await.json();
    assert_eq!(before["enabled"], false);
    assert!(before["config"]["nodeCount"].is_u64());

    let now = admin.post(SWITCH, &on()).await.json();
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

#[tokio::test]
async fn nothing_invented_is_left_once_it_is_off() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let mut live = admin.live("delta=1").await;
    web.report(1.0).await;
    live.until("web", |web| web["name"] == "web").await;
    let counts = async || admin.get("/api/resources/stats").await.json();
    let before = counts().await;
    admin.post(SWITCH, &on()).await;
    let state = admin.get("/api/state").await.json();
    let resources = state["resources"].as_array().expect("a list").iter();
    let ids: Vec<&str> = resources.filter_map(|one| one["id"].as_str()).collect();
    assert!(ids.len() > 100 && before["total"] == 1);
    let busy = state["resources"].as_array().expect("a list").iter();
    let busy = busy.filter(|one| one["cpu"].is_object()).take(40);
    let busy: Vec<&str> = busy.filter_map(|one| one["id"].as_str()).collect();
    let path = format!("/api/metrics-store/sparks?ids={}", busy.join(","));
    let remembered = async || {
        let sparks = admin.get(&path).await.json();
        sparks["series"].as_object().expect("series").len()
    };
    assert_eq!(remembered().await, 40);
    admin.post(SWITCH, &json!({"enabled": false})).await;
    assert_eq!(counts().await, before);
    assert_eq!(remembered().await, 0);
    for id in ids {
        let path = format!("/api/resources/{id}");
        assert_eq!(admin.get(&path).await.status, 404, "{id}");
    }
    assert!(!site.data_dir().join("mock").exists());
}

#[tokio::test]
async fn what_is_shown_outlasts_a_restart_and_is_invented_anew() {
    let (mut site, admin) = Site::set_up().await;
    let size = admin.post(SWITCH, &on()).await.json()["config"].clone();
    let before = admin.get("/api/resources/stats").await.json();
    site.restart().await;
    let admin = site.sign_in().await;
    let after = admin.get(SWITCH).await.json();
    assert_eq!((&after["enabled"], &after["config"]), (&json!(true), &size));
    let again = admin.get("/api/resources/stats").await.json();
    assert_eq!(again["byType"], before["byType"], "of the same size");
    assert_eq!(admin.get("/api/state").await.json()["mockMode"], true);
}

#[tokio::test]
async fn a_fixed_switch_is_over_the_stored_one_and_does_not_change_it() {
    let (mut site, admin) = Site::set_up().await;
    let told = admin.post(SWITCH, &on()).await.json();
    assert_eq!(told["envOverrides"], json!({}));
    site.restart_with(|config| config.mock_mode = Some(false))
        .await;
    let admin = site.sign_in().await;
    for answer in [
        admin.get(SWITCH).await,
        admin.post(SWITCH, &json!({"enabled": true})).await,
    ] {
        let told = answer.json();
        assert_eq!((answer.status, &told["enabled"]), (200, &json!(false)));
        assert_eq!(told["envOverrides"], json!({"enabled": true}));
    }
    let state = admin.get("/api/state").await.json();
    assert_eq!(state["mockMode"], false);
    assert!(!site.data_dir().join("mock").exists());

    site.restart().await;
    let admin = site.sign_in().await;
    assert_eq!(admin.get(SWITCH).await.json()["enabled"], true, "as it was");
    let off = json!({"enabled": false, "config": {"nodeCount": 3}});
    admin.post(SWITCH, &off).await;
    site.restart_with(|config| config.mock_mode = Some(true))
        .await;
    let admin = site.sign_in().await;
    let told = admin.put(SWITCH, &off).await.json();
    assert_eq!(told["enabled"], true);
    assert_eq!(admin.get("/api/state").await.json()["mockMode"], true);
    site.restart().await;
    let admin = site.sign_in().await;
    assert_eq!(admin.get(SWITCH).await.json()["enabled"], false);
}
