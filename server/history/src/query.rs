//! Questions: what many series were over a span, in buckets of one width.
//!
//! What is sealed is read from the tables in one transaction, what is not from memory. Nothing is
//! invented: a bucket without a sample is not there.

use pulse_model::{Metric, ResourceId};
use pulse_store::{BlockReader, Blocks, Error as StoreError, Reader};

use crate::answer::{Answer, Ask, MOST_CELLS, Series, Span};
use crate::block;
use crate::core::{Core, lock, read};
use crate::counters::add;
use crate::error::Error;
use crate::hour::{HOUR, MINUTE, QUARTER, WEEK, settle};
use crate::plan::{Plan, Stretch, Tier};
use crate::points::Points;
use crate::row;
use crate::rows::{HOURS_PER_QUARTER, QUARTERS_PER_WEEK};
use crate::tables::{self, HOUR_TABLE, Marks, RAW, note_bad, series};

/// One resource asked for, and what memory has of it.
struct Wanted {
    resource: ResourceId,
    number: u32,
    step: u32,
    /// Metric and slot.
    slots: Vec<(Metric, usize)>,
    /// Rows by hour, in order of arrival.
    rows: Vec<(u32, Vec<u8>)>,
}

/// Answers all of `asks` over one span.
pub(crate) fn query(core: &Core, asks: &[Ask], span: &Span) -> Result<Answer, Error> {
    let plan = Plan::new(span, &settled(core));
    let wanted = from_memory(core, asks, &plan);
    let series: usize = wanted.iter().map(|one| one.slots.len()).sum();
    let asked = series.saturating_mul(plan.buckets());
    if asked > MOST_CELLS {
        return Err(Error::TooMuch {
            asked,
            most: MOST_CELLS,
        });
    }
    let mut rows_read = 0;
    let series = core.store.read_now(|tables| {
        let sources = Sources::open(core, tables)?;
        let mut series = Vec::new();
        for one in &wanted {
            series.extend(sources.answer(core, &plan, one, &mut rows_read)?);
        }
        Ok(series)
    })?;
    add(&core.counters.queries, 1);
    add(&core.counters.blocks_read, rows_read);
    Ok(Answer {
        start: i64::from(plan.start) * 1_000,
        step: i64::from(plan.step) * 1_000,
        end: i64::from(plan.end) * 1_000,
        series,
        rows_read,
    })
}

/// Returns how far each tier has come and holds all there is: what is late for a sealed hour is in none of the coarser ones
/// before the next pass, so those are not asked from there on.
fn settled(core: &Core) -> Marks {
    let mut marks = *lock(&core.marks);
    let head = read(&core.head);
    let late = head.hours(0, marks.sealed.unwrap_or_default());
    if let Some(oldest) = late.map(|hour| hour.window()).min() {
        let quarter = oldest / HOURS_PER_QUARTER;
        marks.minutes = marks.minutes.min(quarter.checked_sub(1));
        let week = quarter / QUARTERS_PER_WEEK;
        marks.hours = marks.hours.min(week.checked_sub(1));
    }
    marks
}

/// Copies what memory has, so that it is locked briefly.
fn from_memory(core: &Core, asks: &[Ask], plan: &Plan) -> Vec<Wanted> {
    let head = read(&core.head);
    let raw = plan.stretches.iter().filter(|s| s.tier == Tier::Raw);
    let raw: Vec<(u32, u32)> = raw.map(|s| (s.from / HOUR, s.to / HOUR)).collect();
    let find = |ask: &Ask| {
        let number = head.register.number(ask.resource.as_str())?;
        let known = head.register.get(number)?;
        let metrics: &[Metric] = match ask.metrics.is_empty() {
            true => &known.metrics,
            false => &ask.metrics,
        };
        let slots = metrics.iter();
        let mut rows = Vec::new();
        for hour in raw.iter().flat_map(|(from, to)| head.hours(*from, *to)) {
            let mut bytes = Vec::new();
            if hour.copy_rows(number, &mut bytes) {
                rows.push((hour.window(), bytes));
            }
        }
        Some(Wanted {
            resource: ask.resource.clone(),
            number,
            step: known.step,
            slots: slots
                .filter_map(|metric| Some((*metric, known.slot(*metric)?)))
                .collect(),
            rows,
        })
    };
    asks.iter().filter_map(find).collect()
}

/// The tables, as of one moment.
struct Sources {
    raw: Source,
    minute: Source,
    hour: Source,
    /// The last hour that may have sealed samples. Hours not sealed in full may have some: a pass may be on its way.
    last_raw: u32,
}

/// One table, and the first window it has: on a young server what is asked for mostly lies before.
struct Source {
    rows: BlockReader,
    name: Blocks,
    first: u32,
}

impl Source {
    fn open(tables: &Reader, name: Blocks) -> Result<Self, StoreError> {
        let rows = tables.blocks(name)?;
        let first = rows.first()?.map_or(u32::MAX, |key| key.0);
        Ok(Self { rows, name, first })
    }
}

impl Sources {
    /// Opened after memory was asked: what a pass moved from there to here meanwhile is seen twice rather than never.
    fn open(core: &Core, reader: &Reader) -> Result<Self, StoreError> {
        let sealed = lock(&core.marks).sealed;
        Ok(Self {
            last_raw: sealed.map_or(1, |sealed| sealed.saturating_add(2)),
            raw: Source::open(reader, RAW)?,
            minute: Source::open(reader, tables::MINUTE)?,
            hour: Source::open(reader, HOUR_TABLE)?,
        })
    }

    fn answer(
        &self,
        core: &Core,
        plan: &Plan,
        one: &Wanted,
        rows_read: &mut u64,
    ) -> Result<Vec<Series>, StoreError> {
        let in_memory = decode(one);
        let mut answers = Vec::new();
        for (at, (metric, slot)) in one.slots.iter().enumerate() {
            let mut points = Points {
                plan,
                class: metric.class(),
                found: Vec::new(),
            };
            let key = series(one.number, *slot);
            for stretch in &plan.stretches {
                match stretch.tier {
                    Tier::Raw => {
                        self.samples(core, *stretch, key, &in_memory[at], &mut points, rows_read)?;
                    }
                    Tier::Minute => {
                        let from = (&self.minute, QUARTER, MINUTE);
                        buckets(core, from, *stretch, key, &mut points, rows_read)?;
                    }
                    Tier::Hour => {
                        let from = (&self.hour, WEEK, HOUR);
                        buckets(core, from, *stretch, key, &mut points, rows_read)?;
                    }
                }
            }
            if !points.found.is_empty() {
                answers.push(Series {
                    resource: one.resource.clone(),
                    metric: *metric,
                    step: one.step,
                    points: points.finish(),
                });
            }
        }
        Ok(answers)
    }

    fn samples(
        &self,
        core: &Core,
        stretch: Stretch,
        series: u32,
        in_memory: &[(u32, i64)],
        points: &mut Points<'_>,
        rows_read: &mut u64,
    ) -> Result<(), StoreError> {
        let last = (stretch.to.saturating_sub(1) / HOUR).min(self.last_raw);
        // Up to here nothing in memory can come in between, and rows are in order already.
        let first_in_memory = in_memory.iter().map(|(time, _)| time / HOUR).min();
        let settled = first_in_memory.unwrap_or(u32::MAX);
        let mut unsettled = Vec::new();
        let mut add = |time: u32, code: i64| {
            if (stretch.from..stretch.to).contains(&time) {
                points.add_sample(time, code);
            }
        };
        for window in (stretch.from / HOUR).max(self.raw.first)..=last {
            let (key, start) = ((window, series), window * HOUR);
            let read = self.raw.rows.get(key, |block| {
                if window < settled {
                    block::each_sample(key, block, |time, code| add(start + time, code))
                } else {
                    block::each_sample(key, block, |time, code| {
                        unsettled.push((start + time, code))
                    })
                }
            })?;
            match read {
                Some(Ok(_)) => *rows_read += 1,
                Some(Err(_)) => note_bad(core, RAW, key),
                None => {}
            }
        }
        unsettled.extend(in_memory);
        settle(&mut unsettled);
        unsettled
            .into_iter()
            .for_each(|(time, code)| add(time, code));
        Ok(())
    }
}

/// Reads the buckets of a stretch from a table with windows and buckets of the given widths.
fn buckets(
    core: &Core,
    (table, window_width, width): (&Source, u32, u32),
    stretch: Stretch,
    series: u32,
    points: &mut Points<'_>,
    rows_read: &mut u64,
) -> Result<(), StoreError> {
    let last = stretch.to.saturating_sub(1) / window_width;
    for window in (stretch.from / window_width).max(table.first)..=last {
        let key = (window, series);
        match table
            .rows
            .get(key, |block| block::read_buckets(key, block))?
        {
            Some(Ok((_, buckets))) => {
                *rows_read += 1;
                for bucket in buckets {
                    let time = window * window_width + bucket.at;
                    if (stretch.from..stretch.to).contains(&time) {
                        let codes = [bucket.mean, bucket.least, bucket.greatest];
                        points.add(time, time + width - 1, bucket.count, codes);
                    }
                }
            }
            Some(Err(_)) => note_bad(core, table.name, key),
            None => {}
        }
    }
    Ok(())
}

/// Reads what memory has, per slot asked for.
fn decode(one: &Wanted) -> Vec<Vec<(u32, i64)>> {
    let mut samples = vec![Vec::new(); one.slots.len()];
    for (window, bytes) in &one.rows {
        row::each(bytes, window * HOUR, |row| {
            for ((_, slot), samples) in one.slots.iter().zip(&mut samples) {
                samples.extend(row.code(*slot).map(|code| (row.time, code)));
            }
        });
    }
    samples
}
