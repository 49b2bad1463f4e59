//! `removedDockerHosts`, `removedKubernetesClusters`, `removedHostAgents`: what operators removed, while it is refused.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::SourceKind;

use crate::app::App;

/// Something that was removed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemovedSource {
    /// What it reports under; allow it again by this id.
    id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    hostname: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    display_name: String,
    removed_at: Timestamp,
}

/// Returns those of `kind`; none while an invented estate is shown.
pub(crate) fn removed(app: &App, kind: SourceKind) -> Vec<RemovedSource> {
    if app.is_mock() {
        return Vec::new();
    }
    let all = app.fleet().removed(kind).into_iter();
    all.map(|removed| RemovedSource {
        id: removed.source.name.to_string(),
        name: removed.name.clone(),
        hostname: removed.hostname,
        display_name: removed.name,
        removed_at: removed.at,
    })
    .collect()
}
