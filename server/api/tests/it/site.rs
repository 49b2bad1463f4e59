//! A whole API over a store in memory, without a port.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use pulse_api::{App, Facts, Services};
use pulse_model::{Clock, Entropy, Hands, Observation};
use pulse_security::rate::Limits;
use pulse_security::{EnvCredentials, Handle, Options};
use pulse_sources::agent::Ingest;
use pulse_sources::port::{Intake, NotTaken, Pending, Taken};
use pulse_store::Store;

pub const PASSWORD: &str = "correct horse battery";

/// An API and what a test needs to reach behind it.
pub struct Site {
    router: Router,
    pub estate: pulse_estate::Handle,
    pub hands: Hands,
    pub dir: TempDir,
    stop: CancellationToken,
}

/// Who calls.
#[derive(Clone, Default)]
pub struct Caller {
    pub headers: HeaderMap,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the value of a cookie this answer sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter();
        let pairs =
            cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()?.split_once('='));
        pairs
            .filter(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .next()
    }
}

struct Straight(pulse_estate::Handle);

impl Intake for Straight {
    fn observe(&self, observation: Observation) -> Pending<'_, Result<Taken, NotTaken>> {
        Box::pin(async move {
            let folded = self.0.observe(observation).await;
            let folded = folded.map_err(|error| NotTaken::Invalid(error.to_string()))?;
            Ok(Taken {
                agent_id: folded.agent_id,
                last_seen: folded.last_seen,
            })
        })
    }
}

impl Site {
    /// Starts one that has not been set up.
    pub fn start() -> Self {
        Self::with_limits(false)
    }

    /// Starts one that has not been set up, with or without rate limits.
    pub fn with_limits(rate_limits: bool) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let (clock, hands) = Clock::manual(Timestamp::from_second(1_800_000_000).expect("a time"));
        let (store, stop) = (Store::in_memory(), CancellationToken::new());
        let security = Handle::open(Options {
            store: store.clone(),
            data_dir: dir.path().to_owned(),
            clock: clock.clone(),
            entropy: Entropy::seeded(7),
            bcrypt_cost: 4,
            env: EnvCredentials::default(),
            trusted_proxies: Vec::new(),
            limits: if rate_limits {
                Limits::default()
            } else {
                Limits::off()
            },
        })
        .expect("security");
        let options = pulse_estate::Options {
            clock: clock.clone(),
            most_hosts: 100,
            most_hosts_per_token: 60,
        };
        let (estate, _) = pulse_estate::spawn(store, options, stop.clone()).expect("an estate");
        let services = Services {
            ingest: Ingest::new(Arc::new(Straight(estate.clone())), clock.clone()),
            estate: estate.clone(),
            security,
            clock,
            entropy: Entropy::seeded(9),
            stop: stop.clone(),
        };
        let facts = Facts {
            version: "0.0.0-test",
            data_dir: dir.path().to_owned(),
            tls: false,
            allowed_origins: Vec::new(),
            rate_limits,
            metrics_token: None,
            is_development: true,
        };
        let router = pulse_api::router(App::new(services, facts));
        Self {
            router,
            estate,
            hands,
            dir,
            stop,
        }
    }

    /// Starts one that is set up, and signs its administrator in.
    pub async fn set_up() -> (Self, Caller) {
        let site = Self::start();
        let admin = site.do_set_up().await;
        (site, admin)
    }

    pub async fn do_set_up(&self) -> Caller {
        let body = json!({"username": "admin", "password": PASSWORD, "setupToken": self.bootstrap_token()});
        let answer = self
            .send(
                &Caller::default(),
                "POST",
                "/api/security/quick-setup",
                Some(&body),
            )
            .await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        Caller::with_cookies(&answer)
    }

    pub fn bootstrap_token(&self) -> String {
        let path = self.dir.path().join(".bootstrap_token");
        std::fs::read_to_string(path)
            .expect("the bootstrap token")
            .trim()
            .to_owned()
    }

    pub async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.send(caller, "GET", path, None).await
    }

    pub async fn post(&self, caller: &Caller, path: &str, body: &Value) -> Answer {
        self.send(caller, "POST", path, Some(body)).await
    }

    pub async fn send(
        &self,
        caller: &Caller,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "pulse.test");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = request.body(body).expect("a request");
        request.headers_mut().extend(caller.headers.clone());
        self.raw(request).await
    }

    /// Sends a request as it is.
    pub async fn raw(&self, mut request: Request<Body>) -> Answer {
        let peer = SocketAddr::from(([192, 0, 2, 1], 4_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// Makes an API token.
    pub async fn token(&self, admin: &Caller, scopes: &[&str]) -> (Caller, String) {
        let body = json!({"name": "test", "scopes": scopes});
        let minted = self.post(admin, "/api/security/tokens", &body).await;
        assert_eq!(
            minted.status,
            200,
            "{}",
            String::from_utf8_lossy(&minted.body)
        );
        let minted = minted.json();
        let text = minted["token"].as_str().expect("its text").to_owned();
        (
            Caller::with_token(&text),
            minted["record"]["id"].as_str().expect("its id").to_owned(),
        )
    }

    /// Reports a machine, and waits until it is in the published estate.
    pub async fn report(&self, token: &Caller, hostname: &str) {
        let revision = self.estate.estate().revision();
        let mut published = self.estate.subscribe();
        let report = json!({
            "agent": {"id": hostname, "version": "v1", "intervalSeconds": 10},
            "host": {"id": hostname, "machineId": hostname, "hostname": hostname, "platform": "linux"},
            "metrics": {"cpuUsagePercent": 5.5},
            "timestamp": "2027-01-15T08:00:00Z",
            "tags": ["lab"],
        });
        let answer = self.post(token, "/api/agents/agent/report", &report).await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        self.hands.advance(std::time::Duration::from_millis(60));
        published
            .wait_for(|estate| estate.revision() > revision)
            .await
            .expect("an estate");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Caller {
    pub fn with_token(token: &str) -> Self {
        Self::default().and("x-api-token", token)
    }

    pub fn with_cookies(answer: &Answer) -> Self {
        let session = answer.cookie("pulse_session").expect("a session");
        let csrf = answer.cookie("pulse_csrf").expect("a CSRF token");
        Self::default()
            .and(
                "cookie",
                &format!("pulse_session={session}; pulse_csrf={csrf}"),
            )
            .and("x-csrf-token", &csrf)
    }

    pub fn and(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .insert(name, value.parse().expect("a header value"));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }
}
