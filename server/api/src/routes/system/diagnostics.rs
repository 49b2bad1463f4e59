//! How this server works, for people who look for what is wrong: made anew at most every 45
//! seconds, and once for everybody who asks meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_history::Stats;
use pulse_model::{Kind, SourceState, Status};
use pulse_security::Token;

use super::machine::{self, Kept, Process};
use crate::app::App;

const KEPT_FOR: Duration = Duration::from_secs(45);
const CACHED_AT: HeaderName = HeaderName::from_static("x-diagnostics-cached-at");
/// A token nobody used for this long, or ever, is one to look at.
const UNUSED: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
/// Machines named as needing a look.
const MOST_NAMED: usize = 25;
/// Upper bounds of how long a report took to make, in milliseconds.
pub(crate) const BUCKETS_MS: [u64; 6] = [100, 500, 1_000, 5_000, 10_000, 30_000];

type Making = Shared<BoxFuture<'static, Made>>;

/// The latest report, or the making of it.
#[derive(Default)]
pub(crate) struct Diagnostics {
    latest: Mutex<Option<(Duration, Making)>>,
    /// What `/metrics` says of this.
    pub counters: Arc<Counters>,
}

/// How often a report was there, and how long making one took.
#[derive(Default)]
pub(crate) struct Counters {
    /// Times it was there.
    pub hits: AtomicU64,
    /// Times it was made.
    pub misses: AtomicU64,
    /// Reports by how long they took; the last is slower than every bound.
    pub by_duration: [AtomicU64; BUCKETS_MS.len() + 1],
    /// Durations added up, in microseconds.
    pub micros: AtomicU64,
}

/// A report and when it was made.
#[derive(Clone)]
pub(crate) struct Made {
    pub at: Timestamp,
    pub report: Arc<Report>,
}

impl Diagnostics {
    /// Returns the latest report, not older than 45 seconds.
    pub async fn get(&self, app: &App) -> Made {
        self.making(app).await
    }

    /// The lock is held to look and to begin, never while a report is made.
    fn making(&self, app: &App) -> Making {
        let now = app.clock().monotonic();
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((begun, making)) = latest.as_ref()
            && now.saturating_sub(*begun) < KEPT_FOR
        {
            self.counters.hits.fetch_add(1, Ordering::Relaxed);
            return making.clone();
        }
        self.counters.misses.fetch_add(1, Ordering::Relaxed);
        let (app, counters) = (app.clone(), self.counters.clone());
        let making = async move {
            let clock = app.clock().clone();
            let history = app.0.services.history.stats().await;
            let made = tokio::task::spawn_blocking(move || make(&app, history)).await;
            counters.note(clock.monotonic().saturating_sub(now));
            made.unwrap_or_else(|error| Made {
                at: clock.now(),
                report: Arc::new(Report::failed(&error.to_string())),
            })
        };
        let making = making.boxed().shared();
        *latest = Some((now, making.clone()));
        making
    }
}

impl Counters {
    fn note(&self, took: Duration) {
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let bucket = BUCKETS_MS.iter().position(|bound| millis <= *bound);
        self.by_duration[bucket.unwrap_or(BUCKETS_MS.len())].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

pub(super) async fn show(State(app): State<App>) -> Response {
    let made = app.0.diagnostics.get(&app).await;
    let mut response = axum::Json(&*made.report).into_response();
    if let Ok(at) = HeaderValue::from_str(&made.at.to_string()) {
        response.headers_mut().insert(CACHED_AT, at);
    }
    response
}

/// How this server works.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsReport)]
pub(crate) struct Report {
    version: &'static str,
    runtime: &'static str,
    /// Seconds since the start.
    uptime: f64,
    /// Proxmox VE servers; those that are polled, and so far none is.
    #[schema(value_type = Vec<Object>)]
    nodes: [(); 0],
    /// Proxmox Backup Servers.
    #[schema(value_type = Vec<Object>)]
    pbs: [(); 0],
    system: System,
    process: Process,
    metrics_store: MetricsStore,
    estate: Estate,
    agents: Agents,
    docker_agents: Agents,
    api_tokens: Tokens,
    log: LogFacts,
    /// What went wrong since the start.
    errors: Vec<String>,
    #[schema(value_type = Vec<Object>)]
    node_snapshots: [(); 0],
    #[schema(value_type = Vec<Object>)]
    guest_snapshots: [(); 0],
    #[schema(value_type = Vec<Object>)]
    memory_sources: [(); 0],
    #[schema(value_type = Vec<Object>)]
    memory_source_breakdown: [(); 0],
}

impl Report {
    fn failed(error: &str) -> Self {
        Self {
            errors: vec![format!("diagnostics could not be made: {error}")],
            ..Self::default()
        }
    }
}

/// What this runs on.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsSystem)]
struct System {
    os: &'static str,
    arch: &'static str,
    /// What this is written in, under the name it always had.
    go_version: &'static str,
    #[serde(rename = "numCPU", skip_serializing_if = "Option::is_none")]
    cpus: Option<usize>,
    /// Tasks alive, under the name it always had.
    num_goroutine: usize,
    #[serde(rename = "memoryMB", skip_serializing_if = "Option::is_none")]
    memory_mb: Option<u64>,
}

/// Where figures are kept.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsStore)]
struct MetricsStore {
    enabled: bool,
    status: &'static str,
    db_size: u64,
    allocated_bytes: u64,
    files: Vec<Kept>,
    notes: Vec<String>,
    /// What keeps it from storing, if anything does.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What is monitored, in numbers.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsEstate)]
struct Estate {
    revision: u64,
    resources: usize,
    live_sockets: usize,
}

/// Agents and what is wrong with them.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsAgents)]
struct Agents {
    agents_total: usize,
    agents_online: usize,
    agents_stale: usize,
    agents_offline: usize,
    /// The first 25 of those that need a look.
    attention: Vec<Attention>,
}

/// An agent that needs a look.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsAttention)]
struct Attention {
    agent_id: String,
    name: String,
    status: Status,
    last_seen: Timestamp,
    issues: Vec<&'static str>,
}

/// API tokens, without anything that opens something.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsTokens)]
struct Tokens {
    enabled: bool,
    token_count: usize,
    has_env_tokens: bool,
    recommend_token_setup: bool,
    unused_token_count: usize,
    notes: Vec<&'static str>,
    tokens: Vec<TokenFacts>,
    /// Agents by the token they report with.
    usage: Vec<TokenUsage>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsToken)]
struct TokenFacts {
    id: String,
    name: String,
    hint: String,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    source: &'static str,
}

/// What reports with a token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsTokenUsage)]
struct TokenUsage {
    token_id: String,
    host_count: usize,
}

/// The server's own log.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiagnosticsLog)]
struct LogFacts {
    level: String,
    lines_lost: u64,
}

/// Blocks: files are looked at.
fn make(app: &App, history: Result<Stats, pulse_history::Error>) -> Made {
    let now = app.clock().now();
    let process = machine::process(app.0.writes.today());
    let estate = app.estate().estate();
    let report = Report {
        version: app.facts().version,
        runtime: "rust",
        uptime: app.uptime().as_secs_f64(),
        system: System {
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            go_version: "rust",
            cpus: std::thread::available_parallelism().ok().map(Into::into),
            num_goroutine: tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks(),
            memory_mb: process.resident_bytes.map(|bytes| bytes >> 20),
        },
        process,
        metrics_store: metrics_store(app, history),
        estate: Estate {
            revision: estate.revision(),
            resources: estate.len(),
            live_sockets: app.0.hub.clients(),
        },
        agents: agents(&estate, |_| true),
        docker_agents: agents(&estate, |kind| kind == Kind::DockerHost),
        api_tokens: tokens(app, &estate, now),
        log: LogFacts {
            level: app.settings().get().log_level.clone(),
            lines_lost: app.0.services.log.lost(),
        },
        errors: errors(app),
        ..Report::default()
    };
    Made {
        at: now,
        report: Arc::new(report),
    }
}

fn metrics_store(app: &App, history: Result<Stats, pulse_history::Error>) -> MetricsStore {
    let dir = &app.facts().data_dir;
    let mut files = machine::files(dir);
    let of_history = machine::files(&dir.join("history")).into_iter();
    files.extend(of_history.map(|file| Kept {
        name: format!("history/{}", file.name),
        ..file
    }));
    let mut store = MetricsStore {
        enabled: history.is_ok(),
        status: "healthy",
        allocated_bytes: files.iter().map(|file| file.allocated_bytes).sum(),
        files,
        ..MetricsStore::default()
    };
    match history {
        Ok(stats) => {
            store.db_size = stats.database_bytes + stats.log_bytes;
            if stats.was_replaced {
                let note =
                    "the database found at the start could not be read; a fresh one was begun";
                store.notes.push(note.to_owned());
            }
            store.error = stats.trouble;
        }
        Err(error) => store.error = Some(error.to_string()),
    }
    if store.error.is_some() {
        store.status = "degraded";
    }
    store
}

fn agents(estate: &pulse_estate::Estate, is_meant: impl Fn(Kind) -> bool) -> Agents {
    let mut agents = Agents::default();
    for entry in estate.iter() {
        let resource = entry.resource();
        let told = resource.source_status.get(&pulse_model::SourceKind::Agent);
        let (Some(told), true) = (told, is_meant(resource.kind)) else {
            continue;
        };
        agents.agents_total += 1;
        let mut issues = Vec::new();
        match told.status {
            SourceState::Online => agents.agents_online += 1,
            SourceState::Stale => {
                agents.agents_stale += 1;
                issues.push("late with its report");
            }
            SourceState::Offline => {
                agents.agents_offline += 1;
                issues.push("does not report");
            }
        }
        let facts = resource.facets.agent.as_deref();
        if facts.is_some_and(|facts| facts.clock_skew_seconds.is_some()) {
            issues.push("its clock is more than five minutes off");
        }
        if facts.is_some_and(|facts| facts.modules.iter().any(|m| m.last_error.is_some())) {
            issues.push("a part of it failed");
        }
        if !issues.is_empty() && agents.attention.len() < MOST_NAMED {
            agents.attention.push(Attention {
                agent_id: resource.id.to_string(),
                name: resource.name.clone(),
                status: resource.status,
                last_seen: resource.last_seen,
                issues,
            });
        }
    }
    agents
}

fn tokens(app: &App, estate: &pulse_estate::Estate, now: Timestamp) -> Tokens {
    let all = app.security().list_tokens();
    let is_unused = |token: &&Token| {
        let last = token.last_used_at.unwrap_or(token.created_at);
        now.duration_since(last) > UNUSED
    };
    let mut by_token = std::collections::BTreeMap::<&str, usize>::new();
    let facts = estate
        .iter()
        .filter_map(|entry| entry.resource().facets.agent.as_deref());
    for id in facts.filter_map(|facts| facts.token_id.as_deref()) {
        *by_token.entry(id).or_default() += 1;
    }
    let shared = by_token.values().any(|hosts| *hosts > 1);
    Tokens {
        enabled: !all.is_empty(),
        token_count: all.len(),
        has_env_tokens: all.iter().any(|token| token.from_environment),
        recommend_token_setup: all.is_empty(),
        unused_token_count: all.iter().filter(is_unused).count(),
        notes: shared
            .then_some("several machines share a token; one each can be revoked alone")
            .into_iter()
            .collect(),
        usage: by_token
            .into_iter()
            .map(|(id, host_count)| TokenUsage {
                token_id: id.to_owned(),
                host_count,
            })
            .collect(),
        tokens: all.into_iter().map(TokenFacts::from).collect(),
    }
}

impl From<Token> for TokenFacts {
    fn from(token: Token) -> Self {
        Self {
            // Reports travel: enough to tell two apart, nothing to start guessing from.
            hint: format!("…{}", token.suffix),
            id: token.id,
            name: token.name,
            created_at: token.created_at,
            last_used_at: token.last_used_at,
            source: if token.from_environment {
                "environment"
            } else {
                "user"
            },
        }
    }
}

fn errors(app: &App) -> Vec<String> {
    let estate = app.monitored().counters();
    let ingest = app.0.services.ingest.counters();
    let causes = [
        (
            &estate.quarantined,
            "reports could not be folded and were set aside",
        ),
        (
            &estate.turned_away,
            "observations were turned away for lack of room",
        ),
        (&estate.save_errors, "writes of known hosts failed"),
        (
            &ingest.no_room,
            "reports of further hosts were turned away for lack of room",
        ),
        (&ingest.unreadable, "reports could not be read"),
        (&app.counters().panics, "requests ended in a panic"),
    ];
    let counted = causes.map(|(count, cause)| (count.load(Ordering::Relaxed), cause));
    let happened = counted.into_iter().filter(|(count, _)| *count > 0);
    happened
        .map(|(count, cause)| format!("{count} {cause}"))
        .collect()
}
