//! The server's own figures in Prometheus' text format. Open to anyone, so no names of hosts,
//! users or resources are in here.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::app::App;
use crate::counters::BUCKETS_MS;
use crate::routes::all;

/// Returns every figure.
pub(super) fn render(app: &App) -> String {
    let mut page = Page::default();
    process(app, &mut page);
    ingest(app, &mut page);
    resources(app, &mut page);
    estate(app, &mut page);
    security(app, &mut page);
    http(app, &mut page);
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, about: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {about}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = if labels.is_empty() {
            writeln!(self.0, "{name} {value}")
        } else {
            writeln!(self.0, "{name}{{{labels}}} {value}")
        };
    }

    fn one(&mut self, name: &str, kind: &str, about: &str, value: impl std::fmt::Display) {
        self.head(name, kind, about);
        self.value(name, "", value);
    }

    fn by(&mut self, name: &str, label: &str, about: &str, values: &[(&str, u64)]) {
        self.head(name, "counter", about);
        for (word, value) in values {
            self.value(name, &format!("{label}=\"{word}\""), value);
        }
    }
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn process(app: &App, page: &mut Page) {
    page.head("pulse_build_info", "gauge", "What runs.");
    page.value(
        "pulse_build_info",
        &format!("version=\"{}\"", app.facts().version),
        1,
    );
    let started = app.0.started_at.as_second();
    page.one(
        "pulse_start_time_seconds",
        "gauge",
        "When the server started, unix time.",
        started,
    );
    page.one(
        "pulse_websocket_clients",
        "gauge",
        "Open live sockets.",
        app.0.hub.clients(),
    );
}

fn ingest(app: &App, page: &mut Page) {
    let counters = app.0.services.ingest.counters();
    let results = [
        ("accepted", of(&counters.accepted)),
        ("too_large", of(&counters.too_large)),
        ("unsupported_encoding", of(&counters.unsupported)),
        ("unreadable", of(&counters.unreadable)),
        ("refused", of(&counters.refused)),
        ("poison", of(&counters.poison)),
        ("turned_away", of(&counters.turned_away)),
        ("no_room", of(&counters.no_room)),
    ];
    page.by(
        "pulse_reports_total",
        "result",
        "Agent reports by what became of them.",
        &results,
    );
    let about = "List elements and texts shortened to keep the bounds of a report.";
    page.one(
        "pulse_reports_shed_total",
        "counter",
        about,
        of(&counters.shed),
    );
}

fn resources(app: &App, page: &mut Page) {
    let estate = app.estate().estate();
    page.one(
        "pulse_resources",
        "gauge",
        "Resources monitored.",
        estate.len(),
    );
    page.head("pulse_resources_by_status", "gauge", "Resources by status.");
    for status in pulse_model::Status::ALL {
        let count = estate
            .stats()
            .by_status
            .get(&status)
            .copied()
            .unwrap_or_default();
        page.value(
            "pulse_resources_by_status",
            &format!("status=\"{}\"", status.word()),
            count,
        );
    }
}

fn estate(app: &App, page: &mut Page) {
    let counters = app.estate().counters();
    let counts = [
        (
            "pulse_estate_observations_total",
            "Observations folded.",
            &counters.folded,
        ),
        (
            "pulse_estate_overtaken_total",
            "Reports a later one had overtaken.",
            &counters.overtaken,
        ),
        (
            "pulse_estate_refused_total",
            "Reports refused for who they claimed to be.",
            &counters.refused,
        ),
        (
            "pulse_estate_quarantined_total",
            "Observations set aside.",
            &counters.quarantined,
        ),
        (
            "pulse_estate_turned_away_total",
            "Observations turned away for lack of room.",
            &counters.turned_away,
        ),
        (
            "pulse_estate_published_total",
            "Snapshots published.",
            &counters.published,
        ),
        (
            "pulse_hosts_down_total",
            "Hosts judged to be down.",
            &counters.went_down,
        ),
        (
            "pulse_hosts_recovered_total",
            "Hosts heard again after that.",
            &counters.recovered,
        ),
        (
            "pulse_known_hosts_saves_total",
            "Writes of known hosts.",
            &counters.saved,
        ),
        (
            "pulse_history_save_errors_total",
            "Writes of known hosts that failed.",
            &counters.save_errors,
        ),
    ];
    for (name, about, counter) in counts {
        page.one(name, "counter", about, of(counter));
    }
}

fn security(app: &App, page: &mut Page) {
    let figures = app.security().figures();
    let counts = [
        ("pulse_logins_total", "Logins.", figures.logins),
        (
            "pulse_logins_failed_total",
            "Logins with a wrong name or password.",
            figures.logins_failed,
        ),
        (
            "pulse_logins_locked_total",
            "Logins turned away by a lock.",
            figures.logins_locked,
        ),
        (
            "pulse_tokens_refused_total",
            "Tokens presented that are unknown, expired or revoked.",
            figures.tokens_refused,
        ),
        (
            "pulse_csrf_refused_total",
            "Requests without the session's CSRF token.",
            figures.csrf_refused,
        ),
        (
            "pulse_setup_tokens_refused_total",
            "Wrong set-up tokens.",
            figures.setup_tokens_refused,
        ),
        (
            "pulse_enrolments_total",
            "Agents enrolled.",
            figures.enrolments,
        ),
        (
            "pulse_enrolments_refused_total",
            "Enrolments refused.",
            figures.enrolments_refused,
        ),
        (
            "pulse_report_proofs_refused_total",
            "Reports whose proof of key did not hold.",
            figures.reports_refused,
        ),
        (
            "pulse_reports_replayed_total",
            "Signed reports sent a second time.",
            figures.reports_replayed,
        ),
        (
            "pulse_agent_runs_replaced_total",
            "Signed reports of a run that a later one had replaced: a copy, or a replay.",
            figures.runs_replaced,
        ),
        (
            "pulse_rate_limited_total",
            "Requests over their limit.",
            figures.rate_limited,
        ),
    ];
    for (name, about, value) in counts {
        page.one(name, "counter", about, value);
    }
    page.one("pulse_sessions", "gauge", "Sessions.", figures.sessions);
    page.one("pulse_tokens", "gauge", "API tokens.", figures.tokens);
    page.one(
        "pulse_enrolled_agents",
        "gauge",
        "Agents with a key.",
        figures.agents,
    );
}

fn http(app: &App, page: &mut Page) {
    let counters = app.counters();
    let rows = all();
    let used = || {
        rows.iter()
            .zip(counters.rows())
            .filter(|(_, counts)| counts.by_class.iter().any(|c| of(c) > 0))
    };
    page.head(
        "pulse_http_requests_total",
        "counter",
        "Requests by route and class of status.",
    );
    for (row, counts) in used() {
        for (class, count) in counts
            .by_class
            .iter()
            .enumerate()
            .filter(|(_, count)| of(count) > 0)
        {
            let labels = format!(
                "method=\"{}\",route=\"{}\",status=\"{}xx\"",
                row.method,
                row.path,
                class + 1
            );
            page.value("pulse_http_requests_total", &labels, of(count));
        }
    }
    let name = "pulse_http_request_duration_seconds";
    page.head(name, "histogram", "How long answers took.");
    for (row, counts) in used() {
        let route = format!("method=\"{}\",route=\"{}\"", row.method, row.path);
        let mut sum = 0;
        for (bound, count) in BUCKETS_MS.iter().zip(&counts.by_duration) {
            sum += of(count);
            let bound = *bound as f64 / 1_000.0;
            page.value(
                &format!("{name}_bucket"),
                &format!("{route},le=\"{bound}\""),
                sum,
            );
        }
        sum += counts.by_duration.last().map(of).unwrap_or_default();
        page.value(
            &format!("{name}_bucket"),
            &format!("{route},le=\"+Inf\""),
            sum,
        );
        page.value(
            &format!("{name}_sum"),
            &route,
            of(&counts.micros) as f64 / 1e6,
        );
        page.value(&format!("{name}_count"), &route, sum);
    }
    let about = "Calls of paths nobody serves.";
    page.one(
        "pulse_http_unknown_paths_total",
        "counter",
        about,
        of(&counters.unknown_paths),
    );
    page.one(
        "pulse_http_panics_total",
        "counter",
        "Handlers that panicked.",
        of(&counters.panics),
    );
}
