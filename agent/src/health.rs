//! The agent's health page: small, on loopback unless told otherwise, and without a secret in it.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::status::{Facts, Status, is_running};

/// Connections served at once; more wait.
const CONNECTIONS: usize = 8;

/// Longest wait for a request's head.
const HEAD: Duration = Duration::from_secs(5);

/// Longest life of a connection.
const CONNECTION: Duration = Duration::from_secs(30);

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Listens; an address that is taken is no reason not to report.
pub(crate) async fn listen(address: &str) -> Option<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => {
            let address = listener.local_addr().map(|address| address.to_string());
            info!(address = address.unwrap_or_default(), "health page is up");
            Some(listener)
        }
        Err(error) => {
            warn!(address, %error, "no health page: cannot listen there");
            None
        }
    }
}

/// Serves the page until told to stop.
pub(crate) async fn serve(listener: TcpListener, status: Status, shutdown: CancellationToken) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = converse(stream, status.clone());
                tokio::spawn(async move {
                    let _ = timeout(CONNECTION, connection).await;
                    drop(slot);
                });
            }
            // Out of file descriptors, most likely: others need them more.
            Err(_) => sleep(Duration::from_secs(1)).await,
        }
    }
}

async fn converse(stream: TcpStream, status: Status) {
    let service = service_fn(|request: Request<Incoming>| {
        let response = answer(request.method(), request.uri().path(), &status);
        async { Ok::<_, Infallible>(response) }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn answer(method: &Method, path: &str, status: &Status) -> Response<Full<Bytes>> {
    if method != Method::GET && method != Method::HEAD {
        return respond(
            StatusCode::METHOD_NOT_ALLOWED,
            TEXT,
            "only GET\n".to_owned(),
        );
    }
    match path {
        "/healthz" => respond(StatusCode::OK, TEXT, "ok".to_owned()),
        "/readyz" => {
            let is_ready = status.answer().ready;
            let code = if is_ready {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
            respond(code, JSON, state(status))
        }
        "/status" => respond(StatusCode::OK, JSON, state(status)),
        "/metrics" => respond(StatusCode::OK, METRICS, metrics(&status.facts())),
        _ => respond(StatusCode::NOT_FOUND, TEXT, "not found\n".to_owned()),
    }
}

fn state(status: &Status) -> String {
    serde_json::to_string(&status.answer()).expect("texts and numbers always make JSON")
}

fn respond(code: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = code;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    response
}

/// Renders the figures for Prometheus.
fn metrics(facts: &Facts) -> String {
    let enabled = |name: &str| facts.modules.iter().any(|m| m.name == name && m.enabled);
    let mut text = Gauges::default();
    text.one(
        "pulse_agent_info",
        &[
            ("version", pulse_protocol::version::OWN),
            ("host_enabled", truth(enabled("host"))),
            ("docker_enabled", truth(enabled("docker"))),
            ("kubernetes_enabled", truth(enabled("kubernetes"))),
        ],
        1,
    );
    text.one("pulse_agent_up", &[], 1);
    for module in &facts.modules {
        let label = [("module", module.name.as_str())];
        text.one("pulse_agent_module_enabled", &label, module.enabled.into());
    }
    for module in &facts.modules {
        let label = [("module", module.name.as_str())];
        let is_ready = module.enabled && is_running(module);
        text.one("pulse_agent_module_ready", &label, is_ready.into());
    }
    let destination = |module| {
        [
            ("module", module),
            ("destination", "primary"),
            ("role", "primary"),
        ]
    };
    let reporting = facts.modules.iter().filter(|module| module.enabled);
    let reporting: Vec<&str> = reporting.map(|module| module.name.as_str()).collect();
    for module in &reporting {
        text.one(
            "pulse_agent_destination_configured",
            &destination(module),
            1,
        );
    }
    for module in &reporting {
        let up = facts.delivering.get(module).copied().unwrap_or(false);
        text.one(
            "pulse_agent_destination_delivery_up",
            &destination(module),
            up.into(),
        );
    }
    text.one("pulse_agent_reports_waiting", &[], facts.waiting as u64);
    text.one("pulse_agent_reports_sent_total", &[], facts.sent);
    text.one("pulse_agent_reports_dropped_total", &[], facts.dropped);
    text.0
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[derive(Default)]
struct Gauges(String);

impl Gauges {
    /// Adds one figure, announcing its name the first time.
    fn one(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        let announcement = format!("# TYPE {name} ");
        if !self.0.contains(&announcement) {
            let kind = if name.ends_with("_total") {
                "counter"
            } else {
                "gauge"
            };
            self.0.push_str(&format!("{announcement}{kind}\n"));
        }
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let before = if index == 0 { '{' } else { ',' };
            // Writing to a text does not fail.
            let _ = write!(self.0, "{before}{label}=\"{text}\"");
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{after} {value}");
    }
}

#[cfg(test)]
mod tests {
    use pulse_protocol::report::host::{ModuleState, ModuleStatus};

    use super::*;

    fn code(path: &str, status: &Status) -> u16 {
        answer(&Method::GET, path, status).status().as_u16()
    }

    fn host(state: ModuleState) -> ModuleStatus {
        ModuleStatus {
            name: "host".to_owned(),
            enabled: true,
            state,
            ..ModuleStatus::default()
        }
    }

    #[test]
    fn the_agent_is_ready_once_it_collected() {
        let status = Status::new(true);
        assert_eq!(
            (code("/healthz", &status), code("/readyz", &status)),
            (200, 503)
        );
        status.collected(&[host(ModuleState::Running)]);
        assert_eq!(
            (code("/readyz", &status), code("/status", &status)),
            (200, 200)
        );
        status.collected(&[host(ModuleState::Retrying)]);
        assert_eq!(
            (code("/readyz", &status), code("/status", &status)),
            (503, 200)
        );
    }

    #[test]
    fn only_known_pages_are_served_and_only_read() {
        let status = Status::new(true);
        assert_eq!(code("/", &status), 404);
        assert_eq!(
            answer(&Method::POST, "/healthz", &status).status().as_u16(),
            405
        );
    }

    #[test]
    fn figures_are_named_as_dashboards_expect() {
        let status = Status::new(true);
        status.collected(&[host(ModuleState::Running)]);
        status.delivers("host", true);
        let text = metrics(&status.facts());
        for line in [
            "pulse_agent_up 1",
            "pulse_agent_module_enabled{module=\"docker\"} 0",
            "pulse_agent_module_ready{module=\"host\"} 1",
            "pulse_agent_destination_delivery_up{module=\"host\",destination=\"primary\",role=\"primary\"} 1",
            "# TYPE pulse_agent_reports_sent_total counter",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert_eq!(text.matches("# TYPE pulse_agent_module_enabled").count(), 1);
    }
}
