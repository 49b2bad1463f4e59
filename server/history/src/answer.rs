//! What is asked and what is answered.

use jiff::Timestamp;

use pulse_model::{Metric, ResourceId};

/// Most buckets one answer may have.
pub const MOST_CELLS: usize = 2_000_000;

/// Series of one resource.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whose.
    pub resource: ResourceId,
    /// Which; all it has when empty.
    pub metrics: Vec<Metric>,
}

/// A stretch of time, and into how many points it is to be cut.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// From when on.
    pub start: Timestamp,
    /// Up to when.
    pub end: Timestamp,
    /// Most points per series.
    pub points: usize,
}

/// What several samples amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Which bucket of the answer, counted from its start.
    pub index: usize,
    /// The middle of its samples' times, unix milliseconds.
    pub at: i64,
    /// How many samples.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
    /// When the last of them was, unix seconds.
    pub last: u32,
}

/// One series of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Whose.
    pub resource: ResourceId,
    /// Which.
    pub metric: Metric,
    /// Seconds between its samples, as last seen.
    pub step: u32,
    /// The buckets that have samples, in order.
    pub points: Vec<Point>,
}

impl Series {
    /// Returns a value for each of `buckets` buckets of `answer`, or nothing where there is a gap.
    /// A sample stands until the next is expected, so that a slow series has none between two.
    pub fn filled(&self, answer: &Answer) -> Vec<Option<f64>> {
        let mut filled = vec![None; answer.buckets()];
        for (at, point) in self.points.iter().enumerate() {
            let next = self.points.get(at + 1).map_or(filled.len(), |p| p.index);
            let stands = i64::from(point.last) * 1_000 + i64::from(self.step) * 1_500;
            for index in point.index..next.min(filled.len()) {
                let middle = answer.start + answer.step * index as i64 + answer.step / 2;
                if index == point.index || middle < stands && middle < answer.end {
                    filled[index] = Some(point.mean);
                }
            }
        }
        filled
    }
}

/// Series over one span, cut alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Where the first bucket begins, unix milliseconds.
    pub start: i64,
    /// How long a bucket is, milliseconds.
    pub step: i64,
    /// Up to when was asked, unix milliseconds.
    pub end: i64,
    /// What there is; resources and metrics without any samples are not in it.
    pub series: Vec<Series>,
    /// Rows of the database that were read.
    pub rows_read: u64,
}

impl Answer {
    /// Returns how many buckets there are.
    pub fn buckets(&self) -> usize {
        let length = (self.end - self.start).max(0);
        (length as u64).div_ceil(self.step.max(1) as u64) as usize
    }
}
