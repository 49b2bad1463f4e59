//! What the writer puts back at start, and what it writes.

use pulse_model::{ResourceId, Scope};

use crate::fold::{sighting_of, source_of};
use crate::identity::{Agent, Order};
use crate::ledger::Seen;
use crate::saver::Pending;
use crate::tables::{Batch, Known, KnownHost};
use crate::task::{HOST, Writer};
use crate::time::Times;

impl Writer {
    /// Puts back what was written before this start.
    pub(crate) fn remember(&mut self, known: Known) {
        let moment = self.moment();
        for (own, trail) in known.trails {
            self.ledger.remember_trail(own, trail);
        }
        self.ledger.links.remember(known.ties, known.decisions);
        for host in known.hosts {
            let source = source_of(&host.resource.id);
            let facet = host.resource.facets.agent.as_deref();
            let agent = Agent {
                hostname: facet.map(|f| f.hostname.clone()).unwrap_or_default(),
                machine_id: facet.and_then(|f| f.machine_id.clone()),
                token_id: facet.and_then(|f| f.token_id.clone()),
                keyed: host.keyed,
                interval: host.interval(),
                heard: None,
                order: Order::default(),
            };
            let agents = self.agents.entry(source.kind).or_default();
            agents.remember(source.name.to_string(), agent);
            let seen = Seen {
                source: source.clone(),
                scope: Scope::new(HOST),
                interval: host.interval(),
                times: Times {
                    made_at: host.resource.last_seen,
                    now: moment.now,
                },
                machine: Some((host.resource.id.clone(), sighting_of(&host))),
                others: Vec::new(),
            };
            self.ledger
                .remember(seen, host.verdict, host.joined, moment);
            if let Some(slice) = self.ledger.slices.find(&source, &Scope::new(HOST)) {
                self.schedule(slice);
            }
        }
    }

    /// Returns what is to be written of `pending`, as it is now.
    pub(crate) fn batch(&self, pending: &Pending) -> Batch {
        let hosts = pending.hosts.iter();
        let trails = pending.trails.iter().map(|own| {
            let trail = self.ledger.trails.get(own);
            (own.clone(), (!trail.is_empty()).then(|| trail.to_vec()))
        });
        let mut batch = Batch {
            hosts: hosts.map(|id| (id.clone(), self.known_host(id))).collect(),
            trails: trails.collect(),
            ..Batch::default()
        };
        for unsaved in &pending.unsaved {
            batch.ties.extend(unsaved.ties.iter().cloned());
            batch.decisions.extend(unsaved.decisions.iter().cloned());
        }
        batch
    }

    fn known_host(&self, id: &ResourceId) -> Option<KnownHost> {
        let source = source_of(id);
        let slice = self.ledger.slices.find(&source, &Scope::new(HOST))?;
        let part = self.ledger.machine_of(slice)?;
        let native = part.sighting.native.clone();
        let (resource, verdict) = self.ledger.alone(&source, &native)?;
        let agent = self.agents.get(&source.kind)?.get(&source.name)?;
        Some(KnownHost {
            resource,
            native,
            verdict,
            joined: self.ledger.members(&part.resource).len() > 1,
            keyed: agent.keyed,
            interval_millis: u64::try_from(agent.interval.as_millis()).unwrap_or(u64::MAX),
        })
    }
}
