//! Who is down, and since when.
//!
//! *Down* and *recovered* are paired by construction: the only way into the book gives the one, the
//! only way out gives the other, and it carries the moment of the first.

use jiff::Timestamp;

use pulse_model::ResourceId;

/// A machine going down or coming back. Never one without the other before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Judged to be down.
    Down {
        /// Which one.
        id: ResourceId,
        /// When it was judged.
        at: Timestamp,
    },
    /// Heard again after having been judged down.
    Recovered {
        /// Which one.
        id: ResourceId,
        /// When it had been judged down.
        down_since: Timestamp,
        /// When it was heard.
        at: Timestamp,
    },
}

/// The resources that are down because nobody hears of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outages(imbl::OrdMap<ResourceId, Timestamp>);

impl Outages {
    /// Notes whether `id` is down; returns what that changes.
    pub fn judge(&mut self, id: &ResourceId, is_down: bool, now: Timestamp) -> Option<Transition> {
        match (self.0.get(id).copied(), is_down) {
            (None, true) => {
                self.0.insert(id.clone(), now);
                Some(Transition::Down {
                    id: id.clone(),
                    at: now,
                })
            }
            (Some(down_since), false) => {
                self.0.remove(id);
                Some(Transition::Recovered {
                    id: id.clone(),
                    down_since,
                    at: now,
                })
            }
            (None, false) | (Some(_), true) => None,
        }
    }

    /// Notes that `id` was down before this start.
    pub fn remember(&mut self, id: ResourceId, since: Timestamp) {
        self.0.insert(id, since);
    }

    /// Forgets `id`, which is no more: neither down nor back.
    pub fn forget(&mut self, id: &ResourceId) {
        self.0.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_recovery_has_its_own_fall_before_it(steps in prop::collection::vec((0..3u8, any::<bool>()), 1..200)) {
            let mut outages = Outages::default();
            let mut down = std::collections::BTreeMap::new();
            for (second, (which, is_down)) in steps.into_iter().enumerate() {
                let id = ResourceId::new(which.to_string());
                let now = Timestamp::from_second(second as i64).expect("a valid second");
                match outages.judge(&id, is_down, now) {
                    Some(Transition::Down { id, at }) => {
                        prop_assert_eq!(down.insert(id, at), None);
                    }
                    Some(Transition::Recovered { id, down_since, .. }) => {
                        prop_assert_eq!(down.remove(&id), Some(down_since));
                    }
                    None => {}
                }
                prop_assert_eq!(down.contains_key(&id), is_down);
            }
        }
    }
}
