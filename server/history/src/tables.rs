//! The history's tables.

use std::sync::atomic::Ordering::Relaxed;

use serde::{Deserialize, Serialize};

use pulse_model::{Metric, ResourceId};
use pulse_store::{BlockKey, Blocks, Error, Reader, Table, Writer};

use crate::core::Core;
use crate::counters::add;
use crate::register::Known;

/// Samples, by hour and series.
pub(crate) const RAW: Blocks = Blocks::new("raw");
/// Minutes, by six hours and series.
pub(crate) const MINUTE: Blocks = Blocks::new("minute");
/// Hours, by week and series.
pub(crate) const HOUR_TABLE: Blocks = Blocks::new("hour");
/// Rows that could not be read when they were to be rewritten; kept for whoever wants to look.
pub(crate) const QUARANTINE: Blocks = Blocks::new("quarantine");

pub(crate) const RESOURCES: Table<KnownRow> = Table::new("history_resources", 1);
const MARKS: Table<Marks> = Table::new("history_marks", 1);
const MARKS_KEY: &str = "marks";

/// A series: the number of a resource and the slot of a metric.
pub(crate) fn series(number: u32, slot: usize) -> u32 {
    number << 6 | slot as u32
}

/// Counts a row that cannot be read; the first is said, the rest would only repeat it.
pub(crate) fn note_bad(core: &Core, table: Blocks, key: BlockKey) {
    add(&core.counters.bad_blocks, 1);
    if !core.has_warned.swap(true, Relaxed) {
        tracing::error!(
            table = table.name(),
            window = key.0,
            series = key.1,
            "a row of the stored history is damaged and shows as a gap; further ones are only counted"
        );
    }
}

/// How far each tier has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Marks {
    /// The last hour sealed.
    pub sealed: Option<u32>,
    /// The last six hours whose minutes were summed up.
    pub minutes: Option<u32>,
    /// The last week whose hours were summed up.
    pub hours: Option<u32>,
    /// First windows still kept.
    pub kept: [u32; 3],
    /// Samples or buckets in each tier.
    pub points: [u64; 3],
    /// Unix seconds when windows were last deleted.
    pub expired_at: u32,
    /// Unix seconds when a tier was last summed up.
    pub rolled_at: u32,
}

/// A resource of the register as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KnownRow {
    pub number: u32,
    /// Words of its metrics, by slot.
    pub metrics: Vec<String>,
    pub step: u32,
    pub week: u32,
}

/// Reads the marks.
pub(crate) fn marks(tables: &Reader) -> Result<Marks, Error> {
    // Damaged marks are like none: what was sealed is sealed once more from what is there.
    match tables.get(&MARKS, MARKS_KEY) {
        Ok(found) => Ok(found.unwrap_or_default()),
        Err(Error::Damaged { .. }) => Ok(Marks::default()),
        Err(error) => Err(error),
    }
}

/// Writes the marks.
pub(crate) fn put_marks(tables: &mut Writer, marks: &Marks) -> Result<(), Error> {
    tables.put(&MARKS, MARKS_KEY, marks)
}

/// Reads the register: each number, and whose it is. A resource with a metric this build does not know, written by a later
/// one, is left alone: its number stays its own.
pub(crate) fn known(tables: &Reader) -> Result<Vec<(u32, Option<Known>)>, Error> {
    let rows = tables.scan(&RESOURCES, "")?.rows;
    let known = |(id, row): (String, KnownRow)| {
        let words = row.metrics.iter();
        let metrics: Option<Vec<Metric>> = words.map(|word| Metric::from_word(word)).collect();
        let known = metrics.map(|metrics| Known {
            id: ResourceId::new(id),
            metrics,
            step: row.step,
            is_saved: true,
            week: row.week,
            defined: (0, 0),
        });
        (row.number, known)
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Writes a resource of the register.
pub(crate) fn put_known(tables: &mut Writer, number: u32, known: &Known) -> Result<(), Error> {
    let words = known.metrics.iter().map(|metric| metric.word().to_owned());
    let row = KnownRow {
        number,
        metrics: words.collect(),
        step: known.step,
        week: known.week,
    };
    tables.put(&RESOURCES, known.id.as_str(), &row)
}

/// Removes a resource from the register.
pub(crate) fn forget(tables: &mut Writer, id: &ResourceId) -> Result<(), Error> {
    tables.remove(&RESOURCES, id.as_str()).map(drop)
}
