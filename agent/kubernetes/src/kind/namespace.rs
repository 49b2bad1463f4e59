//! Namespaces.

use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, Object};
use crate::text;

/// A namespace.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Namespace {
    pub(crate) metadata: Meta,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    phase: Option<String>,
}

impl Object for Namespace {
    fn meta(&self) -> &Meta {
        &self.metadata
    }

    /// A namespace is chosen as what is in it.
    fn within(&self) -> &str {
        self.metadata.raw_name()
    }
}

/// Returns what is reported of a namespace.
pub(crate) fn namespace(namespace: Namespace) -> report::Namespace {
    let meta = &namespace.metadata;
    report::Namespace {
        uid: meta.uid(),
        name: meta.name(),
        phase: text::name(namespace.status.phase.as_deref()),
        created_at: meta.created(),
        labels: meta.labels(),
    }
}
