//! Pods and events are followed, not listed again and again.

use pulse_agent_kubernetes::{Cluster, Settings};
use pulse_protocol::report::kubernetes::KubernetesReport;
use serde_json::{Value, json};

use crate::fake::{Watching, event, pod};
use crate::setting::{Setting, everything, now};

const PODS: &str = "/api/v1/pods";
const LISTED: &str = "/api/v1/pods?limit=";

fn names(report: &KubernetesReport) -> Vec<&str> {
    report.pods.iter().map(|pod| pod.name.as_str()).collect()
}

async fn report(cluster: &mut Cluster) -> KubernetesReport {
    cluster.collect(now()).await.expect("a reading").report
}

/// Reads until the pods are those, which a watch tells in its own time.
async fn until(cluster: &mut Cluster, expected: &[&str]) {
    let reading = async {
        while names(&report(cluster).await) != expected {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(30);
    tokio::time::timeout(limit, reading)
        .await
        .expect("the pods that were expected");
}

fn failing(name: &str, is_failing: bool) -> Value {
    let mut pod = pod("shop", name, "n1");
    pod["status"]["containerStatuses"][0]["ready"] = json!(!is_failing);
    pod
}

#[tokio::test]
async fn changes_are_told_without_another_list() {
    let setting = Setting::start().await;
    setting.add(PODS, failing("a", true));
    setting.add(PODS, failing("b", false));
    let mut cluster = setting.cluster(Settings::default());
    assert_eq!(names(&report(&mut cluster).await), ["a"]);
    setting.api.watched(2).await;
    let api = &setting.api;
    api.change("ADDED", PODS, failing("c", true));
    api.change("MODIFIED", PODS, failing("a", false));
    api.change("MODIFIED", PODS, failing("b", true));
    until(&mut cluster, &["b", "c"]).await;
    api.change("DELETED", PODS, failing("c", true));
    api.change("BOOKMARK", PODS, json!({"metadata": {}}));
    until(&mut cluster, &["b"]).await;
    assert_eq!(api.world().count(LISTED), 1);
    let query = api
        .world()
        .seen
        .iter()
        .find(|asked| asked.path.contains("watch=true"))
        .cloned();
    let query = query.expect("a watch").path;
    assert!(query.contains("allowWatchBookmarks=true") && query.contains("resourceVersion=1000"));
}

#[tokio::test]
async fn a_new_event_is_told_without_another_list() {
    let setting = Setting::start().await;
    let mut cluster = setting.cluster(Settings::default());
    assert!(report(&mut cluster).await.events.is_empty());
    setting.api.watched(2).await;
    let seen = event("shop", "e1", "2026-01-02T00:00:00Z");
    setting.api.change("ADDED", "/api/v1/events", seen);
    while report(&mut cluster).await.events.len() != 1 {}
    assert_eq!(setting.api.world().count("/api/v1/events?limit="), 1);
}

#[tokio::test]
async fn a_watch_that_breaks_off_is_followed_by_a_list() {
    let setting = Setting::start().await;
    setting.add(PODS, pod("shop", "a", "n1"));
    let mut cluster = setting.cluster(everything());
    report(&mut cluster).await;
    setting.api.watched(2).await;
    // Nobody tells of this one.
    setting.add(PODS, pod("shop", "b", "n1"));
    setting.api.tear_watches();
    until(&mut cluster, &["a", "b"]).await;
    assert!(setting.api.world().count(LISTED) >= 2);
}

#[tokio::test]
async fn a_cluster_that_cannot_be_watched_is_listed_for_every_report() {
    for watching in [Watching::Forbidden, Watching::Gone, Watching::Torn] {
        let setting = Setting::start().await;
        setting.api.world().watching = watching;
        setting.add(PODS, pod("shop", "a", "n1"));
        let mut cluster = setting.cluster(everything());
        assert_eq!(names(&report(&mut cluster).await), ["a"], "{watching:?}");
        setting.add(PODS, pod("shop", "b", "n1"));
        until(&mut cluster, &["a", "b"]).await;
    }
}

#[tokio::test]
async fn a_silent_watch_is_not_believed_for_ever() {
    let setting = Setting::start().await;
    setting.api.world().watching = Watching::Silent;
    setting.add(PODS, pod("shop", "a", "n1"));
    let mut cluster = setting.cluster(everything());
    report(&mut cluster).await;
    setting.api.watched(2).await;
    setting.add(PODS, pod("shop", "b", "n1"));
    assert_eq!(
        names(&report(&mut cluster).await),
        ["a"],
        "the watch is believed"
    );
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(151)).await;
    tokio::time::resume();
    until(&mut cluster, &["a", "b"]).await;
}

#[tokio::test]
async fn what_people_change_is_read_now_and_then() {
    let setting = Setting::start().await;
    let mut cluster = setting.cluster(everything());
    for _ in 0..3 {
        report(&mut cluster).await;
    }
    let count = |path: &str| setting.api.world().count(path);
    assert_eq!(
        (
            count("/api/v1/services"),
            count("/apis/apps/v1/statefulsets")
        ),
        (1, 3)
    );
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(301)).await;
    tokio::time::resume();
    report(&mut cluster).await;
    assert_eq!(count("/api/v1/services"), 2);
}
