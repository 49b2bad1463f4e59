//! What the HTTP side counts of its own work. Bounded by the number of rows.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::routes::Row;

/// Upper bounds of the duration buckets, in milliseconds.
pub(crate) const BUCKETS_MS: [u64; 8] = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// Counts per row and status class, durations per row.
#[derive(Debug)]
pub(crate) struct Counters {
    rows: Vec<RowCounters>,
    /// Calls of paths nobody serves.
    pub unknown_paths: AtomicU64,
    /// Handlers that panicked.
    pub panics: AtomicU64,
}

/// One row's counts.
#[derive(Debug, Default)]
pub(crate) struct RowCounters {
    /// The row's method and path as labels.
    pub labels: String,
    /// Answers by first digit of the status, from 1 to 5.
    pub by_class: [AtomicU64; 5],
    /// Answers by duration; the last is slower than every bound.
    pub by_duration: [AtomicU64; BUCKETS_MS.len() + 1],
    /// Durations added up, in microseconds.
    pub micros: AtomicU64,
}

impl RowCounters {
    fn of(row: &Row) -> Self {
        Self {
            labels: format!("method=\"{}\",route=\"{}\"", row.method, row.path),
            ..Self::default()
        }
    }
}

impl Counters {
    pub fn new(rows: &[Row]) -> Self {
        Self {
            rows: rows.iter().map(RowCounters::of).collect(),
            unknown_paths: AtomicU64::new(0),
            panics: AtomicU64::new(0),
        }
    }

    /// Notes an answer of row `row`.
    pub fn note(&self, row: usize, status: u16, took: Duration) {
        let Some(row) = self.rows.get(row) else {
            return;
        };
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        row.by_class[class].fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let bucket = BUCKETS_MS
            .iter()
            .position(|bound| millis <= *bound)
            .unwrap_or(BUCKETS_MS.len());
        row.by_duration[bucket].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        row.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Returns the counts in the order of the rows.
    pub fn rows(&self) -> &[RowCounters] {
        &self.rows
    }
}
