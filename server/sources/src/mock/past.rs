//! A past for what was invented a moment ago, so that charts are full at once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use pulse_model::{Class, Metric, Reading, Resource};

use super::curve::Curves;

/// Readings written for all resources together, at most: a history takes 100,000 at once of hours
/// that are over, and turns away the rest.
const MOST_READINGS: u64 = 95_000;
/// The same of the last hour, which is not over.
const MOST_RECENT: u64 = 125_000;
const SHORTEST_STEP: u64 = 60;
/// Seconds before now in which a small estate is remembered by the minute, as pages look at first.
const RECENT: u64 = 3_600;

/// How far back to go, and in what steps.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    curves: Curves,
    now: Timestamp,
    span: Duration,
    /// Between two readings.
    step: Duration,
    /// Between two readings of the last hour.
    recent_step: Duration,
}

impl Past {
    /// Plans a past of `span` for that many resources that measure anything: the more there are, the
    /// coarser it is.
    pub fn new(curves: Curves, now: Timestamp, span: Duration, resources: usize) -> Self {
        let wanted = span.as_secs().saturating_mul(resources as u64) / MOST_READINGS;
        let minutes = wanted.div_ceil(SHORTEST_STEP).max(1);
        let by_the_minute = RECENT / SHORTEST_STEP * resources as u64;
        let recent = if by_the_minute <= MOST_RECENT {
            1
        } else {
            minutes
        };
        Self {
            curves,
            now,
            span,
            step: Duration::from_secs(minutes * SHORTEST_STEP),
            recent_step: Duration::from_secs(recent * SHORTEST_STEP),
        }
    }

    /// Returns the times to write, oldest first, the present left out.
    pub fn times(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let every = |step: Duration, span: u64| {
            let step = step.as_secs();
            (1..=span / step).rev().map(move |times| times * step)
        };
        let early = every(self.step, self.span.as_secs().saturating_sub(RECENT));
        let early = early.map(|back| back + RECENT);
        let back = early.chain(every(self.recent_step, RECENT.min(self.span.as_secs())));
        back.filter_map(move |seconds| {
            let back = SignedDuration::from_secs(seconds as i64);
            self.now.checked_sub(back).ok()
        })
    }

    /// Returns what `resource` measured at `then`, so that it leads to what it measures now.
    pub fn reading(&self, resource: &Resource, then: Timestamp) -> Reading {
        let key = resource.id.as_str();
        let values = resource.values().into_iter();
        let values = values.map(|(metric, now)| (metric, self.value(key, metric, now, then)));
        let is_recent = self.now.duration_since(then).as_secs() < RECENT as i64;
        Reading {
            resource: resource.id.clone(),
            kind: resource.kind,
            at: then,
            step: if is_recent {
                self.recent_step
            } else {
                self.step
            },
            values: values.collect(),
        }
    }

    fn value(&self, key: &str, metric: Metric, now: f64, then: Timestamp) -> f64 {
        let hours = self.now.duration_since(then).as_secs_f64() / 3_600.0;
        let load = |at| self.curves.load(key, metric.word(), at);
        let ratio = |floor: f64| (floor + load(then)) / (floor + load(self.now));
        match metric {
            Metric::SmartPowerOnHours => (now - hours).max(0.0).floor(),
            Metric::Total => now,
            // What fills up was emptier.
            Metric::Disk | Metric::Usage | Metric::Used => now * (1.0 - 0.0015 * hours).max(0.5),
            Metric::Avail => now * (1.0 + 0.0008 * hours),
            // Memory breathes less than the processor does.
            Metric::Memory => (now * ratio(1.5)).clamp(0.0, 100.0),
            _ => match metric.class() {
                Class::Count => now,
                Class::Celsius => now * ratio(2.5),
                Class::Percent => (now * ratio(0.05)).clamp(0.0, 100.0),
                Class::Rate | Class::Size => now * ratio(0.05),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_whole_and_within_what_a_history_takes_however_many_there_are() {
        let now = Timestamp::from_second(1_780_000_000).expect("a time");
        let day = Duration::from_secs(86_400);
        for resources in [1, 300, 2_000, 21_000, 200_000] {
            let past = Past::new(Curves::new(7, true), now, day, resources);
            let times: Vec<_> = past.times().collect();
            let over = times
                .iter()
                .filter(|then| now.duration_since(**then).as_secs() > RECENT as i64);
            assert!(over.count() * resources <= 100_000, "{resources}");
            let reach = times.first().map(|first| now.duration_since(*first));
            let is_long = reach.is_some_and(|reach| reach.as_hours() >= 12);
            assert!(resources > 100_000 || is_long, "{resources}");
        }
    }
}
