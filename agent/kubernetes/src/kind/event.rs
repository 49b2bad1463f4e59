//! Events.

use pulse_protocol::Time;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, objects};
use crate::text;

/// An event.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Event {
    pub(crate) metadata: Meta,
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    involved_object: Involved,
    count: Option<i64>,
    first_timestamp: Option<String>,
    last_timestamp: Option<String>,
    event_time: Option<String>,
    series: Option<Series>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Involved {
    kind: Option<String>,
    name: Option<String>,
}

/// How newer components count what happens again.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Series {
    count: Option<i64>,
    last_observed_time: Option<String>,
}

objects!(Event);

/// Returns what is reported of an event.
pub(crate) fn event(of: &Event) -> report::Event {
    let meta = &of.metadata;
    let series = of.series.as_ref();
    let last = series.and_then(|series| text::moment(series.last_observed_time.as_deref()));
    report::Event {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        kind: text::name(of.kind.as_deref()),
        reason: text::long(of.reason.as_deref()),
        message: text::long(of.message.as_deref()),
        involved_kind: text::name(of.involved_object.kind.as_deref()),
        involved_name: text::name(of.involved_object.name.as_deref()),
        count: (series.and_then(|series| series.count))
            .or(of.count)
            .unwrap_or(0),
        first_seen: text::moment(of.first_timestamp.as_deref()),
        last_seen: last.or_else(|| text::moment(of.last_timestamp.as_deref())),
        event_time: text::moment(of.event_time.as_deref()),
    }
}

/// Returns when an event was last seen; when it was made, if nothing else is known.
pub(crate) fn seen(of: &Event) -> Time {
    let event = event_times(of);
    event
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(Time::UNIX_EPOCH)
}

fn event_times(of: &Event) -> [Option<Time>; 4] {
    let series = of.series.as_ref();
    [
        series.and_then(|series| text::moment(series.last_observed_time.as_deref())),
        text::moment(of.last_timestamp.as_deref()),
        text::moment(of.event_time.as_deref()),
        of.metadata.created(),
    ]
}
