//! Agents coming and going: looked up, linked to the node they are on, removed, allowed back.

use axum::extract::{Path, Query, State};
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::{By, Error, LinkError};
use pulse_model::{SourceKind, Status};
use pulse_security::Scope;

use super::whom::{self, Found, agent_of, no_agent};
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::Json;
use crate::error::ApiError;
use crate::routes::row::{Param, Routes};

const REPORT: Access = Access::Scope(Scope::AgentReport);
const MANAGE: Access = Access::Admin(Scope::AgentManage);
const LOOKUP_QUERY: &[Param] = &[
    Param {
        name: "id",
        about: "The agent's id",
    },
    Param {
        name: "hostname",
        about: "Its host name, if there is only one of that name",
    },
];

/// Adds the routes.
pub(super) fn add(routes: Routes) -> Routes {
    let about = "What the server calls an agent";
    let routes = routes.get("/api/agents/agent/lookup", REPORT, about, lookup);
    let routes = routes.query(LOOKUP_QUERY).answers::<AgentLookup>();
    let routes = routes.get("/api/agents/host/lookup", REPORT, about, lookup);
    let routes = routes.query(LOOKUP_QUERY).answers::<AgentLookup>().legacy();
    let about = "An agent says good-bye; it may come back";
    let routes = named(routes.post("/api/agents/agent/uninstall", REPORT, about, uninstall));
    let routes =
        named(routes.post("/api/agents/host/uninstall", REPORT, about, uninstall)).legacy();
    let about = "Links an agent to the Proxmox node it is on";
    let routes = routes.post("/api/agents/agent/link", MANAGE, about, link);
    let routes = routes.takes::<NodeLink>().answers::<AgentDone>();
    let about = "Keeps an agent and its Proxmox node apart";
    let routes = named(routes.post("/api/agents/agent/unlink", MANAGE, about, unlink));
    let routes = named(routes.post("/api/agents/host/unlink", MANAGE, about, unlink)).legacy();
    let about = "Removes an agent; its reports are refused for a day";
    let routes = routes.delete("/api/agents/agent/{agent_id}", MANAGE, about, remove);
    let routes = routes.answers::<AgentDone>();
    let routes = routes.delete("/api/agents/host/{host_id}", MANAGE, about, remove);
    let routes = routes.answers::<AgentDone>().legacy();
    let about = "Lets a removed agent report again";
    routes
        .post(
            "/api/agents/agent/{agent_id}/allow-reenroll",
            MANAGE,
            about,
            allow,
        )
        .answers::<AgentDone>()
}

fn named(routes: Routes) -> Routes {
    routes.takes::<AgentNamed>().answers::<AgentDone>()
}

/// Which agent is looked up.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LookupQuery {
    id: String,
    hostname: String,
}

/// An agent as the server knows it.
#[derive(Serialize, ToSchema)]
pub(super) struct AgentLookup {
    success: bool,
    agent: LookedUpAgent,
}

/// The agent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LookedUpAgent {
    id: String,
    hostname: String,
    display_name: String,
    status: Status,
    /// Whether it reports.
    connected: bool,
    last_seen: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_version: Option<String>,
}

async fn lookup(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<LookupQuery>,
) -> Result<Answer<AgentLookup>, ApiError> {
    let found = match (query.id.trim(), query.hostname.trim()) {
        ("", "") => {
            let text = "Say which agent: id or hostname.";
            return Err(ApiError::bad_request("missing_lookup_param", text));
        }
        ("", hostname) => whom::machine_called(&app, hostname),
        (id, _) => whom::machine(&app, id),
    };
    let found = found.ok_or_else(no_agent)?;
    let entry = found.entry.as_deref().ok_or_else(no_agent)?;
    whom::check_own(&caller, &found)?;
    let agent = agent_of(entry).ok_or_else(no_agent)?;
    let resource = entry.whole();
    Ok(Answer(AgentLookup {
        success: true,
        agent: LookedUpAgent {
            id: agent.agent_id.clone(),
            hostname: agent.hostname.clone(),
            display_name: resource.name.clone(),
            status: resource.status,
            connected: found.is_online(),
            last_seen: resource.last_seen,
            agent_version: agent.agent_version.clone(),
        },
    }))
}

/// Which agent; clients of old say `hostId`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentNamed {
    #[serde(default, alias = "hostId")]
    agent_id: String,
}

/// It is done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentDone {
    success: bool,
    agent_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    node_id: Option<String>,
    message: &'static str,
}

fn done(agent_id: String, message: &'static str) -> Answer<AgentDone> {
    Answer(AgentDone {
        success: true,
        agent_id,
        node_id: None,
        message,
    })
}

fn given(id: &str) -> Result<&str, ApiError> {
    match id.trim() {
        "" => Err(ApiError::bad_request(
            "missing_agent_id",
            "Say which agent: agentId.",
        )),
        id => Ok(id),
    }
}

async fn uninstall(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(named): Json<AgentNamed>,
) -> Result<Answer<AgentDone>, ApiError> {
    let id = given(&named.agent_id)?;
    let known = whom::machine(&app, id).filter(|found| found.entry.is_some());
    let Some(found) = known else {
        return Ok(done(id.to_owned(), "It is not known, or gone already."));
    };
    whom::check_own(&caller, &found)?;
    let by = whom::label(&caller);
    for source in app.fleet().reported_with(&found.source.name) {
        app.fleet().let_go(&source, by).await?;
    }
    app.fleet().let_go(&found.source, by).await?;
    Ok(done(
        found.name(),
        "The agent has been taken out; it may come back.",
    ))
}

/// Which agent is on which node.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NodeLink {
    agent_id: String,
    /// The node's resource.
    node_id: String,
}

async fn link(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(wanted): Json<NodeLink>,
) -> Result<Answer<AgentDone>, ApiError> {
    let found = shown(&app, given(&wanted.agent_id)?)?;
    let estate = app.monitored().estate();
    let is_node = |entry: &&std::sync::Arc<pulse_estate::Entry>| {
        let proxmox = entry.resource().facets.proxmox.as_deref();
        proxmox.is_some_and(|proxmox| proxmox.node.is_some())
    };
    let node = estate.get(wanted.node_id.trim()).filter(is_node);
    let node = node.ok_or_else(|| {
        ApiError::not_found("node_not_found", "No Proxmox node is known under that id.")
    })?;
    let node_id = node.resource().id.to_string();
    let agent = resource_id(&found);
    if agent != node_id {
        let decided = app.monitored().link(&agent, &node_id, by(&app, &caller));
        decided.await?;
    }
    let mut answer = done(found.name(), "The agent is linked to the node.");
    answer.0.node_id = Some(node_id);
    Ok(answer)
}

async fn unlink(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(named): Json<AgentNamed>,
) -> Result<Answer<AgentDone>, ApiError> {
    let found = shown(&app, given(&named.agent_id)?)?;
    let entry = found.entry.as_deref().ok_or_else(no_agent)?;
    if !entry.resource().sources.contains(&SourceKind::Proxmox) {
        return Ok(done(found.name(), "The agent is linked to no node."));
    }
    let (id, wrong) = (resource_id(&found), [SourceKind::Proxmox]);
    let decided = app.monitored().report_merge(&id, &wrong, by(&app, &caller));
    match decided.await {
        // Decided a moment ago, and not published yet.
        Ok(_) | Err(Error::Link(LinkError::TooFewSources | LinkError::NothingExcluded)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(done(found.name(), "The agent and its node are kept apart."))
}

fn shown(app: &App, id: &str) -> Result<Found, ApiError> {
    let found = whom::machine(app, id).filter(|found| found.entry.is_some());
    found.ok_or_else(no_agent)
}

fn resource_id(found: &Found) -> String {
    let entry = found.entry.as_ref();
    entry.map_or_else(|| found.name(), |entry| entry.resource().id.to_string())
}

fn by(app: &App, caller: &Caller) -> By {
    By {
        who: whom::label(caller).to_owned(),
        reason: String::new(),
        now: app.clock().now(),
    }
}

async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<AgentDone>, ApiError> {
    let found = whom::machine(&app, &id).ok_or_else(no_agent)?;
    let removed = app
        .fleet()
        .remove(&found.source, found.told(), whom::label(&caller));
    removed.await?;
    Ok(done(
        found.name(),
        "The agent is removed. Its reports are refused for 24 hours, or until it is allowed again or has a new token.",
    ))
}

async fn allow(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<AgentDone>, ApiError> {
    let found = whom::machine(&app, &id).ok_or_else(no_agent)?;
    app.fleet()
        .allow(&found.source, whom::label(&caller))
        .await?;
    Ok(done(found.name(), "The agent may report again."))
}
