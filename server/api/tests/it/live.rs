//! The live socket's relatives that need no socket: Socket.IO by polling, and the made-up frame.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::site::{Answer, Caller, Site};

const OPEN: &str = "/socket.io/?EIO=4&transport=polling";

async fn open(site: &Site, caller: &Caller) -> String {
    let opened = site.get(caller, OPEN).await;
    let text = text(&opened);
    let offer: Value =
        serde_json::from_str(text.strip_prefix('0').expect("an offer")).expect("JSON");
    assert_eq!(offer["upgrades"], json!(["websocket"]));
    offer["sid"].as_str().expect("a session").to_owned()
}

fn text(answer: &Answer) -> String {
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    String::from_utf8(answer.body.clone()).expect("text")
}

async fn say(site: &Site, caller: &Caller, sid: &str, packets: &str) -> Answer {
    let request = Request::post(format!("{OPEN}&sid={sid}"))
        .header("host", "pulse.test")
        .header("content-type", "text/plain;charset=UTF-8")
        .body(Body::from(packets.to_owned()));
    let mut request = request.expect("a request");
    request.headers_mut().extend(caller.headers.clone());
    site.raw(request).await
}

/// Polls until a packet starts with `start`, and returns it.
async fn hear(site: &Site, caller: &Caller, sid: &str, start: &str) -> String {
    for _ in 0..10 {
        let packets = text(&site.get(caller, &format!("{OPEN}&sid={sid}")).await);
        let mut packets = packets.split('\u{1e}');
        if let Some(found) = packets.find(|packet| packet.starts_with(start)) {
            return found.to_owned();
        }
    }
    panic!("no packet starts with {start}");
}

#[tokio::test]
async fn a_polling_client_gets_the_state_what_happens_and_what_it_asks_for() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let (reader, _) = site.token(&admin, &["monitoring:read"]).await;
    let sid = open(&site, &reader).await;
    assert_eq!(text(&say(&site, &reader, &sid, "40").await), "ok");
    let state = hear(&site, &reader, &sid, "42[\"initialState\"").await;
    let state: Value = serde_json::from_str(&state[2..]).expect("JSON");
    assert_eq!(state[1]["resources"][0]["id"], "web");
    assert_eq!(state[1]["hosts"][0]["hostname"], "web");

    say(
        &site,
        &reader,
        &sid,
        "427[\"requestData\"]\u{1e}42[\"ping\"]",
    )
    .await;
    hear(&site, &reader, &sid, "437[]").await;
    let sent = site
        .post(&admin, "/api/test-notification", &json!({}))
        .await;
    assert_eq!(sent.json(), json!({"status": "notification sent"}));
    let event = hear(&site, &reader, &sid, "42[\"node_auto_registered\"").await;
    assert!(event.contains("test-node.example.com"));
}

#[tokio::test]
async fn a_session_is_its_callers_alone_and_ends_when_it_says_so() {
    let (site, admin) = Site::set_up().await;
    let (one, _) = site.token(&admin, &["monitoring:read"]).await;
    let (other, _) = site.token(&admin, &["monitoring:read"]).await;
    let sid = open(&site, &one).await;
    let path = format!("{OPEN}&sid={sid}");
    let refused = site.get(&other, &path).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "unknown_session")
    );
    say(&site, &one, &sid, "40").await;
    hear(&site, &one, &sid, "40").await;
    let (last, said) = tokio::join!(site.get(&one, &path), say(&site, &one, &sid, "41"));
    assert_eq!((last.status, said.status), (200, 200));
    let after = site.get(&one, &path).await;
    assert!(
        after.status == 400 || after.body == b"1",
        "{}",
        after.status
    );
}

#[tokio::test]
async fn what_is_not_the_protocol_is_refused() {
    let (site, admin) = Site::set_up().await;
    let (reader, _) = site.token(&admin, &["monitoring:read"]).await;
    for (query, status) in [
        ("", 400),
        ("EIO=3&transport=polling", 400),
        ("EIO=4", 400),
        ("EIO=4&transport=pigeon", 400),
        ("EIO=4&transport=websocket", 426),
        ("EIO=4&transport=polling&sid=made-up", 400),
    ] {
        let answer = site.get(&reader, &format!("/socket.io/?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
    }
    let sid = open(&site, &reader).await;
    for packets in ["", "x", "42[", "4", "bAAAA", &"3\u{1e}".repeat(100)] {
        let answer = say(&site, &reader, &sid, packets).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "invalid_packet"),
            "{packets}"
        );
    }
    let large = say(&site, &reader, &sid, &"3".repeat(70_000)).await;
    assert_eq!(large.status, 413);
    let evil = reader.clone().and("origin", "https://evil.test");
    assert_eq!(site.get(&evil, OPEN).await.code(), "origin_refused");
}

#[tokio::test]
async fn one_caller_cannot_take_every_session() {
    let (site, admin) = Site::set_up().await;
    let (greedy, _) = site.token(&admin, &["monitoring:read"]).await;
    let (modest, _) = site.token(&admin, &["monitoring:read"]).await;
    for _ in 0..32 {
        open(&site, &greedy).await;
    }
    let refused = site.get(&greedy, OPEN).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "too_many_sessions")
    );
    open(&site, &modest).await;
}
