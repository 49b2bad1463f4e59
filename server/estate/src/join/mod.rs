//! When two sources see one thing.
//!
//! The rules stand in order, one file each; the first that speaks for two views gives the reason
//! people are shown. None rests on a host name or an address alone. Two views of one source are
//! two things, always: the source tells them apart itself.

pub(crate) mod agent;
pub(crate) mod cluster;
pub(crate) mod disk;
pub(crate) mod group;
pub(crate) mod hints;
pub(crate) mod host_name;
pub(crate) mod machine;
pub(crate) mod proxmox;

use pulse_model::{Kind, SourceKind, same_hostname};

use crate::compose::View;
use crate::freshness::Verdict;
use crate::part::Part;

/// What an operator decided comes before all that is guessed.
pub(crate) const LINKED: u8 = 0;

/// What was joined once and still has something in common comes last.
pub(crate) const STILL: u8 = u8::MAX;

type Rule = fn(&View<'_>, &View<'_>) -> Option<String>;

/// The rules after the operator's links, strongest first.
const RULES: [Rule; 7] = [
    agent::same_agent,
    machine::same_machine,
    proxmox::same_in_proxmox,
    host_name::same_host_name,
    cluster::same_cluster,
    cluster::same_in_swarm,
    disk::same_disk,
];

/// Why two views are one, and how strong that is: lower is stronger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub rank: u8,
    pub reason: String,
}

/// Returns the first rule that says that `a` and `b` are one thing.
pub(crate) fn matching(a: &View<'_>, b: &View<'_>) -> Option<Match> {
    if a.part.source == b.part.source {
        return None;
    }
    (LINKED + 1..).zip(RULES).find_map(|(rank, rule)| {
        let reason = rule(a, b).or_else(|| rule(b, a))?;
        Some(Match { rank, reason })
    })
}

/// Tells whether things of that kind may be seen by several sources.
pub(crate) fn may_join(kind: Kind) -> bool {
    is_machine(kind)
        || cluster::is_of_swarm(kind)
        || matches!(kind, Kind::Ceph | Kind::PhysicalDisk)
}

fn is_machine(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Agent | Kind::Vm | Kind::SystemContainer | Kind::DockerHost | Kind::K8sNode
    )
}

/// Tells whether the kind is of machines, or of what a machine may be known as besides.
pub(crate) fn is_server(kind: Kind) -> bool {
    is_machine(kind) || matches!(kind, Kind::Pbs | Kind::Pmg)
}

/// Tells whether they are engines of two makes, Docker and Podman: one machine may run both, and each keeps its own.
pub(crate) fn are_different_engines(a: &Part, b: &Part) -> bool {
    let make = |part: &Part| {
        let technology = part.sighting.technology.clone();
        technology.filter(|_| part.sighting.kind == Kind::DockerHost)
    };
    make(a).zip(make(b)).is_some_and(|(a, b)| a != b)
}

/// Tells whether the view is of a machine, real or virtual.
fn is_of_machine(view: &View<'_>) -> bool {
    is_machine(view.part.sighting.kind)
}

/// Tells whether the view is an agent's own: a key or a token says who that is.
pub(crate) fn is_agent(view: &View<'_>) -> bool {
    view.part.is_machine && view.part.source.kind == SourceKind::Agent
}

/// Tells whether a machine is described by somebody who merely reports what is there: whoever may
/// report a cluster or an engine can name any machine id in it.
pub(crate) fn is_told_of(part: &Part) -> bool {
    let is_node_or_engine = matches!(part.sighting.kind, Kind::K8sNode | Kind::DockerHost);
    is_node_or_engine && part.source.kind != SourceKind::Agent
}

/// Tells whether the source of the view was judged offline.
pub(crate) fn is_offline(view: &View<'_>) -> bool {
    matches!(view.slice.watch.verdict(), Verdict::Offline { .. })
}

/// Returns a host name both answer to.
fn shared_name<'a>(a: &'a Part, b: &Part) -> Option<&'a str> {
    const NOBODY: [&str; 2] = ["localhost", "localhost.localdomain"];
    let mut names = a.sighting.identity.hostnames.iter().map(String::as_str);
    let is_shared = |name: &&str| {
        let mut others = b.sighting.identity.hostnames.iter();
        !name.is_empty()
            && !NOBODY.contains(&name.to_ascii_lowercase().as_str())
            && others.any(|other| same_hostname(name, other))
    };
    names.find(is_shared)
}

/// Returns an address both have, of those that mean one machine.
fn shared_address<'a>(a: &'a Part, b: &Part) -> Option<&'a str> {
    let addresses = a.sighting.identity.ip_addresses.iter();
    let others = &b.sighting.identity.ip_addresses;
    let is_shared = |address: &&String| hints::tells_apart(address) && others.contains(*address);
    addresses
        .map(|address| address as &String)
        .find(|a| is_shared(a))
        .map(String::as_str)
}

/// Returns a hardware address both have.
fn shared_mac<'a>(a: &'a Part, b: &Part) -> Option<&'a str> {
    let is_shared = |mac: &&String| {
        let mut others = b.sighting.identity.mac_addresses.iter();
        hints::is_hardware(mac) && others.any(|other| other.eq_ignore_ascii_case(mac))
    };
    let mut macs = a.sighting.identity.mac_addresses.iter();
    macs.find(is_shared).map(String::as_str)
}

/// Returns whether two texts that identify are there and equal.
fn same(a: Option<&String>, b: Option<&String>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
}
