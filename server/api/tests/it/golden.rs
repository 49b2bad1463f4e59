//! Every member of every typed collection of the state, held against what clients of old were
//! promised: on an estate with every kind in it.
//! A member that is in no list fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use pulse_model::{Kind, Sighting, SourceKind};
use pulse_sources::mock::{Generator, MockConfig, World};

use crate::promised::{PROMISED, STATE};
use crate::site::{Site, Straight};

/// A site that shows an invented estate, seen twice so that there are rates.
async fn invented() -> (Site, crate::site::Caller) {
    let (site, admin) = Site::set_up().await;
    // Every eighth host has no agent beside its engine.
    let config = MockConfig {
        docker_host_count: 8,
        ..MockConfig::default()
    };
    let world = World::new(config, 7);
    let intake = Arc::new(Straight(site.estate.clone()));
    let generator = Generator::new(world, intake, site.clock.clone());
    for _ in 0..2 {
        site.hands.advance(Duration::from_secs(10));
        generator.fill().await.expect("it is taken");
    }
    site.see(
        SourceKind::Proxmox,
        "more",
        vec![detailed(Kind::Vm, DETAILED_GUEST)],
    )
    .await;
    let engine = [
        detailed(Kind::DockerHost, DETAILED_ENGINE),
        detailed(Kind::AppContainer, DETAILED_CONTAINER),
    ];
    site.see(SourceKind::Docker, "more", engine.to_vec()).await;
    site.see(
        SourceKind::Agent,
        "more",
        vec![detailed(Kind::Agent, DETAILED_HOST)],
    )
    .await;
    (site, admin)
}

/// What the invented estate leaves out: seen on few, or large.
const DETAILED_GUEST: &str = r#"{"proxmox": {"vmid": 900, "cpus": 2, "nodeName": "pve1", "instance": "more",
    "disks": [{"device": "/dev/vda1", "mountpoint": "/", "filesystem": "ext4", "total": 100,
        "used": 40, "free": 60, "usage": 40}],
    "networkInterfaces": [{"name": "eth0", "mac": "bc:24:11:00:09:00",
        "addresses": ["192.0.2.90"], "rxBytes": 5, "txBytes": 6}]}}"#;
const DETAILED_ENGINE: &str = r#"{"docker": {"hostSourceId": "more", "cpus": 4, "uptimeSeconds": 9,
    "totalMemoryBytes": 100, "intervalSeconds": 10,
    "disks": [{"device": "/dev/vda1", "mountpoint": "/", "total": 100, "used": 40,
        "free": 60, "usage": 40}]}}"#;
const DETAILED_CONTAINER: &str = r#"{"docker": {"hostSourceId": "more", "containerId": "c0ffee",
    "image": "nginx", "containerState": "running", "containerStatus": "Up", "restartCount": 0,
    "createdAt": "2027-01-15T08:00:00Z",
    "blockIo": {"readBytes": 1, "writeBytes": 2, "readRateBytesPerSecond": 3,
        "writeRateBytesPerSecond": 4},
    "mounts": [{"type": "volume", "source": "/var/lib", "destination": "/data", "rw": true}]}}"#;
const DETAILED_HOST: &str = r#"{"agent": {"agentId": "more", "hostname": "more",
    "sensors": {"smart": [{"device": "sda", "temperature": 30, "health": "PASSED",
        "attributes": {"powerOnHours": 5}}]},
    "raid": [{"device": "/dev/md0", "level": "raid1", "state": "clean", "totalDevices": 2,
        "activeDevices": 2, "workingDevices": 2, "failedDevices": 0, "spareDevices": 0,
        "rebuildPercent": 0, "devices": [{"device": "sda1", "state": "active", "slot": 0}]}]}}"#;

fn detailed(kind: Kind, facets: &str) -> Sighting {
    Sighting {
        facets: serde_json::from_str(facets).expect("facets"),
        ..Sighting::new(kind, format!("{}/900", kind.word()), "detailed")
    }
}

/// Returns every object at `place`.
fn found<'a>(state: &'a Value, place: &str) -> Vec<&'a Map<String, Value>> {
    let mut values = vec![state];
    for name in place.split('.') {
        let members = values.iter().filter_map(|value| value.get(name));
        values = members
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().collect(),
                value => vec![value],
            })
            .collect();
    }
    values.into_iter().filter_map(Value::as_object).collect()
}

/// Says what is wrong with the objects at a place.
fn faults(place: &str, objects: &[&Map<String, Value>], members: &[&str]) -> Vec<String> {
    let words = members.iter().flat_map(|line| line.split_whitespace());
    let listed: BTreeMap<&str, Option<char>> = words
        .map(|word| {
            let mark = word.chars().last().filter(|c| "~?".contains(*c));
            (word.trim_end_matches(['~', '?']), mark)
        })
        .collect();
    let mut faults = BTreeSet::new();
    for (name, mark) in &listed {
        let count = objects.iter().filter(|one| one.contains_key(*name)).count();
        let is_missing = match mark {
            None => count < objects.len(),
            Some('~') => count == 0,
            Some(_) => false,
        };
        if is_missing {
            faults.insert(format!(
                "{place}.{name} is missing ({count} of {})",
                objects.len()
            ));
        }
    }
    for name in objects.iter().flat_map(|one| one.keys()) {
        if !listed.contains_key(name.as_str()) {
            faults.insert(format!("{place}.{name} is in no list"));
        }
    }
    faults.into_iter().collect()
}

#[tokio::test]
async fn every_member_that_was_promised_is_there_and_no_other() {
    let (site, admin) = invented().await;
    let state = site.get(&admin, "/api/state").await.json();
    let members = state.as_object().expect("an object").keys();
    let unlisted: Vec<_> = members
        .filter(|name| !STATE.contains(&name.as_str()))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    for name in STATE.iter().filter(|name| **name != "pveTagStyles") {
        assert!(state.get(name).is_some(), "{name}");
    }
    let mut wrong = Vec::new();
    for (place, members) in PROMISED {
        match found(&state, place) {
            none if none.is_empty() => wrong.push(format!("{place} is empty")),
            objects => wrong.extend(faults(place, &objects, members)),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_invented_estate_has_every_kind_the_documents_name() {
    let (site, _) = invented().await;
    let estate = site.estate.estate();
    let missing: Vec<_> = Kind::ALL
        .iter()
        .filter(|kind| estate.of_kind(**kind).next().is_none())
        .map(|kind| kind.word())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
