//! Config maps and secrets: that they exist. What they hold is not asked for.

use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, objects};

/// An object of which only its metadata was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    pub(crate) metadata: Meta,
}

objects!(Named);

/// Returns what is reported of a config map.
pub(crate) fn config_map(of: Named) -> report::ConfigMap {
    let meta = &of.metadata;
    report::ConfigMap {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        metadata_only: true,
        labels: meta.labels(),
        ..report::ConfigMap::default()
    }
}

/// Returns what is reported of a secret.
pub(crate) fn secret(of: Named) -> report::ClusterSecret {
    let meta = &of.metadata;
    report::ClusterSecret {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        metadata_only: true,
        labels: meta.labels(),
        ..report::ClusterSecret::default()
    }
}
