//! Who belongs together, given who matches whom and whom the operator keeps apart: pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::join::{LINKED, Match};
use crate::part::PartKey;

/// Two views that match.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub a: PartKey,
    pub b: PartKey,
    pub matched: Match,
}

/// Views that belong together, with why each of them does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub members: Vec<PartKey>,
    pub reasons: BTreeMap<PartKey, String>,
}

/// Cuts `parts` into groups along `edges`, strongest first. A group never holds two whom `apart`
/// says to keep apart; unless an operator links them it never holds two of one source, which
/// `source` numbers, and a view that matches two of one source equally matches neither. What only
/// `is_told` of comes last and brings together nobody else.
pub(crate) fn groups(
    parts: &BTreeSet<PartKey>,
    mut edges: Vec<Edge>,
    source: impl Fn(PartKey) -> usize,
    apart: impl Fn(PartKey, PartKey) -> bool,
    is_told: impl Fn(PartKey) -> bool,
) -> Vec<Group> {
    drop_ambiguous(&mut edges, &source);
    let is_hearsay =
        |edge: &Edge| edge.matched.rank != LINKED && (is_told(edge.a) || is_told(edge.b));
    edges.sort_by_key(|edge| {
        let two = (edge.a.min(edge.b), edge.a.max(edge.b));
        (is_hearsay(edge), edge.matched.rank, two)
    });
    let mut home: BTreeMap<PartKey, PartKey> = parts.iter().map(|key| (*key, *key)).collect();
    let mut groups: BTreeMap<PartKey, Group> = parts
        .iter()
        .map(|key| {
            let members = vec![*key];
            (
                *key,
                Group {
                    members,
                    ..Group::default()
                },
            )
        })
        .collect();
    for edge in edges {
        let (a, b) = (home[&edge.a], home[&edge.b]);
        let (first, second) = (a.min(b), a.max(b));
        if first == second {
            continue;
        }
        let clashes = |x: PartKey, y: PartKey| {
            apart(x, y) || (edge.matched.rank != LINKED && source(x) == source(y))
        };
        let crossing = |x: &PartKey| groups[&second].members.iter().any(|y| clashes(*x, *y));
        if groups[&first].members.iter().any(crossing) {
            continue;
        }
        let speaks_for_itself =
            |group: &PartKey| !groups[group].members.iter().all(|x| is_told(*x));
        if is_hearsay(&edge) && speaks_for_itself(&first) && speaks_for_itself(&second) {
            continue;
        }
        let Some(joined) = groups.remove(&second) else {
            continue;
        };
        for key in &joined.members {
            home.insert(*key, first);
        }
        let group = groups.entry(first).or_default();
        group.members.extend(joined.members);
        group.members.sort_unstable();
        group.reasons.extend(joined.reasons);
        for key in [edge.a, edge.b] {
            let reason = edge.matched.reason.clone();
            group.reasons.entry(key).or_insert(reason);
        }
    }
    groups.into_values().collect()
}

/// Drops what a view has in common with two views of one source in equal strength.
fn drop_ambiguous(edges: &mut Vec<Edge>, source: impl Fn(PartKey) -> usize) {
    let mut count: BTreeMap<(PartKey, usize, u8), usize> = BTreeMap::new();
    for edge in edges.iter() {
        *count
            .entry((edge.a, source(edge.b), edge.matched.rank))
            .or_default() += 1;
        *count
            .entry((edge.b, source(edge.a), edge.matched.rank))
            .or_default() += 1;
    }
    edges.retain(|edge| {
        let rank = edge.matched.rank;
        let is_single = |key, other| count.get(&(key, source(other), rank)) == Some(&1);
        rank == LINKED || (is_single(edge.a, edge.b) && is_single(edge.b, edge.a))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(rank: u8, a: PartKey, b: PartKey) -> Edge {
        let reason = format!("{a} is {b}");
        let matched = Match { rank, reason };
        Edge { a, b, matched }
    }

    fn members(edges: Vec<Edge>, apart: &[(PartKey, PartKey)]) -> Vec<Vec<PartKey>> {
        let parts = (1..=4).collect();
        // Three and four come from one source.
        let source = |key: PartKey| key.min(3) as usize;
        let keeps = |x, y| apart.contains(&(x, y)) || apart.contains(&(y, x));
        let groups = groups(&parts, edges, source, keeps, |_| false);
        groups.into_iter().map(|group| group.members).collect()
    }

    #[test]
    fn what_is_only_told_of_joins_one_and_brings_nobody_else_together() {
        let (parts, source) = ((1..=4).collect(), |key: PartKey| key as usize);
        let told = |edges| {
            let groups = groups(&parts, edges, source, |_, _| false, |key| key >= 3);
            let members = groups.into_iter().map(|group| group.members);
            members.collect::<Vec<_>>()
        };
        let through_one = vec![edge(2, 1, 3), edge(4, 2, 3)];
        assert_eq!(told(through_one), [vec![1, 3], vec![2], vec![4]]);
        let through_two = vec![edge(2, 1, 3), edge(2, 2, 4), edge(2, 3, 4)];
        assert_eq!(told(through_two).len(), 2);
        let own = vec![edge(2, 1, 3), edge(4, 1, 2), edge(4, 2, 3)];
        assert_eq!(told(own), [vec![1, 2, 3], vec![4]]);
        let linked = vec![edge(2, 1, 3), edge(LINKED, 2, 3)];
        assert_eq!(told(linked), [vec![1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn what_matches_belongs_together_over_others_too() {
        let all = members(vec![edge(2, 1, 2), edge(3, 2, 3)], &[]);
        assert_eq!(all, [vec![1, 2, 3], vec![4]]);
    }

    #[test]
    fn who_is_kept_apart_stays_apart_over_others_too() {
        let all = members(vec![edge(2, 1, 2), edge(3, 2, 3)], &[(1, 3)]);
        assert_eq!(all, [vec![1, 2], vec![3], vec![4]]);
    }

    #[test]
    fn the_same_match_with_two_of_one_source_is_none() {
        let all = members(vec![edge(2, 1, 3), edge(2, 1, 4)], &[]);
        assert_eq!(all, [[1], [2], [3], [4]]);
        let all = members(vec![edge(2, 1, 3), edge(4, 1, 4)], &[]);
        assert_eq!(all, [vec![1, 3], vec![2], vec![4]], "the stronger one wins");
    }

    #[test]
    fn an_operator_may_join_even_two_of_one_source() {
        let all = members(vec![edge(LINKED, 3, 4)], &[]);
        assert_eq!(all, [vec![1], vec![2], vec![3, 4]]);
    }
}
