//! Random lives of an estate: machines are renamed, moved, installed anew, given other addresses,
//! merged and parted, and the server restarts in between. Ids hold, nothing is lost, nothing is in
//! two places.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use pulse_model::{Identity, Kind, ResourceId, Scope, Sighting, SourceId, SourceKind};

use crate::decide::By;
use crate::freshness::Verdict;
use crate::ledger::{Ledger, Moment, Seen};
use crate::time::Times;

/// What may happen to one of four guests, each with an agent in it.
#[derive(Clone, Debug)]
enum Event {
    /// The guest and its system get another name.
    Rename(usize),
    /// It gets another address.
    Readdress(usize),
    /// It runs on another node.
    Migrate(usize),
    /// The agent reports.
    Report(usize),
    /// The cluster is polled.
    Poll,
    /// The system is installed anew: another machine id, the same key.
    Reinstall(usize),
    /// The poll fails.
    Fail,
    /// Time passes.
    Wait(u64),
    /// The server restarts: only what is written survives.
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let which = 0..4usize;
    let event = prop_oneof![
        1 => which.clone().prop_map(Event::Rename),
        1 => which.clone().prop_map(Event::Readdress),
        1 => which.clone().prop_map(Event::Migrate),
        4 => which.clone().prop_map(Event::Report),
        3 => Just(Event::Poll),
        1 => which.prop_map(Event::Reinstall),
        1 => Just(Event::Fail),
        1 => (1..90u64).prop_map(Event::Wait),
        1 => Just(Event::Restart),
    ];
    prop::collection::vec(event, 1..60)
}

#[derive(Clone, Debug)]
struct Guest {
    name: u32,
    address: u32,
    node: u32,
    machine: u32,
    reported: bool,
}

struct World {
    ledger: Ledger,
    guests: Vec<Guest>,
    polled: bool,
    seconds: u64,
    next: u32,
}

impl World {
    fn new() -> Self {
        let guest = |number| Guest {
            name: number,
            address: number,
            node: 1,
            machine: number,
            reported: false,
        };
        Self {
            ledger: Ledger::new(1_000),
            guests: (1..=4).map(guest).collect(),
            polled: false,
            seconds: 1_000,
            next: 100,
        }
    }

    fn moment(&self) -> Moment {
        let mono = Duration::from_secs(self.seconds);
        Moment {
            now: Timestamp::UNIX_EPOCH + mono,
            mono,
            watching_since: Duration::ZERO,
        }
    }

    fn identity(&self, which: usize) -> Identity {
        let guest = &self.guests[which];
        Identity {
            machine_id: Some(format!("machine-{}", guest.machine)),
            hostnames: vec![format!("name-{}", guest.name)],
            ip_addresses: vec![format!("192.0.2.{}", guest.address)],
            // The one thing of these that stays with a virtual machine.
            mac_addresses: vec![format!("bc:24:11:00:00:{which:02x}")],
            ..Identity::default()
        }
    }

    fn seen(&self, source: SourceId, scope: &str, others: Vec<Sighting>) -> Seen {
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

    fn agent(&self, which: usize) -> Seen {
        let name = format!("agent-{which}");
        let machine = Sighting {
            identity: self.identity(which),
            ..Sighting::new(
                Kind::Agent,
                "host",
                format!("name-{}", self.guests[which].name),
            )
        };
        let container = Sighting::new(Kind::AppContainer, "container/1", "nginx");
        Seen {
            machine: Some((ResourceId::new(name.as_str()), machine)),
            ..self.seen(SourceId::agent(&name), "host", vec![container])
        }
    }

    fn poll(&mut self) {
        let guest = |which: usize| Sighting {
            identity: Identity {
                machine_id: None,
                ..self.identity(which)
            },
            parent: Some(format!("node/{}", self.guests[which].node).into()),
            ..Sighting::new(
                Kind::Vm,
                format!("qemu/{which}"),
                format!("name-{}", self.guests[which].name),
            )
        };
        let mut seen: Vec<_> = (0..4).map(guest).collect();
        let node = |n: u32| Sighting::new(Kind::Agent, format!("node/{n}"), format!("pve{n}"));
        seen.extend((1..=3).map(node));
        let seen = self.seen(lab(), "cluster", seen);
        self.ledger.see(seen, self.moment());
        self.polled = true;
    }

    fn happen(&mut self, event: &Event) {
        self.seconds += 10;
        self.next += 1;
        match event {
            Event::Rename(which) => self.guests[*which].name = self.next,
            Event::Readdress(which) => self.guests[*which].address = self.next,
            Event::Migrate(which) => self.guests[*which].node = 1 + self.next % 3,
            Event::Reinstall(which) => self.guests[*which].machine = self.next,
            Event::Report(which) => {
                let seen = self.agent(*which);
                self.ledger.see(seen, self.moment());
                self.guests[*which].reported = true;
            }
            Event::Poll => self.poll(),
            Event::Fail => {
                let moment = self.moment();
                self.ledger
                    .fail(&lab(), &Scope::new("cluster"), "no route", moment);
            }
            Event::Wait(seconds) => self.wait(*seconds),
            Event::Restart => self.restart(),
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.seconds += seconds;
        let moment = self.moment();
        for key in self.ledger.slices.keys() {
            self.ledger.tick(key, moment);
        }
    }

    /// Starts anew with what a server writes: trails, ties, and machines as their agents see them.
    fn restart(&mut self) {
        let before = std::mem::replace(&mut self.ledger, Ledger::new(1_000));
        for which in 0..4 {
            let own = ResourceId::new(format!("agent-{which}"));
            for own in [own, ResourceId::new(format!("proxmox:lab:qemu:{which}"))] {
                let trail = before.trails.get(&own).to_vec();
                self.ledger.remember_trail(own, trail);
            }
        }
        self.ledger
            .links
            .remember(before.links.all(), before.links.decisions());
        for which in (0..4).filter(|which| self.guests[*which].reported) {
            let seen = Seen {
                others: Vec::new(),
                ..self.agent(which)
            };
            let moment = self.moment();
            self.ledger.remember(seen, Verdict::Stale, true, moment);
        }
        self.polled = false;
    }

    /// Returns what may never be otherwise.
    fn check(&self) -> Result<(), TestCaseError> {
        let mut homes: BTreeMap<u32, ResourceId> = BTreeMap::new();
        for (id, members) in &self.ledger.groups {
            for member in members.iter() {
                let double = homes.insert(*member, id.clone());
                prop_assert_eq!(double, None, "a view is in two resources");
                let part = self.ledger.parts.get(*member);
                prop_assert_eq!(part.map(|part| &part.resource), Some(id));
            }
            prop_assert!(
                self.ledger.estate.get_exactly(id).is_some(),
                "{} is shown",
                id
            );
        }
        prop_assert_eq!(homes.len(), self.ledger.parts.len(), "a view is lost");
        prop_assert_eq!(self.ledger.estate.len(), self.ledger.groups.len());
        for entry in self.ledger.estate.iter() {
            let resource = entry.resource();
            let children = self.ledger.estate.children(resource.id.as_str()).count();
            prop_assert_eq!(
                resource.child_count.unwrap_or(0),
                children,
                "{}",
                resource.id
            );
            if let Some(parent) = &resource.parent_id {
                let parent = self.ledger.estate.get_exactly(parent);
                let name = parent.map(|entry| entry.resource().name.clone());
                prop_assert_eq!(name, resource.parent_name.clone());
            }
        }
        let stats = self.ledger.estate.stats();
        prop_assert_eq!(stats.total, self.ledger.estate.len());
        prop_assert_eq!(stats.by_status.values().sum::<usize>(), stats.total);
        Ok(())
    }

    fn id_of(&self, own: &str) -> Option<ResourceId> {
        let entry = self.ledger.estate.get(own)?;
        Some(entry.resource().id.clone())
    }

    /// Returns what a person sees of who is what: ids with the views in each.
    fn picture(&self) -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
        let own = |key: &u32| Some(self.ledger.parts.get(*key)?.own.clone());
        let groups = self.ledger.groups.iter();
        groups
            .map(|(id, members)| (id.clone(), members.iter().filter_map(own).collect()))
            .collect()
    }
}

fn lab() -> SourceId {
    SourceId::new(SourceKind::Proxmox, "lab")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn ids_hold_through_renames_moves_new_addresses_reinstalls_and_restarts(events in events()) {
        let mut world = World::new();
        world.poll();
        for which in 0..4 {
            world.happen(&Event::Report(which));
        }
        let owns: Vec<_> = (0..4)
            .flat_map(|which| [format!("agent-{which}"), format!("proxmox:lab:qemu:{which}")])
            .collect();
        let ids: Vec<_> = owns.iter().map(|own| world.id_of(own)).collect();
        prop_assert_eq!(world.ledger.estate.of_kind(Kind::Vm).count(), 4);
        for event in &events {
            world.happen(event);
            world.check()?;
            for (own, id) in owns.iter().zip(&ids) {
                let known = own.starts_with("agent") || world.polled;
                if known {
                    prop_assert_eq!(&world.id_of(own), id, "{} after {:?}", own, event);
                }
            }
        }
    }

    #[test]
    fn undoing_decisions_in_reverse_restores_exactly_what_was(
        before in events(),
        decisions in prop::collection::vec((0..8usize, 0..8usize, any::<bool>()), 1..12),
    ) {
        let mut world = World::new();
        world.poll();
        (0..4).for_each(|which| world.happen(&Event::Report(which)));
        for event in before.iter().filter(|event| !matches!(event, Event::Restart)) {
            world.happen(event);
        }
        // Everybody is heard, so that nothing but the decisions changes from here on.
        world.poll();
        (0..4).for_each(|which| world.happen(&Event::Report(which)));
        let owns: Vec<_> = (0..4)
            .flat_map(|which| [format!("agent-{which}"), format!("proxmox:lab:qemu:{which}")])
            .collect();
        let mut pictures = Vec::new();
        for (a, b, together) in decisions {
            let by = By { who: "ada".into(), reason: String::new(), now: world.moment().now };
            let picture = world.picture();
            let decided = if together {
                world.ledger.link(&owns[a], &owns[b], by)
            } else {
                world.ledger.unlink(&owns[a], &owns[b], by)
            };
            if let Ok((decided, _)) = decided {
                pictures.push((decided.number, picture));
            }
            world.check()?;
        }
        while let Some((number, picture)) = pictures.pop() {
            world.ledger.undo(number, world.moment().now).expect("it was decided");
            world.check()?;
            prop_assert_eq!(world.picture(), picture);
        }
    }
}
