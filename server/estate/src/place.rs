//! Puts sightings in their places, takes out what has gone, and keeps the indexes in step.

use std::collections::BTreeSet;

use pulse_model::{Kind, ResourceId, Sighting, SourceId, SourceKind};

use crate::derive::{drop_nonsense, fill_rates};
use crate::dirty::Dirty;
use crate::join::hints::{Hint, hints_of};
use crate::join::may_join;
use crate::ledger::Ledger;
use crate::naming::own_id;
use crate::part::{Part, PartKey, SliceKey};
use crate::time::Times;

/// The name tests give a thing whose sighting shall panic here.
#[cfg(test)]
pub(crate) const POISON: &str = "poison";

/// What folding an observation touches on its way.
#[derive(Debug, Default)]
pub(crate) struct Touch {
    /// To be composed anew.
    pub dirty: Dirty,
    /// To be compared with others anew.
    pub seeds: BTreeSet<PartKey>,
}

impl Ledger {
    /// Puts one sighting in its place; returns its number, or nothing when there is no room.
    pub(crate) fn place(
        &mut self,
        source: &SourceId,
        slice: SliceKey,
        id: Option<ResourceId>,
        mut sighting: Sighting,
        times: Times,
        touch: &mut Touch,
    ) -> Option<PartKey> {
        #[cfg(test)]
        assert_ne!(sighting.name, POISON, "planted");
        let known = self.parts.find(source, &sighting.native);
        let before = known.and_then(|key| self.parts.get(key)).cloned();
        if before.is_none() && self.parts.len() >= self.most_parts {
            return None;
        }
        drop_nonsense(&mut sighting.metrics);
        if let Some(before) = &before {
            fill_rates(&before.sighting, before.times, &mut sighting, times);
        }
        let key = self.parts.key(source, &sighting.native);
        let parent = sighting
            .parent
            .as_ref()
            .filter(|parent| **parent != sighting.native);
        let parent = parent.map(|parent| self.parts.key(source, parent));
        let is_machine = id.is_some();
        let shown_as = shown_as(source.kind, &sighting, is_machine);
        let own = match (&before, id) {
            (_, Some(id)) => id,
            (Some(before), None) if before.shown_as == shown_as => before.own.clone(),
            (_, None) => own_id(shown_as, source, &sighting.native),
        };
        let part = Part {
            source: source.clone(),
            shown_as,
            slice,
            resource: before
                .as_ref()
                .map_or_else(|| own.clone(), |part| part.resource.clone()),
            own,
            matched_by: before.as_ref().and_then(|part| part.matched_by.clone()),
            parent,
            is_machine,
            times,
            sighting,
        };
        self.index(key, before.as_deref(), &part, touch);
        self.parts.put(key, part);
        Some(key)
    }

    /// Keeps hints and groups in step with a part that is put where `before` was.
    fn index(&mut self, key: PartKey, before: Option<&Part>, part: &Part, touch: &mut Touch) {
        let same = |before: &Part| {
            let (then, now) = (&before.sighting, &part.sighting);
            let is_in_place = then.kind != Kind::PhysicalDisk
                || (before.parent == part.parent && hints_of(before) == hints_of(part));
            is_in_place
                && then.identity == now.identity
                && then.kind == now.kind
                && then.name == now.name
        };
        if before.is_some_and(same) {
            return;
        }
        let then = before.map(hints_of).unwrap_or_default();
        let now = hints_of(part);
        for hint in then.into_iter().filter(|hint| !now.contains(hint)) {
            self.lose(hint, key, touch);
        }
        for hint in now {
            touch.seeds.extend(self.hints.add(hint, key));
        }
        let is_there = self.groups.contains_key(&part.resource);
        if !is_there {
            self.groups.insert(part.resource.clone(), [key].into());
        }
        let is_new_in_there = before.is_none() && is_there;
        let is_decided =
            || self.links.mentions(&part.own) || !self.trails.get(&part.own).is_empty();
        if is_new_in_there || may_join(part.sighting.kind) || is_decided() {
            touch.seeds.insert(key);
        }
    }

    /// Gives the slice its new members and takes out those that have gone.
    pub(crate) fn replace_members(
        &mut self,
        key: SliceKey,
        members: &[PartKey],
        touch: &mut Touch,
    ) {
        let Some(slice) = self.slices.get(key) else {
            return;
        };
        if *slice.members == *members {
            return;
        }
        let before = slice.members.clone();
        for part in before
            .iter()
            .filter(|part| members.binary_search(part).is_err())
        {
            // What another slice of the source has shown since is that one's now.
            if self.parts.get(*part).is_some_and(|part| part.slice == key) {
                self.take_out(*part, touch);
            }
        }
        self.slices
            .change(key, |slice| slice.members = members.into());
    }

    /// Takes a hint from a part. Whoever shares it may be clearer now, and a clone is none any more.
    fn lose(&mut self, hint: Hint, key: PartKey, touch: &mut Touch) {
        touch.seeds.extend(self.hints.sharing(&hint));
        touch.seeds.extend(self.hints.remove(hint, key));
    }

    fn take_out(&mut self, key: PartKey, touch: &mut Touch) {
        for child in self.parts.children(key) {
            let resource = self.parts.get(child).map(|part| part.resource.clone());
            touch.dirty.extend(resource);
        }
        touch.seeds.extend(self.disks_in([key]));
        let Some(part) = self.parts.remove(key) else {
            return;
        };
        for hint in hints_of(&part) {
            self.lose(hint, key, touch);
        }
        let mut rest = self.members(&part.resource);
        rest.retain(|member| *member != key);
        if rest.is_empty() {
            self.groups.remove(&part.resource);
        } else {
            touch.seeds.extend(&rest);
            self.groups.insert(part.resource.clone(), rest.into());
        }
        touch.dirty.insert(part.resource.clone());
    }
}

/// Returns whose word a sighting is: what an agent sees of container engines is Docker's.
fn shown_as(source: SourceKind, sighting: &Sighting, is_machine: bool) -> SourceKind {
    let word = sighting.kind.word();
    if source != SourceKind::Agent || is_machine {
        source
    } else if word == "app-container" || word.starts_with("docker-") {
        SourceKind::Docker
    } else if word == "pod" || word.starts_with("k8s-") {
        SourceKind::Kubernetes
    } else {
        source
    }
}
