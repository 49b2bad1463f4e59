//! One resource's values at one time, as the difference to the row before.
//!
//! `header | [step | width] | change mask | one difference per set bit`. A *key* row stands alone:
//! its time counts from the start of its window and its values from nothing, so whoever lost what
//! came before goes on from there. A set bit with difference 0 turns a value absent or present.
//! The rows in memory and in the log are the same bytes.

use crate::varint::{self, Corrupt, Input, unzigzag, zigzag};

/// Most metrics of a resource: one bit each.
pub(crate) const MOST_SLOTS: usize = 64;
/// The first row after a flush stands alone when the last that did is this many seconds old, so
/// that with a flush a minute a lost frame costs five minutes at most.
const KEY_EVERY: u32 = 240;
/// Times further than this from their window's start are damage.
const LONGEST: u64 = 1 << 24;

/// What the next row differs from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Last {
    /// Unix seconds.
    pub time: u32,
    /// Seconds to the next.
    pub step: u32,
    /// Which values are there.
    pub present: u64,
    /// Codes by slot; those of absent values are what they were.
    pub codes: Vec<i64>,
    /// Whether everything so far has been flushed.
    pub is_flushed: bool,
    /// Whether the next row has to stand alone.
    pub must_stand_alone: bool,
    keyed: u32,
    /// Bytes of the change mask; 0 before the first row.
    width: u8,
}

impl Last {
    /// Tells whether there has been a row yet.
    pub fn is_begun(&self) -> bool {
        self.width > 0
    }

    /// Tells whether the next row at `time` has to stand alone.
    fn needs_key(&self, time: u32, step: u32, slots: usize) -> bool {
        !self.is_begun()
            || self.must_stand_alone
            || step != self.step
            || slots > usize::from(self.width) * 8
            || self.is_flushed && time.abs_diff(self.keyed) >= KEY_EVERY
    }

    /// Writes the row at `time` to `out` and remembers it. Values are pairs of slot and code.
    pub fn encode(
        &mut self,
        out: &mut Vec<u8>,
        window_start: u32,
        time: u32,
        step: u32,
        values: &[(usize, i64)],
    ) {
        let slots = values.iter().map(|(slot, _)| slot + 1).max().unwrap_or(1);
        if self.needs_key(time, step, slots) {
            self.width = self.width.max(slots.div_ceil(8) as u8);
            (self.keyed, self.step, self.present) = (time, step, 0);
            self.must_stand_alone = false;
            self.codes.clear();
            self.codes.resize(usize::from(self.width) * 8, 0);
            varint::put(out, u64::from(time - window_start) << 1 | 1);
            varint::put(out, u64::from(step));
            out.push(self.width);
        } else {
            let expected = i64::from(self.time) + i64::from(self.step);
            varint::put(out, zigzag(i64::from(time) - expected) << 1);
        }
        (self.time, self.is_flushed) = (time, false);
        self.encode_values(out, values);
    }

    fn encode_values(&mut self, out: &mut Vec<u8>, values: &[(usize, i64)]) {
        let mask_at = out.len();
        out.resize(mask_at + usize::from(self.width), 0);
        let (mut mask, mut given) = (0_u64, 0_u64);
        let mut values = values.iter().peekable();
        for slot in 0..self.codes.len() {
            let bit = 1 << slot;
            let value = values.next_if(|(at, _)| *at == slot).map(|(_, code)| *code);
            let was_present = self.present & bit != 0;
            let difference = match value {
                Some(code) => {
                    given |= bit;
                    code.wrapping_sub(self.codes[slot])
                }
                None => 0,
            };
            if difference == 0 && was_present == value.is_some() {
                continue;
            }
            mask |= bit;
            self.codes[slot] = self.codes[slot].wrapping_add(difference);
            varint::put(out, zigzag(difference));
        }
        self.present = given;
        out[mask_at..mask_at + usize::from(self.width)]
            .copy_from_slice(&mask.to_le_bytes()[..usize::from(self.width)]);
    }

    /// Reads a row and remembers it.
    pub fn decode(&mut self, input: &mut Input<'_>, window_start: u32) -> Result<(), Corrupt> {
        let header = input.number()?;
        let is_key = header & 1 == 1;
        if is_key {
            if header >> 1 > LONGEST {
                return Err(Corrupt);
            }
            self.time = window_start
                .checked_add((header >> 1) as u32)
                .ok_or(Corrupt)?;
            self.step = input.small()?;
            self.width = input.byte()?;
            if self.width == 0 || usize::from(self.width) * 8 > MOST_SLOTS {
                return Err(Corrupt);
            }
            (self.keyed, self.present) = (self.time, 0);
            self.must_stand_alone = false;
            self.codes.clear();
            self.codes.resize(usize::from(self.width) * 8, 0);
        } else if self.is_begun() {
            let expected = i64::from(self.time) + i64::from(self.step);
            let time = expected.checked_add(unzigzag(header >> 1)).ok_or(Corrupt)?;
            self.time = u32::try_from(time).map_err(|_| Corrupt)?;
        } else {
            return Err(Corrupt);
        }
        let mut mask = [0; 8];
        let width = usize::from(self.width);
        mask[..width].copy_from_slice(input.bytes(width)?);
        let mut mask = u64::from_le_bytes(mask);
        while mask != 0 {
            let slot = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let difference = input.signed()?;
            let bit = 1 << slot;
            if difference == 0 {
                self.present ^= bit;
            } else {
                self.present |= bit;
                self.codes[slot] = self.codes[slot].wrapping_add(difference);
            }
        }
        Ok(())
    }

    /// Returns the code in `slot`, if its value is there.
    pub fn code(&self, slot: usize) -> Option<i64> {
        let is_there = slot < MOST_SLOTS && self.present & 1 << slot != 0;
        is_there.then(|| self.codes[slot])
    }
}

/// Tells whether rows that begin with `bytes` can be read without what came before them.
pub(crate) fn stands_alone(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|header| header & 1 == 1)
}

/// Hands every row of `bytes` to `visit`, up to the first that cannot be read.
pub(crate) fn each(bytes: &[u8], window_start: u32, mut visit: impl FnMut(&Last)) {
    let mut input = Input(bytes);
    let mut last = Last::default();
    while !input.is_empty() {
        if last.decode(&mut input, window_start).is_err() {
            return;
        }
        visit(&last);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Row = (u32, u32, Vec<(usize, i64)>);

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let values = proptest::collection::btree_map(0..20_usize, any::<i32>(), 0..12);
        let row = (0..3_600_u32, 1..90_u32, values).prop_map(|(time, step, values)| {
            let wide = |(slot, code)| (slot, i64::from(code));
            (time, step, values.into_iter().map(wide).collect())
        });
        proptest::collection::vec(row, 0..40)
    }

    proptest! {
        #[test]
        fn rows_read_back_in_any_order_of_time(rows in rows()) {
            let start = 1_800_000_000;
            let (mut last, mut bytes) = (Last::default(), Vec::new());
            for (time, step, values) in &rows {
                last.encode(&mut bytes, start, start + time, *step, values);
            }
            let mut found = Vec::new();
            each(&bytes, start, |row| {
                let values: Vec<_> = (0..MOST_SLOTS)
                    .filter_map(|slot| row.code(slot).map(|code| (slot, code)))
                    .collect();
                found.push((row.time - start, row.step, values));
            });
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            each(&bytes, 1_800_000_000, |_| {});
        }
    }

    #[test]
    fn an_unchanged_row_takes_two_bytes() {
        let (mut last, mut bytes) = (Last::default(), Vec::new());
        last.encode(&mut bytes, 3_600, 3_600, 10, &[(0, 77), (1, 5)]);
        let before = bytes.len();
        last.encode(&mut bytes, 3_600, 3_610, 10, &[(0, 77), (1, 5)]);
        assert_eq!(bytes.len() - before, 2);
    }
}
