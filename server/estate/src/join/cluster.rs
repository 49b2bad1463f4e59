//! *Same cluster*: a Ceph cluster is its fsid, whoever shows it; what a swarm holds is its id within
//! that swarm, whichever manager tells of it.

use pulse_model::{Kind, Sighting};

use crate::compose::View;
use crate::join::hints;

/// Speaks for two views of one Ceph cluster.
pub(crate) fn same_cluster(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let (ours, theirs) = (&a.part.sighting, &b.part.sighting);
    let both = ours.kind == Kind::Ceph && theirs.kind == Kind::Ceph;
    (both && ours.native == theirs.native).then(|| "same Ceph cluster".to_owned())
}

/// Speaks for two views of one thing in one swarm.
pub(crate) fn same_in_swarm(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let name = name_in_swarm(&a.part.sighting)?;
    (name_in_swarm(&b.part.sighting)? == name).then(|| "same swarm".to_owned())
}

/// Tells whether things of that kind are a swarm's, not an engine's.
pub(crate) fn is_of_swarm(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::DockerService
            | Kind::DockerTask
            | Kind::DockerSwarmNode
            | Kind::DockerSecret
            | Kind::DockerConfig
    )
}

/// Returns what a thing is called in all swarms: the swarm's id, the kind, its own id.
pub(crate) fn name_in_swarm(sighting: &Sighting) -> Option<String> {
    let swarm = sighting.identity.cluster_name.as_deref();
    let swarm = swarm.filter(|swarm| is_of_swarm(sighting.kind) && hints::is_unique(swarm))?;
    Some(format!("{swarm}/{}", sighting.native.as_str()))
}
