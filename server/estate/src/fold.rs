//! What the server adds to an agent's view of its machine, and what is left of a view on disk.

use std::sync::Arc;

use pulse_model::{Claim, Counters, ResourceId, Sighting, SourceId, SourceKind};

use crate::tables::KnownHost;
use crate::time::Times;

/// Writes into the agent's facet who it is and how its reports are to be trusted.
pub(crate) fn sign(sighting: &mut Sighting, agent_id: &str, claim: &Claim, times: Times) {
    if let Some(host) = &mut sighting.facets.agent {
        let host = Arc::make_mut(host);
        host.agent_id = agent_id.to_owned();
        host.token_id.clone_from(&claim.token_id);
        host.trust = Some(if claim.keyed { "keyed" } else { "token" }.to_owned());
        host.last_report_at = Some(times.made_at);
        host.clock_skew_seconds = times.skew();
    }
}

/// Returns the id of the machine that `source` runs on.
pub(crate) fn machine_id(source: &SourceId) -> ResourceId {
    match source.kind {
        SourceKind::Agent => ResourceId::new(&*source.name),
        other => ResourceId::new(format!("{}:{}", other.word(), source.name)),
    }
}

/// Returns the source whose machine goes by `id`. An agent's id has no colon in it.
pub(crate) fn source_of(id: &ResourceId) -> SourceId {
    let split = id.as_str().split_once(':');
    let other = split.and_then(|(word, name)| Some((SourceKind::from_word(word)?, name)));
    match other {
        Some((kind, name)) => SourceId::new(kind, name),
        None => SourceId::agent(id.as_str()),
    }
}

/// Returns a known host as its source saw it last.
pub(crate) fn sighting_of(host: &KnownHost) -> Sighting {
    let resource = host.resource.clone();
    Sighting {
        kind: resource.kind,
        native: host.native.clone(),
        name: resource.name,
        technology: resource.technology,
        parent: None,
        status: None,
        identity: resource.identity,
        metrics: resource.metrics,
        counters: Counters::default(),
        uptime: resource.uptime,
        temperature: resource.temperature,
        tags: resource.tags,
        facets: resource.facets,
    }
}
