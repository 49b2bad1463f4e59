//! What an invented estate is made of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use pulse_model::{Kind, Observation, Outcome, Sighting, Status};

use super::*;

fn noon() -> Timestamp {
    Timestamp::from_second(1_780_000_000).expect("a valid second")
}

fn everything(world: &World, at: Timestamp) -> Vec<Observation> {
    (0..world.systems())
        .flat_map(|index| world.observe(index, at))
        .collect()
}

fn sightings(observation: Observation) -> Vec<Sighting> {
    match observation.outcome {
        Outcome::Host {
            sighting, others, ..
        } => {
            let mut all = vec![*sighting];
            all.extend(others);
            all
        }
        Outcome::Slice { sightings, .. } => sightings,
        Outcome::Failed { .. } => Vec::new(),
    }
}

fn all(world: &World, at: Timestamp) -> Vec<Sighting> {
    everything(world, at)
        .into_iter()
        .flat_map(sightings)
        .collect()
}

/// A world in which there is an engine without an agent too.
fn world() -> World {
    let config = MockConfig {
        docker_host_count: 8,
        ..MockConfig::default()
    };
    World::new(config, 11)
}

#[test]
fn every_kind_is_there_and_everything_is_marked() {
    let all = all(&world(), noon());
    let kinds: BTreeSet<Kind> = all.iter().map(|sighting| sighting.kind).collect();
    let missing: Vec<&Kind> = Kind::ALL
        .iter()
        .filter(|kind| !kinds.contains(kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let bare = all
        .iter()
        .find(|sighting| !sighting.tags.iter().any(|tag| tag == MARK));
    assert!(bare.is_none(), "{bare:?}");
}

#[test]
fn no_source_calls_two_things_by_one_name_and_parents_exist() {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut parents = Vec::new();
    for observation in everything(&world(), noon()) {
        let source = observation.source.to_string();
        for sighting in sightings(observation) {
            let name = sighting.native.as_str().to_owned();
            let is_first = names
                .entry(source.clone())
                .or_default()
                .insert(name.clone());
            assert!(is_first, "{source} has two {name}");
            parents.extend(sighting.parent.map(|parent| (source.clone(), parent)));
        }
    }
    for (source, parent) in parents {
        assert!(
            names[&source].contains(parent.as_str()),
            "{source} has no {parent}"
        );
    }
}

#[test]
fn one_seed_makes_one_estate() {
    let text = |seed| {
        format!(
            "{:?}",
            all(&World::new(MockConfig::default(), seed), noon())
        )
    };
    assert_eq!(text(5), text(5));
    assert_ne!(text(5), text(6));
}

#[test]
fn some_stand_still_and_some_are_in_trouble() {
    let all = all(&world(), noon());
    let of = |status| {
        all.iter()
            .filter(|sighting| sighting.status == Some(status))
            .count()
    };
    assert!(of(Status::Offline) >= 5, "{}", of(Status::Offline));
    assert!(of(Status::Warning) >= 5, "{}", of(Status::Warning));
    assert!(of(Status::Online) > all.len() / 3);
    let stopped = all
        .iter()
        .find(|s| s.kind == Kind::Vm && s.status == Some(Status::Offline));
    assert!(
        stopped.is_none_or(|vm| vm.metrics.cpu.is_none()),
        "missing is not zero"
    );
}

#[test]
fn agents_in_guests_carry_what_the_hypervisor_sees() {
    let seen = everything(&world(), noon());
    let vms: Vec<Sighting> = all(&world(), noon())
        .into_iter()
        .filter(|s| s.kind == Kind::Vm)
        .collect();
    let mut joined = 0;
    for observation in seen {
        if let Outcome::Host { sighting, .. } = observation.outcome {
            let macs = &sighting.identity.mac_addresses;
            joined += vms
                .iter()
                .filter(|vm| &vm.identity.mac_addresses == macs)
                .count();
        }
    }
    assert!(joined >= 3, "{joined}");
}

#[test]
fn the_size_is_about_what_was_promised() {
    for config in [
        MockConfig::default(),
        MockConfig {
            docker_host_count: 100,
            docker_containers_per_host: 20,
            ..MockConfig::default()
        },
    ] {
        let promised = config.resources();
        let made = all(&World::new(config, 1), noon()).len();
        assert!(
            made.abs_diff(promised) < 40 + promised / 4,
            "{made} for {promised}"
        );
    }
}

#[test]
fn figures_move_unless_they_are_told_not_to() {
    let later = noon() + std::time::Duration::from_secs(3_600);
    let still = MockConfig {
        random_metrics: false,
        churn: 0.0,
        ..MockConfig::default()
    };
    let cpu = |world: &World, at| -> Vec<Option<f64>> {
        let nodes = all(world, at).into_iter().filter(|s| s.kind == Kind::Agent);
        nodes
            .map(|node| node.metrics.cpu.map(|cpu| cpu.value))
            .collect()
    };
    let still = World::new(still, 1);
    assert_eq!(cpu(&still, noon()), cpu(&still, later));
    assert_ne!(cpu(&world(), noon()), cpu(&world(), later));
}

#[test]
fn a_node_named_as_busy_is() {
    let config = MockConfig {
        high_load_nodes: vec!["aspen-pve1".to_owned()],
        ..MockConfig::default()
    };
    let all = all(&World::new(config, 1), noon());
    let node = all
        .iter()
        .find(|s| s.name == "aspen-pve1")
        .expect("the node");
    assert!(
        node.metrics
            .cpu
            .as_ref()
            .is_some_and(|cpu| cpu.value > 80.0)
    );
}
