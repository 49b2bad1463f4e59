//! A resource as pages want it: flat figures in front, the facets behind.
//!
//! The element of `state.resources` and of every live frame. The detail form is [`Resource`].

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::facet::Facets;
use crate::few::Few;
use crate::ids::{ResourceId, SourceKind};
use crate::metric::MetricValue;
use crate::resource::{CanonicalIdentity, Kind, MetricsTarget, Resource, SourceStatus, Status};
use crate::units::{Bytes, BytesPerSecond, Celsius, Seconds};

/// A resource in the push form.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushResource<'a> {
    /// Canonical id.
    #[schema(value_type = String)]
    pub id: &'a ResourceId,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What it is made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technology: Option<&'a str>,
    /// Native name.
    pub name: &'a str,
    /// The name people see.
    pub display_name: &'a str,
    /// Id within its platform.
    pub platform_id: &'a str,
    /// The platform it is shown under.
    pub platform_type: &'static str,
    /// `agent`, `api` or `hybrid`: how facts arrive.
    pub source_type: &'static str,
    /// Who contributes.
    pub sources: &'a [SourceKind],
    /// How fresh each contribution is.
    #[schema(value_type = BTreeMap<String, SourceStatus>)]
    pub source_status: &'a Few<SourceKind, SourceStatus>,
    /// What it runs on or belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub parent_id: Option<&'a ResourceId>,
    /// The name of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_name: Option<&'a str>,
    /// How many belong directly to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_count: Option<usize>,
    /// The cluster it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<&'a str>,
    /// How it is.
    pub status: Status,
    /// Processor use, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<PushMetric>,
    /// Memory use, percent and bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<PushMetric>,
    /// The fullest file system, percent and bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<PushMetric>,
    /// Bytes per second over all interfaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<PushNetwork>,
    /// Bytes per second over all block devices.
    #[serde(rename = "diskIO", skip_serializing_if = "Option::is_none")]
    pub disk_io: Option<PushDiskIo>,
    /// Its leading temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Celsius>,
    /// Seconds since it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Seconds>,
    /// Tags of all sources.
    pub tags: &'a [String],
    /// Where people reach it with a browser, as they added it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_url: Option<&'a str>,
    /// Labels of its platform.
    pub labels: BTreeMap<String, String>,
    /// When its freshest source last saw it, unix milliseconds.
    pub last_seen: i64,
    /// Open alerts.
    #[schema(value_type = Vec<Object>)]
    pub alerts: [(); 0],
    /// What matching used.
    pub identity: PushIdentity<'a>,
    /// Which id stands for it, when others lead to it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_identity: Option<&'a CanonicalIdentity>,
    /// The key to ask history with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_target: Option<&'a MetricsTarget>,
    /// What each kind of source knows of it.
    #[serde(flatten)]
    pub facets: &'a Facets,
}

/// A value as a percentage with its absolute parts.
#[derive(Serialize, ToSchema)]
pub struct PushMetric {
    /// Percent.
    pub current: f64,
    /// What there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Bytes>,
    /// What is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Bytes>,
    /// What is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Bytes>,
}

/// Network rates.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushNetwork {
    /// Received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_bytes: Option<BytesPerSecond>,
    /// Sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_bytes: Option<BytesPerSecond>,
}

/// Block device rates.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushDiskIo {
    /// Read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_rate: Option<BytesPerSecond>,
    /// Written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_rate: Option<BytesPerSecond>,
}

/// What matching used, short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushIdentity<'a> {
    /// First host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<&'a str>,
    /// Machine id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<&'a str>,
    /// Addresses.
    pub ips: &'a [String],
}

impl<'a> From<&'a Resource> for PushResource<'a> {
    fn from(resource: &'a Resource) -> Self {
        let metrics = &resource.metrics;
        let rate = |metric: &Option<MetricValue>| metric.as_ref().map(|m| BytesPerSecond(m.value));
        let network = PushNetwork {
            rx_bytes: rate(&metrics.net_in),
            tx_bytes: rate(&metrics.net_out),
        };
        let disk_io = PushDiskIo {
            read_rate: rate(&metrics.disk_read),
            write_rate: rate(&metrics.disk_write),
        };
        Self {
            id: &resource.id,
            kind: resource.kind,
            technology: resource.technology.as_deref(),
            name: &resource.name,
            display_name: &resource.name,
            platform_id: resource.id.as_str(),
            platform_type: resource
                .sources
                .first()
                .map_or("agent", |source| source.word()),
            source_type: source_type(&resource.sources),
            sources: &resource.sources,
            source_status: &resource.source_status,
            parent_id: resource.parent_id.as_ref(),
            parent_name: resource.parent_name.as_deref(),
            child_count: resource.child_count,
            cluster_id: resource.identity.cluster_name.as_deref(),
            status: resource.status,
            cpu: metrics.cpu.as_ref().map(PushMetric::from),
            memory: metrics.memory.as_ref().map(PushMetric::from),
            disk: metrics.disk.as_ref().map(PushMetric::from),
            network: (network.rx_bytes.is_some() || network.tx_bytes.is_some()).then_some(network),
            disk_io: (disk_io.read_rate.is_some() || disk_io.write_rate.is_some())
                .then_some(disk_io),
            temperature: resource.temperature,
            uptime: resource.uptime,
            tags: &resource.tags,
            custom_url: resource.custom_url.as_deref(),
            labels: BTreeMap::new(),
            last_seen: resource.last_seen.as_millisecond(),
            alerts: [],
            identity: PushIdentity {
                hostname: resource.identity.hostnames.first().map(String::as_str),
                machine_id: resource.identity.machine_id.as_deref(),
                ips: &resource.identity.ip_addresses,
            },
            canonical_identity: resource.canonical_identity.as_deref(),
            metrics_target: resource.metrics_target.as_ref(),
            facets: &resource.facets,
        }
    }
}

/// Returns how facts arrive: pushed by agents, polled by us, or both.
fn source_type(sources: &[SourceKind]) -> &'static str {
    let pushed = |source: &SourceKind| {
        matches!(
            source,
            SourceKind::Agent | SourceKind::Docker | SourceKind::Kubernetes
        )
    };
    match (
        sources.iter().any(pushed),
        sources.iter().any(|source| !pushed(source)),
    ) {
        (true, true) => "hybrid",
        (false, true) => "api",
        (_, false) => "agent",
    }
}

impl From<&MetricValue> for PushMetric {
    fn from(metric: &MetricValue) -> Self {
        let free = metric
            .total
            .zip(metric.used)
            .map(|(total, used)| Bytes(total.0.saturating_sub(used.0)));
        Self {
            current: metric.percent.map_or(metric.value, |percent| percent.0),
            total: metric.total,
            used: metric.used,
            free,
        }
    }
}
