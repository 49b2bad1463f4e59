//! Settings, log, diagnostics.

use axum::body::Body;
use http_body_util::BodyExt;
use pulse_settings::Fixed;
use serde_json::{Value, json};
use std::time::Duration;

use crate::site::{Caller, Site};

const SETTINGS: &str = "/api/system/settings";
const UPDATE: &str = "/api/system/settings/update";

#[tokio::test]
async fn settings_are_merged_and_a_refusal_names_member_and_range() {
    let (site, admin) = Site::set_up().await;
    let before = site.get(&admin, SETTINGS).await.json();
    assert_eq!(
        (&before["pvePollingInterval"], &before["envOverrides"]),
        (&json!(10), &json!({}))
    );
    let saved = site.post(&admin, UPDATE, &json!({"sshPort": 2222})).await;
    assert_eq!(saved.json(), json!({"success": true}));
    let body = json!({"theme": "dark", "pvePollingInterval": 1});
    let refused = site.post(&admin, UPDATE, &body).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "invalid_setting")
    );
    let refused = refused.json();
    assert_eq!(refused["details"]["member"], "pvePollingInterval");
    let text = refused["error"].as_str().expect("text");
    assert!(text.contains("from 10 to 3600"), "{text}");
    let after = site.get(&admin, SETTINGS).await.json();
    assert_eq!(
        (&after["sshPort"], &after["theme"]),
        (&json!(2222), &json!(""))
    );
}

#[tokio::test]
async fn a_member_given_twice_and_what_is_no_object_are_refused() {
    let (site, admin) = Site::set_up().await;
    for body in [r#"{"sshPort":1,"sshPort":2}"#, "[]", "1", "{} x"] {
        let request = http::Request::post(UPDATE)
            .header("host", "pulse.test")
            .header("content-type", "application/json");
        let mut request = request.body(Body::from(body)).expect("a request");
        request.headers_mut().extend(admin.headers.clone());
        assert_eq!(site.raw(request).await.status, 400, "{body}");
    }
    assert_eq!(site.settings.get().ssh_port, 22);
}

#[tokio::test]
async fn the_old_names_of_settings_still_work_and_say_that_they_are_old() {
    let (site, admin) = Site::set_up().await;
    for method in ["POST", "PUT"] {
        let body = json!({"dnsCacheTimeout": method.len()});
        let answer = site
            .send(&admin, method, "/api/config/system", Some(&body))
            .await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["deprecation"], "true");
    }
    let old = site.get(&admin, "/api/config/system").await.json();
    assert_eq!(old["dnsCacheTimeout"], 3);
    let body =
        json!({"theme": "light", "refreshInterval": 5, "display": {"rows": "dense"}, "sshPort": 1});
    let answer = site.post(&admin, "/api/settings/update", &body).await;
    assert_eq!(answer.headers["deprecation"], "true");
    let shown = site.get(&admin, "/api/settings").await.json();
    let expected = json!({
        "theme": "light", "fullWidthMode": false, "refreshInterval": 5, "display": {"rows": "dense"},
    });
    assert_eq!(shown, expected);
    assert_eq!(site.settings.get().ssh_port, 22, "that is not about looks");
}

#[tokio::test]
async fn what_the_environment_fixes_is_said_and_kept() {
    let mut fixed = Fixed::default();
    fixed
        .variable("PBS_POLLING_INTERVAL", "20")
        .expect("a number");
    fixed.member("logLevel", "warn");
    let (site, admin) = Site::with_fixed(fixed).await;
    let shown = site.get(&admin, SETTINGS).await.json();
    assert_eq!(
        shown["envOverrides"],
        json!({"logLevel": true, "pbsPollingInterval": true})
    );
    let body = json!({"pbsPollingInterval": 30, "pmgPollingInterval": 30});
    let saved = site.post(&admin, UPDATE, &body).await.json();
    assert_eq!(
        saved,
        json!({"success": true, "fixedByEnvironment": ["pbsPollingInterval"]})
    );
    let now = site.settings.get();
    assert_eq!(
        (now.pbs_polling_interval, now.pmg_polling_interval),
        (20, 30)
    );
    let refused = site
        .post(&admin, "/api/logs/level", &json!({"level": "debug"}))
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "fixed_by_environment")
    );
}

#[tokio::test]
async fn everybody_may_know_the_update_channel_and_only_administrators_the_rest() {
    let (site, admin) = Site::set_up().await;
    let (viewer, _) = site.token(&admin, &["monitoring:read"]).await;
    let known = site.get(&viewer, "/api/config").await.json();
    let expected =
        json!({"csrfProtection": true, "autoUpdateEnabled": false, "updateChannel": "stable"});
    assert_eq!(known, expected);
    assert_eq!(site.get(&viewer, SETTINGS).await.status, 403);
}

#[tokio::test]
async fn other_pages_may_show_the_dashboard_only_when_they_are_let() {
    let (site, admin) = Site::set_up().await;
    let policy = async |path| {
        let page = site.get(&admin, path).await;
        let policy = page.headers["content-security-policy"]
            .to_str()
            .expect("text")
            .to_owned();
        let ancestors = policy
            .split("frame-ancestors ")
            .nth(1)
            .expect("a part")
            .to_owned();
        (ancestors, page.headers.contains_key("x-frame-options"))
    };
    assert_eq!(policy("/").await, ("'none'".to_owned(), true));
    let body = json!({"allowEmbedding": true, "allowedEmbedOrigins": "https://wall.test"});
    site.post(&admin, UPDATE, &body).await;
    assert_eq!(
        policy("/").await,
        ("'self' https://wall.test".to_owned(), false)
    );
    assert_eq!(
        policy("/api/health").await,
        ("'none'".to_owned(), true),
        "a page, nothing else"
    );
}

#[tokio::test]
async fn a_named_origin_may_change_things_from_the_moment_it_is_named() {
    let (site, admin) = Site::set_up().await;
    let page = admin.clone().and("origin", "https://wall.test");
    let body = json!({"sshPort": 23});
    assert_eq!(site.post(&page, UPDATE, &body).await.code(), "csrf_failure");
    site.post(
        &admin,
        UPDATE,
        &json!({"allowedOrigins": "https://wall.test"}),
    )
    .await;
    assert_eq!(site.post(&page, UPDATE, &body).await.status, 200);
}

#[tokio::test]
async fn settings_show_where_they_matter() {
    let (site, admin) = Site::set_up().await;
    let state = site.get(&admin, "/api/state").await;
    assert_eq!(state.json()["temperatureMonitoringEnabled"], true);
    let body = json!({"temperatureMonitoringEnabled": false, "hideLocalLogin": true});
    site.post(&admin, UPDATE, &body).await;
    let later = site.get(&admin, "/api/state").await;
    assert_eq!(later.json()["temperatureMonitoringEnabled"], false);
    assert_ne!(state.headers["etag"], later.headers["etag"]);
    let status = site
        .get(&Caller::default(), "/api/security/status")
        .await
        .json();
    assert_eq!(status["hideLocalLogin"], true);
}

#[tokio::test]
async fn the_log_level_is_a_setting() {
    let (site, admin) = Site::set_up().await;
    let set = site
        .post(&admin, "/api/logs/level", &json!({"level": "DEBUG"}))
        .await;
    assert_eq!((set.status, set.body.len()), (200, 0));
    assert_eq!(
        site.get(&admin, "/api/logs/level").await.json(),
        json!({"level": "debug"})
    );
    assert_eq!(site.settings.get().log_level, "debug");
    let wrong = site
        .post(&admin, "/api/logs/level", &json!({"level": "loud"}))
        .await;
    assert_eq!(wrong.code(), "invalid_setting");
}

async fn next(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.expect("a piece");
    let bytes = frame.into_data().expect("text");
    Some(String::from_utf8(bytes.to_vec()).expect("text"))
}

#[tokio::test]
async fn the_log_comes_as_it_was_and_then_as_it_is_written() {
    let (site, admin) = Site::set_up().await;
    site.log.add(r#"{"message":"one"}"#);
    site.log.add(r#"{"message":"two"}"#);
    let (status, mut body) = site.open(&admin, "/api/logs/stream").await;
    assert_eq!(status, 200);
    let history = "data: {\"message\":\"one\"}\n\ndata: {\"message\":\"two\"}\n\n";
    assert_eq!(next(&mut body).await.as_deref(), Some(history));
    site.log.add("three");
    assert_eq!(next(&mut body).await.as_deref(), Some("data: three\n\n"));
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_and_let_go() {
    let (site, admin) = Site::set_up().await;
    let (_, mut body) = site.open(&admin, "/api/logs/stream").await;
    for number in 0..20 {
        site.log.add(&format!("line {number}"));
    }
    let note = next(&mut body).await.expect("a note");
    assert!(
        note.starts_with("event: end\n") && note.contains("too slow"),
        "{note}"
    );
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn there_is_an_end_to_readers_and_whoever_leaves_makes_room() {
    let (site, admin) = Site::set_up().await;
    let mut readers = Vec::new();
    for _ in 0..8 {
        readers.push(site.open(&admin, "/api/logs/stream").await);
    }
    assert!(readers.iter().all(|(status, _)| *status == 200));
    let refused = site.get(&admin, "/api/logs/stream").await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "too_many_readers")
    );
    readers.pop();
    assert_eq!(site.log.readers(), 7, "nobody listens for who has left");
    assert_eq!(site.open(&admin, "/api/logs/stream").await.0, 200);
}

#[tokio::test]
async fn whoever_loses_the_right_loses_the_log() {
    let (site, admin) = Site::set_up().await;
    let (token, id) = site.token(&admin, &["settings:read"]).await;
    let (status, mut body) = site.open(&token, "/api/logs/stream").await;
    assert_eq!(status, 200);
    let path = format!("/api/security/tokens/{id}");
    site.send(&admin, "DELETE", &path, None).await;
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn diagnostics_are_made_once_for_everybody_who_asks() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let asked = (0..100).map(|_| site.get(&admin, "/api/diagnostics"));
    let answers = futures_util::future::join_all(asked).await;
    let made_at = &answers[0].headers["x-diagnostics-cached-at"];
    assert!(
        answers
            .iter()
            .all(|answer| answer.headers["x-diagnostics-cached-at"] == made_at)
    );
    let figures =
        async || String::from_utf8(site.get(&admin, "/metrics").await.body).expect("text");
    assert!(
        figures()
            .await
            .contains("pulse_diagnostics_cache_misses_total 1\n")
    );
    assert!(
        figures()
            .await
            .contains("pulse_diagnostics_cache_hits_total 99\n")
    );
    let report = answers[0].json();
    assert_eq!(report["agents"]["agentsTotal"], 1);
    assert_eq!(report["apiTokens"]["usage"][0]["hostCount"], 1);
    for member in [
        "version",
        "runtime",
        "uptime",
        "nodes",
        "pbs",
        "system",
        "metricsStore",
        "apiTokens",
        "dockerAgents",
        "errors",
        "nodeSnapshots",
        "guestSnapshots",
        "memorySources",
        "memorySourceBreakdown",
    ] {
        assert!(report.get(member).is_some(), "{member}");
    }
    site.hands.advance(Duration::from_secs(46));
    let later = site.get(&admin, "/api/diagnostics").await;
    assert_ne!(&later.headers["x-diagnostics-cached-at"], made_at);
    assert!(
        figures()
            .await
            .contains("pulse_diagnostics_cache_misses_total 2\n")
    );
}

#[tokio::test]
async fn the_support_bundle_is_an_archive_without_secrets() {
    let (site, admin) = Site::set_up().await;
    let (_, _) = site.token(&admin, &["agent:report"]).await;
    site.log.add(r#"{"message":"listening"}"#);
    let answer = site.get(&admin, "/api/logs/download").await;
    assert_eq!(answer.headers["content-type"], "application/zip");
    let name = answer.headers["content-disposition"]
        .to_str()
        .expect("text");
    assert!(
        name.contains("pulse-support-bundle-20270115-080000.zip"),
        "{name}"
    );
    let files = unpacked(&answer.body);
    assert_eq!(
        files[0],
        (
            "pulse.log".to_owned(),
            r#"{"message":"listening"}"#.to_owned()
        )
    );
    let (name, about) = &files[1];
    let about: Value = serde_json::from_str(about).expect("JSON");
    assert_eq!(name, "system-info.json");
    assert_eq!(about["diagnostics"]["apiTokens"]["tokenCount"], 1);
    assert_eq!(about["settings"]["theme"], "");
}

/// Reads the files of an archive as any reader would: by the directory at its end.
fn unpacked(archive: &[u8]) -> Vec<(String, String)> {
    let number = |at: usize, size: usize| {
        let bytes = archive[at..at + size].iter().rev();
        bytes.fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
    let mut at = number(end + 16, 4);
    let mut files = Vec::new();
    for _ in 0..number(end + 10, 2) {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        let (packed, length, name) = (number(at + 20, 4), number(at + 24, 4), number(at + 28, 2));
        let start = number(at + 42, 4);
        let name_of = |at: usize| String::from_utf8(archive[at..at + name].to_vec()).expect("text");
        assert_eq!(name_of(at + 46), name_of(start + 30));
        let content = &archive[start + 30 + name..][..packed];
        let mut text = String::new();
        let mut decoder = flate2::read::DeflateDecoder::new(content);
        std::io::Read::read_to_string(&mut decoder, &mut text).expect("deflated text");
        assert_eq!(text.len(), length);
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        assert_eq!(crc.sum() as usize, number(at + 16, 4));
        files.push((name_of(at + 46), text));
        at += 46 + name;
    }
    files
}

#[tokio::test]
async fn the_scheduler_says_that_nothing_is_polled_yet() {
    let (site, admin) = Site::set_up().await;
    let (viewer, _) = site.token(&admin, &["monitoring:read"]).await;
    let health = site
        .get(&viewer, "/api/monitoring/scheduler/health")
        .await
        .json();
    let expected = json!({
        "updatedAt": "2027-01-15T08:00:00Z", "enabled": false,
        "queue": {"depth": 0, "dueWithinSeconds": 0, "perType": {}},
        "deadLetter": {"count": 0, "tasks": []},
        "breakers": [], "staleness": [], "instances": [],
    });
    assert_eq!(health, expected);
    site.post(&admin, UPDATE, &json!({"adaptivePollingEnabled": true}))
        .await;
    let health = site
        .get(&viewer, "/api/monitoring/scheduler/health")
        .await
        .json();
    assert_eq!(health["enabled"], true);
}
