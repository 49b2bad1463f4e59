//! One hour of samples in memory: for each resource the rows since the hour began.
//!
//! Rows are appended in the order they arrive, whatever their time; reading sorts them, and of two
//! at the same second the later arrival wins.

use std::collections::HashMap;
use std::sync::Arc;

use crate::row::{self, Last};
use crate::slab::{Arena, Place, Slabs};
use crate::varint::{Corrupt, Input};

/// Seconds of a window of raw samples.
pub(crate) const HOUR: u32 = 3_600;
/// Seconds of a bucket of the finest sums.
pub(crate) const MINUTE: u32 = 60;
/// Seconds of a window of minutes.
pub(crate) const QUARTER: u32 = 6 * HOUR;
/// Seconds of a window of hours.
pub(crate) const WEEK: u32 = 7 * 24 * HOUR;

/// The samples of one window.
#[derive(Debug)]
pub(crate) struct Hour {
    window: u32,
    slabs: Slabs,
    tracks: HashMap<u32, Track>,
    /// Resources with rows that were not flushed yet.
    unflushed: Vec<u32>,
    rows: u64,
    /// The log its rows went to last.
    log: Option<u64>,
    buffer: Vec<u8>,
    scratch: Last,
}

#[derive(Debug)]
struct Track {
    begin: Place,
    end: Place,
    flushed: Place,
    last: Last,
    losses: u64,
}

/// What a flush takes of one resource: enough to take it back when the flush fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub number: u32,
    from: Place,
}

/// What became of rows from a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replayed {
    /// They are in.
    Rows(u64),
    /// What they differ from was lost.
    Unreadable,
    /// There is no memory left.
    Full,
}

impl Hour {
    pub fn new(window: u32, arena: &Arc<Arena>) -> Self {
        Self {
            window,
            slabs: Slabs::new(arena.clone()),
            tracks: HashMap::new(),
            unflushed: Vec::new(),
            rows: 0,
            log: None,
            buffer: Vec::new(),
            scratch: Last::default(),
        }
    }

    /// Returns the number of the hour since the epoch.
    pub fn window(&self) -> u32 {
        self.window
    }

    /// Returns the second it begins.
    pub fn start(&self) -> u32 {
        self.window * HOUR
    }

    /// Returns how many rows it holds.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a row; nothing is added, and `false` returned, when memory is full.
    pub fn append(&mut self, number: u32, time: u32, step: u32, values: &[(usize, i64)]) -> bool {
        let start = self.start();
        let mut last = std::mem::take(&mut self.scratch);
        let mut bytes = std::mem::take(&mut self.buffer);
        bytes.clear();
        let Some(track) = self.track(number) else {
            return false;
        };
        let time = snapped(&track.last, time);
        last.clone_from(&track.last);
        last.encode(&mut bytes, start, time, step, values);
        let is_in = self.push(number, &bytes, &mut last, 1);
        (self.buffer, self.scratch) = (bytes, last);
        is_in
    }

    /// Adds rows as a log has them. `losses` counts what that log lost so far: what came before a
    /// loss is nothing to differ from.
    pub fn replay(&mut self, number: u32, bytes: &[u8], losses: u64) -> Replayed {
        let start = self.start();
        let mut last = std::mem::take(&mut self.scratch);
        let Some(track) = self.track(number) else {
            return Replayed::Full;
        };
        let is_known = track.last.is_begun() && track.losses == losses;
        if !is_known && !row::stands_alone(bytes) {
            return Replayed::Unreadable;
        }
        last.clone_from(&track.last);
        let counted = count_rows(&mut last, bytes, start);
        let is_in = counted.is_ok_and(|rows| self.push(number, bytes, &mut last, rows));
        self.scratch = last;
        if let Some(track) = self.tracks.get_mut(&number)
            && is_in
        {
            track.losses = losses;
        }
        match counted {
            Err(Corrupt) => Replayed::Unreadable,
            Ok(rows) if is_in => Replayed::Rows(rows),
            Ok(_) => Replayed::Full,
        }
    }

    fn push(&mut self, number: u32, bytes: &[u8], last: &mut Last, rows: u64) -> bool {
        let track = self.tracks.get_mut(&number).expect("it was just made");
        if !self.slabs.append(&mut track.end, bytes) {
            return false;
        }
        if track.last.is_flushed || !track.last.is_begun() {
            self.unflushed.push(number);
        }
        std::mem::swap(&mut track.last, last);
        self.rows += rows;
        true
    }

    fn track(&mut self, number: u32) -> Option<&mut Track> {
        use std::collections::hash_map::Entry;
        Some(match self.tracks.entry(number) {
            Entry::Occupied(present) => present.into_mut(),
            Entry::Vacant(place) => {
                let begin = self.slabs.begin()?;
                place.insert(Track {
                    begin,
                    end: begin,
                    flushed: begin,
                    last: Last::default(),
                    losses: 0,
                })
            }
        })
    }

    /// Counts everything so far as flushed: it came from a log.
    pub fn forget_unflushed(&mut self) {
        for number in self.unflushed.drain(..) {
            if let Some(track) = self.tracks.get_mut(&number) {
                track.flushed = track.end;
                track.last.is_flushed = true;
            }
        }
    }

    /// Lets the next row of every resource stand alone: it goes to another log.
    pub fn begin_log(&mut self) {
        for track in self.tracks.values_mut() {
            track.last.must_stand_alone = true;
        }
    }

    /// Returns the log its rows went to last.
    pub fn log(&self) -> Option<u64> {
        self.log
    }

    /// Notes the log its rows go to.
    pub fn note_log(&mut self, serial: u64) {
        self.log = Some(serial);
    }

    /// Takes the rows of the next resource that has unflushed ones, in no order, into `out`.
    pub fn take_unflushed(&mut self, out: &mut Vec<u8>) -> Option<Taken> {
        let number = self.unflushed.pop()?;
        let track = self.tracks.get_mut(&number)?;
        let from = track.flushed;
        self.slabs.copy(from, track.end, out);
        track.flushed = track.end;
        track.last.is_flushed = true;
        Some(Taken { number, from })
    }

    /// Sorts what a flush will take: neighbours in a frame then have near numbers.
    pub fn sort_unflushed(&mut self) {
        self.unflushed.sort_unstable_by(|a, b| b.cmp(a));
    }

    /// Takes back what a flush could not write.
    pub fn untake(&mut self, taken: Taken) {
        if let Some(track) = self.tracks.get_mut(&taken.number) {
            track.flushed = taken.from;
            if track.last.is_flushed {
                track.last.is_flushed = false;
                self.unflushed.push(taken.number);
            }
        }
    }

    /// Tells whether every row is in the log.
    pub fn is_flushed(&self) -> bool {
        self.unflushed.is_empty()
    }

    /// Returns the resources with rows, in order.
    pub fn numbers(&self) -> Vec<u32> {
        let begun = self.tracks.iter().filter(|(_, t)| t.last.is_begun());
        let mut numbers: Vec<u32> = begun.map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Tells whether a resource has rows.
    pub fn has(&self, number: u32) -> bool {
        self.tracks.contains_key(&number)
    }

    /// Copies the rows of a resource into `out` and tells whether it has any.
    pub fn copy_rows(&self, number: u32, out: &mut Vec<u8>) -> bool {
        let Some(track) = self.tracks.get(&number) else {
            return false;
        };
        self.slabs.copy(track.begin, track.end, out);
        true
    }
}

fn count_rows(last: &mut Last, bytes: &[u8], window_start: u32) -> Result<u64, Corrupt> {
    let (mut input, mut rows) = (Input(bytes), 0);
    while !input.is_empty() {
        last.decode(&mut input, window_start)?;
        rows += 1;
    }
    last.is_flushed = false;
    Ok(rows)
}

/// Moves a time that is a second off the rhythm onto it: a regular column costs nothing.
fn snapped(last: &Last, time: u32) -> u32 {
    if last.step < 5 || time <= last.time {
        return time;
    }
    let steps = (time - last.time + last.step / 2) / last.step;
    let expected = last.time + steps * last.step;
    if steps > 0 && expected.abs_diff(time) <= 1 {
        expected
    } else {
        time
    }
}

/// Sorts samples by time; of those at one second the last to arrive stays.
pub(crate) fn settle(samples: &mut Vec<(u32, i64)>) {
    if samples.is_sorted_by(|a, b| a.0 < b.0) {
        return;
    }
    samples.sort_by_key(|(time, _)| *time);
    let mut kept = 0;
    for at in 0..samples.len() {
        let is_overruled = samples
            .get(at + 1)
            .is_some_and(|next| next.0 == samples[at].0);
        if !is_overruled {
            samples[kept] = samples[at];
            kept += 1;
        }
    }
    samples.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour() -> Hour {
        Hour::new(500_000, &Arena::new(4 << 20))
    }

    fn samples(hour: &Hour, number: u32) -> Vec<(u32, i64)> {
        let (mut bytes, mut samples) = (Vec::new(), Vec::new());
        hour.copy_rows(number, &mut bytes);
        row::each(&bytes, hour.start(), |row| {
            samples.extend(row.code(0).map(|code| (row.time - hour.start(), code)));
        });
        settle(&mut samples);
        samples
    }

    #[test]
    fn late_rows_are_sorted_and_the_last_arrival_wins() {
        let mut hour = hour();
        for (second, code) in [(100, 1), (130, 2), (110, 3), (130, 4), (100, 5)] {
            hour.append(7, hour.start() + second, 10, &[(0, code)]);
        }
        assert_eq!(samples(&hour, 7), [(100, 5), (110, 3), (130, 4)]);
    }

    #[test]
    fn a_second_off_the_rhythm_is_on_it_and_more_is_not() {
        let mut hour = hour();
        for second in [100, 111, 119, 133, 143] {
            hour.append(7, hour.start() + second, 10, &[(0, 1)]);
        }
        let times: Vec<u32> = samples(&hour, 7).iter().map(|(time, _)| *time).collect();
        assert_eq!(times, [100, 110, 120, 133, 143]);
    }

    #[test]
    fn what_a_flush_takes_is_taken_once_and_comes_back_if_it_fails() {
        let mut hour = hour();
        let start = hour.start();
        hour.append(7, start, 10, &[(0, 1)]);
        let mut first = Vec::new();
        let taken = hour.take_unflushed(&mut first).unwrap();
        assert!(hour.take_unflushed(&mut Vec::new()).is_none());
        hour.append(7, start + 10, 10, &[(0, 2)]);
        hour.untake(taken);
        let mut both = Vec::new();
        hour.take_unflushed(&mut both).unwrap();
        assert!(both.len() > first.len() && both.starts_with(&first));
        assert!(hour.is_flushed());
    }

    #[test]
    fn rows_from_a_log_are_the_rows_that_were_flushed() {
        let (mut hour, mut back) = (hour(), hour());
        let start = hour.start();
        for minute in 0..30 {
            for second in (0..60).step_by(10) {
                hour.append(7, start + minute * 60 + second, 10, &[(0, 9), (1, 3)]);
            }
            let mut bytes = Vec::new();
            hour.take_unflushed(&mut bytes).unwrap();
            assert_eq!(back.replay(7, &bytes, 0), Replayed::Rows(6));
        }
        assert_eq!(samples(&hour, 7), samples(&back, 7));
        assert_eq!(samples(&back, 7).len(), 180);
    }

    #[test]
    fn after_a_loss_at_most_five_minutes_are_unreadable() {
        let (mut hour, mut back) = (hour(), hour());
        let start = hour.start();
        let mut unreadable = 0;
        for minute in 0..30 {
            for second in (0..60).step_by(10) {
                hour.append(
                    7,
                    start + minute * 60 + second,
                    10,
                    &[(0, i64::from(minute))],
                );
            }
            let mut bytes = Vec::new();
            hour.take_unflushed(&mut bytes).unwrap();
            let losses = u64::from(minute >= 10);
            if minute == 10 {
                continue;
            }
            unreadable += u32::from(back.replay(7, &bytes, losses) == Replayed::Unreadable);
        }
        assert!(unreadable <= 4, "{unreadable} minutes and the lost one");
        assert_eq!(samples(&back, 7).len() as u32, (29 - unreadable) * 6);
    }
}
