//! Deleting what is older than wanted, by whole windows.
//!
//! Only what the next coarser tier has may go, and only a few windows at a time: a clock that jumps
//! ahead by years, or a slip in the settings, costs hours of history until it is put right, not all
//! of it.

use std::time::Duration;

use pulse_store::{Blocks, Error};

use crate::core::{Core, lock, read, write};
use crate::counters::add;
use crate::hour::{HOUR, QUARTER, WEEK};
use crate::tables::{self, HOUR_TABLE, MINUTE, Marks, RAW};

/// Most windows of each tier deleted in one pass: half a day, a day, a week.
const MOST: [u32; 3] = [12, 4, 1];
const TIERS: [Blocks; 3] = [RAW, MINUTE, HOUR_TABLE];

/// Deletes the windows whose time is up.
pub(crate) fn expire(core: &Core) -> Result<(), Error> {
    let before = *lock(&core.marks);
    let ends = ends(core, &before)?;
    if ends == before.kept {
        return Ok(());
    }
    let mut marks = before;
    core.store.write_now(|tables| {
        for tier in 0..3 {
            if ends[tier] > before.kept[tier] {
                let points = &mut marks.points[tier];
                tables.remove_blocks_below(TIERS[tier], ends[tier], |block| {
                    *points = points.saturating_sub(crate::block::count(block));
                })?;
            }
        }
        marks.kept = ends;
        marks.expired_at = core.now();
        tables::put_marks(tables, &marks)
    })?;
    *lock(&core.marks) = marks;
    let expired = (0..3).map(|tier| u64::from(ends[tier] - before.kept[tier]));
    add(&core.counters.expired, expired.sum());
    forget_the_gone(core)
}

/// Returns the first window of each tier that stays.
fn ends(core: &Core, marks: &Marks) -> Result<[u32; 3], Error> {
    let now = core.now();
    let retention = core.retention();
    let start = |kept: Duration| {
        let kept = u32::try_from(kept.as_secs()).unwrap_or(u32::MAX);
        now.saturating_sub(kept)
    };
    // Samples go by six hours: what is late is summed up together with what was on time.
    let wanted = [
        start(retention.raw) / QUARTER * (QUARTER / HOUR),
        start(retention.minute) / QUARTER,
        start(retention.hour) / WEEK,
    ];
    let summed_up = [
        marks
            .minutes
            .map_or(0, |through| (through + 1) * (QUARTER / HOUR)),
        marks
            .hours
            .map_or(0, |through| (through + 1) * (WEEK / QUARTER)),
        u32::MAX,
    ];
    let mut ends = marks.kept;
    core.store.read_now(|tables| {
        for tier in 0..3 {
            let Some((first, _)) = tables.blocks(TIERS[tier])?.first()? else {
                continue;
            };
            let end = wanted[tier].min(summed_up[tier]).min(first + MOST[tier]);
            ends[tier] = ends[tier].max(end);
        }
        Ok(())
    })?;
    Ok(ends)
}

/// Forgets resources none of whose samples are kept any more.
fn forget_the_gone(core: &Core) -> Result<(), Error> {
    let weeks = core.retention().hour.as_secs() / u64::from(WEEK) + 2;
    let oldest = u64::from(core.now() / WEEK).saturating_sub(weeks) as u32;
    let gone: Vec<_> = {
        let head = read(&core.head);
        let known = head.register.iter();
        known
            .filter(|(number, known)| {
                known.week < oldest && !head.hours(0, u32::MAX).any(|hour| hour.has(*number))
            })
            .take(core.options.limits.commit_rows)
            .map(|(number, known)| (number, known.id.clone()))
            .collect()
    };
    if gone.is_empty() {
        return Ok(());
    }
    core.store.write_now(|tables| {
        gone.iter()
            .try_for_each(|(_, id)| tables::forget(tables, id))
    })?;
    let mut head = write(&core.head);
    for (number, _) in gone {
        head.register.forget(number);
    }
    Ok(())
}
