//! Engines and swarms: who tells of which, and what of it is one.

use pulse_model::{Identity, Kind, Sighting, SourceId, SourceKind, Status};

use crate::fixture::Site;
use crate::join_tests::{Machine, WEB};
use crate::ledger::Effects;

impl Site {
    /// A leader tells of its engine and of a service of its swarm.
    fn leader(&mut self, name: &str, swarm: Option<&str>, status: Status) -> Effects {
        let service = Sighting {
            parent: Some("engine".into()),
            status: Some(status),
            identity: Identity {
                cluster_name: swarm.map(str::to_owned),
                ..Identity::default()
            },
            ..Sighting::new(Kind::DockerService, "docker-service/s1", "edge")
        };
        let engine = Sighting::new(Kind::DockerHost, "engine", name);
        let source = SourceId::new(SourceKind::Docker, name);
        let seen = self.seen(source, "engine", vec![engine, service]);
        self.ledger.see(seen, self.moment())
    }

    /// The agent `agent` on `machine` tells of an engine.
    fn engine(&mut self, agent: &str, make: &str, machine: &Machine) -> Effects {
        let engine = Sighting {
            technology: Some(make.to_owned()),
            identity: machine.identity(),
            ..Sighting::new(Kind::DockerHost, "engine", machine.name)
        };
        let source = SourceId::new(SourceKind::Docker, agent);
        let seen = self.seen(source, "engine", vec![engine]);
        self.ledger.see(seen, self.moment())
    }

    fn services(&self) -> Vec<String> {
        self.ids_of(|kind| kind == Kind::DockerService)
    }
}

#[test]
fn a_service_is_one_however_many_leaders_tell_of_it() {
    let mut site = Site::new();
    site.leader("m1", Some("swarm-7"), Status::Online);
    site.leader("m2", Some("swarm-7"), Status::Online);
    site.leader("m3", Some("swarm-7"), Status::Online);
    let [id] = &site.services()[..] else {
        panic!("{:?}", site.services())
    };
    let why = &site.get(id).source_status[&SourceKind::Docker].matched_by;
    assert_eq!(why.as_deref(), Some("same swarm"));
    assert_eq!(site.ids_of(|kind| kind == Kind::DockerHost).len(), 3);
}

#[test]
fn services_of_two_swarms_and_of_none_are_as_many() {
    let mut site = Site::new();
    site.leader("m1", Some("swarm-7"), Status::Online);
    site.leader("m2", Some("swarm-8"), Status::Online);
    site.leader("m3", None, Status::Online);
    site.leader("m4", None, Status::Online);
    assert_eq!(site.services().len(), 4);
}

#[test]
fn a_leader_that_falls_silent_leaves_the_service_to_the_others() {
    let mut site = Site::new();
    site.leader("m1", Some("swarm-7"), Status::Online);
    site.leader("m2", Some("swarm-7"), Status::Online);
    let [id] = &site.services()[..] else {
        panic!("{:?}", site.services())
    };
    for _ in 0..30 {
        site.pass(10);
        site.leader("m2", Some("swarm-7"), Status::Warning);
    }
    assert_eq!(site.get(id).status, Status::Warning);
}

#[test]
fn a_machine_with_docker_and_podman_keeps_one_of_them_and_the_other_stands_by_itself() {
    let mut site = Site::new();
    site.engine("a-1-podman", "podman", &WEB);
    site.engine("a-1", "docker", &WEB);
    site.agent("a-1", &WEB);
    let machines = site.machines();
    assert_eq!(machines.len(), 2, "{machines:?}");
    let both = machines.iter().map(|id| site.get(id));
    let both: Vec<_> = both
        .map(|machine| (machine.sources.clone(), machine.technology.clone()))
        .collect();
    let of = |sources: &[SourceKind], make: &str| (sources.to_vec(), Some(make.to_owned()));
    assert!(
        both.contains(&of(&[SourceKind::Agent, SourceKind::Docker], "docker")),
        "{both:?}"
    );
    assert!(
        both.contains(&of(&[SourceKind::Docker], "podman")),
        "{both:?}"
    );
}

#[test]
fn an_engine_whose_agent_was_made_anew_is_the_same_engine() {
    let mut site = Site::new();
    site.engine("a-1", "docker", &WEB);
    site.engine("a-2", "docker", &WEB);
    assert_eq!(site.machines().len(), 1);
}
