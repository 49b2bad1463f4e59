//! A whole API over a store in memory, without a port.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

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

use crate::contract;
use pulse_api::port::{Line, Log};
use pulse_api::{App, Facts, Services};
use pulse_fleet::port::Display;
use pulse_model::facet::docker::DockerCommand;
use pulse_model::{
    Claim, Clock, Entropy, Hands, Observation, Outcome, Scope, Sighting, SourceId, SourceKind,
    Standing,
};
use pulse_security::rate::Limits;
use pulse_security::{EnvCredentials, Handle, Options};
use pulse_settings::Fixed;
use pulse_sources::agent::Ingest;
use pulse_sources::port::{Admission, Intake, NotTaken, Pending, Taken};
use pulse_store::Store;
use tokio::sync::broadcast;

pub const PASSWORD: &str = "correct horse battery";

/// An API and what a test needs to reach behind it.
pub struct Site {
    router: Router,
    pub estate: pulse_estate::Handle,
    pub fleet: pulse_fleet::Handle,
    pub history: pulse_history::Handle,
    pub settings: pulse_settings::Handle,
    pub log: Arc<ToldLog>,
    pub hands: Hands,
    pub clock: Clock,
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

    /// Returns the JSON of an answer that may be compressed.
    pub fn plain_json(&self) -> Value {
        serde_json::from_slice(&contract::unpacked(self)).expect("JSON")
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

/// Hands what is observed to the estate.
pub struct Straight(pub pulse_estate::Handle);

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

    fn forget(&self, source: SourceId) -> Pending<'_, ()> {
        Box::pin(async move {
            self.0.forget(source).await.expect("an estate");
        })
    }
}

impl Display for Straight {
    fn show(&self, source: SourceId, standing: Standing) -> Pending<'_, ()> {
        Box::pin(async move {
            self.0.stand(source, standing).await.expect("an estate");
        })
    }

    fn forget(&self, source: SourceId) -> Pending<'_, ()> {
        Intake::forget(self, source)
    }
}

/// Lets in whatever the fleet does.
struct LetIn(pulse_fleet::Handle);

impl Admission for LetIn {
    fn admit_machine(&self, claim: &Claim) -> Result<(), NotTaken> {
        self.0.admit_machine(claim).map_err(refused)
    }

    fn note_machine(&self, agent_id: &str, claim: &Claim) -> Result<(), NotTaken> {
        self.0.note_machine(agent_id, claim).map_err(refused)
    }

    fn admit(&self, source: &SourceId, claim: &Claim) -> Result<(), NotTaken> {
        self.0.admit(source, claim).map_err(refused)
    }

    fn next_command<'a>(&'a self, engine: &'a SourceId) -> Pending<'a, Option<DockerCommand>> {
        Box::pin(self.0.next_command(engine))
    }
}

fn refused(refusal: pulse_fleet::Refusal) -> NotTaken {
    NotTaken::Invalid(refusal.to_string())
}

/// A log that says what a test wrote into it.
pub struct ToldLog {
    lines: Mutex<Vec<Line>>,
    live: broadcast::Sender<Line>,
}

impl Default for ToldLog {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
            live: broadcast::channel(4).0,
        }
    }
}

impl ToldLog {
    pub fn add(&self, line: &str) {
        let mut lines = self.lines.lock().expect("unpoisoned");
        lines.push(line.into());
        let _ = self.live.send(line.into());
    }

    pub fn readers(&self) -> usize {
        self.live.receiver_count()
    }
}

impl Log for ToldLog {
    fn follow(&self) -> (Vec<Line>, broadcast::Receiver<Line>) {
        let lines = self.lines.lock().expect("unpoisoned");
        (lines.clone(), self.live.subscribe())
    }

    fn last(&self, _: usize) -> String {
        self.lines.lock().expect("unpoisoned").join("\n")
    }

    fn lost(&self) -> u64 {
        0
    }
}

/// Hands what the estate measures to the history.
struct ToHistory(pulse_history::Handle);

impl pulse_estate::Recorder for ToHistory {
    fn record(&self, readings: Vec<pulse_model::Reading>) {
        self.0.record(readings);
    }
}

impl Site {
    /// Starts one that has not been set up.
    pub fn start() -> Self {
        Self::with_limits(false)
    }

    /// Starts one that has not been set up, with or without rate limits.
    pub fn with_limits(rate_limits: bool) -> Self {
        Self::with(rate_limits, Fixed::default())
    }

    /// Starts one whose environment fixes settings, and sets it up.
    pub async fn with_fixed(fixed: Fixed) -> (Self, Caller) {
        let site = Self::with(false, fixed);
        let admin = site.do_set_up().await;
        (site, admin)
    }

    /// Starts one that takes that many hosts and has not been set up.
    pub fn of_many(hosts: usize) -> Self {
        Self::sized(hosts, false, Fixed::default())
    }

    fn with(rate_limits: bool, fixed: Fixed) -> Self {
        Self::sized(100, rate_limits, fixed)
    }

    fn sized(most_hosts: usize, rate_limits: bool, fixed: Fixed) -> Self {
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
            most_hosts,
            most_hosts_per_token: most_hosts,
            first_revision: 0,
        };
        let settings = pulse_settings::Handle::load(&store, fixed).expect("settings");
        let log = Arc::new(ToldLog::default());
        let history = remembering(dir.path(), &clock, &stop);
        let recorder = Arc::new(ToHistory(history.clone()));
        let (estate, _) =
            pulse_estate::spawn(store.clone(), options, recorder, stop.clone()).expect("an estate");
        let fleet = pulse_fleet::Options {
            store,
            display: Arc::new(Straight(estate.clone())),
            clock: clock.clone(),
            entropy: Entropy::seeded(8),
        };
        let (fleet, _) = pulse_fleet::spawn(fleet, stop.clone()).expect("a fleet");
        let own_clock = clock.clone();
        let services = Services {
            ingest: Ingest::new(
                Arc::new(Straight(estate.clone())),
                Arc::new(LetIn(fleet.clone())),
                clock.clone(),
            ),
            estate: estate.clone(),
            fleet: fleet.clone(),
            history: history.clone(),
            mock: Arc::<pulse_api::mock::FixedOff>::default(),
            security,
            settings: settings.clone(),
            scheduler: pulse_sources::scheduler::Registry::default(),
            log: log.clone(),
            clock,
            entropy: Entropy::seeded(9),
            stop: stop.clone(),
        };
        let facts = facts(dir.path(), rate_limits);
        let router = pulse_api::router(App::new(services, facts));
        Self {
            router,
            estate,
            fleet,
            history,
            settings,
            log,
            hands,
            clock: own_clock,
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

    /// Asks for something that goes on; returns its status and its body as it comes.
    pub async fn open(&self, caller: &Caller, path: &str) -> (u16, Body) {
        let mut request = Request::get(path).header("host", "pulse.test");
        request
            .headers_mut()
            .expect("a request")
            .extend(caller.headers.clone());
        let answer = self
            .answer(request.body(Body::empty()).expect("a request"))
            .await;
        (answer.status().as_u16(), answer.into_body())
    }

    /// Sends a request as it is.
    pub async fn raw(&self, request: Request<Body>) -> Answer {
        let method = request.method().to_string();
        let path = request.uri().path().to_owned();
        let is_read = method != "HEAD";
        let (parts, body) = self.answer(request).await.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        };
        if is_read {
            contract::check(&method, &path, &answer);
        }
        answer
    }

    async fn answer(&self, mut request: Request<Body>) -> http::Response<Body> {
        let peer = SocketAddr::from(([192, 0, 2, 1], 4_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers")
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

    /// Lets a polled source see exactly `sightings`, and waits until they are published.
    pub async fn see(&self, kind: SourceKind, name: &str, sightings: Vec<Sighting>) {
        let revision = self.estate.estate().revision();
        let observation = Observation {
            source: SourceId::new(kind, name),
            at: self.now(),
            interval: std::time::Duration::from_secs(10),
            outcome: Outcome::Slice {
                scope: Scope::new("all"),
                sightings,
            },
        };
        self.estate.observe(observation).await.expect("it is taken");
        self.hands.advance(std::time::Duration::from_millis(60));
        self.published_after(revision).await;
    }

    /// Waits until the estate is later than `revision`.
    pub async fn published_after(&self, revision: u64) {
        let mut published = self.estate.subscribe();
        let later = published.wait_for(|estate| estate.revision() > revision);
        later.await.expect("an estate");
    }

    /// Lets everything that happened be published, and returns the estate.
    pub async fn settle(&self) -> Arc<pulse_estate::Estate> {
        self.hands.advance(std::time::Duration::from_millis(60));
        self.estate.settled().await.expect("an estate")
    }

    /// Returns the time at the site.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Reports a machine, and waits until it is in the published estate.
    pub async fn report(&self, token: &Caller, hostname: &str) {
        let report = json!({
            "agent": {"id": hostname, "version": "v1", "intervalSeconds": 10},
            "host": {"id": hostname, "machineId": hostname, "hostname": hostname, "platform": "linux"},
            "metrics": {"cpuUsagePercent": 5.5},
            "timestamp": "2027-01-15T08:00:00Z",
            "tags": ["lab"],
        });
        self.send_report(token, &report).await;
    }

    /// Sends a report, and waits until what it tells is in the published estate.
    pub async fn send_report(&self, token: &Caller, report: &Value) {
        self.send_report_to(token, "/api/agents/agent/report", report)
            .await;
    }

    /// Sends a report to `path`, waits until what it tells is in the published estate, and returns the answer.
    pub async fn send_report_to(&self, token: &Caller, path: &str, report: &Value) -> Value {
        let revision = self.estate.estate().revision();
        let answer = self.post(token, path, report).await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        self.hands.advance(std::time::Duration::from_millis(60));
        self.published_after(revision).await;
        answer.json()
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

fn facts(dir: &Path, rate_limits: bool) -> Facts {
    Facts {
        version: "0.0.0-test",
        data_dir: dir.to_owned(),
        tls: false,
        rate_limits,
        metrics_token: None,
        is_development: true,
    }
}

/// A history in memory alone.
fn remembering(dir: &Path, clock: &Clock, stop: &CancellationToken) -> pulse_history::Handle {
    let settings = tokio::sync::watch::channel(Default::default()).1;
    let options = pulse_history::Options {
        durability: pulse_history::Durability::Memory,
        ..pulse_history::Options::new(dir.to_owned(), clock.clone(), settings)
    };
    pulse_history::spawn(options, stop.clone()).0
}
