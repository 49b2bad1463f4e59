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

/// A point being put together.
pub(crate) struct Sum {
    index: usize,
    first: u32,
    last: u32,
    count: u64,
    sum: f64,
    least: f64,
    greatest: f64,
}

impl Points<'_> {
    /// Adds what was between two seconds: mean, least and greatest of `count` samples.
    pub fn add(&mut self, first: u32, last: u32, count: u32, codes: [i64; 3]) {
        let index = ((first - self.plan.start) / self.plan.step) as usize;
        let [mean, least, greatest] = codes.map(|code| quantum::value(self.class, code));
        let weight = f64::from(count);
        match self.found.last_mut() {
            Some(sum) if sum.index == index => {
                sum.last = last;
                sum.count += u64::from(count);
                sum.sum += mean * weight;
                sum.least = sum.least.min(least);
                sum.greatest = sum.greatest.max(greatest);
            }
            _ => self.found.push(Sum {
                index,
                first,
                last,
                count: u64::from(count),
                sum: mean * weight,
                least,
                greatest,
            }),
        }
    }

    pub fn finish(self) -> Vec<Point> {
        let point = |sum: Sum| Point {
            index: sum.index,
            at: (i64::from(sum.first) + i64::from(sum.last)) * 500,
            count: sum.count,
            mean: sum.sum / sum.count.max(1) as f64,
            least: sum.least,
            greatest: sum.greatest,
            last: sum.last,
        };
        self.found.into_iter().map(point).collect()
    }
}
