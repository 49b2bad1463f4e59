//! How this server is: health, versions, the plain page, figures for scrapers.

mod figures;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use pulse_model::Status;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::assets::html_page;
use crate::error::ApiError;
use crate::exposition::Format;

pub(super) fn routes() -> Routes {
    let public = Access::Public;
    Routes::new("status")
        .get("/api/health", public, "Whether this server works", health)
        .answers::<Health>()
        .also::<Health>(503, "It does not work")
        .get("/api/version", public, "What this server is", version)
        .answers::<Version>()
        .get(
            "/api/agent/version",
            public,
            "The version agents should run",
            agent_version,
        )
        .answers::<AgentVersion>()
        .get(
            "/api/server/info",
            public,
            "The little an installer needs to know",
            server_info,
        )
        .answers::<ServerInfo>()
        .get(
            "/simple-stats",
            public,
            "A plain page of counts that refreshes itself",
            simple_stats,
        )
        .media("text/html")
        .get(
            "/metrics",
            public,
            "This server's own figures for Prometheus; no names of anything monitored",
            metrics,
        )
        .media("text/plain")
        .or_media("application/openmetrics-text")
}

/// Whether this server works.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// `healthy` or `unhealthy`.
    status: &'static str,
    /// Unix seconds.
    timestamp: i64,
    /// Seconds since the start.
    uptime: f64,
    /// Whether SSH keys are allowed in containers; never here.
    #[serde(rename = "devModeSSH")]
    dev_mode_ssh: bool,
    /// The parts that have to work.
    dependencies: BTreeMap<&'static str, bool>,
    /// Whether what is shown is invented.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    mock: bool,
    /// What does not work as it should; monitoring goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    degraded: Vec<&'static str>,
}

async fn health(State(app): State<App>) -> Response {
    let estate_works = !app.monitored().is_closed();
    let ingest = app.0.services.ingest.counters();
    let estate = app.monitored().counters();
    let causes = [
        (
            &estate.quarantined,
            "reports were set aside because they could not be folded",
        ),
        (
            &estate.save_errors,
            "known hosts could not be written to disk",
        ),
        (
            &ingest.no_room,
            "reports of further hosts were turned away for lack of room",
        ),
    ];
    let degraded = causes
        .into_iter()
        .filter(|(count, _)| count.load(Ordering::Relaxed) > 0);
    let degraded = degraded.map(|(_, cause)| cause).collect();
    let health = Health {
        status: if estate_works { "healthy" } else { "unhealthy" },
        timestamp: app.clock().now().as_second(),
        uptime: app.uptime().as_secs_f64(),
        dev_mode_ssh: false,
        mock: app.is_mock(),
        dependencies: BTreeMap::from([
            ("monitor", estate_works),
            ("scheduler", true),
            ("websocket", true),
        ]),
        degraded,
    };
    let status = if estate_works {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, axum::Json(health)).into_response()
}

/// What this server is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: &'static str,
    build: &'static str,
    runtime: &'static str,
    channel: &'static str,
    deployment_type: &'static str,
    is_docker: bool,
    is_development: bool,
    is_source_build: bool,
    containerized: bool,
    update_available: bool,
}

async fn version(State(app): State<App>) -> axum::Json<Version> {
    let is_development = app.facts().is_development;
    axum::Json(Version {
        version: app.facts().version,
        build: if is_development {
            "development"
        } else {
            "release"
        },
        runtime: "rust",
        channel: "stable",
        deployment_type: if is_development {
            "development"
        } else {
            "manual"
        },
        is_docker: false,
        is_development,
        is_source_build: true,
        containerized: false,
        update_available: false,
    })
}

/// The version agents should run.
#[derive(Serialize, ToSchema)]
struct AgentVersion {
    version: &'static str,
}

/// Agents of the original would fetch whatever is named here from this server. `dev` is the word
/// they take for "stay as you are".
async fn agent_version() -> axum::Json<AgentVersion> {
    axum::Json(AgentVersion { version: "dev" })
}

/// The little an installer needs to know.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServerInfo {
    is_development: bool,
    version: &'static str,
}

async fn server_info(State(app): State<App>) -> axum::Json<ServerInfo> {
    axum::Json(ServerInfo {
        is_development: app.facts().is_development,
        version: app.facts().version,
    })
}

/// Anyone may see how many there are and how many are in trouble, nobody which.
async fn simple_stats(State(app): State<App>) -> Response {
    let estate = app.estate().estate();
    let stats = estate.stats();
    let of = |status: Status| stats.by_status.get(&status).copied().unwrap_or_default();
    let kinds = stats.by_type.iter();
    let rows: String = kinds
        .map(|(kind, count)| format!("<tr><td>{}<td>{count}", kind.word()))
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"10\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Pulse</title><body><h1>Pulse</h1>\
         <p>{} resources: {} online, {} warning, {} offline, {} unknown.</p>\
         <table><tr><th>Kind<th>Count{rows}</table><p>Version {}, up {} s.</p>",
        stats.total,
        of(Status::Online),
        of(Status::Warning),
        of(Status::Offline),
        of(Status::Unknown),
        app.facts().version,
        app.uptime().as_secs(),
    );
    html_page(&app, StatusCode::OK, html, "none")
}

async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(wanted) = &app.facts().metrics_token {
        let presented = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let presented = presented
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default();
        if !bool::from(presented.as_bytes().ct_eq(wanted.expose().as_bytes())) {
            return Err(ApiError::unauthorized(
                "These figures need the scraper's token.",
            ));
        }
    }
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let format = Format::wanted(accept);
    let mut response = figures::render(&app, format).into_response();
    let text = HeaderValue::from_static(format.media());
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    Ok(response)
}
