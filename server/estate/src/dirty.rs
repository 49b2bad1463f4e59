//! The resources a change touches, each once, in the order they were touched: parents, which
//! sources name first, are composed before their children.

use std::collections::HashSet;

use pulse_model::ResourceId;

/// Ids in order of appearance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dirty {
    order: Vec<ResourceId>,
    known: HashSet<ResourceId>,
}

impl Dirty {
    /// Adds `id` unless it is in there.
    pub fn insert(&mut self, id: ResourceId) {
        if self.known.insert(id.clone()) {
            self.order.push(id);
        }
    }

    /// Tells whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns the ids.
    pub fn iter(&self) -> impl Iterator<Item = &ResourceId> {
        self.order.iter()
    }
}

impl Extend<ResourceId> for Dirty {
    fn extend<I: IntoIterator<Item = ResourceId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.insert(id));
    }
}

impl FromIterator<ResourceId> for Dirty {
    fn from_iter<I: IntoIterator<Item = ResourceId>>(ids: I) -> Self {
        let mut dirty = Self::default();
        dirty.extend(ids);
        dirty
    }
}
