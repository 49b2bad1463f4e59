//! Rows of the database: merged from memory, summed up from finer ones, written in one commit.

use pulse_model::{Class, Metric};
use pulse_store::{BlockKey, BlockReader, Blocks, Error};

use crate::block::{self, Bucket};
use crate::column::MOST_VALUES;
use crate::core::{Core, lock, read};
use crate::counters::add;
use crate::hour::{HOUR, Hour, QUARTER, WEEK, settle};
use crate::row;
use crate::tables::{self, MINUTE, QUARANTINE, RAW, note_bad, series};

/// Hours that are summed up together.
pub(crate) const HOURS_PER_QUARTER: u32 = QUARTER / HOUR;
/// Windows of minutes that are summed up together.
pub(crate) const QUARTERS_PER_WEEK: u32 = WEEK / QUARTER;

/// Rows to be written.
#[derive(Default)]
pub(crate) struct Rows {
    pub blocks: Vec<(BlockKey, Vec<u8>)>,
    /// Rows they take the place of that could not be read.
    pub bad: Vec<(BlockKey, Vec<u8>)>,
    /// Points more in the table, and less.
    pub more: u64,
    pub less: u64,
}
impl Rows {
    /// Adds a row of buckets, in place of the one that is there.
    pub fn put(
        &mut self,
        present: &BlockReader,
        key: BlockKey,
        class: Class,
        buckets: &[Bucket],
    ) -> Result<(), Error> {
        self.less += present.get(key, block::count)?.unwrap_or(0);
        self.more += buckets.len() as u64;
        self.blocks
            .push((key, block::write_buckets(key, class, buckets)));
        Ok(())
    }
}
/// Merges what an hour holds of a resource with the rows that are there.
pub(crate) fn seal_resource(
    core: &Core,
    raw: &BlockReader,
    hour: &Hour,
    number: u32,
    rows: &mut Rows,
) -> Result<(), Error> {
    let metrics: Vec<Metric> = match read(&core.head).register.get(number) {
        Some(known) => known.metrics.clone(),
        None => return Ok(()),
    };
    let mut samples = vec![Vec::new(); metrics.len()];
    let mut bytes = Vec::new();
    hour.copy_rows(number, &mut bytes);
    row::each(&bytes, hour.start(), |row| {
        for (slot, samples) in samples.iter_mut().enumerate() {
            samples.extend(row.code(slot).map(|code| (row.time - hour.start(), code)));
        }
    });
    for (slot, mut samples) in samples.into_iter().enumerate() {
        if samples.is_empty() {
            continue;
        }
        let (key, class) = ((hour.window(), series(number, slot)), metrics[slot].class());
        let present = raw.get(key, |block| {
            block::read_samples(key, block).map_err(|_| block.to_owned())
        })?;
        match present {
            Some(Ok((_, mut merged))) => {
                rows.less += merged.len() as u64;
                merged.append(&mut samples);
                samples = merged;
            }
            Some(Err(bad)) => {
                note_bad(core, RAW, key);
                rows.bad.push((key, bad));
            }
            None => {}
        }
        settle(&mut samples);
        samples.truncate(MOST_VALUES);
        rows.more += samples.len() as u64;
        rows.blocks
            .push((key, block::write_samples(key, class, &samples)));
    }
    Ok(())
}
/// Reads the samples of a series in six hours; seconds count from their start.
pub(crate) fn samples_of(
    core: &Core,
    raw: &BlockReader,
    quarter: u32,
    series: u32,
) -> Result<Vec<(u32, i64)>, Error> {
    let mut all = Vec::new();
    for at in 0..HOURS_PER_QUARTER {
        let key = (quarter * HOURS_PER_QUARTER + at, series);
        match raw.get(key, |block| block::read_samples(key, block))? {
            Some(Ok((_, samples))) => {
                all.extend(
                    samples
                        .into_iter()
                        .map(|(time, code)| (at * HOUR + time, code)),
                );
            }
            Some(Err(_)) => note_bad(core, RAW, key),
            None => {}
        }
    }
    Ok(all)
}

/// Reads the minutes of a series in a week; seconds count from its start.
pub(crate) fn minutes_of(
    core: &Core,
    minute: &BlockReader,
    week: u32,
    series: u32,
) -> Result<Vec<Bucket>, Error> {
    let mut all = Vec::new();
    for at in 0..QUARTERS_PER_WEEK {
        let key = (week * QUARTERS_PER_WEEK + at, series);
        match minute.get(key, |block| block::read_buckets(key, block))? {
            Some(Ok((_, buckets))) => all.extend(buckets.into_iter().map(|bucket| Bucket {
                at: at * QUARTER + bucket.at,
                ..bucket
            })),
            Some(Err(_)) => note_bad(core, MINUTE, key),
            None => {}
        }
    }
    Ok(all)
}
/// Writes rows, and what they change in the marks.
pub(crate) fn commit(core: &Core, table: Blocks, tier: usize, rows: Rows) -> Result<(), Error> {
    if rows.blocks.is_empty() {
        return Ok(());
    }
    let mut marks = *lock(&core.marks);
    let points = &mut marks.points[tier];
    *points = (*points + rows.more).saturating_sub(rows.less);
    core.store.write_now(|tables| {
        if !rows.bad.is_empty() {
            let bad = rows.bad.iter().map(|(key, block)| (*key, block.as_slice()));
            tables.put_blocks(QUARANTINE, bad)?;
        }
        let blocks = rows.blocks.iter();
        tables.put_blocks(table, blocks.map(|(key, block)| (*key, block.as_slice())))?;
        tables::put_marks(tables, &marks)
    })?;
    *lock(&core.marks) = marks;
    let bytes = rows
        .blocks
        .iter()
        .map(|(_, block)| block.len() as u64)
        .sum();
    add(&core.counters.blocks_written, rows.blocks.len() as u64);
    let counted = &core.counters;
    let tiers = [
        &counted.raw_bytes,
        &counted.minute_bytes,
        &counted.hour_bytes,
    ];
    add(tiers[tier], bytes);
    core.note_written(bytes);
    Ok(())
}
