//! The estate at one moment: an immutable map whose unchanged parts are shared with its past.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use imbl::ordmap::DiffItem;
use imbl::{OrdMap, OrdSet};
use serde::Serialize;

use pulse_model::{Kind, PushResource, Resource, ResourceId, SourceKind, Status};

/// A resource with its encodings, each made once per change and shared by everyone who sends it.
#[derive(Debug)]
pub struct Entry {
    resource: Resource,
    detail: OnceLock<Bytes>,
    push: OnceLock<Bytes>,
    collection: OnceLock<Bytes>,
}

impl Entry {
    pub(crate) fn new(resource: Resource) -> Self {
        Self {
            resource,
            detail: OnceLock::new(),
            push: OnceLock::new(),
            collection: OnceLock::new(),
        }
    }

    /// Returns the resource.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Returns the detail form as JSON.
    pub fn detail_json(&self) -> &Bytes {
        self.detail.get_or_init(|| encode(&self.resource))
    }

    /// Returns the push form as JSON.
    pub fn push_json(&self) -> &Bytes {
        self.push
            .get_or_init(|| encode(&PushResource::from(&self.resource)))
    }

    /// Returns the form of the typed collections as JSON, made by `encode` the first time.
    pub fn collection_json(&self, encode: impl FnOnce(&Resource) -> Vec<u8>) -> &Bytes {
        self.collection
            .get_or_init(|| encode(&self.resource).into())
    }
}

fn encode<T: Serialize>(value: &T) -> Bytes {
    serde_json::to_vec(value)
        .expect("resources have string keys and no failing encoders")
        .into()
}

/// Counts over the whole estate, kept as it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// How many resources there are.
    pub total: usize,
    /// How many of each kind.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub by_type: BTreeMap<Kind, usize>,
    /// How many in each status.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub by_status: BTreeMap<Status, usize>,
    /// How many each kind of source contributes to.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub by_source: BTreeMap<SourceKind, usize>,
}

impl Stats {
    fn count(&mut self, resource: &Resource, add: bool) {
        fn step<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K, add: bool) {
            let count = counts.entry(key).or_default();
            *count = if add {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
        self.total = if add {
            self.total + 1
        } else {
            self.total.saturating_sub(1)
        };
        step(&mut self.by_type, resource.kind, add);
        step(&mut self.by_status, resource.status, add);
        for source in &resource.sources {
            step(&mut self.by_source, *source, add);
        }
        self.by_type.retain(|_, count| *count > 0);
        self.by_status.retain(|_, count| *count > 0);
        self.by_source.retain(|_, count| *count > 0);
    }
}

/// One difference between two moments.
#[derive(Clone, Debug)]
pub enum Change {
    /// New since then.
    Added(Arc<Entry>),
    /// Changed since then.
    Updated {
        /// As it was.
        from: Arc<Entry>,
        /// As it is.
        to: Arc<Entry>,
    },
    /// Gone since then.
    Removed(Arc<Entry>),
}

/// Everything monitored, at one moment. Cloning is cheap; what did not change is shared.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    revision: u64,
    resources: OrdMap<u32, Arc<Entry>>,
    slots: imbl::HashMap<ResourceId, u32>,
    children: OrdMap<ResourceId, OrdSet<u32>>,
    stats: Stats,
    next_slot: u32,
}

impl Estate {
    /// Returns a number that rises with every published change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns how many resources there are.
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Tells whether nothing is monitored.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Returns every resource, in the order they were first seen.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.resources.values()
    }

    /// Returns the resource with that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.resources.get(self.slots.get(id)?)
    }

    /// Returns what belongs directly to the resource with that id.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.children.get(id).into_iter().flatten();
        slots.filter_map(|slot| self.resources.get(slot))
    }

    /// Returns the counts over everything.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Returns what changed since `earlier`; costs what changed, not what exists.
    pub fn changes_since<'a>(&'a self, earlier: &'a Self) -> impl Iterator<Item = Change> + 'a {
        earlier
            .resources
            .diff(&self.resources)
            .map(|item| match item {
                DiffItem::Add(_, entry) => Change::Added(entry.clone()),
                DiffItem::Update { old, new } => Change::Updated {
                    from: old.1.clone(),
                    to: new.1.clone(),
                },
                DiffItem::Remove(_, entry) => Change::Removed(entry.clone()),
            })
    }

    pub(crate) fn put(&mut self, resource: Resource) {
        let slot = match self.slots.get(&resource.id) {
            Some(slot) => *slot,
            None => {
                let slot = self.next_slot;
                self.next_slot += 1;
                self.slots.insert(resource.id.clone(), slot);
                slot
            }
        };
        let before = self.resources.get(&slot).cloned();
        if let Some(before) = &before {
            self.stats.count(before.resource(), false);
        }
        self.stats.count(&resource, true);
        let old_parent = before
            .as_ref()
            .and_then(|entry| entry.resource().parent_id.clone());
        if old_parent != resource.parent_id {
            self.adopt(slot, old_parent, resource.parent_id.clone());
        }
        self.resources.insert(slot, Arc::new(Entry::new(resource)));
    }

    pub(crate) fn bump_revision(&mut self) {
        self.revision += 1;
    }

    fn adopt(&mut self, slot: u32, from: Option<ResourceId>, to: Option<ResourceId>) {
        if let Some(parent) = from
            && let Some(children) = self.children.get_mut(&parent)
        {
            children.remove(&slot);
        }
        if let Some(parent) = to {
            self.children.entry(parent).or_default().insert(slot);
        }
    }
}

// Two entries are the same only when they are one: a diff then skips what was not touched without
// looking into it.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Entry {}
