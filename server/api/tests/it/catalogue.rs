//! What holds for every route, asked of every route.

use axum::body::Body;
use http::Request;
use serde_json::json;

use pulse_api::{Access, Row, all_routes};

use crate::site::{Answer, Caller, Site};

/// The rows a cookie may call without a CSRF token. May only shrink.
const CSRF_EXEMPT: [&str; 2] = ["/api/security/validate-bootstrap-token", "/api/login"];

fn path_of(row: &Row) -> String {
    let segments = row
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part });
    segments.collect::<Vec<_>>().join("/")
}

async fn call(site: &Site, caller: &Caller, row: &Row) -> Answer {
    let body = (row.method != "GET").then(|| json!({}));
    site.send(caller, row.method.as_str(), &path_of(row), body.as_ref())
        .await
}

fn guarded() -> impl Iterator<Item = Row> {
    all_routes()
        .into_iter()
        .filter(|row| row.access != Access::Public)
}

#[tokio::test]
async fn nobody_gets_in_without_credentials() {
    let (site, _) = Site::set_up().await;
    for row in guarded() {
        let answer = call(&site, &Caller::default(), &row).await;
        assert_eq!(answer.status, 401, "{} {}", row.method, row.path);
        assert_eq!(answer.code(), "unauthorized", "{} {}", row.method, row.path);
    }
}

#[tokio::test]
async fn a_made_up_token_gets_nowhere() {
    let (site, _) = Site::set_up().await;
    let thief = Caller::with_token(&format!("pulse_{}", "0".repeat(64)));
    for row in guarded().filter(|row| row.access != Access::Enrolment) {
        let answer = call(&site, &thief, &row).await;
        assert_eq!(answer.status, 401, "{} {}", row.method, row.path);
    }
}

#[tokio::test]
async fn before_set_up_only_public_routes_answer() {
    let site = Site::start();
    for row in guarded() {
        let answer = call(&site, &Caller::with_token("anything"), &row).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (503, "setup_required"),
            "{}",
            row.path
        );
    }
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused_by_name() {
    let (site, admin) = Site::set_up().await;
    let (weak, _) = site.token(&admin, &["ai:chat"]).await;
    for row in guarded() {
        let Some(scope) = row.access.scope() else {
            continue;
        };
        let answer = call(&site, &weak, &row).await;
        assert_eq!(answer.status, 403, "{} {}", row.method, row.path);
        assert_eq!(answer.json()["requiredScope"], scope.name(), "{}", row.path);
    }
}

#[tokio::test]
async fn a_cookie_changes_nothing_without_its_csrf_token() {
    let (site, admin) = Site::set_up().await;
    let forged = [
        admin.clone().without("x-csrf-token"),
        admin.clone().and("x-csrf-token", "guessed"),
        admin.clone().and("sec-fetch-site", "cross-site"),
    ];
    for row in all_routes() {
        let is_exempt = CSRF_EXEMPT.contains(&row.path) || row.access == Access::Enrolment;
        if row.method == "GET" || is_exempt {
            continue;
        }
        for caller in &forged {
            let answer = call(&site, caller, &row).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "csrf_failure"),
                "{}",
                row.path
            );
        }
    }
    let exempt: Vec<_> = all_routes()
        .into_iter()
        .filter(|row| row.csrf_exempt)
        .map(|row| row.path)
        .collect();
    assert_eq!(exempt, CSRF_EXEMPT);
}

#[tokio::test]
async fn every_error_has_the_one_shape_and_the_requests_id() {
    let (site, _) = Site::set_up().await;
    for (method, path, status, code) in [
        ("GET", "/api/made-up", 404, "route_not_found"),
        ("DELETE", "/api/health", 405, "method_not_allowed"),
        ("GET", "/api/state", 401, "unauthorized"),
    ] {
        let caller = Caller::default().and("x-request-id", "from-the-test");
        let answer = site.send(&caller, method, path, None).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, body["code"].as_str()),
            (status, Some(code)),
            "{method} {path}"
        );
        assert_eq!(body["request_id"], "from-the-test");
        assert_eq!(answer.headers["x-request-id"], "from-the-test");
        assert_eq!(body["status_code"], status);
        assert!(
            body["details"].is_object() && body["timestamp"].is_i64() && body["error"].is_string()
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (site, admin) = Site::set_up().await;
    for path in ["/api/health", "/api/state", "/api/made-up", "/"] {
        let answer = site.get(&admin, path).await;
        for header in [
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "permissions-policy",
        ] {
            assert!(answer.headers.contains_key(header), "{header} of {path}");
        }
        let policy = answer.headers["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn a_mangled_path_never_reaches_a_protected_row() {
    let (site, admin) = Site::set_up().await;
    for row in guarded().filter(|row| row.method == "GET" && row.path.starts_with("/api")) {
        let path = path_of(&row);
        let manglings = [
            format!("/{path}"),
            path.replacen("/api", "/api/.", 1),
            path.replacen("/api", "/api/%2e", 1),
            path.replacen("/api/", "/api%2F", 1),
            path.replacen("/api/", "/api//", 1),
            path.replacen("/api", "/API", 1),
            path.replacen("/api", "/x/../api", 1),
            format!("{path}/"),
            format!("{path}%00"),
        ];
        let endings = [format!("{path};x"), format!("{path}%20")];
        // Where a path ends with an id, these are other ids.
        let parent = |path: &str| path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let ends_with_an_id = all_routes()
            .iter()
            .any(|other| other.path.ends_with('}') && parent(other.path) == parent(row.path));
        let endings = endings.into_iter().filter(|_| !ends_with_an_id);
        for mangled in manglings.into_iter().chain(endings) {
            let answer = site.get(&admin, &mangled).await;
            assert_eq!(answer.status, 404, "{mangled}");
        }
        let absolute = format!("http://elsewhere.test{path}");
        let request = Request::get(absolute)
            .header("host", "pulse.test")
            .body(Body::empty());
        assert_eq!(
            site.raw(request.expect("a request")).await.status,
            404,
            "{path} in absolute form"
        );
        let twice = Request::get(&path)
            .header("host", "a")
            .header("host", "b")
            .body(Body::empty());
        assert_eq!(
            site.raw(twice.expect("a request")).await.status,
            404,
            "{path} with two hosts"
        );
    }
}

#[tokio::test]
async fn a_query_token_opens_nothing_but_the_live_socket() {
    let (site, admin) = Site::set_up().await;
    let (token, _) = site.token(&admin, &["*"]).await;
    let text = token.headers["x-api-token"]
        .to_str()
        .expect("text")
        .to_owned();
    for row in guarded().filter(|row| row.path != "/ws") {
        let path = format!("{}?token={text}", path_of(&row));
        for caller in [
            Caller::default(),
            Caller::default().and("upgrade", "websocket"),
        ] {
            let answer = site.send(&caller, row.method.as_str(), &path, None).await;
            assert_eq!(answer.status, 401, "{} {}", row.method, row.path);
        }
    }
}

#[tokio::test]
async fn limits_say_what_is_left_and_when_more_comes() {
    let site = Site::with_limits(true);
    site.do_set_up().await;
    let body = json!({"username": "nobody", "password": "wrong wrong wrong"});
    let mut last = None;
    for _ in 0..11 {
        last = Some(site.post(&Caller::default(), "/api/login", &body).await);
    }
    let refused = last.expect("an answer");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    assert_eq!(refused.headers["x-ratelimit-limit"], "10");
    assert_eq!(refused.headers["x-ratelimit-remaining"], "0");
    assert!(
        refused.headers.contains_key("retry-after")
            && refused.headers.contains_key("x-ratelimit-reset")
    );
}

#[tokio::test]
async fn a_fleet_on_one_token_is_not_starved() {
    let site = Site::with_limits(true);
    let admin = site.do_set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    for number in 0..600 {
        let report = json!({"host": {"hostname": format!("host-{}", number % 50)}});
        let answer = site.post(&agent, "/api/agents/agent/report", &report).await;
        assert_eq!(answer.status, 200, "report {number}");
    }
    let nobody = Caller::with_token("pulse_guess");
    for _ in 0..500 {
        site.post(&nobody, "/api/agents/agent/report", &json!({}))
            .await;
    }
    let guessing = site
        .post(&nobody, "/api/agents/agent/report", &json!({}))
        .await;
    assert_eq!(guessing.status, 429, "whoever guesses tokens is");
}

#[test]
fn every_route_is_documented_and_no_other_is() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API.md");
    let page = std::fs::read_to_string(page).expect("docs/API.md");
    let served: Vec<String> = all_routes()
        .iter()
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    for route in &served {
        assert!(
            page.contains(&format!("`{route}`")),
            "docs/API.md does not name {route}"
        );
    }
    let methods = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];
    let named = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| methods.iter().any(|m| code.starts_with(m)));
    for route in named {
        assert!(
            served.iter().any(|known| known == route),
            "docs/API.md names {route}, which nobody serves"
        );
    }
}

#[test]
fn the_checked_in_description_is_the_servers_own() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let known = std::fs::read_to_string(path).expect("docs/openapi.json");
    let known: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    let version = known["info"]["version"]
        .as_str()
        .expect("a version")
        .to_owned();
    let own = pulse_api::openapi_document(&version);
    assert!(known == own, "run `cargo xtask openapi`");
}

#[test]
fn every_reference_of_the_description_resolves() {
    let document = pulse_api::openapi_document("0.0.0");
    let text = document.to_string();
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(schemas.contains_key(name), "nothing is called {name}");
    }
    let ids: Vec<&str> = text
        .split("\"operationId\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "two operations share an id");
}
