//! Series to be summed up, window by window, as far as the finer tier is complete.

use std::collections::BTreeSet;

use pulse_model::Class;
use pulse_store::{Blocks, Error};

use crate::core::{Core, read};

use crate::tables::series;

/// Series to be summed up, window by window.
pub(crate) struct Work {
    items: Vec<(u32, u32, Class)>,
    done: usize,
    /// What counts as summed up when all is done.
    pub through: Option<u32>,
}
impl Work {
    /// Lists every series in `windows`, and those that changed.
    pub fn new(
        core: &Core,
        windows: &[u32],
        through: Option<u32>,
        touched: BTreeSet<(u32, u32)>,
    ) -> Self {
        let head = read(&core.head);
        let class = |series: u32| {
            let known = head.register.get(series >> 6)?;
            Some(known.metrics.get((series & 63) as usize)?.class())
        };
        let mut items: Vec<(u32, u32, Class)> = touched
            .into_iter()
            .filter_map(|(window, series)| Some((window, series, class(series)?)))
            .collect();
        let mut all: Vec<(u32, Class)> = Vec::new();
        for (number, known) in head.register.iter() {
            let slots = known.metrics.iter().enumerate();
            all.extend(slots.map(|(slot, metric)| (series(number, slot), metric.class())));
        }
        all.sort_unstable_by_key(|(series, _)| *series);
        for window in windows {
            items.extend(all.iter().map(|(series, class)| (*window, *series, *class)));
        }
        Self {
            items,
            done: 0,
            through,
        }
    }

    /// Returns the next commit's worth.
    pub fn some(&mut self, core: &Core) -> Vec<(u32, u32, Class)> {
        let end = (self.done + core.options.limits.commit_rows).min(self.items.len());
        let some = self.items[self.done..end].to_vec();
        self.done = end;
        some
    }

    /// Tells whether all of it is done.
    pub fn is_done(&self) -> bool {
        self.done == self.items.len()
    }
}
/// Returns the coarser windows after `before` up to `complete` that have any rows. The clock may
/// have leapt over years: those in between are not walked through.
pub(crate) fn windows(
    core: &Core,
    table: Blocks,
    width: u32,
    before: Option<u32>,
    complete: Option<u32>,
) -> Result<Vec<u32>, Error> {
    let mut found = Vec::new();
    core.store.read_now(|tables| {
        let rows = tables.blocks(table)?;
        let mut next = before.map_or(0, |before| before + 1);
        while let Some((window, _)) = rows.first_from((next.saturating_mul(width), 0))? {
            next = window / width;
            if complete.is_none_or(|complete| next > complete) {
                break;
            }
            found.push(next);
            next += 1;
        }
        Ok(())
    })?;
    Ok(found)
}
