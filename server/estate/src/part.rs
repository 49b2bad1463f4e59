//! What one source says of one thing, and where each of these stands.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use jiff::Timestamp;

use pulse_model::{NativeId, ResourceId, Sighting, SourceId, SourceKind};

use crate::time::Times;

/// Stands for one (source, native name) for as long as anything mentions it.
pub(crate) type PartKey = u32;
/// Stands for one (source, scope).
pub(crate) type SliceKey = u32;

/// One source's view of one thing, as it last was. A resource is one or more of these, joined.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Who sees it.
    pub source: SourceId,
    /// The word its contribution is listed under: containers an agent sees are Docker's.
    pub shown_as: SourceKind,
    /// What it is seen with; its freshness is the slice's.
    pub slice: SliceKey,
    /// The id it has when it stands alone.
    pub own: ResourceId,
    /// The resource it is in.
    pub resource: ResourceId,
    /// Why it is in there with others.
    pub matched_by: Option<Arc<str>>,
    /// What it belongs to, whether or not that is known yet.
    pub parent: Option<PartKey>,
    /// Whether it is the machine the source itself runs on.
    pub is_machine: bool,
    /// When it was seen.
    pub times: Times,
    /// What was seen.
    pub sighting: Sighting,
}

impl Part {
    /// Returns when it was seen, by our clock.
    pub fn seen_at(&self) -> Timestamp {
        self.times.true_at()
    }
}

/// All parts, found by number, by name and by parent. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    keys: imbl::HashMap<(SourceId, NativeId), PartKey>,
    parts: OrdMap<PartKey, Arc<Part>>,
    children: OrdSet<(PartKey, PartKey)>,
    next: PartKey,
}

impl Parts {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Returns the part with that number, if its source has shown it.
    pub fn get(&self, key: PartKey) -> Option<&Arc<Part>> {
        self.parts.get(&key)
    }

    /// Returns the number of a name, if anything has mentioned it.
    pub fn find(&self, source: &SourceId, native: &NativeId) -> Option<PartKey> {
        self.keys.get(&(source.clone(), native.clone())).copied()
    }

    /// Returns the number of a name, giving it one when it has none.
    pub fn key(&mut self, source: &SourceId, native: &NativeId) -> PartKey {
        let name = (source.clone(), native.clone());
        if let Some(key) = self.keys.get(&name) {
            return *key;
        }
        self.next += 1;
        self.keys.insert(name, self.next);
        self.next
    }

    /// Returns what names `parent` as its parent.
    pub fn children(&self, parent: PartKey) -> impl Iterator<Item = PartKey> + '_ {
        let all = (parent, PartKey::MIN)..=(parent, PartKey::MAX);
        self.children.range(all).map(|(_, child)| *child)
    }

    /// Puts `part` in the place of what was under `key`.
    pub fn put(&mut self, key: PartKey, part: Part) {
        if let Some(parent) = part.parent {
            self.children.insert((parent, key));
        }
        let parent = part.parent;
        let before = self.parts.insert(key, Arc::new(part));
        if let Some(before) = before.filter(|before| before.parent != parent) {
            self.leave(&before, key);
        }
    }

    /// Takes out what is under `key`.
    pub fn remove(&mut self, key: PartKey) -> Option<Arc<Part>> {
        let part = self.parts.remove(&key)?;
        self.leave(&part, key);
        self.forget_unless_mentioned(key, &part.source, &part.sighting.native);
        Some(part)
    }

    /// Changes the part under `key` in place.
    pub fn change(&mut self, key: PartKey, change: impl FnOnce(&mut Part)) {
        if let Some(part) = self.parts.get_mut(&key) {
            change(Arc::make_mut(part));
        }
    }

    fn leave(&mut self, part: &Part, key: PartKey) {
        if let (Some(parent), Some(name)) = (part.parent, &part.sighting.parent) {
            self.children.remove(&(parent, key));
            self.forget_unless_mentioned(parent, &part.source, name);
        }
    }

    fn forget_unless_mentioned(&mut self, key: PartKey, source: &SourceId, native: &NativeId) {
        if self.get(key).is_none() && self.children(key).next().is_none() {
            self.keys.remove(&(source.clone(), native.clone()));
        }
    }
}
