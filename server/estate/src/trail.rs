//! The ids a view has lived under besides its own, so that a resource keeps its id over a restart,
//! gets back the one it had when a merge is undone, and is found under each of them.

use std::sync::Arc;

use pulse_model::ResourceId;

/// Ids remembered of one view; the oldest is dropped first.
const LONGEST: usize = 4;
/// Views that are remembered.
const MOST: usize = 50_000;

/// Own id → ids joined since, the present one last. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trails(imbl::HashMap<ResourceId, Arc<[ResourceId]>>);

impl Trails {
    /// Returns the ids `own` has lived under, the present one last; none when it is its own.
    pub fn get(&self, own: &ResourceId) -> &[ResourceId] {
        self.0.get(own).map_or(&[], |trail| trail)
    }

    /// Puts back what was written.
    pub fn remember(&mut self, own: ResourceId, trail: Vec<ResourceId>) {
        self.0.insert(own, trail.into());
    }

    /// Notes that `own` lives under `id` now; `left` names the resource it was taken out of while
    /// that goes on without it. Returns whether there is something to write.
    pub fn follow(&mut self, own: &ResourceId, id: &ResourceId, left: Option<&ResourceId>) -> bool {
        let before = self.get(own);
        let mut trail = before.to_vec();
        trail.retain(|earlier| Some(earlier) != left);
        if id == own {
            trail.clear();
        } else if let Some(at) = trail.iter().position(|earlier| earlier == id) {
            trail.truncate(at + 1);
        } else {
            trail.push(id.clone());
        }
        if trail.len() > LONGEST {
            trail.remove(0);
        }
        if trail == before || (before.is_empty() && self.0.len() >= MOST) {
            return false;
        }
        if trail.is_empty() {
            self.0.remove(own);
        } else {
            self.0.insert(own.clone(), trail.into());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ResourceId {
        ResourceId::new(text)
    }

    #[test]
    fn what_is_joined_again_and_again_finds_its_way_back() {
        let mut trails = Trails::default();
        trails.follow(&id("b"), &id("x"), None);
        trails.follow(&id("b"), &id("r"), None);
        assert_eq!(trails.get(&id("b")), [id("x"), id("r")]);
        trails.follow(&id("b"), &id("x"), Some(&id("r")));
        assert_eq!(trails.get(&id("b")), [id("x")]);
        trails.follow(&id("b"), &id("b"), Some(&id("x")));
        assert!(trails.get(&id("b")).is_empty());
    }

    #[test]
    fn following_the_same_id_again_is_nothing_to_write() {
        let mut trails = Trails::default();
        assert!(trails.follow(&id("b"), &id("x"), None));
        assert!(!trails.follow(&id("b"), &id("x"), None));
        assert!(!trails.follow(&id("c"), &id("c"), None));
    }
}
