//! Samples and buckets of a series, in order of time, put together to the points of an answer.

use pulse_model::Class;

use crate::answer::Point;
use crate::plan::Plan;
use crate::quantum;

/// The points of one series, being put together in order of time.
pub(crate) struct Points<'a> {
    pub plan: &'a Plan,
    pub class: Class,
    pub found: Vec<Sum>,
}

/// A point being put together. Codes keep the order of values, so the extremes stay codes.
pub(crate) struct Sum {
    index: usize,
    first: u32,
    last: u32,
    count: u64,
    sum: f64,
    least: i64,
    greatest: i64,
}

impl Points<'_> {
    /// Adds a sample, by its code.
    pub fn add_sample(&mut self, time: u32, code: i64) {
        self.add(time, time, 1, [code; 3]);
    }

    /// Adds what was between two seconds: mean, least and greatest of `count` samples, by their codes.
    pub fn add(&mut self, first: u32, last: u32, count: u32, [mean, least, greatest]: [i64; 3]) {
        let sum = quantum::value(self.class, mean) * f64::from(count);
        let count = u64::from(count);
        // In order of time, so the next second of the same point needs no division.
        if let Some(open) = self.found.last_mut()
            && u64::from(first) < self.plan.end_of(open.index)
        {
            open.last = last;
            open.count += count;
            open.sum += sum;
            open.least = open.least.min(least);
            open.greatest = open.greatest.max(greatest);
            return;
        }
        self.found.push(Sum {
            index: ((first - self.plan.start) / self.plan.step) as usize,
            first,
            last,
            count,
            sum,
            least,
            greatest,
        });
    }

    pub fn finish(self) -> Vec<Point> {
        let class = self.class;
        let point = |sum: Sum| Point {
            index: sum.index,
            at: (i64::from(sum.first) + i64::from(sum.last)) * 500,
            count: sum.count,
            mean: sum.sum / sum.count.max(1) as f64,
            least: quantum::value(class, sum.least),
            greatest: quantum::value(class, sum.greatest),
            last: sum.last,
        };
        self.found.into_iter().map(point).collect()
    }
}
