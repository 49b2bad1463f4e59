//! Requests by route. Labels are the rows' own paths, never what was asked for.

use crate::app::App;
use crate::counters::{BUCKETS_MS, RowCounters};
use crate::exposition::Page;

use super::of;

pub(super) fn write(app: &App, page: &mut Page) {
    let counters = app.counters();
    let used: Vec<&RowCounters> = counters
        .rows()
        .iter()
        .filter(|row| row.by_class.iter().any(|count| of(count) > 0))
        .collect();
    requests(page, &used);
    errors(page, &used);
    durations(page, &used);
    let (name, about) = (
        "pulse_http_unknown_paths_total",
        "Calls of paths nobody serves.",
    );
    page.one(name, "counter", about, of(&counters.unknown_paths));
    let (name, about) = ("pulse_http_panics_total", "Handlers that panicked.");
    page.one(name, "counter", about, of(&counters.panics));
}

fn requests(page: &mut Page, used: &[&RowCounters]) {
    let name = "pulse_http_requests_total";
    page.head(name, "counter", "Requests by route and class of status.");
    for row in used {
        for (class, count) in row.by_class.iter().enumerate() {
            if of(count) > 0 {
                let labels = format!("{},status=\"{}xx\"", row.labels, class + 1);
                page.value(name, &labels, of(count));
            }
        }
    }
}

fn errors(page: &mut Page, used: &[&RowCounters]) {
    let name = "pulse_http_request_errors_total";
    page.head(
        name,
        "counter",
        "Requests refused and requests failed, by route.",
    );
    for row in used {
        for (class, word) in [(3, "client_error"), (4, "server_error")] {
            let labels = format!("{},status_class=\"{word}\"", row.labels);
            page.value(name, &labels, of(&row.by_class[class]));
        }
    }
}

fn durations(page: &mut Page, used: &[&RowCounters]) {
    let name = "pulse_http_request_duration_seconds";
    page.head(name, "histogram", "How long answers took.");
    let bounds = BUCKETS_MS.map(|millis| millis as f64 / 1e3);
    for row in used {
        let counts: Vec<u64> = row.by_duration.iter().map(of).collect();
        let sum = of(&row.micros) as f64 / 1e6;
        page.histogram(name, &row.labels, &bounds, &counts, sum);
    }
}
