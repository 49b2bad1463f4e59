//! Names that are promised for areas that do not count yet: alerts, notifications, their queue.
//!
//! They are there, at nothing, so that rules and dashboards made for them can be loaded: a rate of
//! what is not there would be no answer, and this is one. An area that begins to count takes its
//! names from here.

use crate::app::App;
use crate::exposition::Page;
use crate::routes::system::DIAGNOSTICS_BUCKETS_MS;

use super::of;

const LEVELS: [&str; 3] = ["info", "warning", "critical"];
const TYPES: [&str; 3] = ["cpu", "memory", "disk"];
const METHODS: [&str; 3] = ["email", "webhook", "apprise"];
const REASONS: [&str; 3] = ["quiet_hours", "flapping", "rate_limit"];
/// A minute to a day.
const ALERT_BOUNDS: [f64; 9] = [
    60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0,
];
const DELIVERY_BOUNDS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

pub(super) fn write(app: &App, page: &mut Page) {
    alerts(page);
    notifications(page);
    queue(page);
    history(page);
    scheduler(app, page);
    diagnostics(app, page);
}

/// Writes a family that stands at nothing for each of `labels`.
fn nothing(page: &mut Page, name: &str, kind: &str, about: &str, labels: &[String]) {
    page.head(name, kind, about);
    for labels in labels {
        page.value(name, labels, 0);
    }
}

fn no_times(page: &mut Page, name: &str, about: &str, bounds: &[f64], labels: &[String]) {
    page.head(name, "histogram", about);
    for labels in labels {
        page.histogram(name, labels, bounds, &vec![0; bounds.len() + 1], 0.0);
    }
}

fn each(label: &str, values: &[&str]) -> Vec<String> {
    let labels = values.iter().map(|value| format!("{label}=\"{value}\""));
    labels.collect()
}

fn none() -> Vec<String> {
    vec![String::new()]
}

fn alerts(page: &mut Page) {
    let types = each("type", &TYPES);
    let levels = each("level", &LEVELS).into_iter();
    let both: Vec<String> = levels
        .flat_map(|level| types.iter().map(move |kind| format!("{level},{kind}")))
        .collect();
    nothing(
        page,
        "pulse_alerts_active",
        "gauge",
        "Alerts that are active.",
        &both,
    );
    nothing(
        page,
        "pulse_alerts_fired_total",
        "counter",
        "Alerts fired.",
        &both,
    );
    nothing(
        page,
        "pulse_alerts_resolved_total",
        "counter",
        "Alerts resolved.",
        &types,
    );
    let about = "Alerts somebody acknowledged.";
    nothing(
        page,
        "pulse_alerts_acknowledged_total",
        "counter",
        about,
        &none(),
    );
    let (about, reasons) = ("Alerts kept quiet.", each("reason", &REASONS));
    nothing(
        page,
        "pulse_alerts_suppressed_total",
        "counter",
        about,
        &reasons,
    );
    let about = "Alerts held back for being too many.";
    nothing(
        page,
        "pulse_alerts_rate_limited_total",
        "counter",
        about,
        &none(),
    );
    let about = "How long alerts were active.";
    no_times(
        page,
        "pulse_alert_duration_seconds",
        about,
        &ALERT_BOUNDS,
        &types,
    );
}

fn notifications(page: &mut Page) {
    let methods = each("method", &METHODS).into_iter();
    let outcomes = each("status", &["success", "failed"]);
    let sent: Vec<String> = methods
        .flat_map(|method| {
            outcomes
                .iter()
                .map(move |status| format!("{method},{status}"))
        })
        .collect();
    let about = "Notifications by way and outcome.";
    nothing(
        page,
        "pulse_notifications_sent_total",
        "counter",
        about,
        &sent,
    );
    let waiting = each("status", &["pending", "processing", "dlq"]);
    let about = "Notifications in the queue.";
    nothing(
        page,
        "pulse_notification_queue_depth",
        "gauge",
        about,
        &waiting,
    );
    let about = "Notifications given up.";
    nothing(
        page,
        "pulse_notification_dlq_total",
        "counter",
        about,
        &none(),
    );
    let about = "Notifications tried again.";
    nothing(
        page,
        "pulse_notification_retry_total",
        "counter",
        about,
        &none(),
    );
    let (about, methods) = ("How long deliveries took.", each("method", &METHODS));
    no_times(
        page,
        "pulse_notification_duration_seconds",
        about,
        &DELIVERY_BOUNDS,
        &methods,
    );
}

fn queue(page: &mut Page) {
    let waiting = each("status", &["pending", "processing", "dlq"]);
    nothing(
        page,
        "pulse_queue_depth",
        "gauge",
        "Items in the queue.",
        &waiting,
    );
    let done = each("status", &["completed", "failed", "dlq"]);
    let about = "Items by what became of them.";
    nothing(page, "pulse_queue_items_total", "counter", about, &done);
    let (name, about) = (
        "pulse_queue_processing_duration_seconds",
        "How long items took.",
    );
    no_times(page, name, about, &DELIVERY_BOUNDS, &none());
}

fn history(page: &mut Page) {
    let about = "Writes of the history of alerts that failed.";
    nothing(
        page,
        "pulse_history_save_errors_total",
        "counter",
        about,
        &none(),
    );
    let about = "Writes of the history of alerts tried again.";
    nothing(
        page,
        "pulse_history_save_retries_total",
        "counter",
        about,
        &none(),
    );
}

/// Connections have names: only their kinds are told here.
fn scheduler(app: &App, page: &mut Page) {
    let health = app.0.services.scheduler.health(app.clock().now(), false);
    let queue = &health.queue;
    let (name, about) = (
        "pulse_scheduler_queue_due_soon",
        "Polls due within 12 seconds.",
    );
    page.one(name, "gauge", about, queue.due_within_seconds);
    let name = "pulse_scheduler_queue_depth";
    page.head(name, "gauge", "Polls that wait, by kind of product.");
    for (kind, depth) in &queue.per_type {
        page.value(name, &format!("instance_type=\"{kind}\""), depth);
    }
    let (name, about) = (
        "pulse_scheduler_dead_letter_depth",
        "Connections given up for now.",
    );
    page.one(name, "gauge", about, health.dead_letter.count);
}

fn diagnostics(app: &App, page: &mut Page) {
    let counters = &app.0.diagnostics.counters;
    let about = "Diagnostics asked for and there.";
    let name = "pulse_diagnostics_cache_hits_total";
    page.one(name, "counter", about, of(&counters.hits));
    let about = "Diagnostics asked for and made.";
    let name = "pulse_diagnostics_cache_misses_total";
    page.one(name, "counter", about, of(&counters.misses));
    let name = "pulse_diagnostics_refresh_duration_seconds";
    page.head(name, "histogram", "How long making diagnostics took.");
    let bounds = DIAGNOSTICS_BUCKETS_MS.map(|millis| millis as f64 / 1e3);
    let counts: Vec<u64> = counters.by_duration.iter().map(of).collect();
    let sum = of(&counters.micros) as f64 / 1e6;
    page.histogram(name, "", &bounds, &counts, sum);
}
