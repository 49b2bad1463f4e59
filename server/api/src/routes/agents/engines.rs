//! Container engines: removed, hidden, named, and what their agents are asked to do.

use axum::extract::{Path, Query, State};
use axum::{Extension, Json as Answer};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_fleet::{Ack, AckError, Progress, Verb};
use pulse_model::SourceKind;
use pulse_model::facet::docker::DockerCommand;
use pulse_protocol::limits;
use pulse_protocol::report::docker::{AckStatus, CommandAck, CommandAckAnswer};
use pulse_protocol::text::fit;
use pulse_security::Scope;

use super::decide::{self, Outcome, REMOVE_QUERY, RemoveQuery};
use super::whom;
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::{Json, Raw};
use crate::error::ApiError;
use crate::routes::row::{Category, Routes};

const MANAGE: Access = Access::Admin(Scope::DockerManage);
const SMALL: usize = 8 << 10;
const ENGINE: SourceKind = SourceKind::Docker;

/// Adds the routes.
pub(super) fn add(routes: Routes) -> Routes {
    let about = "Hides an engine, asks its agent to stop, or removes it";
    let removing = |routes: Routes| routes.query(REMOVE_QUERY).answers::<EngineDone>();
    let done = |routes: Routes| routes.answers::<EngineDone>().body_limit(SMALL);
    let one = "/api/agents/docker/runtimes/{agentId}";
    let routes = removing(routes.delete(one, MANAGE, about, remove));
    let old = "/api/agents/docker/hosts/{id}";
    let routes = removing(routes.delete(old, MANAGE, about, remove)).legacy();
    let path = "/api/agents/docker/runtimes/{agentId}/allow-reenroll";
    let routes = done(routes.post(path, MANAGE, "Lets a removed engine report again", allow));
    let path = "/api/agents/docker/runtimes/{agentId}/unhide";
    let routes = done(routes.put(path, MANAGE, "Shows a hidden engine again", unhide));
    let path = "/api/agents/docker/runtimes/{agentId}/pending-uninstall";
    let about = "Marks an engine as being uninstalled";
    let routes = done(routes.put(path, MANAGE, about, mark_leaving));
    let path = "/api/agents/docker/runtimes/{agentId}/display-name";
    let about = "Calls an engine something else; an empty name gives it its own back";
    let routes = done(routes.put(path, MANAGE, about, call)).takes::<DisplayName>();
    let path = "/api/agents/docker/runtimes/{agentId}/check-updates";
    let about = "Asks an engine's agent to look for newer images";
    let routes = done(routes.post(path, MANAGE, about, check_updates));
    let path = "/api/agents/docker/runtimes/{agentId}/update-all";
    let about = "Answers 410: images are updated where their containers are managed";
    let routes = done(routes.post(path, MANAGE, about, update));
    let path = "/api/agents/docker/containers/update";
    let routes = done(routes.post(path, MANAGE, about, update));
    let path = "/api/agents/docker/commands/{commandId}/ack";
    let about = "An agent says how far a command is";
    routes
        .post(path, Access::Scope(Scope::DockerReport), about, acknowledge)
        .takes_from_agents::<CommandAck>()
        .answers_agents::<CommandAckAnswer>()
        .body_limit(SMALL)
        .limited(Category::Reports)
}

/// It is done, or will be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EngineDone {
    success: bool,
    agent_id: String,
    message: &'static str,
    /// The command its agent is sent for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    command_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

fn done(agent_id: String, message: &'static str) -> Answer<EngineDone> {
    Answer(EngineDone {
        success: true,
        agent_id,
        message,
        command_id: None,
        note: None,
    })
}

fn queued(agent_id: String, message: &'static str, command: &DockerCommand) -> Answer<EngineDone> {
    let mut answer = done(agent_id, message);
    answer.0.command_id = Some(command.id.clone());
    answer.0.note = Some(
        "It is handed over with the answer to the engine's next report, and given up after ten minutes.",
    );
    answer
}

/// A name to show.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DisplayName {
    pub display_name: String,
}

async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<RemoveQuery>,
) -> Result<Answer<EngineDone>, ApiError> {
    let found = decide::find(&app, ENGINE, &id)?;
    let name = found.name();
    Ok(match decide::remove(&app, &caller, &found, &query).await? {
        Outcome::Hidden => done(name, "The engine is hidden; it goes on reporting."),
        Outcome::Removed => done(
            name,
            "The engine is removed. Its reports are refused for 24 hours, or until it is allowed again or has a new token.",
        ),
        Outcome::Stopping(command) => queued(
            name,
            "The engine's agent is asked to stop; when it has, the engine goes.",
            &command,
        ),
    })
}

async fn allow(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<EngineDone>, ApiError> {
    let found = decide::find(&app, ENGINE, &id)?;
    decide::allow(&app, &caller, &found).await?;
    let text =
        "The engine may report again. An agent that stopped reporting it has to be started anew.";
    Ok(done(found.name(), text))
}

async fn unhide(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<EngineDone>, ApiError> {
    let found = decide::find(&app, ENGINE, &id)?;
    decide::unhide(&app, &caller, &found).await?;
    Ok(done(found.name(), "The engine is shown again."))
}

async fn mark_leaving(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<EngineDone>, ApiError> {
    let found = decide::find(&app, ENGINE, &id)?;
    decide::mark_leaving(&app, &caller, &found).await?;
    Ok(done(
        found.name(),
        "The engine is marked as being uninstalled.",
    ))
}

async fn call(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(wanted): Json<DisplayName>,
) -> Result<Answer<EngineDone>, ApiError> {
    let found = decide::find(&app, ENGINE, &id)?;
    decide::call(&app, &caller, &found, &wanted.display_name).await?;
    Ok(done(found.name(), "The engine has its new name."))
}

async fn check_updates(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<EngineDone>, ApiError> {
    let (name, command) = ask_for_updates(&app, &caller, &id).await?;
    let text = "The engine's agent is asked to look for newer images.";
    Ok(queued(name, text, &command))
}

/// Queues the question for newer images; returns the engine it is for, and the command.
pub(in crate::routes) async fn ask_for_updates(
    app: &App,
    caller: &Caller,
    id: &str,
) -> Result<(String, DockerCommand), ApiError> {
    let found = decide::find(app, ENGINE, id)?;
    let by = whom::label(caller);
    let queued = app.fleet().queue(&found.source, Verb::CheckUpdates, by);
    let command = queued.await.map_err(decide::failed(ENGINE))?;
    Ok((found.name(), command))
}

async fn update() -> ApiError {
    let text = "Containers are not updated this way any more: change the image where the container is managed, and deploy it.";
    ApiError::new(StatusCode::GONE, "docker_update_retired", text)
}

async fn acknowledge(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Raw(body): Raw,
) -> Result<Answer<CommandAckAnswer>, ApiError> {
    let ack = CommandAck::from_json(&body).map_err(|error| {
        let text = format!("The acknowledgement cannot be read: {error}.");
        ApiError::bad_request("invalid_json", text)
    })?;
    let agent_id = ack.agent_id.trim();
    if agent_id.is_empty() {
        let text = "Say which agent this is from: agentId.";
        return Err(ApiError::bad_request("missing_agent_id", text));
    }
    let progress = match ack.progress() {
        Some(AckStatus::Acknowledged) => Progress::Acknowledged,
        Some(AckStatus::InProgress) => Progress::InProgress,
        Some(AckStatus::Completed) => Progress::Completed,
        Some(AckStatus::Failed) => Progress::Failed,
        Some(AckStatus::Unknown(_)) | None => {
            let text = "The status is acknowledged, in_progress, completed or failed.";
            return Err(ApiError::bad_request("invalid_status", text));
        }
    };
    let sender = whom::claim_of(&caller);
    let message = fit(&ack.message, limits::TEXT);
    let command = app.fleet().acknowledge(Ack {
        id: &id,
        agent_id,
        sender: sender.as_ref(),
        progress,
        message: &message,
    });
    let command = command.await.map_err(|error| match error {
        AckError::Failed(error) => error.into(),
        refused => {
            let text = format!("The acknowledgement is not taken: {refused}.");
            ApiError::bad_request("docker_command_ack_failed", text)
        }
    })?;
    Ok(Answer(CommandAckAnswer {
        success: true,
        agent_id: agent_id.to_owned(),
        command: super::command::record(command),
    }))
}
