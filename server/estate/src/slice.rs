//! The slices of sources: what was seen together ages together.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::Timestamp;

use pulse_model::{Scope, SourceId};

use crate::freshness::Watch;
use crate::part::{PartKey, SliceKey};

/// Slices one source may have; a source that invents more is not believed.
pub(crate) const MOST_SLICES: usize = 1_024;

/// One part of one source, and what was in it.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub source: SourceId,
    pub scope: Scope,
    /// How fresh it is.
    pub watch: Watch,
    /// When what is known of it was made, by its source's clock.
    pub made_at: Option<Timestamp>,
    /// What is in it, ascending.
    pub members: Arc<[PartKey]>,
    /// Why it cannot be read at present.
    pub error: Option<Arc<str>>,
    /// What of it was left out.
    pub note: Option<Arc<str>>,
}

/// All slices. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slices {
    keys: OrdMap<(SourceId, Scope), SliceKey>,
    slices: OrdMap<SliceKey, Arc<Slice>>,
    next: SliceKey,
}

impl Slices {
    /// Returns the slice with that number.
    pub fn get(&self, key: SliceKey) -> Option<&Arc<Slice>> {
        self.slices.get(&key)
    }

    /// Returns the number of that part of that source.
    pub fn find(&self, source: &SourceId, scope: &Scope) -> Option<SliceKey> {
        self.keys.get(&(source.clone(), scope.clone())).copied()
    }

    /// Returns the numbers of all parts of a source.
    pub fn of(&self, source: &SourceId) -> Vec<SliceKey> {
        let first = (source.clone(), Scope::new(""));
        let from_there = self.keys.range(first..);
        from_there
            .take_while(|((owner, _), _)| owner == source)
            .map(|(_, key)| *key)
            .collect()
    }

    /// Returns the numbers of all slices.
    #[cfg(test)]
    pub fn keys(&self) -> Vec<SliceKey> {
        self.slices.keys().copied().collect()
    }

    /// Adds a slice, unless its source has too many; returns its number.
    pub fn add(&mut self, slice: Slice) -> Option<SliceKey> {
        if self.of(&slice.source).len() >= MOST_SLICES {
            return None;
        }
        self.next += 1;
        let name = (slice.source.clone(), slice.scope.clone());
        self.keys.insert(name, self.next);
        self.slices.insert(self.next, Arc::new(slice));
        Some(self.next)
    }

    /// Changes the slice with that number in place.
    pub fn change<T>(&mut self, key: SliceKey, change: impl FnOnce(&mut Slice) -> T) -> Option<T> {
        let slice = self.slices.get_mut(&key)?;
        Some(change(Arc::make_mut(slice)))
    }

    /// Takes out the slice with that number.
    pub fn remove(&mut self, key: SliceKey) -> Option<Arc<Slice>> {
        let slice = self.slices.remove(&key)?;
        self.keys
            .remove(&(slice.source.clone(), slice.scope.clone()));
        Some(slice)
    }
}
