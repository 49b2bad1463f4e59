//! The samples that are not sealed yet, and the register of what they belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulse_model::{Metric, Reading};

use crate::counters::{Counters, add};
use crate::hour::{HOUR, Hour, WEEK};
use crate::options::Limits;
use crate::quantum;
use crate::register::Register;
use crate::slab::Arena;

/// A reading dated further ahead of the clock than this is refused.
const SKEW: u32 = 300;

/// What is in memory.
#[derive(Debug)]
pub(crate) struct Head {
    pub register: Register,
    /// Hours that take samples.
    pub open: BTreeMap<u32, Hour>,
    /// Hours that are being sealed, or wait for it after it failed. Read, not written.
    pub closing: Vec<Arc<Hour>>,
    /// The last hour that was sealed or is being sealed; what comes for it now is late.
    pub sealed_through: Option<u32>,
    /// Rows in hours that count as late.
    pub late_rows: u64,
    /// Bytes that wait for a flush, roughly.
    pub unflushed: usize,
    pub arena: Arc<Arena>,
    values: Vec<(usize, i64)>,
}

/// Which times are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// Unix seconds.
    pub now: u32,
    /// What is older is not kept as samples any more.
    pub oldest: u32,
}

impl Head {
    pub fn new(limits: &Limits) -> Self {
        Self {
            register: Register::default(),
            open: BTreeMap::new(),
            closing: Vec::new(),
            sealed_through: None,
            late_rows: 0,
            unflushed: 0,
            arena: Arena::new(limits.memory),
            values: Vec::new(),
        }
    }

    /// Tells whether samples of `window` come after it was sealed.
    pub fn is_late(&self, window: u32) -> bool {
        self.sealed_through.is_some_and(|sealed| window <= sealed)
    }

    /// Returns the open hour `window`, opening it.
    pub fn hour(&mut self, window: u32) -> &mut Hour {
        let arena = &self.arena;
        let open = self.open.entry(window);
        open.or_insert_with(|| Hour::new(window, arena))
    }

    /// Adds one reading, or counts why not.
    pub fn record(&mut self, reading: &Reading, times: Times, limits: &Limits, counted: &Counters) {
        let Ok(at) = u32::try_from(reading.at.as_second()) else {
            return add(&counted.too_old, 1);
        };
        if at > times.now.saturating_add(SKEW) {
            return add(&counted.future, 1);
        }
        if at < times.oldest {
            return add(&counted.too_old, 1);
        }
        let window = at / HOUR;
        let is_late = self.is_late(window);
        // The hours that just ended come in with every seal; only what is older can pile up.
        let piles_up = is_late && window + 2 < times.now / HOUR;
        if piles_up && self.late_rows >= limits.late_rows {
            return add(&counted.late_refused, 1);
        }
        let step = reading.step.as_secs().clamp(1, u64::from(HOUR)) as u32;
        let week = times.now / WEEK;
        let number = self
            .register
            .enter(&reading.resource, step, week, limits.resources);
        let Some(number) = number else {
            return add(&counted.resources_refused, 1);
        };
        let mut values = std::mem::take(&mut self.values);
        let refused = self.collect(number, &reading.values, &mut values);
        add(&counted.invalid, refused);
        if !values.is_empty() {
            self.unflushed += 3 + 2 * values.len();
            if self.hour(window).append(number, at, step, &values) {
                add(&counted.recorded, values.len() as u64);
                add(&counted.late, u64::from(is_late));
                self.late_rows += u64::from(piles_up);
            } else {
                add(&counted.lost, 1);
            }
        }
        if let Some(known) = self.register.get_mut(number) {
            known.step = step;
        }
        self.values = values;
    }

    /// Turns values into pairs of slot and code, in order of slots; returns how many were none.
    fn collect(
        &mut self,
        number: u32,
        from: &[(Metric, f64)],
        into: &mut Vec<(usize, i64)>,
    ) -> u64 {
        into.clear();
        let mut refused = 0;
        for (metric, value) in from {
            let slot = quantum::code(metric.class(), *value)
                .and_then(|code| Some((self.register.slot(number, *metric)?, code)));
            match slot {
                Some(slot) => into.push(slot),
                None => refused += 1,
            }
        }
        into.sort_by_key(|(slot, _)| *slot);
        into.dedup_by_key(|(slot, _)| *slot);
        refused
    }

    /// Moves the open hours up to `through`, and all late ones, to those being sealed.
    pub fn close(&mut self, through: u32) -> Vec<Arc<Hour>> {
        let later = self.open.split_off(&(through + 1));
        let mut closed = std::mem::replace(&mut self.open, later);
        if let Some(sealed) = self.sealed_through.filter(|sealed| *sealed > through) {
            // The clock was set back: what is late may lie behind `through`.
            let later = self.open.split_off(&(sealed + 1));
            closed.append(&mut std::mem::replace(&mut self.open, later));
        }
        self.closing.extend(closed.into_values().map(Arc::new));
        self.late_rows = 0;
        self.sealed_through = self.sealed_through.max(Some(through));
        self.closing.clone()
    }

    /// Lets go of hours that are sealed.
    pub fn let_go(&mut self, sealed: &[Arc<Hour>]) {
        let is_kept = |hour: &Arc<Hour>| !sealed.iter().any(|other| Arc::ptr_eq(hour, other));
        self.closing.retain(is_kept);
    }

    /// Returns every hour in memory between two windows, in the order its rows arrived in.
    pub fn hours(&self, from: u32, to: u32) -> impl Iterator<Item = &Hour> {
        let closing = self.closing.iter().map(|hour| &**hour);
        closing
            .chain(self.open.values())
            .filter(move |hour| (from..=to).contains(&hour.window()))
    }

    /// Drops the oldest hour, for memory is full and the disk does not take it.
    pub fn shed_oldest(&mut self) -> u64 {
        if !self.closing.is_empty() {
            return self.closing.remove(0).rows();
        }
        match self.open.len() {
            0 | 1 => 0,
            _ => self.open.pop_first().map_or(0, |(_, hour)| hour.rows()),
        }
    }
}
