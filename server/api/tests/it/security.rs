//! The first run, signing in and out, API tokens.

use serde_json::json;

use crate::site::{Caller, PASSWORD, Site};

#[tokio::test]
async fn the_first_run_takes_the_token_from_the_file_and_signs_in() {
    let site = Site::start();
    let nobody = Caller::default();
    let before = site.get(&nobody, "/api/security/status").await.json();
    assert_eq!(before["hasAuthentication"], false);
    assert!(
        before["bootstrapTokenPath"]
            .as_str()
            .is_some_and(|path| path.ends_with(".bootstrap_token"))
    );

    let wrong = site
        .post(
            &nobody,
            "/api/security/validate-bootstrap-token",
            &json!({"token": "0"}),
        )
        .await;
    assert_eq!(wrong.status, 401);
    let right = json!({"token": site.bootstrap_token()});
    let right = site
        .post(&nobody, "/api/security/validate-bootstrap-token", &right)
        .await;
    assert_eq!(right.status, 204);

    let admin = site.do_set_up().await;
    assert_eq!(site.get(&admin, "/api/state").await.status, 200);
    let after = site.get(&admin, "/api/security/status").await.json();
    assert_eq!(after["hasAuthentication"], true);
    assert_eq!(after["authUsername"], "admin");
    assert_eq!(after["bootstrapTokenPath"], serde_json::Value::Null);
    assert!(!site.dir.path().join(".bootstrap_token").exists());
}

#[tokio::test]
async fn set_up_happens_once() {
    let site = Site::start();
    let token = site.bootstrap_token();
    site.do_set_up().await;
    let again =
        json!({"username": "other", "password": PASSWORD, "setupToken": token, "force": true});
    let again = site
        .post(&Caller::default(), "/api/security/quick-setup", &again)
        .await;
    assert!([401, 403, 409].contains(&again.status), "{}", again.status);
}

#[tokio::test]
async fn a_short_password_is_refused_and_the_token_stays_usable() {
    let site = Site::start();
    let weak =
        json!({"username": "admin", "password": "short", "setupToken": site.bootstrap_token()});
    let refused = site
        .post(&Caller::default(), "/api/security/quick-setup", &weak)
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "invalid_password")
    );
    site.do_set_up().await;
}

#[tokio::test]
async fn wrong_passwords_are_counted_and_then_locked() {
    let (site, _) = Site::set_up().await;
    let wrong = json!({"username": "admin", "password": "wrong wrong wrong"});
    let first = site.post(&Caller::default(), "/api/login", &wrong).await;
    let body = first.json();
    assert_eq!(
        (first.status, body["error"].as_str()),
        (401, Some("invalid_credentials"))
    );
    assert_eq!(
        (
            body["attempts"].as_i64(),
            body["remaining"].as_i64(),
            body["maxAttempts"].as_i64()
        ),
        (Some(1), Some(4), Some(5))
    );
    for _ in 0..4 {
        site.post(&Caller::default(), "/api/login", &wrong).await;
    }
    let right = json!({"username": "admin", "password": PASSWORD});
    let locked = site.post(&Caller::default(), "/api/login", &right).await;
    assert_eq!(
        (locked.status, locked.code().as_str()),
        (403, "account_locked")
    );
    assert!(
        locked.json()["remainingMinutes"]
            .as_i64()
            .is_some_and(|minutes| minutes > 0)
    );
    site.hands.advance(std::time::Duration::from_secs(16 * 60));
    assert_eq!(
        site.post(&Caller::default(), "/api/login", &right)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_session_made_at_login_replaces_the_one_the_browser_had() {
    let (site, admin) = Site::set_up().await;
    let login = json!({"username": "admin", "password": PASSWORD});
    let answer = site.post(&admin, "/api/login", &login).await;
    assert_eq!(answer.status, 200);
    assert_eq!(site.get(&admin, "/api/state").await.status, 401);
    assert_eq!(
        site.get(&Caller::with_cookies(&answer), "/api/state")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let (site, admin) = Site::set_up().await;
    let answer = site.post(&admin, "/api/logout", &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.cookie("pulse_session").as_deref(), Some(""));
    assert_eq!(site.get(&admin, "/api/state").await.status, 401);
}

#[tokio::test]
async fn a_lost_csrf_token_is_handed_out_again_and_works() {
    let (site, admin) = Site::set_up().await;
    let refused = site
        .post(
            &admin.clone().without("x-csrf-token"),
            "/api/security/tokens",
            &json!({}),
        )
        .await;
    let fresh = refused.headers["x-csrf-token"]
        .to_str()
        .expect("a token")
        .to_owned();
    let retried = site
        .post(
            &admin.and("x-csrf-token", &fresh),
            "/api/security/tokens",
            &json!({}),
        )
        .await;
    assert_eq!(retried.status, 200);
}

#[tokio::test]
async fn a_token_is_shown_once_listed_without_text_and_dead_when_revoked() {
    let (site, admin) = Site::set_up().await;
    let (token, id) = site.token(&admin, &["monitoring:read"]).await;
    let text = token.headers["x-api-token"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(text.starts_with("pulse_") && text.len() == 70, "{text}");
    assert_eq!(site.get(&token, "/api/state").await.status, 200);

    let list = site.get(&admin, "/api/security/tokens").await;
    assert!(!String::from_utf8_lossy(&list.body).contains(&text));
    assert_eq!(list.json()["tokens"][0]["prefix"], text[..10]);

    let path = format!("/api/security/tokens/{id}");
    assert_eq!(site.send(&admin, "DELETE", &path, None).await.status, 204);
    assert_eq!(site.get(&token, "/api/state").await.status, 401);
    assert_eq!(site.send(&admin, "DELETE", &path, None).await.status, 404);
}

#[tokio::test]
async fn a_token_cannot_hand_out_what_it_does_not_have() {
    let (site, admin) = Site::set_up().await;
    let (clerk, _) = site.token(&admin, &["settings:write"]).await;
    let wanted = json!({"name": "more", "scopes": ["monitoring:read"]});
    let refused = site.post(&clerk, "/api/security/tokens", &wanted).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "missing_scope")
    );
    let everything = site
        .post(&clerk, "/api/security/tokens", &json!({"name": "all"}))
        .await;
    assert_eq!(everything.status, 403);
}

#[tokio::test]
async fn bad_token_requests_say_what_is_wrong() {
    let (site, admin) = Site::set_up().await;
    for (body, code) in [
        (json!({"scopes": []}), "invalid_scopes"),
        (json!({"scopes": ["flying"]}), "invalid_scopes"),
        (json!({"scopes": ["*", "ai:chat"]}), "invalid_scopes"),
        (json!({"expiresIn": "soon"}), "invalid_expiry"),
        (json!({"expiresIn": "1s"}), "invalid_expiry"),
        (json!({"name": 7}), "invalid_json"),
    ] {
        let refused = site.post(&admin, "/api/security/tokens", &body).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, code),
            "{body}"
        );
    }
    let typed = admin.clone().and("content-type", "text/plain");
    assert_eq!(
        site.post(&typed, "/api/security/tokens", &json!({}))
            .await
            .status,
        415
    );
}

#[tokio::test]
async fn the_enrolment_token_in_the_file_is_no_api_token() {
    let (site, _) = Site::set_up().await;
    let path = site.dir.path().join("local-agent.token");
    let text = std::fs::read_to_string(path).expect("the enrolment token");
    let agent = Caller::with_token(text.trim());
    assert_eq!(site.get(&agent, "/api/state").await.status, 401);
    assert_eq!(
        site.post(&agent, "/api/agents/agent/report", &json!({}))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn another_sites_page_can_neither_sign_in_nor_change_anything() {
    let (site, admin) = Site::set_up().await;
    let login = json!({"username": "admin", "password": PASSWORD});
    for origin in [
        "https://evil.test",
        "null",
        "http://pulse.test:81",
        "https://pulse.test.evil.test",
    ] {
        let page = admin.clone().and("origin", origin);
        let refused = site.post(&page, "/api/security/tokens", &json!({})).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "csrf_failure"),
            "{origin}"
        );
        let refused = site
            .post(
                &Caller::default().and("origin", origin),
                "/api/login",
                &login,
            )
            .await;
        assert_eq!(refused.status, 403, "{origin}");
    }
    let own = admin.clone().and("origin", "http://pulse.test");
    assert_eq!(
        site.post(&own, "/api/security/tokens", &json!({}))
            .await
            .status,
        200
    );
    let behind_a_proxy = admin
        .and("origin", "https://outside.test")
        .and("sec-fetch-site", "same-origin");
    assert_eq!(
        site.post(&behind_a_proxy, "/api/security/tokens", &json!({}))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn credentials_meant_for_a_proxy_lock_nobody_out() {
    let (site, _) = Site::set_up().await;
    // "admin:for the proxy", as a browser repeats it with every request.
    let visitor = Caller::default().and("authorization", "Basic YWRtaW46Zm9yIHRoZSBwcm94eQ==");
    for _ in 0..8 {
        assert_eq!(site.get(&visitor, "/api/security/status").await.status, 200);
    }
    let login = json!({"username": "admin", "password": PASSWORD});
    assert_eq!(site.post(&visitor, "/api/login", &login).await.status, 200);
}

#[tokio::test]
async fn a_refused_body_does_not_repeat_what_it_held() {
    let (site, admin) = Site::set_up().await;
    for body in [
        json!({"name": {"x": "hunter2hunter2"}}),
        json!({"scopes": "hunter2hunter2"}),
    ] {
        let refused = site.post(&admin, "/api/security/tokens", &body).await;
        assert_eq!(refused.status, 400);
        assert!(
            !String::from_utf8_lossy(&refused.body).contains("hunter2"),
            "{body}"
        );
        assert!(refused.json()["details"]["member"].is_string());
    }
}
