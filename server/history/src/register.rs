//! Who is who: each resource has a number and each of its metrics a slot, and both stay.

use std::collections::HashMap;

use pulse_model::{Metric, ResourceId};

use crate::frame::LONGEST_ID;
use crate::row::MOST_SLOTS;

/// A resource that has a history.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub id: ResourceId,
    /// Its metrics by slot; slots are given in order of appearance.
    pub metrics: Vec<Metric>,
    /// Seconds between its samples, as last seen.
    pub step: u32,
    /// Whether the database knows it as it is here.
    pub is_saved: bool,
    /// The week it was last rolled up, so that what is gone for good is forgotten.
    pub week: u32,
    /// In which log it was last defined, and when.
    pub defined: (u64, u32),
}

impl Known {
    /// Returns where the values of `metric` are.
    pub fn slot(&self, metric: Metric) -> Option<usize> {
        self.metrics.iter().position(|known| *known == metric)
    }
}

/// Every resource with a history.
#[derive(Debug, Default)]
pub(crate) struct Register {
    numbers: HashMap<ResourceId, u32>,
    known: HashMap<u32, Known>,
    next: u32,
}

impl Register {
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    pub fn get(&self, number: u32) -> Option<&Known> {
        self.known.get(&number)
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut Known> {
        self.known.get_mut(&number)
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, &Known)> {
        self.known.iter().map(|(number, known)| (*number, known))
    }

    /// Returns the number of `id`, giving it one in `week` if there are fewer than `most`.
    pub fn enter(&mut self, id: &ResourceId, step: u32, week: u32, most: usize) -> Option<u32> {
        if let Some(number) = self.numbers.get(id) {
            return Some(*number);
        }
        if self.known.len() >= most || id.as_str().len() > LONGEST_ID {
            return None;
        }
        let number = self.next;
        let known = Known {
            id: id.clone(),
            metrics: Vec::new(),
            step,
            is_saved: false,
            week,
            defined: (0, 0),
        };
        self.place(number, known).then_some(number)
    }

    /// Enters a resource under the number it had; `false` if that number or id is another's.
    pub fn place(&mut self, number: u32, known: Known) -> bool {
        // A series is a number and six bits for the slot.
        if number > u32::MAX >> 6 || known.metrics.len() > MOST_SLOTS {
            return false;
        }
        if let Some(present) = self.known.get_mut(&number) {
            let is_same = present.id == known.id;
            if is_same && present.metrics.len() < known.metrics.len() {
                *present = known;
            }
            return is_same;
        }
        if self.numbers.contains_key(&known.id) {
            return false;
        }
        self.numbers.insert(known.id.clone(), number);
        self.known.insert(number, known);
        self.next = self.next.max(number + 1);
        true
    }

    /// Keeps `number` from being given away: rows under it may turn up.
    pub fn reserve(&mut self, number: u32) {
        self.next = self.next.max(number.saturating_add(1));
    }

    pub fn forget(&mut self, number: u32) {
        if let Some(known) = self.known.remove(&number) {
            self.numbers.remove(&known.id);
        }
    }

    /// Returns the slot of `metric`, giving it one if it has none.
    pub fn slot(&mut self, number: u32, metric: Metric) -> Option<usize> {
        let known = self.known.get_mut(&number)?;
        if let Some(slot) = known.slot(metric) {
            return Some(slot);
        }
        if known.metrics.len() == MOST_SLOTS {
            return None;
        }
        known.metrics.push(metric);
        (known.is_saved, known.defined) = (false, (0, 0));
        Some(known.metrics.len() - 1)
    }
}
