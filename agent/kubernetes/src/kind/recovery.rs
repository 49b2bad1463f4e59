//! Snapshots of volumes, and Velero's backups.

use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, objects};
use crate::{quantity, text};

/// A snapshot of a volume.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VolumeSnapshot {
    pub(crate) metadata: Meta,
    spec: SnapshotSpec,
    status: SnapshotStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SnapshotSpec {
    volume_snapshot_class_name: Option<String>,
    source: SnapshotSource,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SnapshotSource {
    persistent_volume_claim_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SnapshotStatus {
    ready_to_use: Option<bool>,
    restore_size: Option<String>,
    creation_time: Option<String>,
    bound_volume_snapshot_content_name: Option<String>,
    error: Option<SnapshotError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SnapshotError {
    message: Option<String>,
}

/// A backup of Velero.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VeleroBackup {
    pub(crate) metadata: Meta,
    spec: BackupSpec,
    status: BackupStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BackupSpec {
    storage_location: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BackupStatus {
    phase: Option<String>,
    start_timestamp: Option<String>,
    completion_timestamp: Option<String>,
    expiration: Option<String>,
}

objects!(VolumeSnapshot, VeleroBackup);

/// Returns what is reported of a snapshot.
pub(crate) fn volume_snapshot(of: VolumeSnapshot) -> report::VolumeSnapshot {
    let (meta, spec, status) = (&of.metadata, &of.spec, &of.status);
    let error = status.error.as_ref();
    report::VolumeSnapshot {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        snapshot_class: text::name(spec.volume_snapshot_class_name.as_deref()),
        source_pvc: text::name(spec.source.persistent_volume_claim_name.as_deref()),
        // The snapshot does not say; filled in where the claim is known.
        source_pvc_uid: String::new(),
        ready_to_use: status.ready_to_use,
        restore_size_bytes: quantity::units(status.restore_size.as_deref()),
        creation_time: text::moment(status.creation_time.as_deref()).or_else(|| meta.created()),
        completion_time: None,
        content_name: text::name(status.bound_volume_snapshot_content_name.as_deref()),
        error: text::long(error.and_then(|error| error.message.as_deref())),
    }
}

/// Returns what is reported of a backup.
pub(crate) fn velero_backup(of: VeleroBackup) -> report::VeleroBackup {
    let (meta, status) = (&of.metadata, &of.status);
    report::VeleroBackup {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        phase: text::name(status.phase.as_deref()),
        started_at: text::moment(status.start_timestamp.as_deref()),
        completed_at: text::moment(status.completion_timestamp.as_deref()),
        expiration: text::moment(status.expiration.as_deref()),
        storage_location: text::name(of.spec.storage_location.as_deref()),
    }
}
