//! Kubernetes clusters: removed, hidden, named.

use axum::extract::{Path, Query, State};
use axum::{Extension, Json as Answer};
use serde::Serialize;
use utoipa::ToSchema;

use pulse_model::SourceKind;
use pulse_security::Scope;

use super::decide::{self, Outcome, REMOVE_QUERY, RemoveQuery};
use super::engines::DisplayName;
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::Json;
use crate::error::ApiError;
use crate::routes::row::Routes;

const MANAGE: Access = Access::Admin(Scope::KubernetesManage);
const SMALL: usize = 8 << 10;
const CLUSTER: SourceKind = SourceKind::Kubernetes;

/// Adds the routes.
pub(super) fn add(routes: Routes) -> Routes {
    let done = |routes: Routes| routes.answers::<ClusterDone>().body_limit(SMALL);
    let path = "/api/agents/kubernetes/clusters/{clusterId}";
    let about = "Hides a cluster, or removes it";
    let routes = done(routes.delete(path, MANAGE, about, remove)).query(REMOVE_QUERY);
    let path = "/api/agents/kubernetes/clusters/{clusterId}/allow-reenroll";
    let routes = done(routes.post(path, MANAGE, "Lets a removed cluster report again", allow));
    let path = "/api/agents/kubernetes/clusters/{clusterId}/unhide";
    let routes = done(routes.put(path, MANAGE, "Shows a hidden cluster again", unhide));
    let path = "/api/agents/kubernetes/clusters/{clusterId}/pending-uninstall";
    let about = "Marks a cluster as being uninstalled";
    let routes = done(routes.put(path, MANAGE, about, mark_leaving));
    let path = "/api/agents/kubernetes/clusters/{clusterId}/display-name";
    let about = "Calls a cluster something else; an empty name gives it its own back";
    done(routes.put(path, MANAGE, about, call)).takes::<DisplayName>()
}

/// It is done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterDone {
    success: bool,
    cluster_id: String,
    message: &'static str,
}

fn done(cluster_id: String, message: &'static str) -> Answer<ClusterDone> {
    Answer(ClusterDone {
        success: true,
        cluster_id,
        message,
    })
}

async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<RemoveQuery>,
) -> Result<Answer<ClusterDone>, ApiError> {
    let found = decide::find(&app, CLUSTER, &id)?;
    let message = match decide::remove(&app, &caller, &found, &query).await? {
        Outcome::Hidden => "The cluster is hidden; it goes on reporting.",
        Outcome::Removed | Outcome::Stopping(_) => {
            "The cluster is removed. Its reports are refused for 24 hours, or until it is allowed again or has a new token."
        }
    };
    Ok(done(found.name(), message))
}

async fn allow(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<ClusterDone>, ApiError> {
    let found = decide::find(&app, CLUSTER, &id)?;
    decide::allow(&app, &caller, &found).await?;
    Ok(done(found.name(), "The cluster may report again."))
}

async fn unhide(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<ClusterDone>, ApiError> {
    let found = decide::find(&app, CLUSTER, &id)?;
    decide::unhide(&app, &caller, &found).await?;
    Ok(done(found.name(), "The cluster is shown again."))
}

async fn mark_leaving(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<ClusterDone>, ApiError> {
    let found = decide::find(&app, CLUSTER, &id)?;
    decide::mark_leaving(&app, &caller, &found).await?;
    Ok(done(
        found.name(),
        "The cluster is marked as being uninstalled.",
    ))
}

async fn call(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(wanted): Json<DisplayName>,
) -> Result<Answer<ClusterDone>, ApiError> {
    let found = decide::find(&app, CLUSTER, &id)?;
    decide::call(&app, &caller, &found, &wanted.display_name).await?;
    Ok(done(found.name(), "The cluster has its new name."))
}
