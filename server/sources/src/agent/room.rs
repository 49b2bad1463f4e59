//! How much text of one report is kept: single texts are cut, labels and lists share a bound.
//!
//! The wire's bounds are wide, because a rich report is no crime. What stays in memory is bounded again, in bytes.

use std::cell::Cell;
use std::collections::BTreeMap;

use pulse_model::facet::Labels;

/// Longest text of its own.
pub(super) const LONGEST_TEXT: usize = 1 << 10;
/// What an element of a list costs besides its texts.
const ELEMENT: usize = 64;

/// Bytes of labels and lists there is still room for.
pub(super) struct Room(Cell<usize>);

impl Room {
    /// Makes room for so many bytes.
    pub fn of(bytes: usize) -> Self {
        Self(Cell::new(bytes))
    }

    /// Returns the labels there is room for.
    pub fn labels(&self, wire: &BTreeMap<String, String>) -> Labels {
        let fits = |(name, value): &(&String, &String)| self.takes(name.len() + value.len());
        let owned = |(name, value): (&String, &String)| (name.clone(), value.clone());
        wire.iter().filter(fits).map(owned).collect()
    }

    /// Returns the texts there is room for.
    pub fn texts(&self, wire: &[String]) -> Vec<String> {
        let fits = |text: &&String| self.takes(text.len());
        wire.iter().filter(fits).cloned().collect()
    }

    /// Returns what `map` makes of the elements there is room for, each of `size` bytes of text.
    pub fn list<W, T>(
        &self,
        wire: &[W],
        size: impl Fn(&W) -> usize,
        map: impl Fn(&W) -> T,
    ) -> Vec<T> {
        let fits = |element: &&W| self.takes(size(element));
        wire.iter().filter(fits).map(map).collect()
    }

    fn takes(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes + ELEMENT);
        self.0.set(left.unwrap_or(self.0.get()));
        left.is_some()
    }
}

/// Returns a text, cut where no name or sentence would end.
pub(super) fn text(wire: &str) -> Option<String> {
    let mut text = super::parts::text(wire)?;
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    Some(text)
}
