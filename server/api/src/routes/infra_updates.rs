//! Newer images for what runs: read from the estate, looked for by the engines' agents.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::{Entry, Estate};
use pulse_model::Kind;
use pulse_security::Scope;

use super::agents::ask_for_updates;
use super::row::{Param, Routes};
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::Json;
use crate::error::ApiError;

const READ: Access = Access::Scope(Scope::MonitoringRead);
const WRITE: Access = Access::Scope(Scope::MonitoringWrite);
/// The only kind of thing there is an update of, as yet.
const DOCKER: &str = "docker";

pub(super) fn routes() -> Routes {
    Routes::new("updates")
        .get(
            "/api/infra-updates",
            READ,
            "Containers with a newer image, or whose image could not be asked for",
            list,
        )
        .query(&[
            Param {
                name: "agentId",
                about: "Of one engine",
            },
            Param {
                name: "resourceType",
                about: "`docker`; of any other kind there are none",
            },
        ])
        .answers::<ImageUpdates>()
        .get(
            "/api/infra-updates/summary",
            READ,
            "How many there are, by engine",
            summary,
        )
        .answers::<UpdatesSummary>()
        .post(
            "/api/infra-updates/check",
            WRITE,
            "Asks an engine's agent to look for newer images",
            check,
        )
        .takes::<UpdatesCheck>()
        .answers::<UpdatesChecked>()
        .get(
            "/api/infra-updates/agent/{agentId}",
            READ,
            "Those of one engine",
            of_agent,
        )
        .answers::<EngineUpdates>()
        .get(
            "/api/infra-updates/{resourceId}",
            READ,
            "Whether there is a newer image for one container",
            one,
        )
        .answers::<ImageUpdate>()
        .get(
            "/api/infra-updates/{engine}/{container}",
            READ,
            "The same by engine and container: `docker:<engine>/<container>`",
            one_of_engine,
        )
        .answers::<ImageUpdate>()
        .legacy()
}

/// What is known of the image of one container.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageUpdate {
    /// The engine.
    agent_id: String,
    agent_name: String,
    container_id: String,
    container_name: String,
    image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_digest: Option<String>,
    update_available: bool,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_checked: Option<i64>,
    /// Why it could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    resource_type: &'static str,
}

impl ImageUpdate {
    fn of(entry: &Entry) -> Option<Self> {
        let resource = entry.whole();
        let docker = resource.facets.docker.as_deref()?;
        let status = docker.container.as_deref()?.update_status.as_deref()?;
        Some(Self {
            agent_id: docker.host_source_id.clone().unwrap_or_default(),
            agent_name: resource
                .parent_name
                .clone()
                .or_else(|| docker.hostname.clone())
                .unwrap_or_default(),
            container_id: docker
                .container_id
                .clone()
                .unwrap_or_else(|| resource.id.to_string()),
            container_name: resource.name.clone(),
            image: docker.image.clone().unwrap_or_default(),
            current_digest: status.current_digest.clone(),
            latest_digest: status.latest_digest.clone(),
            update_available: status.update_available,
            last_checked: status.last_checked.map(jiff::Timestamp::as_second),
            error: status.error.clone(),
            resource_type: DOCKER,
        })
    }

    fn is_news(&self) -> bool {
        self.update_available || self.error.is_some()
    }
}

/// Returns what there is to say, of one engine or of all.
fn updates(estate: &Estate, agent_id: &str) -> Vec<ImageUpdate> {
    let is_meant = |entry: &&std::sync::Arc<Entry>| {
        let resource = entry.resource();
        let docker = resource.facets.docker.as_deref();
        let names = [
            docker.and_then(|docker| docker.host_source_id.as_deref()),
            docker.and_then(|docker| docker.agent_id.as_deref()),
            resource.parent_id.as_ref().map(|id| id.as_str()),
        ];
        agent_id.is_empty() || names.contains(&Some(agent_id))
    };
    let meant = estate.of_kind(Kind::AppContainer).filter(is_meant);
    let all = meant.filter_map(|entry| ImageUpdate::of(entry));
    all.filter(ImageUpdate::is_news).collect()
}

/// What is asked for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Ask {
    agent_id: String,
    resource_type: String,
}

/// Containers with news.
#[derive(Serialize, ToSchema)]
pub(super) struct ImageUpdates {
    updates: Vec<ImageUpdate>,
    total: usize,
}

async fn list(State(app): State<App>, Query(ask): Query<Ask>) -> Answer<ImageUpdates> {
    let is_other = !ask.resource_type.is_empty() && ask.resource_type != DOCKER;
    let updates = match is_other {
        true => Vec::new(),
        false => updates(&app.estate().estate(), &ask.agent_id),
    };
    let total = updates.len();
    Answer(ImageUpdates { updates, total })
}

/// How many there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdatesSummary {
    summaries: BTreeMap<String, EngineSummary>,
    total_updates: usize,
}

/// How many there are of one engine.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EngineSummary {
    agent_id: String,
    agent_name: String,
    total_count: usize,
    /// Containers with a newer image.
    containers: usize,
}

async fn summary(State(app): State<App>) -> Answer<UpdatesSummary> {
    let mut summaries: BTreeMap<String, EngineSummary> = BTreeMap::new();
    let all = updates(&app.estate().estate(), "");
    for update in all.iter().filter(|update| update.update_available) {
        let summary = summaries.entry(update.agent_id.clone()).or_default();
        summary.agent_id.clone_from(&update.agent_id);
        summary.agent_name.clone_from(&update.agent_name);
        summary.total_count += 1;
        summary.containers += 1;
    }
    let total_updates = summaries.values().map(|summary| summary.total_count).sum();
    Answer(UpdatesSummary {
        summaries,
        total_updates,
    })
}

/// Those of one engine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EngineUpdates {
    updates: Vec<ImageUpdate>,
    total: usize,
    agent_id: String,
}

async fn of_agent(State(app): State<App>, Path(agent_id): Path<String>) -> Answer<EngineUpdates> {
    let updates = updates(&app.estate().estate(), &agent_id);
    Answer(EngineUpdates {
        total: updates.len(),
        updates,
        agent_id,
    })
}

async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Answer<ImageUpdate>, ApiError> {
    let estate = app.estate().estate();
    let update = container(&estate, &id).and_then(|entry| ImageUpdate::of(entry));
    update.map(Answer).ok_or_else(|| {
        let text = "Nothing is known of updates of a container under that id.";
        ApiError::not_found("resource_not_found", text)
    })
}

async fn one_of_engine(
    app: State<App>,
    Path((engine, container)): Path<(String, String)>,
) -> Result<Answer<ImageUpdate>, ApiError> {
    one(app, Path(format!("{engine}/{container}"))).await
}

/// Finds a container by its resource, by its own id, or as `docker:<engine>/<container>`.
fn container<'a>(estate: &'a Estate, id: &str) -> Option<&'a std::sync::Arc<Entry>> {
    if let Some(entry) = estate
        .get(id)
        .filter(|entry| entry.resource().kind == Kind::AppContainer)
    {
        return Some(entry);
    }
    let (engine, container) = match id
        .strip_prefix("docker:")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((engine, container)) => (Some(engine), container),
        None => (None, id),
    };
    estate.of_kind(Kind::AppContainer).find(|entry| {
        let docker = entry.resource().facets.docker.as_deref();
        docker.is_some_and(|docker| {
            let own = docker.host_source_id.as_deref();
            docker.container_id.as_deref() == Some(container) && (engine.is_none() || engine == own)
        })
    })
}

/// Whose images to look at.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UpdatesCheck {
    /// An engine.
    agent_id: Option<String>,
    /// Or a container on one.
    resource_id: Option<String>,
}

/// It is asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdatesChecked {
    success: bool,
    command_id: String,
    agent_id: String,
    message: &'static str,
}

async fn check(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(request): Json<UpdatesCheck>,
) -> Result<Answer<UpdatesChecked>, ApiError> {
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let engine = match (said(request.agent_id), said(request.resource_id)) {
        (Some(agent), _) => agent,
        (None, Some(resource)) => engine_of(&app, &resource)?,
        (None, None) => {
            let text = "Say whose images to look at: agentId or resourceId.";
            return Err(ApiError::bad_request("missing_params", text));
        }
    };
    let (agent_id, command) = ask_for_updates(&app, &caller, engine.trim()).await?;
    Ok(Answer(UpdatesChecked {
        success: true,
        command_id: command.id,
        agent_id,
        message: "The engine's agent is asked to look for newer images.",
    }))
}

fn engine_of(app: &App, resource: &str) -> Result<String, ApiError> {
    let estate = app.monitored().estate();
    let entry = container(&estate, resource);
    let docker = entry.and_then(|entry| entry.resource().facets.docker.clone());
    let engine = docker.and_then(|docker| docker.host_source_id.clone());
    engine.ok_or_else(|| {
        let text = "No container is known under that id.";
        ApiError::not_found("resource_not_found", text)
    })
}
