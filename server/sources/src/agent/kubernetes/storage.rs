//! Persistent storage, and namespaces, whose phase stands with it.

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeStorage;
use pulse_model::{Bytes, Kind, Sighting, Status};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, text};

/// Returns what the report says of all of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let namespaces = report.namespaces.iter().map(|w| namespace(cluster, w));
    let volumes = report.persistent_volumes.iter().map(|w| volume(cluster, w));
    let claims = report.persistent_volume_claims.iter();
    let claims = claims.map(|w| claim(cluster, w));
    let classes = report.storage_classes.iter().map(|w| class(cluster, w));
    namespaces.chain(volumes).chain(claims).chain(classes)
}

fn facet(storage: KubeStorage) -> Kubernetes {
    Kubernetes {
        storage: Some(Box::new(storage)),
        ..Kubernetes::default()
    }
}

fn namespace(cluster: &Cluster<'_>, wire: &wire::Namespace) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).made(wire.created_at);
    let facet = facet(KubeStorage {
        phase: text(&wire.phase),
        ..KubeStorage::default()
    });
    cluster.holds(Kind::K8sNamespace, "Namespace", &meta, facet)
}

fn volume(cluster: &Cluster<'_>, wire: &wire::PersistentVolume) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).made(wire.created_at);
    let facet = facet(KubeStorage {
        phase: text(&wire.phase),
        storage_class: text(&wire.storage_class),
        capacity_bytes: wire.capacity_bytes.map(Bytes),
        access_modes: cluster.room.texts(&wire.access_modes),
        reclaim_policy: text(&wire.reclaim_policy),
        claim_namespace: text(&wire.claim_namespace),
        claim_name: text(&wire.claim_name),
        ..KubeStorage::default()
    });
    Sighting {
        status: Some(status(&wire.phase)),
        ..cluster.holds(Kind::K8sPersistentVolume, "PersistentVolume", &meta, facet)
    }
}

fn claim(cluster: &Cluster<'_>, wire: &wire::PersistentVolumeClaim) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels);
    let meta = meta.within(&wire.namespace).made(wire.created_at);
    let facet = facet(KubeStorage {
        phase: text(&wire.phase),
        storage_class: text(&wire.storage_class),
        requested_bytes: wire.requested_bytes.map(Bytes),
        capacity_bytes: wire.capacity_bytes.map(Bytes),
        access_modes: cluster.room.texts(&wire.access_modes),
        volume_name: text(&wire.volume_name),
        ..KubeStorage::default()
    });
    let (kind, word) = (Kind::K8sPersistentVolumeClaim, "PersistentVolumeClaim");
    Sighting {
        status: Some(status(&wire.phase)),
        ..cluster.holds(kind, word, &meta, facet)
    }
}

/// A volume nobody claims is in order; a claim without a volume is not.
fn status(phase: &str) -> Status {
    match phase {
        "Bound" | "Available" | "Released" => Status::Online,
        "Pending" | "Lost" | "Failed" => Status::Warning,
        _ => Status::Unknown,
    }
}

fn class(cluster: &Cluster<'_>, wire: &wire::StorageClass) -> Sighting {
    let meta = Meta::new(&wire.uid, &wire.name, &wire.labels).made(wire.created_at);
    let facet = facet(KubeStorage {
        provisioner: text(&wire.provisioner),
        reclaim_policy: text(&wire.reclaim_policy),
        volume_binding_mode: text(&wire.volume_binding_mode),
        allow_volume_expansion: wire.allow_volume_expansion,
        parameter_keys: cluster.room.texts(&wire.parameter_keys),
        ..KubeStorage::default()
    });
    cluster.holds(Kind::K8sStorageClass, "StorageClass", &meta, facet)
}
