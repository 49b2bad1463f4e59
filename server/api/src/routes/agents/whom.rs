//! Whom an id in a path means, and who asks.

use std::sync::Arc;

use pulse_estate::Entry;
use pulse_fleet::Told;
use pulse_model::facet::AgentHost;
use pulse_model::{Claim, Resource, SourceId, SourceKind, SourceState, reporting_source};
use pulse_security::{Principal, Scope};

use crate::app::{App, Caller};
use crate::error::ApiError;

/// What an id means: a source, and what is shown of it, if anything is.
pub(super) struct Found {
    pub source: SourceId,
    pub entry: Option<Arc<Entry>>,
}

impl Found {
    /// Returns what it goes by as a source: an agent id, the name of an engine, the id of a cluster.
    pub fn name(&self) -> String {
        self.source.name.to_string()
    }

    /// Tells whether it was heard within its interval.
    pub fn is_online(&self) -> bool {
        let status = |entry: &Arc<Entry>| {
            let known = &entry.resource().source_status;
            known.get(&self.source.kind).map(|known| known.status)
        };
        self.entry.as_ref().and_then(status) == Some(SourceState::Online)
    }

    /// Returns what it takes to recognise it when it is gone.
    pub fn told(&self) -> Told {
        let Some(entry) = &self.entry else {
            return Told::default();
        };
        let resource = entry.whole();
        let docker = resource.facets.docker.as_deref();
        let engine = docker.and_then(|docker| docker.engine.as_deref());
        let agent = resource.facets.agent.as_deref();
        let (hostname, machine_id, token_id) = match (self.source.kind, agent, engine) {
            (SourceKind::Agent, Some(agent), _) => (
                Some(agent.hostname.as_str()),
                &agent.machine_id,
                &agent.token_id,
            ),
            (SourceKind::Docker, _, Some(engine)) => (
                docker.and_then(|docker| docker.hostname.as_deref()),
                &engine.machine_id,
                &engine.token_id,
            ),
            _ => (None, &None, &None),
        };
        Told {
            name: resource.name.clone(),
            hostname: hostname.unwrap_or_default().to_owned(),
            machine_id: machine_id.clone(),
            token_id: token_id.clone(),
        }
    }
}

/// Finds the machine with an agent that `id` means: by its resource, or by its agent id.
pub(super) fn machine(app: &App, id: &str) -> Option<Found> {
    let estate = app.monitored().estate();
    let entry = estate.get(id).cloned();
    if let Some(agent) = entry.as_deref().and_then(agent_of) {
        let source = SourceId::agent(&agent.agent_id);
        return Some(Found { source, entry });
    }
    let source = SourceId::agent(id);
    let is_known = app.fleet().knows(&source);
    is_known.then_some(Found {
        source,
        entry: None,
    })
}

/// Finds the one machine with an agent that goes by `hostname`: whole, as people call it, or without its domain.
pub(super) fn machine_called(app: &App, hostname: &str) -> Option<Found> {
    let estate = app.monitored().estate();
    let short = |name: &str| {
        name.split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let only = |is_it: &dyn Fn(&Entry, &AgentHost) -> bool| {
        let mut all = estate.of_source(SourceKind::Agent).filter_map(|entry| {
            let agent = agent_of(entry)?;
            let source = SourceId::agent(&agent.agent_id);
            is_it(entry, agent).then(|| Found {
                source,
                entry: Some(entry.clone()),
            })
        });
        let first = all.next()?;
        all.next().is_none().then_some(first)
    };
    only(&|_, agent| agent.hostname.eq_ignore_ascii_case(hostname))
        .or_else(|| only(&|entry, _| entry.whole().name.eq_ignore_ascii_case(hostname)))
        .or_else(|| only(&|_, agent| short(&agent.hostname) == short(hostname)))
}

/// Returns what the agent on a machine says of it.
pub(super) fn agent_of(entry: &Entry) -> Option<&AgentHost> {
    entry.resource().facets.agent.as_deref()
}

/// Finds the engine or cluster of `kind` that `id` means: by its resource, by its own name, or by its agent's.
pub(super) fn reporting(app: &App, kind: SourceKind, id: &str) -> Option<Found> {
    let estate = app.monitored().estate();
    let source_of = |resource: &Resource| reporting_source(resource).filter(|it| it.kind == kind);
    let by_id = estate.get(id).cloned();
    if let Some(source) = by_id
        .as_deref()
        .and_then(|entry| source_of(entry.resource()))
    {
        return Some(Found {
            source,
            entry: by_id,
        });
    }
    let named = SourceId::new(kind, id);
    let shows = |source: &SourceId| {
        let mut all = estate.of_source(kind);
        let found = all.find(|entry| source_of(entry.resource()).as_ref() == Some(source));
        found.cloned()
    };
    let source = match app.fleet().knows(&named) || shows(&named).is_some() {
        true => named,
        false => app.fleet().named_by_agent(kind, id)?,
    };
    let entry = shows(&source);
    Some(Found { source, entry })
}

/// Returns what to call the caller in logs and records.
pub(super) fn label(caller: &Caller) -> &str {
    caller.principal.as_ref().map_or("", Principal::label)
}

/// Tells whether the caller may act for any agent, not only for its own.
pub(super) fn is_operator(caller: &Caller) -> bool {
    let principal = caller.principal.as_ref();
    principal.is_some_and(|principal| principal.allows(Scope::SettingsWrite))
}

/// Returns who an agent proves to be with its token; nothing for a person.
pub(super) fn claim_of(caller: &Caller) -> Option<Claim> {
    match &caller.principal {
        Some(Principal::Token(token)) => Some(Claim {
            token_id: Some(token.id.clone()),
            bound_agent_id: token.bound_agent.clone(),
            ..Claim::default()
        }),
        _ => None,
    }
}

/// Tells whether the caller's token is the one `found` reports with.
pub(super) fn is_own(caller: &Caller, found: &Found) -> bool {
    let Some(claim) = claim_of(caller) else {
        return false;
    };
    match &claim.bound_agent_id {
        Some(bound) => *bound == *found.source.name,
        None => {
            let agent = found.entry.as_deref().and_then(agent_of);
            agent.is_some_and(|agent| agent.token_id == claim.token_id)
        }
    }
}

/// Refuses whoever may not act for `found`.
pub(super) fn check_own(caller: &Caller, found: &Found) -> Result<(), ApiError> {
    if is_operator(caller) || is_own(caller, found) {
        return Ok(());
    }
    let text = "This agent reports with another token; a token speaks for its own agent only.";
    Err(ApiError::forbidden("agent_lookup_forbidden", text))
}

/// 404: no machine with an agent goes by that id.
pub(super) fn no_agent() -> ApiError {
    ApiError::not_found("agent_not_found", "No agent is known under that id.")
}
