//! What is told of a machine by who is not on it.

use super::*;
use pulse_model::SourceId;

/// A cluster shows one node, which says that it is these machines.
fn node_of(machine: &Machine, called: &Machine) -> Sighting {
    Sighting {
        identity: Identity {
            machine_id: machine.identity().machine_id,
            mac_addresses: Vec::new(),
            ..called.identity()
        },
        metrics: cpu(1.0),
        ..Sighting::new(Kind::K8sNode, "k8s-node/n", "mine now")
    }
}

const DB: Machine = Machine {
    name: "db",
    machine: "77aa",
    mac: "bc:24:11:00:00:02",
    ip: "192.0.2.50",
};

#[test]
fn a_node_of_a_cluster_brings_no_two_machines_together() {
    let mut site = Site::new();
    site.agent("a-1", &WEB);
    site.agent("a-2", &DB);
    let node = node_of(&WEB, &DB);
    let cluster = SourceId::new(SourceKind::Kubernetes, "made-up");
    let seen = site.seen(cluster, "cluster", vec![node]);
    site.ledger.see(seen, site.moment());
    assert_eq!(
        site.machines(),
        ["a-1", "a-2"],
        "it is the first, by its id"
    );
    let web = site.get("a-1");
    assert_eq!((web.name.as_str(), web.kind), ("web", Kind::Agent));
    let value = web.metrics.cpu.as_ref().map(|metric| metric.value);
    assert_eq!(value, Some(40.0), "the agent knows better");
}

#[test]
fn a_node_of_a_cluster_covers_for_no_silent_agent_and_renames_no_engine() {
    let mut site = Site::new();
    let tell = |site: &mut Site| {
        let node = node_of(&WEB, &WEB);
        let cluster = SourceId::new(SourceKind::Kubernetes, "made-up");
        let seen = site.seen(cluster, "cluster", vec![node]);
        site.ledger.see(seen, site.moment());
    };
    site.agent("a-1", &WEB);
    tell(&mut site);
    let mut transitions = Vec::new();
    for _ in 0..12 {
        transitions.extend(site.pass(10));
        tell(&mut site);
    }
    assert_eq!(site.get("a-1").status, Status::Offline);
    assert!(
        matches!(&*transitions, [Transition::Down { id, .. }] if id.as_str() == "a-1"),
        "{transitions:?}"
    );
    let engine = Sighting {
        identity: WEB.identity(),
        ..Sighting::new(Kind::DockerHost, "engine", "dock")
    };
    let mut site = Site::new();
    let dock = SourceId::new(SourceKind::Docker, "dock");
    let seen = site.seen(dock, "engine", vec![engine]);
    site.ledger.see(seen, site.moment());
    tell(&mut site);
    let engine = site.get("docker:dock:engine");
    assert_eq!(
        (engine.name.as_str(), engine.kind),
        ("dock", Kind::DockerHost)
    );
    assert_eq!(engine.sources.len(), 2);
}
