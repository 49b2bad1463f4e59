//! *Same cluster*: a Ceph cluster is its fsid, whoever shows it.

use pulse_model::Kind;

use crate::compose::View;

/// Speaks for two views of one Ceph cluster.
pub(crate) fn same_cluster(a: &View<'_>, b: &View<'_>) -> Option<String> {
    let (ours, theirs) = (&a.part.sighting, &b.part.sighting);
    let both = ours.kind == Kind::Ceph && theirs.kind == Kind::Ceph;
    (both && ours.native == theirs.native).then(|| "same Ceph cluster".to_owned())
}
