//! What came of it: counts, and how long things took, in a bounded histogram.

use std::fmt;
use std::time::Duration;

/// Width of a bucket: each is 5 % above the one before.
const GROWTH: f64 = 1.05;

/// From 10 µs in 320 buckets of 5 % to about a minute.
const BUCKETS: usize = 320;

const FLOOR_MICROS: f64 = 10.0;

/// Durations, kept as counts per bucket.
#[derive(Debug, Clone)]
pub struct Latencies {
    buckets: Vec<u64>,
    count: u64,
    worst: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            count: 0,
            worst: Duration::ZERO,
        }
    }
}

impl Latencies {
    /// Counts one duration.
    pub fn record(&mut self, took: Duration) {
        let micros = (took.as_secs_f64() * 1e6).max(FLOOR_MICROS);
        let bucket = ((micros / FLOOR_MICROS).ln() / GROWTH.ln()) as usize;
        self.buckets[bucket.min(BUCKETS - 1)] += 1;
        self.count += 1;
        self.worst = self.worst.max(took);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    #[must_use]
    pub fn worst(&self) -> Duration {
        self.worst
    }

    /// The duration that `share` (0 to 1) of all did not exceed, to within a bucket.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Duration {
        let wanted = (self.count as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (at, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted && seen > 0 {
                let upper = FLOOR_MICROS * GROWTH.powi(at as i32 + 1);
                return Duration::from_secs_f64(upper / 1e6).min(self.worst);
            }
        }
        self.worst
    }

    /// Adds another's counts to these.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.worst = self.worst.max(other.worst);
    }
}

impl fmt::Display for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| millis(self.quantile(share)));
        write!(
            f,
            "p50 {p50} ms, p95 {p95} ms, p99 {p99} ms, worst {} ms",
            millis(self.worst)
        )
    }
}

fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}

/// What became of the reports.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Reports sent, answered or not.
    pub sent: u64,
    /// Answered 2xx.
    pub ok: u64,
    /// Answered otherwise, or not at all.
    pub failed: u64,
    /// The last failure in words.
    pub last_failure: Option<String>,
    /// Compressed bytes sent.
    pub bytes: u64,
    /// From the first byte written to the answer read.
    pub latencies: Latencies,
    /// How long sending went on, preparations not counted.
    pub wall: Duration,
}

impl Tally {
    /// Counts one report that was answered or given up.
    pub fn record(&mut self, bytes: usize, took: Duration, outcome: Result<(), String>) {
        self.sent += 1;
        self.bytes += bytes as u64;
        match outcome {
            Ok(()) => {
                self.ok += 1;
                self.latencies.record(took);
            }
            Err(failure) => {
                self.failed += 1;
                self.last_failure = Some(failure);
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sent {}, ok {}, failed {}, {}",
            self.sent, self.ok, self.failed, self.latencies
        )?;
        self.last_failure
            .iter()
            .try_for_each(|failure| write!(f, "; last failure: {failure}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_within_a_bucket() {
        let mut latencies = Latencies::default();
        (1..=1000).for_each(|ms| latencies.record(Duration::from_millis(ms)));
        for (share, exact) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0)] {
            let found = latencies.quantile(share).as_secs_f64() * 1e3;
            assert!((exact..=exact * 1.06).contains(&found), "{share}: {found}");
        }
        assert_eq!(latencies.quantile(1.0), Duration::from_secs(1));
    }

    #[test]
    fn nothing_counted_is_no_time_and_an_eternity_is_still_counted() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.quantile(0.99), Duration::ZERO);
        latencies.record(Duration::from_secs(86_400));
        assert_eq!(
            (latencies.count(), latencies.worst()),
            (1, Duration::from_secs(86_400))
        );
    }

    #[test]
    fn a_failure_is_counted_with_its_reason_and_without_its_time() {
        let mut tally = Tally::default();
        tally.record(
            10,
            Duration::from_millis(1),
            Err("503 setup_required".to_owned()),
        );
        assert_eq!(
            (tally.sent, tally.ok, tally.failed, tally.latencies.count()),
            (1, 0, 1, 0)
        );
        assert!(tally.to_string().contains("503 setup_required"));
    }
}
