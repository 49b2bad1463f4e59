//! Joins and parts views: finds who is touched by a change, asks the rules, gives each group the id
//! it shall go by. Costs what is touched, not what exists.
//!
//! The id of a group is, in this order: what an operator chose; what the oldest of the resources in
//! it went by already; what it went by before a restart; the own id of the view that knows best. An
//! id that is some view's own is never given to a group without that view.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use pulse_model::{Kind, ResourceId};

use crate::compose::{View, authority};
use crate::dirty::Dirty;
use crate::join::group::{Group, groups};
use crate::join::hints::{Hint, hints_of};
use crate::join::machine::RENEWED;
use crate::join::{are_different_engines, is_agent, is_offline, is_told_of};
use crate::ledger::{Effects, Ledger};
use crate::links::{Pair, Tie, TieKind, pair};
use crate::part::{Part, PartKey};

/// Who is named as the one that keeps apart what turned out to be copies.
const DETECTION: &str = "clone detection";

impl Ledger {
    /// Joins and parts whatever `seeds` may have to do with.
    pub(crate) fn regroup(
        &mut self,
        seeds: BTreeSet<PartKey>,
        now: Timestamp,
        dirty: &mut Dirty,
        effects: &mut Effects,
    ) {
        if seeds.is_empty() {
            return;
        }
        let touched = self.touched(&seeds);
        self.part_clones(&touched, now, effects);
        let edges = self.edges(&touched);
        let mut names = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for key in &touched {
            if let Some(part) = self.parts.get(*key) {
                let next = names.len();
                sources.insert(*key, *names.entry(part.source.clone()).or_insert(next));
            }
        }
        let source = |key| sources.get(&key).copied().unwrap_or(usize::MAX);
        let apart = |a, b| match (self.parts.get(a), self.parts.get(b)) {
            (Some(a), Some(b)) => {
                self.links.are_apart(&a.own, &b.own) || are_different_engines(a, b)
            }
            _ => true,
        };
        let is_told = |key| self.parts.get(key).is_some_and(|part| is_told_of(part));
        let groups = groups(&touched, edges, source, apart, is_told);
        let moved = self.settle(&groups, &touched, dirty, effects);
        // Which disks are one depends on which machines are.
        let disks = self.disks_in(moved);
        self.regroup(disks, now, dirty, effects);
    }

    /// Returns the disks that belong directly to what is under `keys` and is no disk itself.
    pub(crate) fn disks_in(&self, keys: impl IntoIterator<Item = PartKey>) -> BTreeSet<PartKey> {
        let is_disk = |key: &PartKey| {
            let part = self.parts.get(*key);
            part.is_some_and(|part| part.sighting.kind == Kind::PhysicalDisk)
        };
        let machines = keys.into_iter().filter(|key| !is_disk(key));
        machines
            .flat_map(|key| self.parts.children(key))
            .filter(is_disk)
            .collect()
    }

    /// Returns `seeds` with all they share a hint, a link or a resource with.
    fn touched(&self, seeds: &BTreeSet<PartKey>) -> BTreeSet<PartKey> {
        let mut touched = BTreeSet::new();
        let mut add = |key: PartKey| {
            let Some(part) = self.parts.get(key) else {
                return;
            };
            touched.insert(key);
            touched.extend(self.members(&part.resource));
        };
        for seed in seeds {
            add(*seed);
            let Some(part) = self.parts.get(*seed) else {
                continue;
            };
            for hint in hints_of(part) {
                self.hints.sharing(&hint).into_iter().for_each(&mut add);
            }
        }
        let first: Vec<_> = touched.iter().copied().collect();
        for key in first {
            for partner in self.linked_partners(key) {
                touched.insert(partner);
                if let Some(part) = self.parts.get(partner) {
                    touched.extend(self.members(&part.resource));
                }
            }
        }
        touched.retain(|key| self.parts.get(*key).is_some());
        touched
    }

    pub(crate) fn members(&self, id: &ResourceId) -> Vec<PartKey> {
        self.groups
            .get(id)
            .map(|all| all.to_vec())
            .unwrap_or_default()
    }

    fn linked_partners(&self, key: PartKey) -> Vec<PartKey> {
        let Some(part) = self.parts.get(key) else {
            return Vec::new();
        };
        let ids = std::iter::once(&part.own).chain(self.trails.get(&part.own));
        let ties = ids.flat_map(|id| self.links.linked_to(id));
        ties.flat_map(|tie| [tie.resource_a.clone(), tie.resource_b.clone()])
            .filter_map(|id| self.answering(&id))
            .collect()
    }

    /// Returns the view that answers to `id`: whose own it is, else one that has lived under it.
    pub(crate) fn answering(&self, id: &ResourceId) -> Option<PartKey> {
        let resource = self.estate.present_id(id);
        let members = self.members(resource);
        let is_own = |key: &PartKey| self.parts.get(*key).is_some_and(|part| part.own == *id);
        let own = members.iter().copied().find(is_own);
        own.or_else(|| members.first().copied())
    }

    /// Keeps apart for good what a machine id had joined and what turns out to be two live machines.
    fn part_clones(&mut self, touched: &BTreeSet<PartKey>, now: Timestamp, effects: &mut Effects) {
        let views: Vec<_> = touched.iter().filter_map(|key| self.view(*key)).collect();
        let live = views
            .iter()
            .filter(|view| is_agent(view) && !is_offline(view));
        let mut together: BTreeMap<&ResourceId, Vec<&Part>> = BTreeMap::new();
        for view in live {
            let parts = together.entry(&view.part.resource).or_default();
            parts.push(view.part);
        }
        let mut ties = Vec::new();
        for parts in together.values() {
            for (at, a) in parts.iter().enumerate() {
                for b in &parts[at + 1..] {
                    let guessed = |part: &Part| part.matched_by.as_deref() == Some(RENEWED);
                    let decided = self.links.between(&a.own, &b.own).is_some();
                    if (guessed(a) || guessed(b)) && !decided {
                        let reason = "both report under one machine id";
                        ties.push(apart(a, b, reason, DETECTION, now));
                    }
                }
            }
        }
        if ties.is_empty() {
            return;
        }
        if let Ok((_, unsaved)) = self.links.decide(DETECTION, now, ties, Vec::new()) {
            effects.unsaved.push(unsaved);
        }
    }

    /// Gives each group its id and puts its members there; returns who was elsewhere before.
    fn settle(
        &mut self,
        groups: &[Group],
        touched: &BTreeSet<PartKey>,
        dirty: &mut Dirty,
        effects: &mut Effects,
    ) -> Vec<PartKey> {
        let resource = |key: &PartKey| Some(self.parts.get(*key)?.resource.clone());
        let before: BTreeMap<_, _> = touched
            .iter()
            .filter_map(|k| Some((*k, resource(k)?)))
            .collect();
        let owner = |key: &PartKey| Some((self.parts.get(*key)?.own.clone(), *key));
        let owners: HashMap<_, _> = touched.iter().filter_map(owner).collect();
        let mut taken = HashSet::new();
        let mut named = Vec::with_capacity(groups.len());
        for group in groups {
            let id = self.choose(group, touched, &owners, &taken, &effects.recall);
            taken.insert(id.clone());
            named.push((id, group));
        }
        for id in before.values() {
            self.groups.remove(id);
        }
        let mut moved = Vec::new();
        for (id, group) in &named {
            self.groups
                .insert(id.clone(), group.members.as_slice().into());
            dirty.insert(id.clone());
            for key in &group.members {
                if self.move_in(*key, id, group, &before[key], &taken, effects) {
                    moved.push(*key);
                }
            }
        }
        for key in &moved {
            let children = self.parts.children(*key);
            dirty
                .extend(children.filter_map(|child| Some(self.parts.get(child)?.resource.clone())));
        }
        dirty.extend(before.into_values());
        moved
    }

    /// Puts one view into its resource; returns whether it was in another one.
    fn move_in(
        &mut self,
        key: PartKey,
        id: &ResourceId,
        group: &Group,
        before: &ResourceId,
        taken: &HashSet<ResourceId>,
        effects: &mut Effects,
    ) -> bool {
        let Some(part) = self.parts.get(key).cloned() else {
            return false;
        };
        let reason = group.reasons.get(&key).map(String::as_str);
        if part.resource != *id || part.matched_by.as_deref() != reason {
            self.parts.change(key, |part| {
                part.resource = id.clone();
                part.matched_by = reason.map(Into::into);
            });
        }
        let left = (before != id && taken.contains(before)).then_some(before);
        let trail = self.trails.get(&part.own).to_vec();
        if self.trails.follow(&part.own, id, left) {
            effects.trails.push(part.own.clone());
        }
        for earlier in trail.iter().chain([&part.own]) {
            self.estate.mislead(earlier, before);
        }
        for earlier in self.trails.get(&part.own).iter().chain([&part.own]) {
            if earlier != id {
                self.estate.lead(earlier.clone(), id.clone());
            }
        }
        part.resource != *id
    }

    fn choose(
        &self,
        group: &Group,
        touched: &BTreeSet<PartKey>,
        owners: &HashMap<ResourceId, PartKey>,
        taken: &HashSet<ResourceId>,
        recall: &BTreeMap<ResourceId, ResourceId>,
    ) -> ResourceId {
        let parts: Vec<_> = group
            .members
            .iter()
            .filter_map(|key| self.parts.get(*key))
            .collect();
        let is_free = |id: &ResourceId| {
            let is_ours = match owners.get(id) {
                Some(owner) => group.members.contains(owner),
                None => self.is_free(id, group, touched),
            };
            is_ours && !taken.contains(id)
        };
        let mut links: Vec<_> = parts
            .iter()
            .flat_map(|part| self.links.linked_to(&part.own))
            .filter_map(|tie| Some((parts.iter().find(|part| part.own == tie.primary_id)?, tie)))
            .collect();
        links.sort_by_key(|(_, tie)| std::cmp::Reverse((tie.created_at, tie.decision)));
        let chosen = links
            .iter()
            .flat_map(|(part, tie)| [part.resource.clone(), tie.primary_id.clone()]);
        let mut present: Vec<_> = parts
            .iter()
            .filter_map(|part| Some((self.estate.slot_of(&part.resource)?, part.resource.clone())))
            .collect();
        present.sort();
        let present = present.into_iter().map(|(_, id)| id);
        let earlier = parts
            .iter()
            .flat_map(|part| self.trails.get(&part.own).iter().rev().cloned());
        let recalled = parts
            .iter()
            .filter_map(|part| recall.get(&part.own).cloned());
        let found = recalled
            .chain(chosen)
            .chain(present)
            .chain(earlier)
            .find(is_free);
        let mut by_authority = parts.clone();
        by_authority.sort_by_key(|part| (authority(part), part.own.clone()));
        let own = || {
            by_authority
                .iter()
                .map(|part| part.own.clone())
                .find(is_free)
        };
        found
            .or_else(own)
            .unwrap_or_else(|| by_authority[0].own.clone())
    }

    /// Tells whether a group may go by `id`, which is the own id of nobody in `touched`: nobody
    /// outside the group has it as its own or lives under it.
    fn is_free(&self, id: &ResourceId, group: &Group, touched: &BTreeSet<PartKey>) -> bool {
        let is_inside = |key: &PartKey| group.members.contains(key);
        let has_it = |key: &PartKey| self.parts.get(*key).is_some_and(|part| part.own == *id);
        let others = self.members(self.estate.present_id(id));
        let lives = others.iter().all(|key| touched.contains(key));
        let mut owners = others.iter().filter(|key| has_it(key));
        (lives || self.estate.present_id(id) != id) && owners.all(is_inside)
    }

    /// Returns the resources that claim the machine of `views` while both are alive.
    pub(crate) fn clones_of(&self, id: &ResourceId, views: &[View<'_>]) -> Vec<ResourceId> {
        const MOST_SHOWN: usize = 8;
        let mut clones = Vec::new();
        for view in views
            .iter()
            .filter(|view| is_agent(view) && !is_offline(view))
        {
            let hints = hints_of(view.part).into_iter();
            for hint in hints.filter(|hint| matches!(hint, Hint::Machine(_))) {
                for key in self.hints.all(&hint) {
                    let other = self
                        .view(key)
                        .filter(|other| is_agent(other) && !is_offline(other));
                    let other = other.map(|other| &other.part.resource);
                    clones.extend(other.filter(|other| *other != id).cloned());
                    if clones.len() >= MOST_SHOWN {
                        return clones;
                    }
                }
            }
        }
        clones
    }
}

/// Returns the exclusion of two views.
pub(crate) fn apart(
    a: &Part,
    b: &Part,
    reason: &str,
    by: &str,
    now: Timestamp,
) -> (Pair, Option<Tie>) {
    let tie = Tie {
        kind: TieKind::Apart,
        resource_a: a.own.clone(),
        resource_b: b.own.clone(),
        primary_id: a.own.clone(),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        created_by: by.to_owned(),
        created_at: now,
        decision: 0,
    };
    (pair(&a.own, &b.own), Some(tie))
}
