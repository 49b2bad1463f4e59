//! Lists come in pages, and change while they are read.

use pulse_agent_kubernetes::Settings;
use pulse_protocol::report::kubernetes::GapReason;
use serde_json::json;

use crate::fake::pod;
use crate::setting::{Setting, everything, gap};

const PODS: &str = "/api/v1/pods";

async fn with_pods(count: usize) -> Setting {
    let setting = Setting::start().await;
    for at in 0..count {
        setting.add(PODS, pod("shop", &format!("web-{at:04}"), "n1"));
    }
    setting
}

#[tokio::test]
async fn a_list_of_several_pages_is_read_to_its_end() {
    let setting = with_pods(601).await;
    let report = setting.report(everything()).await;
    assert_eq!(report.pods.len(), 601);
    assert_eq!(setting.api.world().count("/api/v1/pods?limit="), 3);
    assert_eq!(gap(&report, "pods"), None);
}

#[tokio::test]
async fn an_object_that_shows_up_on_two_pages_counts_once() {
    let setting = with_pods(400).await;
    let late = pod("shop", "late", "n1");
    setting
        .api
        .world()
        .between_pages
        .insert(PODS.to_owned(), late);
    let report = setting.report(everything()).await;
    // The newcomer pushed the last of the first page onto the second.
    assert_eq!(report.pods.len(), 400);
    let mut names: Vec<&str> = report.pods.iter().map(|pod| pod.name.as_str()).collect();
    names.dedup();
    assert_eq!(names.len(), 400);
}

#[tokio::test]
async fn a_list_whose_place_is_forgotten_is_begun_again_once() {
    let setting = with_pods(400).await;
    setting.api.world().forgotten = 1;
    let report = setting.report(everything()).await;
    assert_eq!(report.pods.len(), 400);
    assert_eq!(setting.api.world().count("/api/v1/pods?limit="), 4);

    setting.api.world().forgotten = 2;
    let error = setting.read(everything()).await.expect_err("no reading");
    assert!(error.to_string().contains("410"), "{error}");
}

#[tokio::test]
async fn an_api_that_pages_in_a_circle_is_left() {
    let setting = Setting::start().await;
    let page = json!({"metadata": {"continue": "again"}, "items": [pod("shop", "web", "n1")]});
    setting.api.world().answers.insert(PODS.to_owned(), page);
    let report = setting.report(everything()).await;
    assert_eq!(report.pods.len(), 1);
    assert_eq!(
        gap(&report, "pods").map(|gap| gap.reason),
        Some(GapReason::Limit)
    );
}

#[tokio::test]
async fn objects_beyond_the_most_are_left_out_and_counted() {
    let setting = Setting::start().await;
    for at in 0..1_300 {
        let meta = json!({"uid": format!("u{at}"), "name": format!("s{at}"), "namespace": "shop"});
        setting.add("/api/v1/services", json!({"metadata": meta}));
    }
    let report = setting.report(Settings::default()).await;
    assert_eq!(report.services.len(), 1_000);
    let gap = gap(&report, "services").expect("a gap");
    assert_eq!((gap.reason, gap.left_out), (GapReason::Limit, 300));
}

#[tokio::test]
async fn an_object_that_makes_no_sense_hides_no_other() {
    let setting = with_pods(2).await;
    setting.add(PODS, json!({"metadata": "none"}));
    setting.add(PODS, json!(7));
    let report = setting.report(everything()).await;
    assert_eq!(report.pods.len(), 2);
    let gap = gap(&report, "pods").expect("a gap");
    assert_eq!((gap.reason, gap.left_out), (GapReason::Failed, 2));
}
