//! The whole state, its entity tag, the last hour.

use crate::site::{Caller, Site};

#[tokio::test]
async fn the_state_has_the_host_in_both_forms_and_every_promised_collection() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["hosts"][0]["hostname"], "web");
    assert_eq!(state["hosts"][0]["cpuUsage"], 5.5);
    assert_eq!(state["resources"][0]["id"], "web");
    assert_eq!(state["resources"][0]["cpu"]["current"], 5.5);
    assert_eq!(
        state["resources"][0]["memory"],
        serde_json::Value::Null,
        "missing is not zero"
    );
    for list in [
        "nodes",
        "vms",
        "containers",
        "dockerHosts",
        "storage",
        "pbs",
        "pmg",
        "activeAlerts",
    ] {
        assert!(state[list].is_array(), "{list}");
    }
    assert!(state["lastUpdate"].is_i64() && state["stats"]["version"].is_string());
}

#[tokio::test]
async fn an_unchanged_state_is_not_sent_again() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    let first = site.get(&admin, "/api/state").await;
    let etag = first.headers["etag"].to_str().expect("text").to_owned();
    let asking = admin.clone().and("if-none-match", &etag);
    let again = site.get(&asking, "/api/state").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    site.report(&agent, "web").await;
    assert_eq!(site.get(&asking, "/api/state").await.status, 200);
}

#[tokio::test]
async fn gzip_is_for_those_who_take_it() {
    let (site, admin) = Site::set_up().await;
    let zipped = site
        .get(
            &admin.clone().and("accept-encoding", "br, gzip"),
            "/api/state",
        )
        .await;
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    let mut json = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::GzDecoder::new(&zipped.body[..]),
        &mut json,
    )
    .expect("gzip");
    assert!(json.starts_with('{'));
    let plain = site
        .get(&admin.and("accept-encoding", "gzip;q=0"), "/api/state")
        .await;
    assert!(!plain.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn the_last_hour_is_asked_by_resource_and_metric() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let path = "/api/metrics-store/history?resourceType=agent&resourceId=web&range=1h";
    let all = site.get(&admin, path).await.json();
    assert_eq!(all["metrics"]["cpu"][0]["value"], 5.5);
    let one = site.get(&admin, &format!("{path}&metric=cpu")).await.json();
    assert_eq!(one["points"][0]["max"], 5.5);
    let missing = site
        .get(&admin, "/api/metrics-store/history?resourceType=agent")
        .await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (400, "missing_parameter")
    );
}

#[tokio::test]
async fn public_pages_name_nothing_that_is_monitored() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "very-secret-name").await;
    for path in [
        "/simple-stats",
        "/metrics",
        "/api/health",
        "/api/version",
        "/api/security/status",
    ] {
        let page = site.get(&Caller::default(), path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = String::from_utf8_lossy(&page.body);
        assert!(
            !text.contains("very-secret-name") && !text.contains("admin"),
            "{path}"
        );
    }
}
