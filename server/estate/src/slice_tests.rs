//! What polled slices and what agents see beside their machine lead to, folded without a task.

use pulse_model::{
    Bytes, Counters, Kind, ResourceId, Scope, Sighting, SourceKind, SourceState, Status,
};

use crate::bound::MOST_PER_HOST;
use crate::fixture::{Site, host, lab, node};
use crate::ledger::{Effects, Ledger};
use crate::outage::Transition;

impl Site {
    fn fail(&mut self, scope: &str) -> Effects {
        let moment = self.moment();
        self.ledger
            .fail(&lab(), &Scope::new(scope), "no route", moment)
    }

    fn ids(&self) -> Vec<String> {
        let ids = self.ledger.estate.iter();
        ids.map(|entry| entry.resource().id.to_string()).collect()
    }
}

fn guest(vmid: u32, node: &str) -> Sighting {
    Sighting {
        parent: Some(format!("node/{node}").into()),
        ..Sighting::new(Kind::Vm, format!("qemu/{vmid}"), format!("vm{vmid}"))
    }
}

fn container(id: &str) -> Sighting {
    Sighting::new(Kind::AppContainer, format!("container/{id}"), id)
}

#[test]
fn what_is_no_longer_in_a_slice_has_gone_and_other_slices_keep_theirs() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1")]);
    site.poll("guests", vec![guest(101, "pve1"), guest(102, "pve1")]);
    assert_eq!(site.get("proxmox:lab:node:pve1").child_count, Some(2));
    site.poll("guests", vec![guest(102, "pve1")]);
    assert_eq!(
        site.ids(),
        ["proxmox:lab:node:pve1", "proxmox:lab:qemu:102"]
    );
    assert_eq!(site.get("proxmox:lab:node:pve1").child_count, Some(1));
    assert_eq!(site.ledger.estate.stats().total, 2);
}

#[test]
fn a_guest_that_moved_to_another_node_keeps_its_id_and_changes_its_parent() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1"), node("pve2")]);
    site.poll("guests", vec![guest(101, "pve1")]);
    site.poll("guests", vec![guest(101, "pve2")]);
    let moved = site.get("proxmox:lab:qemu:101");
    assert_eq!(moved.parent_name.as_deref(), Some("pve2"));
    assert_eq!(site.get("proxmox:lab:node:pve1").child_count, None);
    let children = site.ledger.estate.children("proxmox:lab:node:pve2");
    assert_eq!(children.count(), 1);
}

#[test]
fn a_guest_seen_under_another_scope_first_is_not_lost_with_the_old_one() {
    let mut site = Site::new();
    site.poll("node/pve1", vec![guest(101, "pve1")]);
    site.poll("node/pve2", vec![guest(101, "pve2")]);
    site.poll("node/pve1", vec![]);
    assert_eq!(site.ids(), ["proxmox:lab:qemu:101"]);
}

#[test]
fn children_find_their_parent_whichever_comes_first() {
    let mut site = Site::new();
    site.poll("guests", vec![guest(101, "pve1")]);
    assert_eq!(site.get("proxmox:lab:qemu:101").parent_id, None);
    site.poll("nodes", vec![node("pve1")]);
    let parent = site.get("proxmox:lab:qemu:101").parent_id.clone();
    assert_eq!(parent, Some(ResourceId::new("proxmox:lab:node:pve1")));
    assert_eq!(site.get("proxmox:lab:node:pve1").child_count, Some(1));
    site.poll("nodes", vec![]);
    assert_eq!(site.get("proxmox:lab:qemu:101").parent_id, None);
}

#[test]
fn a_renamed_parent_is_renamed_in_its_children() {
    let mut site = Site::new();
    site.report("web", host("web"), vec![container("a")]);
    site.report("web", host("shop"), vec![container("a")]);
    let container = site.get("docker:web:container:a");
    assert_eq!(container.parent_name.as_deref(), Some("shop"));
    assert_eq!(container.sources, [SourceKind::Docker]);
}

#[test]
fn a_failed_poll_deletes_nothing_says_why_and_ages() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1")]);
    site.poll("guests", vec![guest(101, "pve1")]);
    site.pass(10);
    site.fail("nodes");
    site.fail("guests");
    let node = &site.get("proxmox:lab:node:pve1");
    let status = &node.source_status[&SourceKind::Proxmox];
    assert_eq!(status.error.as_deref(), Some("no route"));
    assert_eq!(
        (node.status, status.status),
        (Status::Online, SourceState::Online)
    );
    site.pass(60);
    assert_eq!(site.get("proxmox:lab:node:pve1").status, Status::Offline);
    let guest = site.get("proxmox:lab:qemu:101");
    assert_eq!(guest.status, Status::Unknown, "nobody said that it is off");
    site.poll("nodes", vec![self::node("pve1")]);
    let node = site.get("proxmox:lab:node:pve1");
    assert_eq!(node.status, Status::Online);
    assert_eq!(node.source_status[&SourceKind::Proxmox].error, None);
}

#[test]
fn three_failed_polls_take_a_node_down_once_and_a_good_one_brings_it_back_once() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1")]);
    let mut transitions = Vec::new();
    for _ in 0..4 {
        transitions.extend(site.pass(10));
        transitions.extend(site.fail("nodes").transitions);
    }
    transitions.extend(site.poll("nodes", vec![node("pve1")]).transitions);
    let [
        Transition::Down { at, .. },
        Transition::Recovered { down_since, .. },
    ] = &*transitions
    else {
        panic!("down once and back once: {transitions:?}")
    };
    assert_eq!(at, down_since);
}

#[test]
fn a_guest_its_source_calls_off_is_offline_and_nobody_went_down() {
    let mut site = Site::new();
    let off = Sighting {
        status: Some(Status::Offline),
        ..guest(101, "pve1")
    };
    let effects = site.poll("guests", vec![off]);
    assert_eq!(site.get("proxmox:lab:qemu:101").status, Status::Offline);
    assert_eq!(effects.transitions, []);
}

#[test]
fn what_a_silent_host_carries_is_unknown_with_it_and_stays() {
    let mut site = Site::new();
    site.report("web", host("web"), vec![container("a")]);
    site.pass(31);
    assert_eq!(site.get("web").status, Status::Unknown);
    site.pass(20);
    assert_eq!(site.get("web").status, Status::Offline);
    let container = site.get("docker:web:container:a");
    assert_eq!(container.status, Status::Unknown);
    let status = &container.source_status[&SourceKind::Docker];
    assert_eq!(status.status, SourceState::Offline);
}

#[test]
fn a_report_that_invents_containers_is_cut_short_and_says_so() {
    let mut site = Site::new();
    let many = (0..MOST_PER_HOST + 5).map(|n| container(&n.to_string()));
    let effects = site.report("web", host("web"), many.collect());
    assert_eq!(effects.shed.surplus, 5);
    assert_eq!(site.ledger.estate.len(), MOST_PER_HOST + 1);
    let note = site.get("web").source_status[&SourceKind::Agent]
        .note
        .clone();
    assert_eq!(note.as_deref(), Some("left out: 5 more than are kept"));
    site.report("web", host("web"), vec![container("1")]);
    assert_eq!(site.get("web").source_status[&SourceKind::Agent].note, None);
}

#[test]
fn a_full_estate_turns_newcomers_away_and_keeps_what_it_knows() {
    let mut site = Site::new();
    site.ledger = Ledger::new(2);
    let effects = site.poll("guests", vec![guest(1, "a"), guest(2, "a"), guest(3, "a")]);
    assert_eq!(effects.turned_away, 1);
    site.poll("guests", vec![guest(3, "a"), guest(2, "a")]);
    assert_eq!(
        site.ids(),
        ["proxmox:lab:qemu:2"],
        "there was no room when it came"
    );
    site.poll("guests", vec![guest(3, "a"), guest(2, "a")]);
    assert_eq!(site.ledger.estate.len(), 2);
}

#[test]
fn a_container_has_rates_and_each_fold_reads_what_it_refreshed() {
    let mut site = Site::new();
    let counting = |bytes| Sighting {
        counters: Counters {
            net_in: Some(Bytes(bytes)),
            ..Counters::default()
        },
        ..container("a")
    };
    site.report("web", host("web"), vec![counting(1_000)]);
    site.pass(10);
    let effects = site.report("web", host("web"), vec![counting(6_000)]);
    let [reading] = effects.readings.as_slice() else {
        panic!("one resource measured something: {:?}", effects.readings)
    };
    assert_eq!(reading.resource.as_str(), "docker:web:container:a");
    assert_eq!(reading.values, [(pulse_model::Metric::NetIn, 500.0)]);
}

#[test]
fn a_source_that_is_forgotten_takes_what_only_it_has_shown() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1")]);
    site.report("web", host("web"), vec![container("a")]);
    site.ledger.forget(&lab(), site.moment().now);
    assert_eq!(site.ids(), ["web", "docker:web:container:a"]);
    site.poll("nodes", vec![node("pve1")]);
    assert_eq!(site.ledger.estate.len(), 3);
}

#[test]
fn indexes_and_counts_agree_with_the_list() {
    let mut site = Site::new();
    site.poll("nodes", vec![node("pve1")]);
    site.poll("guests", vec![guest(1, "pve1"), guest(2, "pve1")]);
    site.report("web", host("web"), vec![container("a"), container("b")]);
    site.report("web", host("web"), vec![container("b")]);
    let estate = &site.ledger.estate;
    assert_eq!(estate.of_kind(Kind::Vm).count(), 2);
    assert_eq!(estate.of_kind(Kind::AppContainer).count(), 1);
    assert_eq!(estate.of_source(SourceKind::Docker).count(), 1);
    let stats = estate.stats();
    assert_eq!(stats.by_type[&Kind::Agent], 2);
    assert_eq!(stats.by_status[&Status::Online], 5);
}
