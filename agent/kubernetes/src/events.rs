//! The newest events.

use std::collections::{BTreeSet, HashMap};

use pulse_protocol::Time;
use pulse_protocol::report::kubernetes as report;

use crate::kind::event::{self, Event};
use crate::list::{Resource, Sink};
use crate::namespaces::Namespaces;
use crate::object::Object;
use crate::watch::Store;

/// Events as the API keeps them, for an hour usually.
pub(crate) const EVENTS: Resource = Resource::new("events", "/api/v1", "events", true);

/// Events in a report.
const MOST: usize = 200;

/// Events that are kept: when some of the newest are taken away, others are there.
const KEPT: usize = 2 * MOST;

/// Kept events by what sets them apart, and by when they were seen.
#[derive(Default)]
pub(crate) struct Events {
    namespaces: Namespaces,
    by_key: HashMap<String, (Time, report::Event)>,
    by_time: BTreeSet<(Time, String)>,
}

impl Events {
    /// Keeps events of these namespaces.
    pub(crate) fn of(namespaces: Namespaces) -> Self {
        Self {
            namespaces,
            ..Self::default()
        }
    }

    /// Returns the newest, newest first.
    pub(crate) fn newest(&self) -> Vec<report::Event> {
        let newest = self.by_time.iter().rev().take(MOST);
        newest
            .filter_map(|(_, key)| self.by_key.get(key))
            .map(|(_, event)| event.clone())
            .collect()
    }

    fn forget(&mut self, key: &str) {
        if let Some((time, _)) = self.by_key.remove(key) {
            self.by_time.remove(&(time, key.to_owned()));
        }
    }
}

impl Sink<Event> for Events {
    fn clear(&mut self) {
        self.by_key.clear();
        self.by_time.clear();
    }

    fn take(&mut self, object: Event) -> bool {
        let key = object.meta().key();
        self.forget(&key);
        if self.namespaces.wants(object.within()) {
            let time = event::seen(&object);
            self.by_time.insert((time, key.clone()));
            self.by_key.insert(key, (time, event::event(&object)));
            if self.by_key.len() > KEPT
                && let Some((_, oldest)) = self.by_time.pop_first()
            {
                self.by_key.remove(&oldest);
            }
        }
        // The newest may stand on the last page.
        true
    }
}

impl Store for Events {
    type Object = Event;

    fn prepared(like: &Self) -> Self {
        Self::of(like.namespaces.clone())
    }

    fn remove(&mut self, object: &Event) {
        self.forget(&object.meta().key());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(uid: &str, second: u32) -> Event {
        serde_json::from_value(json!({
            "metadata": {"uid": uid, "name": uid, "namespace": "a"},
            "lastTimestamp": format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60),
        }))
        .expect("an event")
    }

    #[test]
    fn the_newest_events_are_kept_in_whatever_order_they_come() {
        let mut events = Events::default();
        for second in (0..600).rev().chain(0..600) {
            events.take(event(&format!("u{second}"), second));
        }
        let newest = events.newest();
        assert_eq!((newest.len(), events.by_key.len()), (MOST, KEPT));
        assert_eq!(events.by_time.len(), KEPT);
        let names: Vec<&str> = newest.iter().map(|event| event.uid.as_str()).collect();
        assert_eq!((names[0], names[199]), ("u599", "u400"));
    }

    #[test]
    fn an_event_that_happens_again_moves_up_and_counts_once() {
        let mut events = Events::default();
        for (uid, second) in [("a", 1), ("b", 2), ("a", 3)] {
            events.take(event(uid, second));
        }
        let names: Vec<String> = events.newest().into_iter().map(|event| event.uid).collect();
        assert_eq!(names, ["a", "b"]);
        events.remove(&event("a", 9));
        assert_eq!(events.newest().len(), 1);
    }
}
