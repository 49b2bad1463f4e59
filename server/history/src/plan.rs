//! From which tier each stretch of an answer is read.
//!
//! The coarsest that is fine enough; where that has nothing yet the next finer, and where the finer
//! is gone already what is left.

use jiff::Timestamp;

use crate::answer::Span;
use crate::hour::{HOUR, MINUTE, QUARTER, WEEK};
use crate::tables::Marks;

/// A resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    Raw,
    Minute,
    Hour,
}

/// A stretch of the span and where it is read from. Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub from: u32,
    pub to: u32,
    pub tier: Tier,
}

/// Where an answer comes from, stretch by stretch, and how it is cut.
#[derive(Debug)]
pub(crate) struct Plan {
    pub start: u32,
    pub end: u32,
    pub step: u32,
    pub stretches: Vec<Stretch>,
}

impl Plan {
    /// Returns the first second after a bucket.
    pub fn end_of(&self, bucket: usize) -> u64 {
        u64::from(self.start) + (bucket as u64 + 1) * u64::from(self.step)
    }

    pub fn new(span: &Span, marks: &Marks) -> Self {
        let second = |time: Timestamp| u32::try_from(time.as_second().max(0)).unwrap_or(u32::MAX);
        let end = second(span.end);
        let start = second(span.start).min(end);
        let mut step = (end - start).div_ceil(span.points.clamp(1, u32::MAX as usize) as u32);
        step = step.max(1);
        let wanted = match step {
            HOUR.. => Tier::Hour,
            MINUTE.. => Tier::Minute,
            _ => Tier::Raw,
        };
        let limits = Limits::of(marks);
        let mut cuts = vec![start, end];
        cuts.extend(
            limits
                .cuts()
                .into_iter()
                .filter(|cut| start < *cut && *cut < end),
        );
        cuts.sort_unstable();
        let mut stretches: Vec<Stretch> = Vec::new();
        for pair in cuts.windows(2).filter(|pair| pair[0] < pair[1]) {
            let (from, to) = (pair[0], pair[1]);
            let tier = limits.tier(from, wanted);
            match stretches.last_mut() {
                Some(last) if last.tier == tier => last.to = to,
                _ => stretches.push(Stretch { from, to, tier }),
            }
        }
        for stretch in &stretches {
            step = step.max(match stretch.tier {
                Tier::Raw => 1,
                Tier::Minute => MINUTE,
                Tier::Hour => HOUR,
            });
        }
        // Whole buckets, at the same places whenever it is asked.
        let aligned = start / step * step;
        if let Some(first) = stretches.first_mut() {
            first.from = aligned;
        }
        Self {
            start: aligned,
            end,
            step,
            stretches,
        }
    }

    pub fn buckets(&self) -> usize {
        (self.end - self.start).div_ceil(self.step) as usize
    }
}

/// Which times each tier has. Unix seconds, the end not included.
struct Limits {
    raw_from: u32,
    minutes: (u32, u32),
    hours: (u32, u32),
}

impl Limits {
    fn of(marks: &Marks) -> Self {
        let end = |last: Option<u32>, width: u32| {
            last.map_or(0, |last| (last.saturating_add(1)).saturating_mul(width))
        };
        Self {
            raw_from: marks.kept[0].saturating_mul(HOUR),
            minutes: (
                marks.kept[1].saturating_mul(QUARTER),
                end(marks.minutes, QUARTER),
            ),
            hours: (marks.kept[2].saturating_mul(WEEK), end(marks.hours, WEEK)),
        }
    }

    fn cuts(&self) -> [u32; 5] {
        [
            self.raw_from,
            self.minutes.0,
            self.minutes.1,
            self.hours.0,
            self.hours.1,
        ]
    }

    fn tier(&self, at: u32, wanted: Tier) -> Tier {
        let has_hours = (self.hours.0..self.hours.1).contains(&at);
        let has_minutes = (self.minutes.0..self.minutes.1).contains(&at);
        let has_raw = at >= self.raw_from;
        let order = match wanted {
            Tier::Hour => [Tier::Hour, Tier::Minute, Tier::Raw],
            Tier::Minute => [Tier::Minute, Tier::Raw, Tier::Hour],
            Tier::Raw => [Tier::Raw, Tier::Minute, Tier::Hour],
        };
        let has = |tier: &Tier| match tier {
            Tier::Hour => has_hours,
            Tier::Minute => has_minutes,
            Tier::Raw => has_raw,
        };
        order.into_iter().find(has).unwrap_or(Tier::Raw)
    }
}
