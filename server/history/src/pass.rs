//! Sealing: hours in memory become rows of the database, rows become minutes, minutes hours, and
//! what is older than wanted goes.
//!
//! A pass is cut into steps of one bounded commit each, so that it can be spread over time. Every
//! row is the merge of what was there and what comes, so a step that is done twice does nothing
//! more: a crash repeats work, it loses nothing. The logs go last.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use pulse_store::Error;

use crate::block;
use crate::core::{Core, lock, read, write};
use crate::counters::add;
use crate::expire;
use crate::hour::{self, HOUR, Hour};
use crate::register::Known;
use crate::rows::{
    HOURS_PER_QUARTER, QUARTERS_PER_WEEK, Rows, commit, minutes_of, samples_of, seal_resource,
};
use crate::tables::{self, HOUR_TABLE, MINUTE, RAW};
use crate::work::{Work, windows};

/// One run of sealing.
pub(crate) struct Pass {
    hours: Vec<Arc<Hour>>,
    through: u32,
    /// Logs that had ended when it began.
    logs: usize,
    stage: Stage,
    /// Windows of minutes that were summed up before and have changed.
    touched: BTreeSet<(u32, u32)>,
    touched_weeks: BTreeSet<(u32, u32)>,
    /// Whether the last step wrote enough to leave the disk and the processor a pause.
    was_heavy: bool,
}

enum Stage {
    Register,
    /// Hour, its resources, and how many of them are done.
    Samples(usize, Vec<u32>, usize),
    Minutes(Work),
    Hours(Work),
    Expire,
}
impl Pass {
    pub fn new(hours: Vec<Arc<Hour>>, through: u32, logs: usize) -> Self {
        Self {
            hours,
            through,
            logs,
            stage: Stage::Register,
            touched: BTreeSet::new(),
            touched_weeks: BTreeSet::new(),
            was_heavy: false,
        }
    }

    /// Tells whether the last step was a large one.
    pub fn was_heavy(&self) -> bool {
        self.was_heavy
    }

    pub fn logs(&self) -> usize {
        self.logs
    }

    pub fn hours(&self) -> &[Arc<Hour>] {
        &self.hours
    }

    /// Does the next bit of work and tells whether there is more.
    pub fn step(&mut self, core: &Core) -> Result<bool, Error> {
        let before = core.counters.blocks_written.load(Relaxed);
        let stage = std::mem::replace(&mut self.stage, Stage::Expire);
        self.stage = match stage {
            Stage::Register => {
                if save_register(core)? {
                    Stage::Register
                } else {
                    self.samples_of(0)
                }
            }
            Stage::Samples(hour, numbers, done) => self.seal_some(core, hour, numbers, done)?,
            Stage::Minutes(mut work) => {
                self.sum_minutes(core, &mut work)?;
                match work.is_done() {
                    false => Stage::Minutes(work),
                    true => Stage::Hours(self.weeks_due(core)?),
                }
            }
            Stage::Hours(mut work) => {
                self.sum_hours(core, &mut work)?;
                match work.is_done() {
                    false => Stage::Hours(work),
                    true => Stage::Expire,
                }
            }
            Stage::Expire => {
                expire::expire(core)?;
                return Ok(false);
            }
        };
        let written = core.counters.blocks_written.load(Relaxed) - before;
        self.was_heavy = written >= core.options.limits.commit_rows as u64 / 2;
        Ok(true)
    }

    fn samples_of(&self, hour: usize) -> Stage {
        let numbers = self.hours.get(hour).map(|hour| hour.numbers());
        Stage::Samples(hour, numbers.unwrap_or_default(), 0)
    }

    fn seal_some(
        &mut self,
        core: &Core,
        at: usize,
        numbers: Vec<u32>,
        mut done: usize,
    ) -> Result<Stage, Error> {
        let Some(hour) = self.hours.get(at).cloned() else {
            self.mark_sealed(core)?;
            return Ok(Stage::Minutes(self.quarters_due(core)?));
        };
        if hour.window() < lock(&core.marks).kept[0] {
            // Its neighbours are gone: summing it up alone would overwrite their minutes.
            add(&core.counters.too_old, hour.rows());
            return Ok(self.samples_of(at + 1));
        }
        let mut rows = Rows::default();
        core.store.read_now(|tables| {
            let raw = tables.blocks(RAW)?;
            while done < numbers.len() && rows.blocks.len() < core.options.limits.commit_rows {
                seal_resource(core, &raw, &hour, numbers[done], &mut rows)?;
                done += 1;
            }
            Ok(())
        })?;
        let summed_up = lock(&core.marks).minutes;
        let quarter = hour.window() / HOURS_PER_QUARTER;
        if summed_up.is_some_and(|through| quarter <= through) {
            let series = rows.blocks.iter().map(|(key, _)| (quarter, key.1));
            self.touched.extend(series);
        }
        commit(core, RAW, 0, rows)?;
        Ok(if done < numbers.len() {
            Stage::Samples(at, numbers, done)
        } else {
            self.samples_of(at + 1)
        })
    }

    fn mark_sealed(&self, core: &Core) -> Result<(), Error> {
        let mut marks = *lock(&core.marks);
        if self.hours.is_empty() && marks.sealed.is_none() {
            return Ok(());
        }
        let sealed = marks.sealed.max(Some(self.through));
        if sealed == marks.sealed {
            return Ok(());
        }
        marks.sealed = sealed;
        keep_marks(core, marks)
    }

    fn quarters_due(&mut self, core: &Core) -> Result<Work, Error> {
        let marks = *lock(&core.marks);
        let complete = marks
            .sealed
            .and_then(|sealed| ((sealed + 1) / HOURS_PER_QUARTER).checked_sub(1));
        let windows = windows(core, RAW, HOURS_PER_QUARTER, marks.minutes, complete)?;
        let touched = std::mem::take(&mut self.touched);
        Ok(Work::new(
            core,
            &windows,
            complete.max(marks.minutes),
            touched,
        ))
    }

    fn weeks_due(&mut self, core: &Core) -> Result<Work, Error> {
        let marks = *lock(&core.marks);
        let complete = marks
            .minutes
            .and_then(|quarter| ((quarter + 1) / QUARTERS_PER_WEEK).checked_sub(1));
        let windows = windows(core, MINUTE, QUARTERS_PER_WEEK, marks.hours, complete)?;
        let touched = std::mem::take(&mut self.touched_weeks);
        Ok(Work::new(
            core,
            &windows,
            complete.max(marks.hours),
            touched,
        ))
    }

    fn sum_minutes(&mut self, core: &Core, work: &mut Work) -> Result<(), Error> {
        let mut rows = Rows::default();
        let summed_up = lock(&core.marks).hours;
        core.store.read_now(|tables| {
            let (raw, minute) = (tables.blocks(RAW)?, tables.blocks(MINUTE)?);
            for (quarter, series, class) in work.some(core) {
                let samples = samples_of(core, &raw, quarter, series)?;
                if samples.is_empty() {
                    continue;
                }
                let buckets = block::roll_samples(class, hour::MINUTE, &samples);
                rows.put(&minute, (quarter, series), class, &buckets)?;
                let week = quarter / QUARTERS_PER_WEEK;
                if summed_up.is_some_and(|through| week <= through) {
                    self.touched_weeks.insert((week, series));
                }
            }
            Ok(())
        })?;
        commit(core, MINUTE, 1, rows)?;
        finish_work(core, work, |marks| &mut marks.minutes)
    }

    fn sum_hours(&mut self, core: &Core, work: &mut Work) -> Result<(), Error> {
        let mut rows = Rows::default();
        core.store.read_now(|tables| {
            let (minute, hour) = (tables.blocks(MINUTE)?, tables.blocks(HOUR_TABLE)?);
            for (week, series, class) in work.some(core) {
                let minutes = minutes_of(core, &minute, week, series)?;
                if minutes.is_empty() {
                    continue;
                }
                let buckets = block::roll(class, HOUR, &minutes);
                rows.put(&hour, (week, series), class, &buckets)?;
            }
            Ok(())
        })?;
        note_weeks(core, &rows);
        commit(core, HOUR_TABLE, 2, rows)?;
        finish_work(core, work, |marks| &mut marks.hours)
    }
}
fn finish_work(
    core: &Core,
    work: &Work,
    mark: impl Fn(&mut tables::Marks) -> &mut Option<u32>,
) -> Result<(), Error> {
    let mut marks = *lock(&core.marks);
    if !work.is_done() || *mark(&mut marks) == work.through {
        return Ok(());
    }
    *mark(&mut marks) = work.through;
    marks.rolled_at = core.now();
    keep_marks(core, marks)
}

fn keep_marks(core: &Core, marks: tables::Marks) -> Result<(), Error> {
    core.store
        .write_now(|tables| tables::put_marks(tables, &marks))?;
    *lock(&core.marks) = marks;
    Ok(())
}
/// Notes that resources were there in a week, so that they are not forgotten.
fn note_weeks(core: &Core, rows: &Rows) {
    let mut head = write(&core.head);
    for ((week, series), _) in &rows.blocks {
        if let Some(known) = head.register.get_mut(series >> 6)
            && known.week < *week
        {
            (known.week, known.is_saved) = (*week, false);
        }
    }
}
/// Writes resources the database does not know yet; tells whether there are more.
fn save_register(core: &Core) -> Result<bool, Error> {
    let most = core.options.limits.commit_rows;
    let unsaved: Vec<(u32, Known)> = {
        let head = read(&core.head);
        let unsaved = head.register.iter().filter(|(_, known)| !known.is_saved);
        unsaved
            .take(most)
            .map(|(number, known)| (number, known.clone()))
            .collect()
    };
    if unsaved.is_empty() {
        return Ok(false);
    }
    core.store.write_now(|tables| {
        let mut each = unsaved.iter();
        each.try_for_each(|(number, known)| tables::put_known(tables, *number, known))
    })?;
    let mut head = write(&core.head);
    for (number, saved) in &unsaved {
        if let Some(known) = head.register.get_mut(*number) {
            known.is_saved = known.metrics.len() == saved.metrics.len() && known.week == saved.week;
        }
    }
    Ok(unsaved.len() == most)
}
