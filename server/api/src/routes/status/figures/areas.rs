//! What the areas count of their own work.

use crate::app::App;
use crate::exposition::Page;
use crate::routes::system::process_facts;

use super::of;

pub(super) fn write(app: &App, page: &mut Page) {
    process(app, page);
    memory(app, page);
    ingest(app, page);
    resources(app, page);
    estate(app, page);
    history(app, page);
    security(app, page);
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

/// What this process takes, under the names every Prometheus knows.
fn memory(app: &App, page: &mut Page) {
    let facts = process_facts(app);
    let gauges = [
        (
            "process_resident_memory_bytes",
            "gauge",
            "Memory in use.",
            facts.resident_bytes,
        ),
        (
            "process_open_fds",
            "gauge",
            "Open files and sockets.",
            facts.open_files.and_then(|files| u64::try_from(files).ok()),
        ),
        (
            "pulse_disk_written_bytes_total",
            "counter",
            "Written to disks since the start.",
            facts.written_bytes,
        ),
        (
            "pulse_log_lines_lost_total",
            "counter",
            "Lines of the log that could not be kept.",
            Some(app.0.services.log.lost()),
        ),
    ];
    for (name, kind, about, value) in gauges {
        if let Some(value) = value {
            page.one(name, kind, about, value);
        }
    }
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
    let estate = app.monitored().estate();
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
    let counters = app.monitored().counters();
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
            "pulse_estate_failed_polls_total",
            "Polls of sources that failed.",
            &counters.failed_polls,
        ),
        (
            "pulse_estate_shed_total",
            "Things left out of observations to keep the bounds.",
            &counters.shed,
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
            "pulse_known_hosts_save_errors_total",
            "Writes of known hosts that failed.",
            &counters.save_errors,
        ),
    ];
    for (name, about, counter) in counts {
        page.one(name, "counter", about, of(counter));
    }
}

fn history(app: &App, page: &mut Page) {
    let history = &app.0.services.history;
    for (name, count) in history.counters().all() {
        let name = format!("pulse_history_{name}_total");
        page.one(&name, "counter", "Of the history's own work.", count);
    }
    let about = "Readings that wait to be recorded.";
    page.one("pulse_history_waiting", "gauge", about, history.waiting());
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
