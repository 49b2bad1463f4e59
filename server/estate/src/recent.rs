//! The last hour of every host's figures, in memory.
//!
//! Bounded in hosts, points and age. What must outlast a restart or an hour is history's.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{MetricValue, Resource, ResourceId};

const KEPT: Duration = Duration::from_secs(3600);
const MOST_POINTS: usize = 720;
const MOST_HOSTS: usize = 2_000;

/// The metrics kept, in the words of the history routes.
pub(crate) const METRICS: [&str; 8] = [
    "cpu",
    "memory",
    "disk",
    "netin",
    "netout",
    "diskread",
    "diskwrite",
    "temperature",
];

/// One value at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it was measured.
    pub at: Timestamp,
    /// Percent, bytes per second or degrees, as the metric has it.
    pub value: f64,
}

/// The kept points of each metric that has any.
pub type Series = BTreeMap<&'static str, Vec<Point>>;

struct Sample {
    at: Timestamp,
    values: [f32; METRICS.len()],
}

/// The kept samples of all hosts. Written by the estate's task, read by anyone.
#[derive(Default)]
pub(crate) struct Recent(RwLock<HashMap<ResourceId, VecDeque<Sample>>>);

impl Recent {
    /// Adds what `resource` measured at `at`. A late sample is filed at its own time.
    pub fn record(&self, resource: &Resource, at: Timestamp) {
        let mut hosts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !hosts.contains_key(&resource.id) && hosts.len() == MOST_HOSTS {
            return;
        }
        let samples = hosts.entry(resource.id.clone()).or_default();
        let place = samples
            .iter()
            .rposition(|sample| sample.at <= at)
            .map_or(0, |last| last + 1);
        samples.insert(
            place,
            Sample {
                at,
                values: values(resource),
            },
        );
        let newest = samples.back().map_or(at, |sample| sample.at);
        while samples.len() > MOST_POINTS
            || samples
                .front()
                .is_some_and(|oldest| newest.duration_since(oldest.at).unsigned_abs() > KEPT)
        {
            samples.pop_front();
        }
    }

    /// Returns the points of `id` not older than `since`, or nothing when it has none at all.
    pub fn series(&self, id: &str, since: Timestamp) -> Option<Series> {
        let hosts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let samples = hosts.get(id)?;
        let mut series = Series::new();
        for sample in samples.iter().filter(|sample| sample.at >= since) {
            for (metric, value) in METRICS.into_iter().zip(sample.values) {
                if !value.is_nan() {
                    let point = Point {
                        at: sample.at,
                        value: f64::from(value),
                    };
                    series.entry(metric).or_default().push(point);
                }
            }
        }
        Some(series)
    }
}

/// Returns the values in the order of [`METRICS`]; what is not known is not a number.
fn values(resource: &Resource) -> [f32; METRICS.len()] {
    let metrics = &resource.metrics;
    let of = |metric: &Option<MetricValue>| metric.as_ref().map_or(f32::NAN, |m| m.value as f32);
    [
        of(&metrics.cpu),
        of(&metrics.memory),
        of(&metrics.disk),
        of(&metrics.net_in),
        of(&metrics.net_out),
        of(&metrics.disk_read),
        of(&metrics.disk_write),
        resource
            .temperature
            .map_or(f32::NAN, |celsius| celsius.0 as f32),
    ]
}
