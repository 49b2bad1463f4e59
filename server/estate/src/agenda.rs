//! When to look at whom again.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use pulse_model::ResourceId;

/// At most one appointment per resource, ordered by monotonic time.
///
/// An appointment may come early, never late: one that moves back is left where it is and made
/// anew when it comes, so that a report costs nothing here.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    order: BinaryHeap<Reverse<(Duration, ResourceId)>>,
    pending: HashMap<ResourceId, Duration>,
}

impl Agenda {
    /// Makes sure that `id` is looked at no later than `at`.
    pub fn note(&mut self, id: &ResourceId, at: Duration) {
        if self.pending.get(id).is_some_and(|pending| *pending <= at) {
            return;
        }
        self.pending.insert(id.clone(), at);
        self.order.push(Reverse((at, id.clone())));
    }

    /// Returns when the next appointment is.
    pub fn next(&self) -> Option<Duration> {
        self.order.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes the next appointment that has come by `mono`.
    pub fn take_due(&mut self, mono: Duration) -> Option<ResourceId> {
        while self.next().is_some_and(|at| at <= mono) {
            let Reverse((at, id)) = self.order.pop()?;
            if self.pending.get(&id) == Some(&at) {
                self.pending.remove(&id);
                return Some(id);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_appointment_moves_forward_and_comes_once() {
        let mut agenda = Agenda::default();
        let id = ResourceId::new("web");
        agenda.note(&id, secs(20));
        agenda.note(&id, secs(10));
        agenda.note(&id, secs(30));
        assert_eq!(agenda.take_due(secs(9)), None);
        assert_eq!(agenda.take_due(secs(10)), Some(id));
        assert_eq!(agenda.take_due(secs(100)), None);
    }

    #[test]
    fn noting_again_and_again_does_not_grow_it() {
        let mut agenda = Agenda::default();
        let id = ResourceId::new("web");
        for round in 0..1_000 {
            agenda.note(&id, secs(100 + round));
        }
        assert_eq!(agenda.order.len(), 1);
    }
}
