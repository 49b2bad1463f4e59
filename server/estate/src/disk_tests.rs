//! One disk that a machine's agent and its hypervisor both see.

use std::sync::Arc;

use pulse_model::facet::physical_disk::{PhysicalDisk, SmartAttributes};
use pulse_model::{Facets, Identity, Kind, NativeId, Sighting, SourceKind};

use crate::decide::By;
use crate::fixture::{Site, host, node};

fn machine(sighting: Sighting, address: &str) -> Sighting {
    let identity = Identity {
        hostnames: vec![sighting.name.clone()],
        ip_addresses: vec![address.to_owned()],
        ..Identity::default()
    };
    Sighting {
        identity,
        ..sighting
    }
}

fn disk(device: &str, serial: &str, wwn: &str) -> PhysicalDisk {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PhysicalDisk {
        dev_path: device.to_owned(),
        serial: known(serial),
        wwn: known(wwn),
        ..PhysicalDisk::default()
    }
}

fn seen(parent: Option<&str>, native: &str, disk: PhysicalDisk) -> Sighting {
    Sighting {
        parent: parent.map(NativeId::from),
        facets: Facets {
            physical_disk: Some(Arc::new(disk)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::PhysicalDisk, native, native)
    }
}

/// The cluster shows a node and a disk in it.
fn polled(site: &mut Site, name: &str, address: &str, disk: PhysicalDisk) {
    let parent = format!("node/{name}");
    let native = format!("disk/{name}/{}", disk.dev_path);
    site.poll(name, vec![machine(node(name), address)]);
    let scope = format!("{name}/disks");
    site.poll(&scope, vec![seen(Some(&parent), &native, disk)]);
}

/// An agent reports its machine and the disks in it.
fn reported(site: &mut Site, agent: &str, name: &str, address: &str, disks: Vec<PhysicalDisk>) {
    let disks = disks.into_iter().map(|disk| {
        let native = format!("disk{}", disk.dev_path);
        seen(None, &native, disk)
    });
    site.report(agent, machine(host(name), address), disks.collect());
}

fn disks(site: &Site) -> usize {
    site.ids_of(|kind| kind == Kind::PhysicalDisk).len()
}

const ONE: &str = "192.0.2.1";
const OTHER: &str = "192.0.2.2";

#[test]
fn a_disk_seen_from_both_sides_is_one_that_knows_what_both_know_and_says_why() {
    let mut site = Site::new();
    let by_cluster = PhysicalDisk {
        wearout: Some(97),
        ..disk("/dev/sda", "S3Z9-NB0K", "0x5002538D40A1B2C3")
    };
    polled(&mut site, "pve1", ONE, by_cluster);
    let by_agent = PhysicalDisk {
        smart: Some(SmartAttributes {
            power_on_hours: Some(12_345),
            ..SmartAttributes::default()
        }),
        ..disk("/dev/sda", "s3z9nb0k", "5002538d40a1b2c3")
    };
    reported(&mut site, "a-1", "pve1", ONE, vec![by_agent]);
    let ids = site.ids_of(|kind| kind == Kind::PhysicalDisk);
    assert_eq!(ids.len(), 1, "{ids:?}");
    let one = site.get(&ids[0]);
    assert_eq!(one.sources, [SourceKind::Proxmox, SourceKind::Agent]);
    let facet = one.facets.physical_disk.as_deref().expect("a disk");
    assert_eq!(facet.wearout, Some(97));
    let smart = facet.smart.as_ref().expect("the agent's");
    assert_eq!(smart.power_on_hours, Some(12_345));
    for source in [SourceKind::Proxmox, SourceKind::Agent] {
        assert_eq!(
            one.source_status[&source].matched_by.as_deref(),
            Some("same machine and world wide name 5002538d40a1b2c3")
        );
    }
}

#[test]
fn a_serial_number_is_enough_where_there_is_no_other_name() {
    let mut site = Site::new();
    polled(
        &mut site,
        "pve1",
        ONE,
        disk("/dev/sda", "WD-1234", "unknown"),
    );
    reported(
        &mut site,
        "a-1",
        "pve1",
        ONE,
        vec![disk("/dev/sdb", "wd-1234", "")],
    );
    assert_eq!(disks(&site), 1);
}

#[test]
fn disks_with_one_serial_number_in_different_machines_stay_two() {
    let mut site = Site::new();
    polled(&mut site, "pve1", ONE, disk("/dev/sda", "012345678", ""));
    reported(
        &mut site,
        "a-2",
        "nas",
        OTHER,
        vec![disk("/dev/sda", "012345678", "")],
    );
    assert_eq!(disks(&site), 2);
    reported(
        &mut site,
        "a-3",
        "box",
        "192.0.2.3",
        vec![disk("/dev/sda", "012345678", "")],
    );
    assert_eq!(disks(&site), 3);
}

#[test]
fn names_that_everything_has_and_names_that_differ_join_nothing() {
    for (ours, theirs) in [
        (("unknown", ""), ("unknown", "")),
        (("000000000000", ""), ("000000000000", "")),
        (("", ""), ("", "")),
        (("S-1", "eui.0025388b7101"), ("S-1", "eui.0025388b7102")),
    ] {
        let mut site = Site::new();
        polled(&mut site, "pve1", ONE, disk("/dev/sda", ours.0, ours.1));
        let theirs = disk("/dev/sda", theirs.0, theirs.1);
        reported(&mut site, "a-1", "pve1", ONE, vec![theirs]);
        assert_eq!(disks(&site), 2, "{ours:?}");
    }
}

#[test]
fn one_of_two_that_look_alike_is_not_guessed_at() {
    let mut site = Site::new();
    polled(&mut site, "pve1", ONE, disk("/dev/sda", "TWIN-77", ""));
    let twins = vec![
        disk("/dev/sda", "TWIN-77", ""),
        disk("/dev/sdb", "TWIN-77", ""),
    ];
    reported(&mut site, "a-1", "pve1", ONE, twins);
    assert_eq!(disks(&site), 3, "two paths, or two adapters that lie");
}

#[test]
fn disks_are_one_as_soon_as_their_machines_are_and_two_again_with_them() {
    let mut site = Site::new();
    polled(&mut site, "pve1", ONE, disk("/dev/sda", "S-4711", ""));
    reported(
        &mut site,
        "a-1",
        "elsewhere",
        OTHER,
        vec![disk("/dev/sda", "S-4711", "")],
    );
    assert_eq!(disks(&site), 2);
    let by = || By {
        who: "ada".into(),
        reason: String::new(),
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    let (linked, _) = site
        .ledger
        .link("proxmox:lab:node:pve1", "a-1", by())
        .expect("two machines");
    assert_eq!(disks(&site), 1);
    let (_, _) = site
        .ledger
        .undo(linked.number, by().now)
        .expect("a decision");
    assert_eq!(disks(&site), 2);
}

#[test]
fn a_disk_moved_to_another_machine_is_no_longer_the_one_it_was() {
    let mut site = Site::new();
    polled(&mut site, "pve1", ONE, disk("/dev/sda", "S-4711", ""));
    reported(
        &mut site,
        "a-1",
        "pve1",
        ONE,
        vec![disk("/dev/sda", "S-4711", "")],
    );
    assert_eq!(disks(&site), 1);
    // The cluster is quicker to see it in its other node than the agent to miss it.
    site.poll("pve2", vec![machine(node("pve2"), OTHER)]);
    let there = seen(
        Some("node/pve2"),
        "disk/pve1//dev/sda",
        disk("/dev/sda", "S-4711", ""),
    );
    site.poll("pve1/disks", vec![there]);
    assert_eq!(disks(&site), 2);
    reported(&mut site, "a-1", "pve1", ONE, Vec::new());
    assert_eq!(disks(&site), 1);
}

#[test]
fn a_machine_whose_agent_sees_a_container_engine_is_docker_s_as_well() {
    let mut site = Site::new();
    let mut web = host("web");
    site.report("web", web.clone(), Vec::new());
    assert_eq!(site.get("web").sources, [SourceKind::Agent]);
    web.facets.docker = Some(Arc::default());
    site.report("web", web, Vec::new());
    let web = site.get("web");
    assert_eq!(web.sources, [SourceKind::Agent, SourceKind::Docker]);
    assert_eq!(
        web.source_status[&SourceKind::Docker],
        web.source_status[&SourceKind::Agent]
    );
    assert_eq!(site.ledger.estate.stats().by_source[&SourceKind::Docker], 1);
}
