//! Agents of the original's kind: a token, gzip, a numbered stream.

use serde_json::json;

use pulse_tests::{REPORT, Site, gzip};

#[tokio::test]
async fn a_report_is_answered_as_the_originals_agents_expect() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "Web-01").await;
    let answer = web.report(12.5).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(
        (body["success"].as_bool(), body["agentId"].as_str()),
        (Some(true), Some("web-01"))
    );
    assert_eq!(
        (body["platform"].as_str(), body["osName"].as_str()),
        (Some("linux"), Some("debian"))
    );
    assert!(body["lastSeen"].is_string());
    assert_eq!(
        body.get("serverVersion"),
        None,
        "naming a version would make the original update itself"
    );
}

#[tokio::test]
async fn the_older_path_and_an_uncompressed_body_do_as_well() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let report = web.next(1.0);
    let answer = web.person().post("/api/agents/host/report", &report).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["deprecation"], "true");
}

#[tokio::test]
async fn both_ways_of_presenting_a_token_work() {
    let (site, admin) = Site::set_up().await;
    let (token, _) = admin.mint(&["host-agent:report"]).await;
    let mut web = site.machine(&admin, "web").await;
    let report = web.next(1.0);
    let bearer = site
        .nobody()
        .with("authorization", &format!("Bearer {token}"));
    assert_eq!(
        bearer.post(REPORT, &report).await.status,
        200,
        "the older scope name counts as well"
    );
}

#[tokio::test]
async fn an_overtaken_report_is_answered_200_and_changes_nothing() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let older = web.next(10.0);
    assert_eq!(web.report(20.0).await.status, 200);
    assert_eq!(web.send(&older).await.status, 200);
    // A third report is the sign that the two before it are through.
    let mut live = admin.live("delta=1").await;
    let seen = std::cell::RefCell::new(Vec::new());
    assert_eq!(web.report(30.0).await.status, 200);
    live.until("web", |web| {
        seen.borrow_mut().push(web["cpu"]["current"].as_f64());
        web["cpu"]["current"] == 30.0
    })
    .await;
    assert!(!seen.borrow().contains(&Some(10.0)), "{seen:?}");
}

#[tokio::test]
async fn two_machines_that_share_an_id_and_a_token_both_stay_visible() {
    let (site, admin) = Site::set_up().await;
    let (token, _) = admin.mint(&["agent:report"]).await;
    let agent = site.nobody().with_token(&token);
    let report = |hostname: &str| json!({"agent": {"id": "m-1"}, "host": {"id": "m-1", "machineId": "m-1", "hostname": hostname}});
    let mut ids = Vec::new();
    for hostname in ["web", "web-copy", "web", "web-copy"] {
        let answer = agent.post(REPORT, &report(hostname)).await;
        ids.push(answer.json()["agentId"].as_str().expect("an id").to_owned());
    }
    assert_eq!(ids[0], ids[2]);
    assert_eq!(ids[1], ids[3]);
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_clock_years_off_is_shown_and_not_believed() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let mut report = web.next(5.0);
    report["timestamp"] = json!("2001-01-01T00:00:00Z");
    assert_eq!(
        web.person()
            .post_bytes(REPORT, Some("gzip"), gzip(report.to_string().as_bytes()))
            .await
            .status,
        200
    );
    let mut live = admin.live("delta=1").await;
    let host = live.until("web", |_| true).await;
    assert_eq!(host["status"], "online");
    assert!(
        host["agent"]["clockSkewSeconds"]
            .as_i64()
            .is_some_and(|skew| skew < -300_000_000),
        "{host}"
    );
    let seen = host["lastSeen"].as_i64().expect("milliseconds");
    assert!(seen > 1_500_000_000_000, "dated by the server: {seen}");
}
