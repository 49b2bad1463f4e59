//! The live socket: whole state once, then numbered deltas, resumed where a client left off.

use serde_json::json;

use pulse_tests::Site;

#[tokio::test]
async fn state_comes_once_and_then_only_what_changed() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let mut db = site.machine(&admin, "db").await;
    web.report(1.0).await;
    db.report(1.0).await;
    let mut live = admin.live("delta=1").await;
    let welcome = live.next().await.expect("a frame");
    assert_eq!(welcome["type"], "welcome");
    let mut state = live.expect("initialState").await;
    while state["data"]["resources"]
        .as_array()
        .is_none_or(|all| all.len() < 2)
    {
        live.expect("rawDataDelta").await;
        live.say(&json!({"type": "requestData"})).await;
        state = live.expect("rawData").await;
    }
    let seq = state["seq"].as_u64().expect("a number");
    web.report(2.0).await;
    let delta = live.expect("rawDataDelta").await;
    assert_eq!(delta["seq"], seq + 1);
    let upserts = delta["data"]["resourceDelta"]["upserts"]
        .as_array()
        .expect("upserts");
    assert_eq!(upserts.len(), 1);
    assert_eq!(
        (
            upserts[0]["id"].as_str(),
            upserts[0]["cpu"]["current"].as_f64()
        ),
        (Some("web"), Some(2.0))
    );
    assert_eq!(
        upserts[0].get("name"),
        None,
        "what did not change is not sent"
    );
}

#[tokio::test]
async fn a_client_that_was_away_goes_on_from_where_it_was() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let mut live = admin.live("delta=1").await;
    let start = live.expect("initialState").await;
    web.report(1.0).await;
    let seen = live.expect("rawDataDelta").await;
    drop(live);
    let mut other = admin.live("delta=1").await;
    other.expect("initialState").await;
    web.report(2.0).await;
    let missed = other.expect("rawDataDelta").await;

    let epoch = start["epoch"].as_str().expect("an epoch");
    let mut back = admin
        .live(&format!("delta=1&since={epoch}:{}", seen["seq"]))
        .await;
    back.expect("resumed").await;
    assert_eq!(
        back.expect("rawDataDelta").await,
        missed,
        "the very frame it missed"
    );

    let mut stranger = admin.live("delta=1&since=00000000:1").await;
    assert_eq!(stranger.next().await.expect("welcome")["type"], "welcome");
    assert_eq!(
        stranger.next().await.expect("state")["type"],
        "initialState",
        "another start's number means nothing"
    );
}

#[tokio::test]
async fn a_client_of_old_gets_whole_states_and_an_answer_to_its_questions() {
    let (site, admin) = Site::set_up().await;
    let (token, _) = admin.mint(&["monitoring:read"]).await;
    let mut by_query = site.nobody().live(&format!("token={token}")).await;
    by_query.expect("initialState").await;
    let mut live = site.nobody().with_token(&token).live("").await;
    let state = live.expect("initialState").await;
    assert!(state["data"]["hosts"].is_array() && state["data"]["nodes"].is_array());
    live.say(&json!({"type": "ping", "data": {"timestamp": 1}}))
        .await;
    assert!(live.expect("pong").await["data"]["timestamp"].is_i64());
    live.say(&json!({"type": "requestData"})).await;
    assert!(live.expect("rawData").await["data"]["hosts"].is_array());
    live.say(&json!(["nonsense"])).await;
    live.say(&json!({"type": "ping"})).await;
    live.expect("pong").await;
}

#[tokio::test]
async fn a_page_of_another_site_may_not_open_the_socket() {
    let (site, admin) = Site::set_up().await;
    for origin in ["https://evil.test", "null", "http://127.0.0.1:1", "file://"] {
        let refused = admin
            .clone()
            .with("origin", origin)
            .try_live("delta=1")
            .await;
        assert_eq!(refused.err(), Some(403), "{origin}");
    }
    assert_eq!(site.nobody().try_live("delta=1").await.err(), Some(401));
}

#[tokio::test]
async fn whoever_loses_the_right_loses_the_socket() {
    let (site, admin) = Site::set_up().await;
    let (token, id) = admin.mint(&["monitoring:read"]).await;
    let mut program = site.nobody().with_token(&token).live("delta=1").await;
    program.expect("initialState").await;
    admin.delete(&format!("/api/security/tokens/{id}")).await;
    assert_eq!(program.closed().await, Some(4401));

    let mut browser = admin.live("delta=1").await;
    browser.expect("initialState").await;
    admin.post("/api/logout", &json!({})).await;
    assert_eq!(browser.closed().await, Some(4401));
}

#[tokio::test]
async fn a_stopping_server_says_goodbye() {
    let (mut site, admin) = Site::set_up().await;
    let mut live = admin.live("delta=1").await;
    live.expect("initialState").await;
    site.stop().await;
    assert_eq!(live.closed().await, Some(1001));
}
