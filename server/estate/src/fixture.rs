//! A ledger with a clock for tests: sources are polled, agents report, time passes.

use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{Kind, Resource, ResourceId, Scope, Sighting, SourceId, SourceKind};

use crate::ledger::{Effects, Ledger, Moment, Seen};
use crate::outage::Transition;
use crate::time::Times;

pub(crate) struct Site {
    pub ledger: Ledger,
    pub seconds: u64,
}

impl Site {
    pub fn new() -> Self {
        Self {
            ledger: Ledger::new(100_000),
            seconds: 1_000,
        }
    }

    pub fn moment(&self) -> Moment {
        let mono = Duration::from_secs(self.seconds);
        Moment {
            now: Timestamp::UNIX_EPOCH + mono,
            mono,
            watching_since: Duration::ZERO,
        }
    }

    /// What `source` sees of its `scope` now.
    pub fn seen(&self, source: SourceId, scope: &str, others: Vec<Sighting>) -> Seen {
        let now = self.moment().now;
        Seen {
            source,
            scope: Scope::new(scope),
            interval: Duration::from_secs(10),
            times: Times { made_at: now, now },
            machine: None,
            others,
        }
    }

    /// The cluster `lab` shows what is in one scope.
    pub fn poll(&mut self, scope: &str, things: Vec<Sighting>) -> Effects {
        let seen = self.seen(lab(), scope, things);
        self.ledger.see(seen, self.moment())
    }

    /// An agent reports its machine with what is on it.
    pub fn report(&mut self, agent: &str, machine: Sighting, others: Vec<Sighting>) -> Effects {
        let seen = Seen {
            machine: Some((ResourceId::new(agent), machine)),
            ..self.seen(SourceId::agent(agent), "host", others)
        };
        self.ledger.see(seen, self.moment())
    }

    /// Lets seconds pass, each slice looked at every second.
    pub fn pass(&mut self, seconds: u64) -> Vec<Transition> {
        let mut transitions = Vec::new();
        for _ in 0..seconds {
            self.seconds += 1;
            let moment = self.moment();
            for key in self.ledger.slices.keys() {
                transitions.extend(self.ledger.tick(key, moment).transitions);
            }
        }
        transitions
    }

    pub fn find(&self, id: &str) -> Option<&Resource> {
        self.ledger.estate.get(id).map(|entry| entry.resource())
    }

    pub fn get(&self, id: &str) -> &Resource {
        self.find(id).expect("there")
    }

    /// The ids of everything of some kind, in order.
    pub fn ids_of(&self, is_meant: impl Fn(Kind) -> bool) -> Vec<String> {
        let all = self.ledger.estate.iter().map(|entry| entry.resource());
        let meant = all.filter(|resource| is_meant(resource.kind));
        let mut ids: Vec<_> = meant.map(|resource| resource.id.to_string()).collect();
        ids.sort();
        ids
    }
}

pub(crate) fn lab() -> SourceId {
    SourceId::new(SourceKind::Proxmox, "lab")
}

/// The machine of an agent, of which nothing but its name is known.
pub(crate) fn host(name: &str) -> Sighting {
    Sighting::new(Kind::Agent, "host", name)
}

/// A node of the cluster.
pub(crate) fn node(name: &str) -> Sighting {
    Sighting::new(Kind::Agent, format!("node/{name}"), name)
}
