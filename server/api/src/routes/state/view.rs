//! The typed collections of the state: pure views over facets, in the words of older documents.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_estate::Estate;
use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{
    BlockDevice, FileSystem, Module, NetworkInterface, RaidArray, Sensors,
};
use pulse_model::{
    Bytes, BytesPerSecond, Kind, Percent, PushResource, Resource, Seconds, SourceKind, Status,
};

use crate::app::App;

/// The state as documented; written member by member from what is encoded already.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "describes the answer; the encoding is a concatenation"
)]
pub struct State<'a> {
    /// Machines with an agent.
    hosts: Vec<Host<'a>>,
    /// Everything monitored.
    resources: Vec<PushResource<'a>>,
    /// One row per attached system.
    connected_infrastructure: Vec<Connected<'a>>,
    /// Open alerts.
    #[schema(value_type = Vec<Object>)]
    active_alerts: Vec<()>,
    /// Alerts resolved in the last minutes.
    #[schema(value_type = Vec<Object>)]
    recently_resolved: Vec<()>,
    /// Whether each configured connection answers.
    connection_health: BTreeMap<String, bool>,
    /// The server itself.
    stats: Stats,
    /// Unix milliseconds.
    last_update: i64,
}

/// The server itself.
#[derive(Serialize, ToSchema)]
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

/// A machine with an agent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Host<'a> {
    id: &'a str,
    hostname: &'a str,
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kernel_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    architecture: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_usage: Option<Percent>,
    memory: Memory,
    #[serde(skip_serializing_if = "<[f64]>::is_empty")]
    load_average: &'a [f64],
    #[serde(skip_serializing_if = "<[FileSystem]>::is_empty")]
    disks: &'a [FileSystem],
    #[serde(rename = "diskIO", skip_serializing_if = "<[BlockDevice]>::is_empty")]
    disk_io: &'a [BlockDevice],
    #[serde(skip_serializing_if = "<[NetworkInterface]>::is_empty")]
    network_interfaces: &'a [NetworkInterface],
    sensors: &'a Sensors,
    #[serde(skip_serializing_if = "<[RaidArray]>::is_empty")]
    raid: &'a [RaidArray],
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime_seconds: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_seconds: Option<Seconds>,
    last_seen: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commands_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_ip: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_id: Option<&'a str>,
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[Module]>::is_empty")]
    agent_modules: &'a [Module],
    #[serde(skip_serializing_if = "Option::is_none")]
    net_in_rate: Option<BytesPerSecond>,
    #[serde(skip_serializing_if = "Option::is_none")]
    net_out_rate: Option<BytesPerSecond>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_read_rate: Option<BytesPerSecond>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_write_rate: Option<BytesPerSecond>,
}

/// Memory as the older documents have it.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swap_used: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swap_total: Option<Bytes>,
}

/// What a machine without an agent's facts looks like: nothing known.
static NO_FACTS: std::sync::LazyLock<AgentHost> = std::sync::LazyLock::new(AgentHost::default);

pub(crate) fn host(resource: &Resource) -> Host<'_> {
    let facts = resource.facets.agent.as_deref().unwrap_or(&NO_FACTS);
    let memory = facts.memory.as_ref().map(|memory| Memory {
        total: memory.total,
        used: memory.used,
        free: memory.free,
        usage: memory.usage,
        swap_used: memory.swap_used,
        swap_total: memory.swap_total,
    });
    Host {
        id: resource.id.as_str(),
        hostname: &facts.hostname,
        display_name: &resource.name,
        platform: facts.platform.as_deref(),
        os_name: facts.os_name.as_deref(),
        os_version: facts.os_version.as_deref(),
        kernel_version: facts.kernel_version.as_deref(),
        architecture: facts.architecture.as_deref(),
        cpu_count: facts.cpu_count,
        cpu_usage: resource.metrics.cpu.as_ref().and_then(|cpu| cpu.percent),
        memory: memory.unwrap_or_default(),
        load_average: &facts.load_average,
        disks: &facts.disks,
        disk_io: &facts.disk_io,
        network_interfaces: &facts.network_interfaces,
        sensors: &facts.sensors,
        raid: &facts.raid,
        status: resource.status.word(),
        uptime_seconds: facts.uptime_seconds,
        interval_seconds: facts.interval_seconds,
        last_seen: resource.last_seen,
        agent_version: facts.agent_version.as_deref(),
        machine_id: facts.machine_id.as_deref(),
        commands_enabled: facts.commands_enabled,
        report_ip: facts.report_ip.as_deref(),
        token_id: facts.token_id.as_deref(),
        tags: &resource.tags,
        agent_modules: &facts.modules,
        net_in_rate: facts.net_in_rate,
        net_out_rate: facts.net_out_rate,
        disk_read_rate: facts.disk_read_rate,
        disk_write_rate: facts.disk_write_rate,
    }
}

/// An attached system, as settings pages list it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connected<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    status: Status,
    last_seen: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    surfaces: Vec<Surface<'a>>,
}

/// One way a system is attached.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Surface<'a> {
    id: &'a str,
    kind: SourceKind,
    label: &'static str,
}

pub(crate) fn connected(estate: &Estate) -> Vec<Connected<'_>> {
    let hosts = estate
        .iter()
        .filter(|entry| entry.resource().kind == Kind::Agent);
    let connected = hosts.map(|entry| {
        let resource = entry.resource();
        let facts = resource.facets.agent.as_deref();
        Connected {
            id: resource.id.as_str(),
            name: &resource.name,
            hostname: facts.map(|facts| facts.hostname.as_str()),
            status: resource.status,
            last_seen: resource.last_seen.as_millisecond(),
            version: facts.and_then(|facts| facts.agent_version.as_deref()),
            surfaces: vec![Surface {
                id: resource.id.as_str(),
                kind: SourceKind::Agent,
                label: "Agent",
            }],
        }
    });
    connected.collect()
}
