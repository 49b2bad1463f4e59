//! What an operator may decide: that two are one, that they are not, that a merge was wrong, and
//! that an earlier decision was.

use std::collections::BTreeSet;

use jiff::Timestamp;

use pulse_model::{ResourceId, SourceKind};

use crate::join::is_server;
use crate::ledger::{Effects, Ledger};
use crate::links::{LinkError, Pair, Tie, TieKind, pair};
use crate::part::{Part, PartKey};
use crate::place::Touch;
use crate::regroup::apart;

/// Longest reason, in bytes.
const LONGEST_REASON: usize = 1_024;

/// Who decides, why, and when.
#[derive(Clone, Debug)]
pub struct By {
    /// The account or token.
    pub who: String,
    /// Their words; may be empty.
    pub reason: String,
    /// The time.
    pub now: Timestamp,
}

/// What a decision came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The number to take it back by.
    pub number: u64,
    /// How many pairs it ties together or keeps apart.
    pub ties: usize,
}

impl Ledger {
    /// Makes one resource of two; it goes by `id`.
    pub fn link(
        &mut self,
        id: &str,
        target: &str,
        by: By,
    ) -> Result<(Decided, Effects), LinkError> {
        let (a, b) = (self.resource(id)?, self.resource(target)?);
        if a == b {
            let itself = id == target;
            return Err(if itself {
                LinkError::Itself
            } else {
                LinkError::AlreadyLinked
            });
        }
        self.may_be_one(&a, &b)?;
        let primary = self.known_as(&a);
        let other = self.known_as(&b);
        let reason = cut(&by.reason);
        let tie = Tie {
            kind: TieKind::Linked,
            resource_a: primary.clone(),
            resource_b: other.clone(),
            primary_id: primary.clone(),
            reason: (!reason.is_empty()).then_some(reason),
            created_by: by.who.clone(),
            created_at: by.now,
            decision: 0,
        };
        let mut ties = vec![(pair(&primary, &other), Some(tie))];
        // What kept any of the two apart before is over.
        for (x, y) in self.crossing(&self.members(&a), &self.members(&b)) {
            let between = pair(&x.own, &y.own);
            if between != ties[0].0 && self.links.are_apart(&x.own, &y.own) {
                ties.push((between, None));
            }
        }
        self.decided(&by, ties, &[a, b])
    }

    /// Keeps two apart: views of one resource that were joined, or two resources that are not yet.
    pub fn unlink(
        &mut self,
        id: &str,
        target: &str,
        by: By,
    ) -> Result<(Decided, Effects), LinkError> {
        let (a, b) = (self.resource(id)?, self.resource(target)?);
        let (mine, theirs) = if a == b {
            self.sides(&a, id, target)?
        } else {
            (self.members(&a), self.members(&b))
        };
        let ties = self.kept_apart(&mine, &theirs, &by);
        if ties.is_empty() {
            return Err(LinkError::AlreadyApart);
        }
        self.decided(&by, ties, &[a, b])
    }

    /// Keeps the views of `sources` (all, when none is named) apart from the others of a resource.
    pub fn report_merge(
        &mut self,
        id: &str,
        sources: &[SourceKind],
        by: By,
    ) -> Result<(Decided, Effects), LinkError> {
        let resource = self.resource(id)?;
        let members = self.members(&resource);
        let kind = |key: &PartKey| self.parts.get(*key).map(|part| part.shown_as);
        let kinds: BTreeSet<_> = members.iter().filter_map(kind).collect();
        if kinds.len() < 2 {
            return Err(LinkError::TooFewSources);
        }
        let is_named = |kind: SourceKind| sources.is_empty() || sources.contains(&kind);
        let pairs = self.crossing(&members, &members).into_iter();
        let pairs = pairs.filter(|(x, y)| x.own < y.own && x.shown_as != y.shown_as);
        let pairs = pairs.filter(|(x, y)| is_named(x.shown_as) || is_named(y.shown_as));
        let reason = cut(&by.reason);
        let ties: Vec<_> = pairs
            .filter(|(x, y)| !self.links.are_apart(&x.own, &y.own))
            .map(|(x, y)| apart(x, y, &reason, &by.who, by.now))
            .collect();
        if ties.is_empty() {
            return Err(LinkError::NothingExcluded);
        }
        self.decided(&by, ties, &[resource])
    }

    /// Takes a decision back.
    pub fn undo(&mut self, number: u64, now: Timestamp) -> Result<(Decided, Effects), LinkError> {
        let undone = self.links.undo(number)?;
        let pairs = undone.pairs.iter();
        let ids: Vec<_> = pairs.flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        let mut effects = Effects {
            unsaved: vec![undone.unsaved],
            recall: undone.ids.into_iter().collect(),
            ..Effects::default()
        };
        let ties = undone.pairs.len();
        self.reconsider(&ids, now, &mut effects);
        Ok((Decided { number, ties }, effects))
    }

    fn decided(
        &mut self,
        by: &By,
        ties: Vec<(Pair, Option<Tie>)>,
        ids: &[ResourceId],
    ) -> Result<(Decided, Effects), LinkError> {
        let count = ties.iter().filter(|(_, tie)| tie.is_some()).count();
        let touched = ids.iter().flat_map(|id| self.members(id));
        let parts = touched.filter_map(|key| self.parts.get(key));
        let before: Vec<_> = parts
            .map(|part| (part.own.clone(), part.resource.clone()))
            .collect();
        let (number, unsaved) = self.links.decide(&by.who, by.now, ties, before)?;
        let mut effects = Effects::default();
        effects.unsaved.push(unsaved);
        self.reconsider(ids, by.now, &mut effects);
        let decided = Decided {
            number,
            ties: count,
        };
        Ok((decided, effects))
    }

    fn reconsider(&mut self, ids: &[ResourceId], now: Timestamp, effects: &mut Effects) {
        let mut touch = Touch::default();
        for id in ids {
            touch.seeds.extend(self.answering(id));
            touch.seeds.extend(self.members(self.estate.present_id(id)));
        }
        self.regroup(touch.seeds, now, &mut touch.dirty, effects);
        self.rebuild(touch.dirty, now, effects);
    }

    /// Returns the id of the resource that `id` leads to.
    fn resource(&self, id: &str) -> Result<ResourceId, LinkError> {
        let entry = self.estate.get(id);
        let known = entry.map(|entry| entry.resource().id.clone());
        known.ok_or_else(|| LinkError::Unknown { id: id.to_owned() })
    }

    /// Two of one kind may be one, and so may machines of any kinds; a machine and a container on it may not.
    fn may_be_one(&self, a: &ResourceId, b: &ResourceId) -> Result<(), LinkError> {
        let kind = |id: &ResourceId| Some(self.estate.get(id.as_str())?.resource().kind);
        match (kind(a), kind(b)) {
            (Some(a), Some(b)) if a != b && !(is_server(a) && is_server(b)) => {
                Err(LinkError::Kinds {
                    a: a.word(),
                    b: b.word(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Returns the id a tie names a resource by: that of the view that answers to it.
    fn known_as(&self, id: &ResourceId) -> ResourceId {
        let key = self.answering(id);
        let part = key.and_then(|key| self.parts.get(key));
        part.map_or_else(|| id.clone(), |part| part.own.clone())
    }

    /// Cuts a resource in two: the view that answers to `target`, or else to `id`, and the rest.
    fn sides(
        &self,
        resource: &ResourceId,
        id: &str,
        target: &str,
    ) -> Result<(Vec<PartKey>, Vec<PartKey>), LinkError> {
        let members = self.members(resource);
        let own = |wanted: &str| {
            let has = |key: &&PartKey| {
                let part = self.parts.get(**key);
                part.is_some_and(|part| part.own.as_str() == wanted)
            };
            members.iter().find(has).copied()
        };
        // Whoever gave the resource its id stays in it.
        let leaving = if target == resource.as_str() {
            own(id)
        } else {
            own(target)
        };
        let leaving = leaving.or_else(|| own(id)).filter(|_| id != target);
        let leaving = leaving.ok_or(LinkError::Itself)?;
        let rest: Vec<_> = members
            .iter()
            .copied()
            .filter(|key| *key != leaving)
            .collect();
        if rest.is_empty() {
            return Err(LinkError::Itself);
        }
        Ok((rest, vec![leaving]))
    }

    fn kept_apart(
        &self,
        mine: &[PartKey],
        theirs: &[PartKey],
        by: &By,
    ) -> Vec<(Pair, Option<Tie>)> {
        let reason = cut(&by.reason);
        self.crossing(mine, theirs)
            .into_iter()
            .filter(|(x, y)| x.own != y.own && !self.links.are_apart(&x.own, &y.own))
            .map(|(x, y)| apart(x, y, &reason, &by.who, by.now))
            .collect()
    }

    fn crossing(&self, mine: &[PartKey], theirs: &[PartKey]) -> Vec<(&Part, &Part)> {
        let part = |key: &PartKey| self.parts.get(*key).map(|part| &**part);
        let mut pairs = Vec::new();
        for x in mine.iter().filter_map(part) {
            pairs.extend(theirs.iter().filter_map(part).map(|y| (x, y)));
        }
        pairs
    }
}

fn cut(reason: &str) -> String {
    let mut reason = reason.trim().to_owned();
    crate::bound::cut(&mut reason, LONGEST_REASON);
    reason
}
