//! The configuration the server manages for an agent. It is not signed: agents refuse what a key they do not know signed.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use pulse_model::{Annotation, SourceKind};
use pulse_protocol::config::{ConfigFingerprint, Settings, fingerprint_text};
use pulse_protocol::report::host::AnswerConfig;
use pulse_security::{Principal, Scope};

use super::whom::{self, Found, no_agent};
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::Json;
use crate::error::ApiError;
use crate::routes::row::Routes;

const READ: Access = Access::AnyScope(&[
    Scope::AgentConfigRead,
    Scope::AgentReport,
    Scope::AgentManage,
    Scope::SettingsWrite,
]);
const REPORT: Access = Access::Scope(Scope::AgentReport);
const MANAGE: Access = Access::Admin(Scope::AgentManage);
const CURRENT: &str = "/api/agents/agent/{agent_id}/config";
const EARLIER: &str = "/api/agents/host/{agent_id}/config";

/// Adds the routes.
pub(super) fn add(routes: Routes) -> Routes {
    let about = "An agent's managed configuration";
    let routes = routes
        .get(CURRENT, READ, about, read)
        .answers::<AgentConfigured>();
    let routes = routes
        .get(EARLIER, REPORT, about, read)
        .answers::<AgentConfigured>()
        .legacy();
    let about = "Changes an agent's managed configuration";
    let changed = |routes: Routes| routes.takes::<ConfigChange>().answers::<ConfigChanged>();
    let routes = changed(routes.patch(CURRENT, MANAGE, about, change));
    changed(routes.patch(EARLIER, MANAGE, about, change)).legacy()
}

/// A configuration, and whose it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentConfigured {
    success: bool,
    agent_id: String,
    config: ManagedConfig,
}

/// What the server manages of an agent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ManagedConfig {
    /// Whether it may be sent commands; absent leaves that to the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    commands_enabled: Option<bool>,
    /// Its settings by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Object>)]
    settings: BTreeMap<String, Value>,
    /// What the agent checks all of it against.
    desired_config: ManagedFingerprint,
}

/// The digest of a configuration.
#[derive(Serialize, ToSchema)]
struct ManagedFingerprint {
    version: String,
    hash: String,
}

async fn read(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Answer<AgentConfigured>, ApiError> {
    let found = whose(&app, &caller, &id).ok_or_else(no_agent)?;
    let commands_enabled = allowed(
        wanted(&found),
        caller.principal.as_ref(),
        &found.source.name,
    );
    let settings = Settings::default();
    let text = fingerprint_text(commands_enabled, &settings);
    let fingerprint = ConfigFingerprint::from_digest(&Sha256::digest(text).into());
    Ok(Answer(AgentConfigured {
        success: true,
        agent_id: found.name(),
        config: ManagedConfig {
            commands_enabled,
            settings: settings.0,
            desired_config: ManagedFingerprint {
                version: fingerprint.version,
                hash: fingerprint.hash,
            },
        },
    }))
}

/// Returns whose configuration the caller may read: any with the right to manage agents, else the caller's own whatever the
/// path says, as agents that lost their id ask.
fn whose(app: &App, caller: &Caller, id: &str) -> Option<Found> {
    let named = whom::machine(app, id).filter(|found| found.entry.is_some());
    let may_manage = |principal: &Principal| principal.allows(Scope::AgentManage);
    let is_bound = whom::claim_of(caller).is_some_and(|claim| claim.bound_agent_id.is_some());
    let manages = !is_bound && caller.principal.as_ref().is_some_and(may_manage);
    if manages || whom::is_operator(caller) {
        return named;
    }
    let own = named.filter(|found| whom::is_own(caller, found));
    own.or_else(|| only_own(app, caller))
}

fn only_own(app: &App, caller: &Caller) -> Option<Found> {
    let claim = whom::claim_of(caller)?;
    if let Some(bound) = &claim.bound_agent_id {
        return whom::machine(app, bound).filter(|found| found.entry.is_some());
    }
    let estate = app.monitored().estate();
    let own = |entry: &pulse_estate::Entry| {
        let agent = whom::agent_of(entry)?;
        (agent.token_id == claim.token_id).then(|| agent.agent_id.clone())
    };
    let mut all = estate
        .of_source(SourceKind::Agent)
        .filter_map(|entry| own(entry));
    let first = all.next()?;
    match all.next() {
        None => whom::machine(app, &first),
        Some(_) => None,
    }
}

fn wanted(found: &Found) -> Option<bool> {
    found.entry.as_deref()?.added()?.commands_enabled
}

/// Returns what an agent is told of `wanted`: commands are on only where its token may take them and speaks for that agent.
fn allowed(wanted: Option<bool>, principal: Option<&Principal>, agent_id: &str) -> Option<bool> {
    let may = match principal {
        Some(Principal::Token(token)) => {
            let is_its_own = token
                .bound_agent
                .as_deref()
                .is_none_or(|bound| bound == agent_id);
            token.scopes.allows(Scope::AgentExec) && is_its_own
        }
        // People are told what is set.
        _ => true,
    };
    wanted.map(|wanted| wanted && may)
}

/// Returns what the answer to a report of `agent_id` says of its configuration.
pub(super) fn for_report(app: &App, principal: &Principal, agent_id: &str) -> Option<AnswerConfig> {
    let estate = app.monitored().estate();
    let wanted = estate.get(agent_id)?.added()?.commands_enabled;
    let commands_enabled = Some(allowed(wanted, Some(principal), agent_id)?);
    Some(AnswerConfig { commands_enabled })
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigChange {
    /// Whether it may be sent commands; `null` leaves that to the agent.
    #[serde(default, deserialize_with = "said")]
    commands_enabled: Option<Option<bool>>,
}

/// Tells `null` from nothing.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<bool>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// It is changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigChanged {
    success: bool,
    agent_id: String,
    config: ManagedSwitch,
}

/// What holds now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ManagedSwitch {
    /// Whether it may be sent commands; `null` leaves that to the agent.
    #[schema(required)]
    commands_enabled: Option<bool>,
}

async fn change(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(change): Json<ConfigChange>,
) -> Result<Answer<ConfigChanged>, ApiError> {
    let found = whom::machine(&app, &id).ok_or_else(no_agent)?;
    let entry = found.entry.clone().ok_or_else(no_agent)?;
    whom::check_own(&caller, &found)?;
    let commands_enabled = change.commands_enabled.ok_or_else(|| {
        let text = "Say what to change: commandsEnabled is true, false or null.";
        ApiError::bad_request("invalid_json", text)
    })?;
    let set = move |annotation: &mut Annotation| -> Result<(), ApiError> {
        annotation.commands_enabled = commands_enabled;
        Ok(())
    };
    let annotations = app.monitored().annotations();
    annotations.change_of(entry.resource(), set).await?;
    let (agent, by) = (found.name(), whom::label(&caller));
    tracing::info!(
        agent,
        by,
        ?commands_enabled,
        "commands switched for an agent"
    );
    Ok(Answer(ConfigChanged {
        success: true,
        agent_id: found.name(),
        config: ManagedSwitch { commands_enabled },
    }))
}
