//! Volumes, claims of them, classes of them.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::object::{Meta, objects};
use crate::{quantity, text};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Size {
    storage: Option<String>,
}

/// A persistent volume.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PersistentVolume {
    pub(crate) metadata: Meta,
    spec: VolumeSpec,
    status: VolumeStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VolumeSpec {
    capacity: Size,
    access_modes: Option<Vec<String>>,
    storage_class_name: Option<String>,
    persistent_volume_reclaim_policy: Option<String>,
    claim_ref: Option<ClaimReference>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimReference {
    namespace: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VolumeStatus {
    phase: Option<String>,
}

/// A claim of a persistent volume.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PersistentVolumeClaim {
    pub(crate) metadata: Meta,
    spec: ClaimSpec,
    status: ClaimStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ClaimSpec {
    access_modes: Option<Vec<String>>,
    storage_class_name: Option<String>,
    volume_name: Option<String>,
    resources: ClaimResources,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimResources {
    requests: Size,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimStatus {
    phase: Option<String>,
    capacity: Size,
}

/// A storage class.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StorageClass {
    pub(crate) metadata: Meta,
    provisioner: Option<String>,
    reclaim_policy: Option<String>,
    volume_binding_mode: Option<String>,
    allow_volume_expansion: Option<bool>,
    /// Values are not read: some are logins.
    parameters: Option<BTreeMap<String, IgnoredAny>>,
}

objects!(PersistentVolume, PersistentVolumeClaim, StorageClass);

/// Returns what is reported of a persistent volume.
pub(crate) fn persistent_volume(of: PersistentVolume) -> report::PersistentVolume {
    let (meta, spec) = (&of.metadata, &of.spec);
    let claim = spec.claim_ref.as_ref();
    report::PersistentVolume {
        uid: meta.uid(),
        name: meta.name(),
        created_at: meta.created(),
        phase: text::name(of.status.phase.as_deref()),
        storage_class: text::name(spec.storage_class_name.as_deref()),
        capacity_bytes: quantity::units(spec.capacity.storage.as_deref()),
        access_modes: text::names(spec.access_modes.as_deref()),
        reclaim_policy: text::name(spec.persistent_volume_reclaim_policy.as_deref()),
        claim_namespace: text::name(claim.and_then(|claim| claim.namespace.as_deref())),
        claim_name: text::name(claim.and_then(|claim| claim.name.as_deref())),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a claim.
pub(crate) fn persistent_volume_claim(of: PersistentVolumeClaim) -> report::PersistentVolumeClaim {
    let (meta, spec, status) = (&of.metadata, &of.spec, &of.status);
    report::PersistentVolumeClaim {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        phase: text::name(status.phase.as_deref()),
        storage_class: text::name(spec.storage_class_name.as_deref()),
        requested_bytes: quantity::units(spec.resources.requests.storage.as_deref()),
        capacity_bytes: quantity::units(status.capacity.storage.as_deref()),
        access_modes: text::names(spec.access_modes.as_deref()),
        volume_name: text::name(spec.volume_name.as_deref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a storage class.
pub(crate) fn storage_class(of: StorageClass) -> report::StorageClass {
    let meta = &of.metadata;
    let parameters = of.parameters.iter().flatten().take(limits::LIST);
    report::StorageClass {
        uid: meta.uid(),
        name: meta.name(),
        created_at: meta.created(),
        provisioner: text::name(of.provisioner.as_deref()),
        reclaim_policy: text::name(of.reclaim_policy.as_deref()),
        volume_binding_mode: text::name(of.volume_binding_mode.as_deref()),
        allow_volume_expansion: of.allow_volume_expansion,
        parameter_keys: parameters.map(|(key, _)| text::name(Some(key))).collect(),
        labels: meta.labels(),
    }
}
