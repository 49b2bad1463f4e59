//! Everything the estate is made of, and how an observation changes it. No task, no time of its
//! own, no disk: what is folded in here can be folded in a test.
//!
//! Cloning is cheap, so a fold works on a copy that takes the place of the original when all went
//! well: one that panics has changed nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{
    NativeId, Reading, Resource, ResourceId, Scope, Sighting, SourceId, Standing, reporting_source,
};

use crate::bound::{self, Shed};
use crate::compose::{Surroundings, View, compose};
use crate::derive::drop_nonsense;
use crate::dirty::Dirty;
use crate::freshness::{Verdict, Watch};
use crate::join::hints::{Hint, Hints, hints_of};
use crate::links::{Links, Unsaved};
use crate::outage::{Outages, Transition};
use crate::part::{Part, PartKey, Parts, SliceKey};
use crate::place::Touch;
use crate::slice::{Slice, Slices};
use crate::snapshot::Estate;
use crate::time::{Times, is_overtaken};
use crate::trail::Trails;

/// What a source saw of one of its slices.
#[derive(Debug)]
pub(crate) struct Seen {
    pub source: SourceId,
    pub scope: Scope,
    pub interval: Duration,
    pub times: Times,
    /// The machine the source itself runs on, under the id it goes by.
    pub machine: Option<(ResourceId, Sighting)>,
    pub others: Vec<Sighting>,
}

/// What a change led to, for those who have to be told.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub readings: Vec<Reading>,
    pub transitions: Vec<Transition>,
    pub shed: Shed,
    /// There was no room for more.
    pub turned_away: usize,
    /// Views whose id is to be written.
    pub trails: Vec<ResourceId>,
    /// Ties that are to be written.
    pub unsaved: Vec<Unsaved>,
    /// Ids that views shall go by again if they may, when a decision is taken back.
    pub recall: BTreeMap<ResourceId, ResourceId>,
    pub changed: bool,
}

/// When it is, and since when this server has been watching.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub now: Timestamp,
    pub mono: Duration,
    pub watching_since: Duration,
}

/// The parts, the slices they are seen in, and the resources they make.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub estate: Estate,
    pub slices: Slices,
    pub(crate) parts: Parts,
    pub(crate) groups: imbl::HashMap<ResourceId, Arc<[PartKey]>>,
    pub(crate) hints: Hints,
    pub links: Links,
    pub trails: Trails,
    pub(crate) outages: Outages,
    pub(crate) most_parts: usize,
}

impl Ledger {
    /// Makes an empty one that takes at most that many parts.
    pub fn new(most_parts: usize) -> Self {
        Self {
            estate: Estate::default(),
            slices: Slices::default(),
            parts: Parts::default(),
            groups: imbl::HashMap::default(),
            hints: Hints::default(),
            links: Links::default(),
            trails: Trails::default(),
            outages: Outages::default(),
            most_parts,
        }
    }

    /// Replaces a slice by what was seen of it now.
    pub fn see(&mut self, mut seen: Seen, moment: Moment) -> Effects {
        let mut effects = Effects::default();
        let most = if seen.machine.is_some() {
            bound::MOST_PER_HOST
        } else {
            bound::MOST_PER_SLICE
        };
        if let Some((_, machine)) = &seen.machine {
            seen.others.retain(|other| other.native != machine.native);
        }
        effects.shed = bound::keep(&mut seen.others, most);
        let mut touch = Touch::default();
        let Some(slice) = self.slice(&seen, moment, &mut touch) else {
            effects.turned_away = seen.others.len();
            return effects;
        };
        let (source, times) = (seen.source.clone(), seen.times);
        let machine = seen.machine.as_ref().map(|(_, s)| s.native.clone());
        let mut members = Vec::with_capacity(seen.others.len() + 1);
        let owner = seen.machine.into_iter().map(|(id, s)| (Some(id), s));
        let others = seen.others.into_iter().map(|sighting| (None, sighting));
        for (id, mut sighting) in owner.chain(others) {
            bound::shorten(&mut sighting);
            if id.is_none() && sighting.parent.is_none() {
                sighting.parent = machine.clone().filter(|name| *name != sighting.native);
            }
            match self.place(&source, slice, id, sighting, times, &mut touch) {
                Some(key) => members.push(key),
                None => effects.turned_away += 1,
            }
        }
        let in_order = members.clone();
        members.sort_unstable();
        members.dedup();
        self.replace_members(slice, &members, &mut touch);
        self.note(slice, &effects);
        self.regroup(touch.seeds, moment.now, &mut touch.dirty, &mut effects);
        let resource = |key: &PartKey| Some(self.parts.get(*key)?.resource.clone());
        let refreshed: Dirty = in_order.iter().filter_map(resource).collect();
        let mut dirty = refreshed.clone();
        dirty.extend(touch.dirty.iter().cloned());
        self.rebuild(dirty, moment.now, &mut effects);
        self.read(&refreshed, times.true_at(), seen.interval, &mut effects);
        effects
    }

    /// Notes that a slice could not be read.
    pub fn fail(
        &mut self,
        source: &SourceId,
        scope: &Scope,
        reason: &str,
        moment: Moment,
    ) -> Effects {
        let mut effects = Effects::default();
        let Some(key) = self.slices.find(source, scope) else {
            return effects;
        };
        let mut reason = reason.to_owned();
        bound::cut(&mut reason, bound::LONGEST_NAME);
        let news = self.slices.change(key, |slice| {
            let fell = slice
                .watch
                .fail(moment.watching_since, moment.mono, moment.now);
            let is_new = slice.error.as_deref() != Some(reason.as_str());
            if is_new {
                slice.error = Some(reason.into());
            }
            fell || is_new
        });
        if news == Some(true) {
            self.aged(key, moment.now, &mut effects);
        }
        effects
    }

    /// Tells whether what was seen was made before what is known, and only arrived after it.
    pub fn is_overtaken(&self, seen: &Seen, mono: Duration) -> bool {
        let slice = self.slices.find(&seen.source, &seen.scope);
        slice
            .and_then(|key| self.slices.get(key))
            .is_some_and(|slice| {
                let since_last = slice.watch.heard().map(|heard| mono.saturating_sub(heard));
                is_overtaken(seen.times.made_at, slice.made_at, since_last, seen.interval)
            })
    }

    /// Notes that the slice was heard of, though not with news.
    pub fn hear(&mut self, key: SliceKey, interval: Duration, moment: Moment) -> Effects {
        let mut effects = Effects::default();
        let changed = self.slices.change(key, |slice| {
            let kind = slice.source.kind;
            slice.watch.hear(kind, interval, moment.mono)
        });
        if changed == Some(true) {
            self.aged(key, moment.now, &mut effects);
        }
        effects
    }

    /// Lets silence about a slice count.
    pub fn tick(&mut self, key: SliceKey, moment: Moment) -> Effects {
        let mut effects = Effects::default();
        let changed = self.slices.change(key, |slice| {
            slice
                .watch
                .tick(moment.watching_since, moment.mono, moment.now)
        });
        if changed == Some(true) {
            self.aged(key, moment.now, &mut effects);
        }
        effects
    }

    /// Forgets a source and all it ever showed.
    pub fn forget(&mut self, source: &SourceId, now: Timestamp) -> Effects {
        let mut effects = Effects::default();
        let mut touch = Touch::default();
        for key in self.slices.of(source) {
            self.replace_members(key, &[], &mut touch);
            self.slices.remove(key);
        }
        self.regroup(touch.seeds, now, &mut touch.dirty, &mut effects);
        self.rebuild(touch.dirty, now, &mut effects);
        effects
    }

    /// Shows how `source` stands with the operators; tells whether anything shows it now.
    pub fn stand(&mut self, source: SourceId, standing: Standing) -> bool {
        let slices = self.slices.of(&source);
        self.estate.note_standing(source.clone(), standing);
        let mut shown = false;
        let of_slice = |key| self.resources_of(key).iter().cloned().collect::<Vec<_>>();
        let ids: Vec<_> = slices.into_iter().flat_map(of_slice).collect();
        for id in &ids {
            let entry = self.estate.get_exactly(id);
            let resource = entry.map(|entry| entry.resource()).cloned();
            let is_source =
                |resource: &Resource| reporting_source(resource) == Some(source.clone());
            if let Some(resource) = resource.filter(is_source) {
                self.estate.put(resource);
                shown = true;
            }
        }
        shown
    }

    /// Puts back what is known from before this start; `joined` tells that others saw it too.
    pub fn remember(&mut self, seen: Seen, verdict: Verdict, joined: bool, moment: Moment) {
        let (source, scope) = (seen.source.clone(), seen.scope.clone());
        self.see(seen, moment);
        let Some(key) = self.slices.find(&source, &scope) else {
            return;
        };
        self.slices.change(key, |slice| {
            let interval = slice.watch.interval();
            slice.watch = Watch::remembered(source.kind, verdict, interval);
        });
        let resources = self.resources_of(key);
        if let Verdict::Offline { since } = verdict {
            for id in resources.iter() {
                self.outages.remember(id.clone(), since);
            }
        }
        self.rebuild(resources.clone(), moment.now, &mut Effects::default());
        if joined {
            // Nobody was told that it is down: whether it is, the others have to say first.
            resources.iter().for_each(|id| self.outages.forget(id));
        }
    }

    /// Puts back the ids a view has lived under; each leads to the last of them.
    pub fn remember_trail(&mut self, own: ResourceId, trail: Vec<ResourceId>) {
        if let Some(last) = trail.last().cloned() {
            for earlier in trail.iter().chain([&own]).filter(|id| **id != last) {
                self.estate.lead(earlier.clone(), last.clone());
            }
            self.trails.remember(own, trail);
        }
    }

    /// Returns what `own` alone is, as its source sees it, with how fresh that is.
    pub fn alone(&self, source: &SourceId, native: &NativeId) -> Option<(Resource, Verdict)> {
        let part = self.parts.get(self.parts.find(source, native)?)?;
        let slice = self.slices.get(part.slice)?;
        let around = Surroundings::none(part.times.now);
        let view = View {
            part,
            slice,
            home: None,
        };
        Some((compose(&part.own, &[view], around), slice.watch.verdict()))
    }

    /// Returns the machine that the source of a slice runs on.
    pub fn machine_of(&self, key: SliceKey) -> Option<&Part> {
        let members = self.slices.get(key)?.members.iter();
        let parts = members.filter_map(|key| self.parts.get(*key));
        parts.map(|part| &**part).find(|part| part.is_machine)
    }

    /// Returns what there is to record of a view that a later one has overtaken. It changes nothing.
    pub fn late(&self, seen: &Seen) -> Vec<Reading> {
        let machine = seen.machine.iter().map(|(_, sighting)| sighting);
        let readings = machine.chain(&seen.others).filter_map(|sighting| {
            let key = self.parts.find(&seen.source, &sighting.native)?;
            let part = self.parts.get(key)?;
            let slice = self.slices.get(part.slice)?;
            let mut metrics = sighting.metrics.clone();
            drop_nonsense(&mut metrics);
            let then = Part {
                times: seen.times,
                sighting: Sighting {
                    metrics,
                    ..sighting.clone()
                },
                ..Part::clone(part)
            };
            let view = View {
                part: &then,
                slice,
                home: None,
            };
            let resource = compose(&part.resource, &[view], Surroundings::none(seen.times.now));
            reading(&resource, seen.times.true_at(), seen.interval)
        });
        readings.collect()
    }

    /// Returns the slice that was seen, noting that it was.
    fn slice(&mut self, seen: &Seen, moment: Moment, touch: &mut Touch) -> Option<SliceKey> {
        let kind = seen.source.kind;
        let Some(key) = self.slices.find(&seen.source, &seen.scope) else {
            return self.slices.add(Slice {
                source: seen.source.clone(),
                scope: seen.scope.clone(),
                watch: Watch::heard_now(kind, seen.interval, moment.mono),
                made_at: Some(seen.times.made_at),
                members: Arc::default(),
                error: None,
                note: None,
            });
        };
        let changed = self.slices.change(key, |slice| {
            slice.error = None;
            slice.made_at = Some(seen.times.made_at);
            slice.watch.hear(kind, seen.interval, moment.mono)
        });
        if changed == Some(true) {
            touch.seeds.extend(self.twins(key));
        }
        Some(key)
    }

    /// Composes anew what is in a slice whose freshness changed; who shares a machine id with it is
    /// looked at again.
    fn aged(&mut self, key: SliceKey, now: Timestamp, effects: &mut Effects) {
        let mut dirty = self.resources_of(key);
        let seeds = self.twins(key);
        self.regroup(seeds, now, &mut dirty, effects);
        self.rebuild(dirty, now, effects);
    }

    /// Returns the machine of a slice when another one claims its machine id: what they are to each
    /// other depends on who is alive.
    fn twins(&self, key: SliceKey) -> BTreeSet<PartKey> {
        let members = self.slices.get(key).map(|slice| slice.members.clone());
        let is_twin = |key: &PartKey| {
            let part = self.parts.get(*key).filter(|part| part.is_machine);
            let hints = part.map(|part| hints_of(part)).unwrap_or_default();
            let mut machine = hints.iter().filter(|hint| matches!(hint, Hint::Machine(_)));
            machine.any(|hint| self.hints.all(hint).len() > 1)
        };
        let members = members.unwrap_or_default();
        members.iter().copied().filter(is_twin).collect()
    }

    fn note(&mut self, key: SliceKey, effects: &Effects) {
        let mut words: Vec<_> = effects.shed.note().into_iter().collect();
        if effects.turned_away > 0 {
            words.push(format!("no room for {}", effects.turned_away));
        }
        let note = (!words.is_empty()).then(|| words.join("; "));
        let has_other = |slice: &Arc<Slice>| slice.note.as_deref() != note.as_deref();
        if self.slices.get(key).is_some_and(has_other) {
            self.slices
                .change(key, |slice| slice.note = note.map(Arc::from));
        }
    }

    pub(crate) fn resources_of(&self, key: SliceKey) -> Dirty {
        let members = self.slices.get(key).map(|slice| slice.members.clone());
        let members = members.unwrap_or_default();
        let parts = members.iter().filter_map(|part| self.parts.get(*part));
        parts.map(|part| part.resource.clone()).collect()
    }
}

/// Returns what there is to record of `resource`, if anything.
pub(crate) fn reading(resource: &Resource, at: Timestamp, step: Duration) -> Option<Reading> {
    let values = resource.values();
    (!values.is_empty()).then(|| Reading {
        resource: resource.id.clone(),
        kind: resource.kind,
        at,
        step,
        values,
    })
}
