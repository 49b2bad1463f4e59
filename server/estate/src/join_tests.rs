//! Sources that see the same thing, and operators who know better.

mod hearsay;

use jiff::Timestamp;

use pulse_model::{
    Bytes, Identity, Kind, MetricValue, Metrics, NativeId, Percent, ResourceId, Sighting,
    SourceKind, Status,
};

use crate::decide::By;
use crate::fixture::{Site, lab};
use crate::ledger::Effects;
use crate::links::LinkError;
use crate::outage::Transition;

#[derive(Clone)]
pub(crate) struct Machine {
    pub name: &'static str,
    machine: &'static str,
    mac: &'static str,
    ip: &'static str,
}

pub(crate) const WEB: Machine = Machine {
    name: "web",
    machine: "4c4c4544-1",
    mac: "bc:24:11:00:00:01",
    ip: "192.0.2.11",
};

impl Machine {
    pub fn identity(&self) -> Identity {
        let one = |text: &str| match text {
            "" => Vec::new(),
            text => vec![text.to_owned()],
        };
        Identity {
            machine_id: (!self.machine.is_empty()).then(|| self.machine.to_owned()),
            hostnames: one(self.name),
            ip_addresses: one(self.ip),
            mac_addresses: one(self.mac),
            ..Identity::default()
        }
    }
}

impl Site {
    fn by(&self) -> By {
        By {
            who: "ada".into(),
            reason: "I built it".into(),
            now: self.moment().now,
        }
    }

    /// An agent reports its machine with a container on it.
    pub fn agent(&mut self, id: &str, machine: &Machine) -> Effects {
        let sighting = Sighting {
            identity: machine.identity(),
            metrics: cpu(40.0),
            ..Sighting::new(Kind::Agent, "host", machine.name)
        };
        let container = Sighting::new(Kind::AppContainer, "container/1", "nginx");
        self.report(id, sighting, vec![container])
    }

    /// A cluster shows its guests.
    fn guests(&mut self, guests: Vec<Sighting>) -> Effects {
        self.poll("guests", guests)
    }

    pub fn machines(&self) -> Vec<String> {
        self.ids_of(|kind| kind != Kind::AppContainer)
    }
}

fn cpu(percent: f64) -> Metrics {
    Metrics {
        cpu: Some(MetricValue::percent(Percent(percent))),
        ..Metrics::default()
    }
}

fn guest(vmid: u32, machine: &Machine) -> Sighting {
    let native = NativeId::from(format!("qemu/{vmid}"));
    Sighting {
        technology: Some("qemu".into()),
        identity: Identity {
            machine_id: None,
            ip_addresses: Vec::new(),
            ..machine.identity()
        },
        metrics: Metrics {
            memory: MetricValue::share(Bytes(1), Bytes(4)),
            ..cpu(90.0)
        },
        ..Sighting::new(Kind::Vm, native, machine.name)
    }
}

const VM: &str = "proxmox:lab:qemu:101";

#[test]
fn an_agent_in_a_guest_and_the_guest_are_one_and_say_why() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    assert_eq!(site.machines(), [VM]);
    let web = site.get(VM);
    assert_eq!(web.kind, Kind::Vm, "the hypervisor knows what it is");
    assert_eq!(web.sources, [SourceKind::Proxmox, SourceKind::Agent]);
    let value = |metric: &Option<MetricValue>| metric.as_ref().map(|m| m.value);
    assert_eq!(
        value(&web.metrics.cpu),
        Some(40.0),
        "the agent sees from inside"
    );
    assert_eq!(
        value(&web.metrics.memory),
        Some(25.0),
        "only one of them knows"
    );
    for source in [SourceKind::Agent, SourceKind::Proxmox] {
        let why = web.source_status[&source].matched_by.as_deref();
        let expected = "same hardware address bc:24:11:00:00:01 and name web";
        assert_eq!(why, Some(expected));
    }
}

#[test]
fn a_joined_view_is_found_under_its_own_id_and_its_children_follow() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    assert_eq!(site.get("a-1").id.as_str(), VM);
    let container = site.get("docker:a-1:container:1");
    assert_eq!(container.parent_id, Some(ResourceId::new(VM)));
    assert_eq!(site.get(VM).child_count, Some(1));
    let canonical = site.get(VM).canonical_identity.as_deref().expect("joined");
    assert_eq!(canonical.aliases, [ResourceId::new("a-1")]);
}

#[test]
fn whoever_was_there_first_gives_the_id() {
    let mut site = Site::new();
    site.agent("a-1", &WEB);
    site.guests(vec![guest(101, &WEB)]);
    assert_eq!(site.machines(), ["a-1"]);
    assert_eq!(site.get(VM).kind, Kind::Vm);
}

#[test]
fn a_weak_hint_alone_joins_nobody() {
    let nobody = Machine {
        machine: "",
        mac: "",
        ip: "",
        ..WEB
    };
    let cases = [
        ("a name", nobody.clone()),
        (
            "an address",
            Machine {
                name: "db",
                ip: WEB.ip,
                ..nobody.clone()
            },
        ),
        (
            "a bridge every engine makes",
            Machine {
                ip: "172.17.0.1",
                ..nobody.clone()
            },
        ),
        (
            "a hardware address",
            Machine {
                name: "db",
                mac: WEB.mac,
                ..nobody
            },
        ),
    ];
    for (what, other) in cases {
        let mut site = Site::new();
        let seen = Sighting {
            identity: other.identity(),
            ..guest(101, &other)
        };
        site.guests(vec![seen]);
        site.agent("a-1", &WEB);
        assert_eq!(site.machines().len(), 2, "{what}");
    }
}

#[test]
fn a_guest_that_shares_its_hardware_address_with_a_copy_is_not_guessed_at() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB), guest(102, &WEB)]);
    site.agent("a-1", &WEB);
    assert_eq!(site.machines().len(), 3);
    site.guests(vec![guest(101, &WEB)]);
    assert_eq!(site.machines().len(), 1, "now there is only one it can be");
}

#[test]
fn two_live_agents_with_one_machine_id_are_clones_and_both_are_marked() {
    let mut site = Site::new();
    site.agent("a-1", &WEB);
    site.agent(
        "a-2",
        &Machine {
            ip: "192.0.2.12",
            ..WEB
        },
    );
    assert_eq!(site.machines(), ["a-1", "a-2"]);
    for (id, other) in [("a-1", "a-2"), ("a-2", "a-1")] {
        let canonical = site.get(id).canonical_identity.as_deref().expect("a mark");
        assert_eq!(canonical.clones, [ResourceId::new(other)], "{id}");
    }
}

#[test]
fn a_machine_installed_anew_keeps_the_id_it_had() {
    let mut site = Site::new();
    site.agent("old", &WEB);
    site.pass(120);
    site.agent("new", &WEB);
    assert_eq!(site.machines(), ["old"]);
    assert_eq!(site.get("new").id.as_str(), "old");
    assert_eq!(site.get("old").status, Status::Online);
}

#[test]
fn a_clone_that_was_off_and_comes_back_is_told_apart_for_good() {
    let mut site = Site::new();
    site.agent("a-1", &WEB);
    site.pass(120);
    site.agent("a-2", &WEB);
    assert_eq!(site.machines(), ["a-1"]);
    let effects = site.agent("a-1", &WEB);
    assert_eq!(site.machines(), ["a-1", "a-2"]);
    assert_eq!(effects.unsaved.len(), 1, "over a restart too");
    site.pass(120);
    site.agent("a-2", &WEB);
    assert_eq!(site.machines(), ["a-1", "a-2"], "it does not flap");
}

#[test]
fn what_is_down_and_joined_to_what_is_alive_is_back() {
    let mut site = Site::new();
    site.agent("old", &WEB);
    let fallen = site.pass(120);
    assert!(matches!(&*fallen, [Transition::Down { .. }]));
    let moved = Machine {
        machine: "5d5d",
        ..WEB
    };
    site.agent("new", &moved);
    assert_eq!(
        site.machines(),
        ["new", "old"],
        "another machine id, another key"
    );
    let (_, effects) = site.ledger.link("new", "old", site.by()).expect("linked");
    assert_eq!(site.machines(), ["new"]);
    let back = effects.transitions;
    assert!(matches!(&*back, [Transition::Recovered { id, .. }] if id.as_str() == "old"));
}

#[test]
fn a_guest_whose_agent_fell_silent_runs_as_long_as_its_hypervisor_says_so() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    for _ in 0..12 {
        assert_eq!(site.pass(10), []);
        site.guests(vec![guest(101, &WEB)]);
    }
    let web = site.get(VM);
    assert_eq!(web.status, Status::Online);
    let value = web.metrics.cpu.as_ref().map(|metric| metric.value);
    assert_eq!(value, Some(90.0), "figures of who is heard");
}

#[test]
fn an_operators_link_joins_what_no_rule_would_and_its_undo_restores_everything() {
    let mut site = Site::new();
    let other = Machine {
        name: "db",
        machine: "77aa",
        mac: "",
        ip: "192.0.2.50",
    };
    site.agent("a-1", &WEB);
    site.agent("a-2", &other);
    let before = site.machines();
    let (linked, _) = site.ledger.link("a-2", "a-1", site.by()).expect("linked");
    assert_eq!(site.machines(), ["a-2"], "the first named gives the id");
    assert_eq!(site.get("a-1").id.as_str(), "a-2");
    let why = site.get("a-2").source_status[&SourceKind::Agent]
        .matched_by
        .clone();
    assert_eq!(why.as_deref(), Some("linked by ada: I built it"));
    site.ledger
        .undo(linked.number, site.moment().now)
        .expect("undone");
    assert_eq!(site.machines(), before);
    assert_eq!(site.get("a-1").canonical_identity, None);
    let children = site.ledger.estate.children("a-1").count();
    assert_eq!(children, 1);
}

#[test]
fn an_unlinked_view_stays_apart_until_that_is_taken_back() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    let (unlinked, _) = site.ledger.unlink(VM, "a-1", site.by()).expect("apart");
    assert_eq!(site.machines(), ["a-1", VM]);
    site.agent(
        "a-1",
        &Machine {
            ip: "192.0.2.99",
            ..WEB
        },
    );
    assert_eq!(
        site.machines(),
        ["a-1", VM],
        "a new address changes nothing about it"
    );
    site.ledger
        .undo(unlinked.number, site.moment().now)
        .expect("undone");
    assert_eq!(site.machines(), [VM]);
}

#[test]
fn a_link_overrides_an_exclusion_and_taking_it_back_brings_the_exclusion_back() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    site.ledger.unlink(VM, "a-1", site.by()).expect("apart");
    let (linked, _) = site.ledger.link(VM, "a-1", site.by()).expect("linked");
    assert_eq!(site.machines(), [VM]);
    site.ledger
        .undo(linked.number, site.moment().now)
        .expect("undone");
    assert_eq!(site.machines(), ["a-1", VM]);
}

#[test]
fn a_reported_merge_is_taken_apart() {
    let mut site = Site::new();
    site.agent("a-1", &WEB);
    let alone = site.ledger.report_merge("a-1", &[], site.by());
    assert_eq!(alone.map(|_| ()), Err(LinkError::TooFewSources));
    site.guests(vec![guest(101, &WEB)]);
    let wrong = site
        .ledger
        .report_merge("a-1", &[SourceKind::Pbs], site.by());
    assert_eq!(wrong.map(|_| ()), Err(LinkError::NothingExcluded));
    let (reported, _) = site
        .ledger
        .report_merge("a-1", &[], site.by())
        .expect("taken");
    assert_eq!(reported.ties, 1);
    assert_eq!(site.machines(), ["a-1", VM]);
    site.ledger
        .undo(reported.number, site.moment().now)
        .expect("undone");
    assert_eq!(site.machines(), ["a-1"]);
}

#[test]
fn decisions_that_make_no_sense_are_refused_with_their_reason() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    let by = site.by();
    let error = |result: Result<_, LinkError>| result.map(|_: (_, Effects)| ()).err();
    let ledger = &mut site.ledger;
    assert_eq!(
        error(ledger.link("a-1", "a-1", by.clone())),
        Some(LinkError::Itself)
    );
    assert_eq!(
        error(ledger.link(VM, "a-1", by.clone())),
        Some(LinkError::AlreadyLinked)
    );
    let unknown = LinkError::Unknown { id: "ghost".into() };
    assert_eq!(
        error(ledger.unlink("ghost", "a-1", by.clone())),
        Some(unknown)
    );
    assert_eq!(
        error(ledger.unlink(VM, VM, by.clone())),
        Some(LinkError::Itself)
    );
    ledger.unlink(VM, "a-1", by.clone()).expect("apart");
    assert_eq!(
        error(ledger.unlink(VM, "a-1", by)),
        Some(LinkError::AlreadyApart)
    );
    assert_eq!(
        error(ledger.undo(99, Timestamp::UNIX_EPOCH)),
        Some(LinkError::NothingToUndo { number: 99 })
    );
}

#[test]
fn a_node_and_the_agent_on_it_are_one_by_name_and_address() {
    let mut site = Site::new();
    let node = Sighting {
        identity: Identity {
            machine_id: None,
            mac_addresses: Vec::new(),
            ..WEB.identity()
        },
        ..Sighting::new(Kind::Agent, "node/web", "web")
    };
    site.guests(vec![node]);
    site.agent("a-1", &WEB);
    assert_eq!(site.machines(), ["proxmox:lab:node:web"]);
    let why = site.get("a-1").source_status[&SourceKind::Agent]
        .matched_by
        .clone();
    assert_eq!(
        why.as_deref(),
        Some("node web: same host name and address 192.0.2.11")
    );
}

#[test]
fn a_resource_keeps_its_id_when_the_view_that_gave_it_goes() {
    let mut site = Site::new();
    site.guests(vec![guest(101, &WEB)]);
    site.agent("a-1", &WEB);
    site.ledger.forget(&lab(), site.moment().now);
    assert_eq!(
        site.machines(),
        [VM],
        "its history and its settings are under that id"
    );
    site.guests(vec![guest(101, &WEB)]);
    assert_eq!(site.machines(), [VM]);
}

#[test]
fn an_image_on_too_many_machines_joins_nobody_and_costs_nothing() {
    let mut site = Site::new();
    for number in 0..40 {
        site.agent(&format!("a-{number}"), &WEB);
    }
    assert_eq!(site.machines().len(), 40);
    let clones = site
        .get("a-0")
        .canonical_identity
        .as_deref()
        .map(|c| c.clones.len());
    assert_eq!(clones, Some(8), "as many as are worth showing");
}
