//! Composes resources anew: each that a change touched, and what carries their names and counts.

use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{Resource, ResourceId, Status};

use crate::compose::{Surroundings, View, authority, compose, is_down};
use crate::dirty::Dirty;
use crate::ledger::{Effects, Ledger, reading};
use crate::part::PartKey;

impl Ledger {
    /// Composes anew every resource in `dirty`, and what depends on their names and places.
    pub(crate) fn rebuild(&mut self, dirty: Dirty, now: Timestamp, effects: &mut Effects) {
        effects.changed |= !dirty.is_empty();
        let mut moved = Dirty::default();
        let mut renamed = Dirty::default();
        for id in dirty.iter() {
            self.rebuild_one(id, now, &mut moved, &mut renamed, effects);
        }
        // Children carry the name of their parent, and come to it when it appears after them.
        let mut again = Dirty::default();
        for id in renamed.iter() {
            for member in self.groups.get(id).into_iter().flat_map(|all| all.iter()) {
                let children = self.parts.children(*member);
                again.extend(
                    children.filter_map(|child| Some(self.parts.get(child)?.resource.clone())),
                );
            }
        }
        for id in again.iter() {
            self.rebuild_one(id, now, &mut moved, &mut Dirty::default(), effects);
        }
        for id in moved.iter() {
            self.recount(id);
        }
    }

    fn rebuild_one(
        &mut self,
        id: &ResourceId,
        now: Timestamp,
        moved: &mut Dirty,
        renamed: &mut Dirty,
        effects: &mut Effects,
    ) {
        let before = self.estate.get_exactly(id).cloned();
        let before = before.as_deref().map(|entry| entry.resource());
        let old_parent = before.and_then(|resource| resource.parent_id.clone());
        let Some(resource) = self.composed(id, now, effects) else {
            self.estate.remove(id);
            self.end_outage(id, now, effects);
            moved.extend(old_parent);
            return;
        };
        if before.map(|resource| &resource.name) != Some(&resource.name) {
            renamed.insert(id.clone());
        }
        if old_parent != resource.parent_id {
            moved.extend(old_parent);
            moved.extend(resource.parent_id.clone());
        }
        self.estate.put(resource);
    }

    fn composed(
        &mut self,
        id: &ResourceId,
        now: Timestamp,
        effects: &mut Effects,
    ) -> Option<Resource> {
        let members = self.groups.get(id)?.clone();
        let views: Vec<_> = members.iter().filter_map(|key| self.view(*key)).collect();
        if views.is_empty() {
            return None;
        }
        let around = Surroundings {
            now,
            parent: self.parent_of(id, &views),
            child_count: self.estate.child_count(id),
            superseded: self.superseded(id, &views),
            clones: self.clones_of(id, &views),
        };
        let resource = compose(id, &views, around);
        let is_down = is_down(&views);
        effects
            .transitions
            .extend(self.outages.judge(id, is_down, now));
        Some(resource)
    }

    /// What has been joined into something that is alive is back with it; what is gone is forgotten.
    fn end_outage(&mut self, id: &ResourceId, now: Timestamp, effects: &mut Effects) {
        let heir = self
            .estate
            .get(id.as_str())
            .map(|entry| entry.resource().status);
        match heir {
            Some(Status::Online | Status::Warning) => {
                effects
                    .transitions
                    .extend(self.outages.judge(id, false, now));
            }
            _ => self.outages.forget(id),
        }
    }

    /// Returns the ids that views of `id` have lived under and that are nobody's own among them.
    fn superseded(&self, id: &ResourceId, views: &[View<'_>]) -> Vec<ResourceId> {
        let trails = views
            .iter()
            .flat_map(|view| self.trails.get(&view.part.own));
        let is_own = |earlier: &ResourceId| views.iter().any(|view| view.part.own == *earlier);
        let mut ids: Vec<_> = trails
            .filter(|earlier| *earlier != id && !is_own(earlier))
            .cloned()
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    pub(crate) fn view(&self, key: PartKey) -> Option<View<'_>> {
        let part = self.parts.get(key)?;
        let slice = self.slices.get(part.slice)?;
        let home = part.parent.and_then(|parent| self.parts.get(parent));
        let home = home.map(|parent| &parent.resource);
        Some(View { part, slice, home })
    }

    /// Returns what the resource belongs to: the first parent any of its views names and that is there.
    fn parent_of(&self, id: &ResourceId, views: &[View<'_>]) -> Option<(ResourceId, String)> {
        let mut views: Vec<_> = views.iter().collect();
        views.sort_by_key(|view| authority(view.part));
        views.iter().find_map(|view| {
            let parent = self.parts.get(view.part.parent?)?;
            let resource = self.estate.get_exactly(&parent.resource)?.resource();
            (parent.resource != *id).then(|| (parent.resource.clone(), resource.name.clone()))
        })
    }

    fn recount(&mut self, id: &ResourceId) {
        let count = self.estate.child_count(id);
        let count = (count > 0).then_some(count);
        let Some(entry) = self.estate.get_exactly(id) else {
            return;
        };
        if entry.resource().child_count != count {
            let mut resource = entry.resource().clone();
            resource.child_count = count;
            self.estate.put(resource);
        }
    }

    pub(crate) fn read(&self, ids: &Dirty, at: Timestamp, step: Duration, effects: &mut Effects) {
        let readings = ids.iter().filter_map(|id| {
            let resource = self.estate.get_exactly(id)?.resource();
            reading(resource, at, step)
        });
        effects.readings.extend(readings);
    }
}
