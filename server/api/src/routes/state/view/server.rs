//! `stats`, `performance` and `connectionHealth`: the server itself.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_estate::Estate;
use pulse_model::{Resource, SourceState};

use crate::app::App;

/// The server itself.
#[derive(Serialize, ToSchema)]
#[schema(as = ServerStats)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// When it started.
    start_time: Timestamp,
    /// Seconds since then.
    uptime: u64,
    /// Rounds of polling.
    polling_cycles: u64,
    /// Open live sockets.
    web_socket_clients: usize,
    /// Its version.
    version: &'static str,
}

pub(crate) fn stats(app: &App) -> Stats {
    Stats {
        start_time: app.0.started_at,
        uptime: app.uptime().as_secs(),
        polling_cycles: 0,
        web_socket_clients: app.0.hub.clients(),
        version: app.facts().version,
    }
}

/// What polling costs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Performance {
    /// Seconds by call.
    api_call_duration: BTreeMap<String, f64>,
    /// Seconds of the last round.
    last_poll_duration: f64,
    /// When polling began.
    polling_start_time: Timestamp,
    /// Calls made.
    total_api_calls: u64,
    /// Calls that failed.
    failed_api_calls: u64,
}

pub(crate) fn performance(app: &App) -> Performance {
    Performance {
        api_call_duration: BTreeMap::new(),
        last_poll_duration: 0.0,
        polling_start_time: app.0.started_at,
        total_api_calls: 0,
        failed_api_calls: 0,
    }
}

/// Returns whether each configured connection answers, by its name.
pub(crate) fn connection_health(estate: &Estate) -> BTreeMap<String, bool> {
    let mut health = BTreeMap::new();
    for entry in estate.iter() {
        let Some((name, is_healthy)) = connection(entry.resource()) else {
            continue;
        };
        // One member of a cluster that answers is enough for its connection.
        *health.entry(name).or_default() |= is_healthy;
    }
    health
}

fn connection(resource: &Resource) -> Option<(String, bool)> {
    let facets = &resource.facets;
    let (name, health) = if let Some(pbs) = facets.pbs.as_deref() {
        let name = pbs.instance_id.as_deref().unwrap_or(&resource.name);
        (format!("pbs-{name}"), &pbs.connection_health)
    } else if let Some(pmg) = facets.pmg.as_deref() {
        let name = pmg.instance_id.as_deref().unwrap_or(&resource.name);
        (format!("pmg-{name}"), &pmg.connection_health)
    } else {
        let proxmox = facets.proxmox.as_deref();
        let proxmox = proxmox.filter(|proxmox| proxmox.node.is_some())?;
        (proxmox.instance.clone()?, &proxmox.connection_health)
    };
    let is_fresh = || {
        let mut states = resource.source_status.values();
        states.any(|source| source.status == SourceState::Online)
    };
    let is_healthy = health
        .as_deref()
        .map_or_else(is_fresh, |word| word == "healthy");
    Some((name, is_healthy))
}
