//! When to look at whom again.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use crate::part::SliceKey;

/// At most one appointment per slice, ordered by monotonic time.
///
/// An appointment may come early, never late: one that moves back is left where it is and made
/// anew when it comes, so that a report costs nothing here.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    order: BinaryHeap<Reverse<(Duration, SliceKey)>>,
    pending: HashMap<SliceKey, Duration>,
}

impl Agenda {
    /// Makes sure that `key` is looked at no later than `at`.
    pub fn note(&mut self, key: SliceKey, at: Duration) {
        if self.pending.get(&key).is_some_and(|pending| *pending <= at) {
            return;
        }
        self.pending.insert(key, at);
        self.order.push(Reverse((at, key)));
    }

    /// Returns when the next appointment is.
    pub fn next(&self) -> Option<Duration> {
        self.order.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes the next appointment that has come by `mono`.
    pub fn take_due(&mut self, mono: Duration) -> Option<SliceKey> {
        while self.next().is_some_and(|at| at <= mono) {
            let Reverse((at, key)) = self.order.pop()?;
            if self.pending.get(&key) == Some(&at) {
                self.pending.remove(&key);
                return Some(key);
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
        let web = 7;
        agenda.note(web, secs(20));
        agenda.note(web, secs(10));
        agenda.note(web, secs(30));
        assert_eq!(agenda.take_due(secs(9)), None);
        assert_eq!(agenda.take_due(secs(10)), Some(web));
        assert_eq!(agenda.take_due(secs(100)), None);
    }

    #[test]
    fn noting_again_and_again_does_not_grow_it() {
        let mut agenda = Agenda::default();
        let web = 7;
        for round in 0..1_000 {
            agenda.note(web, secs(100 + round));
        }
        assert_eq!(agenda.order.len(), 1);
    }
}
