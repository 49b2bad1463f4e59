//! What operators decided about what is one and what is not, and how each decision is taken back.
//!
//! Between two ids there is at most one tie: they are one, or they are kept apart. A decision
//! remembers what was tied before, so undoing it restores exactly that.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use pulse_model::ResourceId;

/// Ties there may be.
const MOST_TIES: usize = 20_000;
/// Decisions that can be taken back.
const MOST_DECISIONS: usize = 500;

/// Why a decision about two resources cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// No resource goes by that id.
    #[error("no resource goes by the id {id}")]
    Unknown {
        /// Which id.
        id: String,
    },
    /// Both ids mean the same view.
    #[error("a resource cannot be linked to, or kept apart from, itself")]
    Itself,
    /// They are of kinds that cannot be one thing.
    #[error("a {a} and a {b} cannot be one thing")]
    Kinds {
        /// Kind of the one.
        a: &'static str,
        /// Kind of the other.
        b: &'static str,
    },
    /// They are one already.
    #[error("they are linked already")]
    AlreadyLinked,
    /// They are kept apart already.
    #[error("they are kept apart already")]
    AlreadyApart,
    /// A merge of one source is none.
    #[error("the resource has fewer than two sources")]
    TooFewSources,
    /// None of the named sources contributes to it.
    #[error("nothing was excluded: none of these sources contributes to the resource")]
    NothingExcluded,
    /// There are as many ties as there may be.
    #[error("there are {limit} links and exclusions already")]
    Full {
        /// How many there may be.
        limit: usize,
    },
    /// That decision is not known, or was taken back.
    #[error("there is no decision {number} to take back")]
    NothingToUndo {
        /// Which one.
        number: u64,
    },
}

/// What two ids are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TieKind {
    /// One thing.
    Linked,
    /// Two things, whatever they have in common.
    Apart,
}

/// A link or an exclusion between two ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tie {
    /// What they are to each other.
    pub kind: TieKind,
    /// One id.
    pub resource_a: ResourceId,
    /// The other.
    pub resource_b: ResourceId,
    /// Which of them the resource goes by.
    pub primary_id: ResourceId,
    /// Why, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Which decision it is part of.
    pub decision: u64,
}

/// Two ids, the smaller one first.
pub(crate) type Pair = (ResourceId, ResourceId);

/// Returns the pair of two ids.
pub(crate) fn pair(a: &ResourceId, b: &ResourceId) -> Pair {
    (a.min(b).clone(), a.max(b).clone())
}

/// What one decision did to one pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub pair: Pair,
    pub before: Option<Tie>,
    pub after: Option<Tie>,
}

/// Something an operator did, as long as it can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Its number.
    pub number: u64,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    pub(crate) steps: Vec<Step>,
    /// What the views it touched went by before.
    #[serde(default)]
    pub(crate) ids: Vec<(ResourceId, ResourceId)>,
}

/// What is to be written after a change: a pair without a tie, and a number without a decision, go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unsaved {
    pub ties: Vec<(Pair, Option<Tie>)>,
    pub decisions: Vec<(u64, Option<Decision>)>,
}

/// What taking a decision back comes to.
#[derive(Clone, Debug)]
pub(crate) struct Undone {
    /// The pairs that are as they were before.
    pub pairs: Vec<Pair>,
    /// What the views they touch went by then.
    pub ids: Vec<(ResourceId, ResourceId)>,
    pub unsaved: Unsaved,
}

/// All ties. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    ties: OrdMap<Pair, Arc<Tie>>,
    mentions: OrdSet<Pair>,
    decisions: OrdMap<u64, Arc<Decision>>,
}

impl Links {
    /// Puts back what was written.
    pub fn remember(&mut self, ties: Vec<Tie>, decisions: Vec<Decision>) {
        for tie in ties {
            self.set(pair(&tie.resource_a, &tie.resource_b), Some(tie));
        }
        for decision in decisions {
            self.decisions.insert(decision.number, Arc::new(decision));
        }
    }

    /// Returns all ties.
    pub fn all(&self) -> Vec<Tie> {
        self.ties.values().map(|tie| Tie::clone(tie)).collect()
    }

    /// Returns the decisions that can be taken back, the latest first.
    pub fn decisions(&self) -> Vec<Decision> {
        let all = self.decisions.values().rev();
        all.map(|decision| Decision::clone(decision)).collect()
    }

    /// Returns the tie between two ids.
    pub fn between(&self, a: &ResourceId, b: &ResourceId) -> Option<&Arc<Tie>> {
        self.ties.get(&pair(a, b))
    }

    /// Tells whether two ids are kept apart.
    pub fn are_apart(&self, a: &ResourceId, b: &ResourceId) -> bool {
        self.between(a, b)
            .is_some_and(|tie| tie.kind == TieKind::Apart)
    }

    /// Returns the links of an id.
    pub fn linked_to(&self, id: &ResourceId) -> Vec<Arc<Tie>> {
        let from = self.mentions.range((id.clone(), ResourceId::new(""))..);
        let others = from.take_while(|(mentioned, _)| mentioned == id);
        let ties = others.filter_map(|(_, other)| self.between(id, other));
        ties.filter(|tie| tie.kind == TieKind::Linked)
            .cloned()
            .collect()
    }

    /// Tells whether anything is decided about an id.
    pub fn mentions(&self, id: &ResourceId) -> bool {
        let mut from = self.mentions.range((id.clone(), ResourceId::new(""))..);
        from.next().is_some_and(|(mentioned, _)| mentioned == id)
    }

    /// Takes a decision: each pair gets the tie beside it; `ids` are what the views it touches go by.
    /// Returns its number and what to write.
    pub fn decide(
        &mut self,
        by: &str,
        at: Timestamp,
        ties: Vec<(Pair, Option<Tie>)>,
        ids: Vec<(ResourceId, ResourceId)>,
    ) -> Result<(u64, Unsaved), LinkError> {
        if self.ties.len() + ties.len() > MOST_TIES {
            return Err(LinkError::Full { limit: MOST_TIES });
        }
        let number = self.decisions.get_max().map_or(1, |(last, _)| last + 1);
        let steps = ties.into_iter().map(|(pair, mut after)| {
            if let Some(tie) = &mut after {
                tie.decision = number;
            }
            let before = self.ties.get(&pair).map(|tie| Tie::clone(tie));
            Step {
                pair,
                before,
                after,
            }
        });
        let steps: Vec<_> = steps.collect();
        let mut unsaved = Unsaved::default();
        for step in &steps {
            self.set(step.pair.clone(), step.after.clone());
            unsaved.ties.push((step.pair.clone(), step.after.clone()));
        }
        let decision = Decision {
            number,
            by: by.to_owned(),
            at,
            steps,
            ids,
        };
        unsaved.decisions.push((number, Some(decision.clone())));
        self.decisions.insert(number, Arc::new(decision));
        while self.decisions.len() > MOST_DECISIONS
            && let Some((oldest, _)) = self.decisions.get_min().cloned()
        {
            self.decisions.remove(&oldest);
            unsaved.decisions.push((oldest, None));
        }
        Ok((number, unsaved))
    }

    /// Takes a decision back: what it tied and nobody has tied otherwise since is as it was before.
    pub fn undo(&mut self, number: u64) -> Result<Undone, LinkError> {
        let decision = self.decisions.remove(&number);
        let decision = decision.ok_or(LinkError::NothingToUndo { number })?;
        let mut unsaved = Unsaved::default();
        let mut pairs = Vec::new();
        for step in &decision.steps {
            let now = self.ties.get(&step.pair).map(|tie| Tie::clone(tie));
            if now == step.after {
                self.set(step.pair.clone(), step.before.clone());
                unsaved.ties.push((step.pair.clone(), step.before.clone()));
                pairs.push(step.pair.clone());
            }
        }
        unsaved.decisions.push((number, None));
        Ok(Undone {
            pairs,
            ids: decision.ids.clone(),
            unsaved,
        })
    }

    fn set(&mut self, pair: Pair, tie: Option<Tie>) {
        let turned = (pair.1.clone(), pair.0.clone());
        match tie {
            Some(tie) => {
                self.mentions.insert(pair.clone());
                self.mentions.insert(turned);
                self.ties.insert(pair, Arc::new(tie));
            }
            None => {
                self.mentions.remove(&pair);
                self.mentions.remove(&turned);
                self.ties.remove(&pair);
            }
        }
    }
}
