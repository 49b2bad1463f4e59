//! The estate at one moment: an immutable map whose unchanged parts are shared with its past.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use imbl::ordmap::DiffItem;
use imbl::{OrdMap, OrdSet};
use serde::Serialize;

use pulse_model::{
    Annotation, Kind, OtherNames, PushResource, Resource, ResourceId, SourceId, SourceKind,
    Standing, Status, reporting_source,
};

use crate::annotate::{self, Pages};
use crate::naming::digest;

/// A resource with the encodings that are sent again and again, each made once per change and
/// shared by everyone who sends it. What is asked for one at a time is encoded when it is asked for.
#[derive(Debug)]
pub struct Entry {
    resource: Resource,
    added: Option<Arc<Annotation>>,
    standing: Option<Arc<Standing>>,
    revision: u64,
    push: OnceLock<Bytes>,
    forms: OnceLock<Box<[Form]>>,
}

/// One encoded form of a resource.
#[derive(Clone, Debug)]
pub struct Form {
    /// The collection it belongs to, as whoever encodes numbers them.
    pub collection: u8,
    /// The form.
    pub json: Bytes,
}

impl Entry {
    pub(crate) fn new(
        resource: Resource,
        added: Option<Arc<Annotation>>,
        standing: Option<Arc<Standing>>,
        revision: u64,
    ) -> Self {
        Self {
            resource,
            added,
            standing,
            revision,
            push: OnceLock::new(),
            forms: OnceLock::new(),
        }
    }

    /// Returns the resource as its sources see it.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Returns the number of the estate since which it is as it is.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns what people added to it.
    pub fn added(&self) -> Option<&Annotation> {
        self.added.as_deref()
    }

    /// Returns the resource with what people added to it and decided about it.
    pub fn whole(&self) -> Cow<'_, Resource> {
        let mut whole = match &self.added {
            None => Cow::Borrowed(&self.resource),
            Some(added) => Cow::Owned(added.applied(&self.resource)),
        };
        if let Some(standing) = &self.standing {
            standing.apply(whole.to_mut());
        }
        whole
    }

    /// Returns the detail form as JSON, encoded anew.
    pub fn detail_json(&self) -> Bytes {
        encode(&*self.whole())
    }

    /// Returns the push form as JSON.
    pub fn push_json(&self) -> &Bytes {
        self.push
            .get_or_init(|| encode(&PushResource::from(&*self.whole())))
    }

    /// Returns the forms of the typed collections, all made by `encode` the first time.
    pub fn forms(&self, encode: impl FnOnce(&Resource) -> Vec<Form>) -> &[Form] {
        self.forms.get_or_init(|| encode(&self.whole()).into())
    }
}

fn encode<T: Serialize>(value: &T) -> Bytes {
    let json = serde_json::to_vec(value);
    let json = json.expect("resources have string keys and no failing encoders");
    // Kept for long by the thousands: without the room the encoder had to spare.
    json.into_boxed_slice().into()
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
    fn count(&mut self, before: Option<&Resource>, after: Option<&Resource>) {
        if let (Some(before), Some(after)) = (before, after)
            && before.kind == after.kind
            && before.status == after.status
            && before.sources == after.sources
        {
            return;
        }
        if let Some(resource) = before {
            self.total = self.total.saturating_sub(1);
            drop_one(&mut self.by_type, resource.kind);
            drop_one(&mut self.by_status, resource.status);
            for source in &resource.sources {
                drop_one(&mut self.by_source, *source);
            }
        }
        if let Some(resource) = after {
            self.total += 1;
            *self.by_type.entry(resource.kind).or_default() += 1;
            *self.by_status.entry(resource.status).or_default() += 1;
            for source in &resource.sources {
                *self.by_source.entry(*source).or_default() += 1;
            }
        }
    }
}

fn drop_one<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&key);
        }
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
    /// Ids that once stood for a resource, or for one view of it, and lead to it now.
    aliases: imbl::HashMap<ResourceId, ResourceId>,
    children: OrdSet<(u32, u32)>,
    kinds: OrdSet<(Kind, u32)>,
    sources: OrdSet<(SourceKind, u32)>,
    /// Digests of the names clients of old know resources by; two with one are told apart by name.
    names: OrdSet<(u64, u32)>,
    pages: Pages,
    standings: imbl::HashMap<SourceId, Arc<Standing>>,
    stats: Stats,
    next_slot: u32,
}

impl Estate {
    /// Makes the next change have the number after `revision`.
    pub(crate) fn number_from(&mut self, revision: u64) {
        self.revision = revision;
    }

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

    /// Returns the resource with that id, or the one that took its place.
    pub fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.resources.get(&self.slot(id)?)
    }

    /// Returns what belongs directly to the resource with that id.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.slot(id).into_iter().flat_map(|parent| {
            let all = (parent, u32::MIN)..=(parent, u32::MAX);
            self.children.range(all).map(|(_, child)| child)
        });
        slots.filter_map(|slot| self.resources.get(slot))
    }

    /// Returns the resources of that kind, in the order they were first seen.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.kinds.range((kind, u32::MIN)..=(kind, u32::MAX));
        slots.filter_map(|(_, slot)| self.resources.get(slot))
    }

    /// Returns the resources that kind of source contributes to, in the order they were first seen.
    pub fn of_source(&self, source: SourceKind) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.sources.range((source, u32::MIN)..=(source, u32::MAX));
        slots.filter_map(|(_, slot)| self.resources.get(slot))
    }

    /// Returns the resources that clients of old know by that name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<Entry>> {
        let digest = digest(name);
        let slots = self.names.range((digest, u32::MIN)..=(digest, u32::MAX));
        let found = slots.filter_map(|(_, slot)| self.resources.get(slot));
        found.filter(move |entry| {
            let names = OtherNames::of(entry.resource()).written();
            names.iter().any(|known| known == name)
        })
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

    /// Returns the resource with that id, and no other that took its place.
    pub(crate) fn get_exactly(&self, id: &ResourceId) -> Option<&Arc<Entry>> {
        self.resources.get(self.slots.get(id)?)
    }

    /// Returns the id of the resource that `id` leads to; `id` itself when it leads nowhere.
    pub(crate) fn present_id<'a>(&'a self, id: &'a ResourceId) -> &'a ResourceId {
        if self.slots.contains_key(id) {
            return id;
        }
        self.aliases.get(id).unwrap_or(id)
    }

    /// Returns the place of the resource with that id: the earlier seen, the smaller.
    pub(crate) fn slot_of(&self, id: &ResourceId) -> Option<u32> {
        self.slots.get(id).copied()
    }

    /// Returns how many belong directly to the resource with that id.
    pub(crate) fn child_count(&self, id: &ResourceId) -> usize {
        let Some(parent) = self.slots.get(id) else {
            return 0;
        };
        let all = (*parent, u32::MIN)..=(*parent, u32::MAX);
        self.children.range(all).count()
    }

    /// Puts `resource` in the place of what has its id. Its parent has to be there already.
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
        let before = before.as_deref().map(Entry::resource);
        self.index(slot, before, Some(&resource));
        let added = annotate::of(&self.pages, &resource);
        let standing = self.standing_of(&resource);
        let entry = Entry::new(resource, added, standing, self.revision + 1);
        self.resources.insert(slot, Arc::new(entry));
    }

    /// Puts what people added on the resources; tells whether any changed. Costs what was edited.
    pub(crate) fn annotate(&mut self, pages: Pages) -> bool {
        let changed: BTreeSet<Arc<str>> = self
            .pages
            .diff(&pages)
            .map(|item| match item {
                DiffItem::Add((_, id), _) | DiffItem::Remove((_, id), _) => id.clone(),
                DiffItem::Update { new, .. } => new.0.1.clone(),
            })
            .collect();
        let meant = |id| self.get(id).into_iter().chain(self.named(id));
        let meant: Vec<_> = changed.iter().flat_map(|id| meant(id)).cloned().collect();
        self.pages = pages;
        for entry in &meant {
            self.put(entry.resource().clone());
        }
        !meant.is_empty()
    }

    /// Notes how `source` stands with the operators; what it shows has to be put anew.
    pub(crate) fn note_standing(&mut self, source: SourceId, standing: Standing) {
        if standing == Standing::default() {
            self.standings.remove(&source);
        } else {
            self.standings.insert(source, Arc::new(standing));
        }
    }

    fn standing_of(&self, resource: &Resource) -> Option<Arc<Standing>> {
        if self.standings.is_empty() {
            return None;
        }
        self.standings.get(&reporting_source(resource)?).cloned()
    }

    /// Takes out the resource with that id.
    pub(crate) fn remove(&mut self, id: &ResourceId) {
        if let Some(slot) = self.slots.remove(id)
            && let Some(entry) = self.resources.remove(&slot)
        {
            self.index(slot, Some(entry.resource()), None);
            let all = (slot, u32::MIN)..=(slot, u32::MAX);
            let orphans: Vec<_> = self.children.range(all).copied().collect();
            for orphan in orphans {
                self.children.remove(&orphan);
            }
        }
    }

    /// Makes `alias` lead to `id`.
    pub(crate) fn lead(&mut self, alias: ResourceId, id: ResourceId) {
        self.aliases.insert(alias, id);
    }

    /// Makes `alias` lead nowhere, if it leads to `id`.
    pub(crate) fn mislead(&mut self, alias: &ResourceId, id: &ResourceId) {
        if self.aliases.get(alias) == Some(id) {
            self.aliases.remove(alias);
        }
    }

    pub(crate) fn bump_revision(&mut self) {
        self.revision += 1;
    }

    fn slot(&self, id: &str) -> Option<u32> {
        let slot = self.slots.get(id);
        let slot = slot.or_else(|| self.slots.get(self.aliases.get(id)?));
        slot.copied()
    }

    fn index(&mut self, slot: u32, before: Option<&Resource>, after: Option<&Resource>) {
        self.stats.count(before, after);
        let kinds = (before.map(|r| r.kind), after.map(|r| r.kind));
        if kinds.0 != kinds.1 {
            kinds.0.map(|kind| self.kinds.remove(&(kind, slot)));
            kinds.1.map(|kind| self.kinds.insert((kind, slot)));
        }
        let sources = |resource: Option<&Resource>| resource.map(|r| r.sources.clone());
        if before.map(|r| &r.sources) != after.map(|r| &r.sources) {
            for source in sources(before).into_iter().flatten() {
                self.sources.remove(&(source, slot));
            }
            for source in sources(after).into_iter().flatten() {
                self.sources.insert((source, slot));
            }
        }
        let names = (before.map(OtherNames::of), after.map(OtherNames::of));
        if names.0 != names.1 {
            for name in names.0.into_iter().flat_map(OtherNames::written) {
                self.names.remove(&(digest(&name), slot));
            }
            for name in names.1.into_iter().flat_map(OtherNames::written) {
                self.names.insert((digest(&name), slot));
            }
        }
        let parent =
            |resource: Option<&Resource>| self.slots.get(resource?.parent_id.as_ref()?).copied();
        let parents = (parent(before), parent(after));
        if parents.0 != parents.1 {
            parents
                .0
                .map(|parent| self.children.remove(&(parent, slot)));
            parents.1.map(|parent| self.children.insert((parent, slot)));
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
