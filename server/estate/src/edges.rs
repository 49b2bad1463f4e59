//! Which of the views that a change touches are one: by an operator's link, by a rule, or because they
//! were one before. Only who shares something is compared, so the cost follows what is shared.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pulse_model::ResourceId;

use crate::compose::View;
use crate::join::disk::are_elsewhere;
use crate::join::group::Edge;
use crate::join::hints::{Hint, hints_of};
use crate::join::{LINKED, Match, STILL, is_agent, is_offline, matching};
use crate::ledger::Ledger;
use crate::links::Tie;
use crate::part::PartKey;

/// Two views, the smaller key first.
type Two = (PartKey, PartKey);

/// What two views are compared for: a hint, the resource they are in, or an id they went by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Shared<'a> {
    Hint(Hint),
    Resource(&'a ResourceId),
    Earlier(&'a ResourceId),
}

impl Ledger {
    /// Returns who of `touched` is one with whom, and why.
    pub(crate) fn edges(&self, touched: &BTreeSet<PartKey>) -> Vec<Edge> {
        let views: BTreeMap<_, _> = touched
            .iter()
            .filter_map(|key| Some((*key, self.view(*key)?)))
            .collect();
        let mut edges = self.link_edges(&views);
        for (a, b) in self.worth_comparing(&views) {
            let (one, other) = (&views[&a], &views[&b]);
            let matched = matching(one, other);
            if let Some(matched) = matched.or_else(|| self.still(one, other)) {
                edges.push(Edge { a, b, matched });
            }
        }
        edges
    }

    /// Returns the pairs that a rule may speak for: those of two sources that share something.
    fn worth_comparing(&self, views: &BTreeMap<PartKey, View<'_>>) -> BTreeSet<Two> {
        let mut sharing: BTreeMap<Shared<'_>, Vec<PartKey>> = BTreeMap::new();
        for (key, view) in views {
            let part = view.part;
            let last = self.trails.get(&part.own).last();
            let earlier = last.filter(|last| **last != part.own);
            let ids = [Shared::Resource(&part.resource), Shared::Earlier(&part.own)];
            let hints = hints_of(part).into_iter();
            let narrow = hints.filter(|hint| self.hints.is_telling(hint));
            let all = ids.into_iter().chain(earlier.map(Shared::Earlier));
            for shared in all.chain(narrow.map(Shared::Hint)) {
                sharing.entry(shared).or_default().push(*key);
            }
        }
        let mut pairs = BTreeSet::new();
        for keys in sharing.values() {
            for (at, a) in keys.iter().enumerate() {
                let source = &views[a].part.source;
                let others = keys[at + 1..].iter();
                let others = others.filter(|b| views[*b].part.source != *source);
                pairs.extend(others.map(|b| (*a, *b)));
            }
        }
        pairs
    }

    /// Says that what was joined stays so while anything at all still speaks for it: sources notice a
    /// new name and a new address one after the other, and joining needs more than staying joined.
    fn still(&self, a: &View<'_>, b: &View<'_>) -> Option<Match> {
        let are_live_agents = [a, b]
            .iter()
            .all(|view| is_agent(view) && !is_offline(view));
        if a.part.source == b.part.source || are_live_agents || are_elsewhere(a, b) {
            return None;
        }
        let (ours, theirs) = (self.trails.get(&a.part.own), self.trails.get(&b.part.own));
        let lately = [ours.last(), Some(&a.part.own)];
        let shared = |id: &Option<&ResourceId>| {
            id.is_some() && (*id == theirs.last() || *id == Some(&b.part.own))
        };
        let was_joined = a.part.resource == b.part.resource || lately.iter().any(shared);
        if !was_joined {
            return None;
        }
        let hints = hints_of(b.part);
        hints_of(a.part).iter().find(|hint| hints.contains(hint))?;
        let known = a
            .part
            .matched_by
            .as_deref()
            .or(b.part.matched_by.as_deref());
        Some(Match {
            rank: STILL,
            reason: known.unwrap_or("joined before").to_owned(),
        })
    }

    fn link_edges(&self, views: &BTreeMap<PartKey, View<'_>>) -> Vec<Edge> {
        let (mut owners, mut lived) = (HashMap::new(), HashMap::new());
        for (key, view) in views {
            owners.entry(&view.part.own).or_insert(*key);
            for id in self.trails.get(&view.part.own) {
                lived.entry(id).or_insert(*key);
            }
        }
        let answers = |id: &ResourceId| owners.get(id).or_else(|| lived.get(id)).copied();
        let ids: BTreeSet<_> = owners.keys().chain(lived.keys()).copied().collect();
        let mut edges = Vec::new();
        for tie in ids.into_iter().flat_map(|id| self.links.linked_to(id)) {
            let ends = answers(&tie.resource_a).zip(answers(&tie.resource_b));
            if let Some((a, b)) = ends.filter(|(a, b)| a != b) {
                let matched = Match {
                    rank: LINKED,
                    reason: why(&tie),
                };
                edges.push(Edge { a, b, matched });
            }
        }
        edges
    }
}

fn why(tie: &Tie) -> String {
    match tie.reason.as_deref().filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("linked by {}: {reason}", tie.created_by),
        None => format!("linked by {}", tie.created_by),
    }
}

#[cfg(test)]
mod tests {
    use pulse_model::{Identity, Kind, Sighting, SourceId, SourceKind};

    use super::*;
    use crate::fixture::Site;

    const MANY: usize = 5_000;

    /// Guests that all answer to one name, as images rolled out do; every other thing is their own.
    fn guests() -> Vec<Sighting> {
        let guest = |number: usize| Sighting {
            identity: Identity {
                hostnames: vec!["debian".to_owned()],
                ip_addresses: vec![format!("10.0.{}.{}", number / 250, number % 250 + 1)],
                mac_addresses: vec![format!(
                    "bc:24:11:00:{:02x}:{:02x}",
                    number / 256,
                    number % 256
                )],
                ..Identity::default()
            },
            ..Sighting::new(Kind::Vm, format!("qemu/{number}"), "debian")
        };
        (0..MANY).map(guest).collect()
    }

    fn compared(site: &Site) -> usize {
        let parts = site.ledger.estate.iter();
        let members = parts.flat_map(|entry| site.ledger.members(&entry.resource().id));
        let touched: BTreeSet<_> = members.collect();
        let views = touched
            .iter()
            .filter_map(|key| Some((*key, site.ledger.view(*key)?)))
            .collect();
        site.ledger.worth_comparing(&views).len()
    }

    #[test]
    fn what_one_source_sees_is_never_compared_and_what_two_see_once_each() {
        let mut site = Site::new();
        site.poll("guests", guests());
        assert_eq!(site.ids_of(|kind| kind == Kind::Vm).len(), MANY);
        assert_eq!(compared(&site), 0);
        let second = SourceId::new(SourceKind::Proxmox, "second");
        let seen = site.seen(second, "guests", guests());
        site.ledger.see(seen, site.moment());
        assert_eq!(
            compared(&site),
            MANY,
            "each with the one of its hardware address"
        );
        assert_eq!(site.ids_of(|kind| kind == Kind::Vm).len(), MANY);
    }
}
