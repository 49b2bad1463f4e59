//! What operators decide about engines and clusters alike.

use serde::Deserialize;

use pulse_fleet::Verb;
use pulse_model::facet::docker::DockerCommand;
use pulse_model::{Annotation, SourceKind};

use super::whom::{self, Found};
use crate::app::{App, Caller};
use crate::error::ApiError;
use crate::routes::row::Param;

/// Longest name an operator may give.
const LONGEST_NAME: usize = 256;

/// How something is removed.
pub(super) const REMOVE_QUERY: &[Param] = &[
    Param {
        name: "hide",
        about: "`true`: it stays and is no longer shown",
    },
    Param {
        name: "force",
        about: "`true`: it is removed now, even if it still reports",
    },
    Param {
        name: "mode",
        about: "`force`: the same",
    },
];

/// The query of a removal.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RemoveQuery {
    hide: String,
    force: String,
    mode: String,
}

/// How it came out.
pub(super) enum Outcome {
    Hidden,
    Removed,
    /// Its agent is told to stop first.
    Stopping(Box<DockerCommand>),
}

/// Finds what `id` means, or says that there is no such thing.
pub(super) fn find(app: &App, kind: SourceKind, id: &str) -> Result<Found, ApiError> {
    whom::reporting(app, kind, id).ok_or_else(|| unknown(kind))
}

fn unknown(kind: SourceKind) -> ApiError {
    match kind {
        SourceKind::Kubernetes => ApiError::not_found(
            "k8s_cluster_not_found",
            "No cluster is known under that id.",
        ),
        _ => ApiError::not_found(
            "docker_agent_not_found",
            "No container engine is known under that id.",
        ),
    }
}

/// Returns the error of an operation on something of `kind`.
pub(super) fn failed(kind: SourceKind) -> impl Fn(pulse_fleet::Error) -> ApiError {
    move |error| match error {
        pulse_fleet::Error::Unknown => unknown(kind),
        other => other.into(),
    }
}

/// Hides, stops or removes.
pub(super) async fn remove(
    app: &App,
    caller: &Caller,
    found: &Found,
    query: &RemoveQuery,
) -> Result<Outcome, ApiError> {
    let (fleet, kind, by) = (app.fleet(), found.source.kind, whom::label(caller));
    if query.hide == "true" {
        fleet
            .hide(&found.source, true, by)
            .await
            .map_err(failed(kind))?;
        return Ok(Outcome::Hidden);
    }
    let is_forced = query.force == "true" || query.mode == "force";
    if kind == SourceKind::Docker && found.is_online() && !is_forced {
        let queued = fleet.queue(&found.source, Verb::Stop, by).await;
        return Ok(Outcome::Stopping(Box::new(queued.map_err(failed(kind))?)));
    }
    let removed = fleet.remove(&found.source, found.told(), by);
    removed.await.map_err(failed(kind))?;
    Ok(Outcome::Removed)
}

/// Lets it report again.
pub(super) async fn allow(app: &App, caller: &Caller, found: &Found) -> Result<(), ApiError> {
    let kind = found.source.kind;
    let allowed = app.fleet().allow(&found.source, whom::label(caller));
    allowed.await.map_err(failed(kind))
}

/// Shows it again.
pub(super) async fn unhide(app: &App, caller: &Caller, found: &Found) -> Result<(), ApiError> {
    let kind = found.source.kind;
    let shown = app.fleet().hide(&found.source, false, whom::label(caller));
    shown.await.map_err(failed(kind))
}

/// Marks it as being uninstalled.
pub(super) async fn mark_leaving(
    app: &App,
    caller: &Caller,
    found: &Found,
) -> Result<(), ApiError> {
    let kind = found.source.kind;
    let marked = app.fleet().mark_leaving(&found.source, whom::label(caller));
    marked.await.map_err(failed(kind))
}

/// Calls it `name`; an empty one gives it its own name back.
pub(super) async fn call(
    app: &App,
    caller: &Caller,
    found: &Found,
    name: &str,
) -> Result<(), ApiError> {
    let name = name.trim();
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        let text = format!("A name has at most {LONGEST_NAME} bytes and no control characters.");
        return Err(ApiError::bad_request("invalid_display_name", text));
    }
    let Some(entry) = &found.entry else {
        return Err(unknown(found.source.kind));
    };
    let own = Some(name.to_owned()).filter(|name| !name.is_empty());
    let set = move |annotation: &mut Annotation| -> Result<(), ApiError> {
        annotation.custom_display_name = own;
        Ok(())
    };
    let annotations = app.monitored().annotations();
    annotations.change_of(entry.resource(), set).await?;
    tracing::info!(source = %found.source, by = whom::label(caller), "called something else");
    Ok(())
}
