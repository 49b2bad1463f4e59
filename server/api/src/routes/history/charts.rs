//! The charts of everything, as earlier versions ask for them, and those of storages and disks.
//!
//! One answer holds at most [`MOST_POINTS`] points: with many resources each gets fewer, and beyond
//! that the rest is left out and `stats` says so. A page of today asks for sparks instead.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::Estate;
use pulse_history::{Answer, Ask, Handle, Span};
use pulse_model::{Clock, Kind, Metric, Resource, SourceKind};
use pulse_security::Scope;

use super::range::{self, Made};
use super::rounded;
use crate::access::Access;
use crate::asked::Asked;
use crate::error::ApiError;
use crate::routes::row::{Param, Routes};

/// About ten megabytes.
const MOST_POINTS: usize = 250_000;
const USUAL_POINTS: usize = 180;
const FEWEST: usize = 30;
const MOST: usize = 500;
/// Half a year of hours says nothing more in a chart; documented words end at 30 days anyway.
const WORDS: [&str; 10] = [
    "5m", "15m", "30m", "1h", "4h", "8h", "12h", "24h", "7d", "30d",
];
const ONE_HOUR: Duration = Duration::from_secs(3_600);

const GUEST: &[Metric] = &[
    Metric::Cpu,
    Metric::Memory,
    Metric::Disk,
    Metric::DiskRead,
    Metric::DiskWrite,
    Metric::NetIn,
    Metric::NetOut,
];
const NODE: &[Metric] = &[
    Metric::Cpu,
    Metric::Memory,
    Metric::Disk,
    Metric::NetIn,
    Metric::NetOut,
];
const STORAGE: &[Metric] = &[Metric::Usage];
const POOL: &[Metric] = &[Metric::Usage, Metric::Used, Metric::Avail];
const DISK: &[Metric] = &[Metric::SmartTemp];

const QUERY: &[Param] = &[
    Param {
        name: "range",
        about: "5m, 15m, 30m, 1h, 4h, 8h, 12h, 24h, 7d or 30d; anything else is 1h",
    },
    Param {
        name: "maxPoints",
        about: "most points per series, 30 to 500; usually 180",
    },
];
const STORAGE_QUERY: &[Param] = &[
    Param {
        name: "range",
        about: "minutes, or a word such as 24h; usually 60",
    },
    Param {
        name: "node",
        about: "id of the machine they belong to; all when left out",
    },
];

pub(super) fn rows(routes: Routes) -> Routes {
    let read = Access::Scope(Scope::MonitoringRead);
    routes
        .get("/api/charts", read, "Charts of everything", charts)
        .query(QUERY)
        .answers::<Charts>()
        .versioned()
        .get(
            "/api/storage-charts",
            read,
            "Charts of storages and disks",
            storage_charts,
        )
        .query(STORAGE_QUERY)
        .answers::<StorageCharts>()
        .versioned()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wish {
    range: String,
    max_points: String,
    node: String,
}

/// One value at one time.
#[derive(Clone, Copy, Serialize, ToSchema)]
struct ChartPoint {
    /// Unix milliseconds.
    timestamp: i64,
    value: f64,
}

type Group = BTreeMap<String, BTreeMap<&'static str, Vec<ChartPoint>>>;

/// Charts of everything: by resource, then metric.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Charts {
    /// Guests.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    data: Group,
    /// Nodes.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    node_data: Group,
    /// Storages; `disk` is how full they are.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    storage_data: Group,
    /// Application containers.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    docker_data: Group,
    /// Container hosts.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    docker_host_data: Group,
    /// Machines with an agent.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, Vec<ChartPoint>>>)]
    agent_data: Group,
    /// What each guest is.
    guest_types: BTreeMap<String, &'static str>,
    /// Unix milliseconds.
    timestamp: i64,
    stats: ChartStats,
}

/// What the charts were made of.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChartStats {
    /// Unix milliseconds.
    oldest_data_timestamp: i64,
    range: String,
    range_seconds: u64,
    metrics_store_enabled: bool,
    primary_source_hint: &'static str,
    /// Up to here everything comes from memory, at the most.
    in_memory_threshold_secs: u64,
    point_counts: PointCounts,
    /// Resources left out because the answer would be too large; ask for sparks of them.
    left_out: usize,
    /// Most points in one answer.
    limit: usize,
}

/// Points per group.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PointCounts {
    total: usize,
    guests: usize,
    nodes: usize,
    storage: usize,
    docker_containers: usize,
    docker_hosts: usize,
    agents: usize,
}

/// Charts of storages and disks.
#[derive(Default, Serialize, ToSchema)]
struct StorageCharts {
    /// By storage.
    pools: BTreeMap<String, PoolChart>,
    /// By disk.
    disks: BTreeMap<String, DiskChart>,
    stats: ChartStats,
}

/// How full a storage was.
#[derive(Serialize, ToSchema)]
struct PoolChart {
    name: String,
    /// Percent.
    usage: Vec<ChartPoint>,
    /// Bytes.
    used: Vec<ChartPoint>,
    /// Bytes.
    avail: Vec<ChartPoint>,
}

/// How warm a disk was.
#[derive(Serialize, ToSchema)]
struct DiskChart {
    name: String,
    /// The machine it is in.
    node: String,
    /// Degrees Celsius.
    temperature: Vec<ChartPoint>,
}

/// What is charted, and how finely.
struct Plan {
    chosen: Vec<(Resource, &'static [Metric])>,
    points: usize,
    left_out: usize,
}

impl Plan {
    /// Chooses resources that have charts until the answer is full.
    fn new(
        estate: &Estate,
        points: usize,
        metrics_of: impl Fn(&Resource) -> Option<&'static [Metric]>,
    ) -> Self {
        let all: Vec<(&Resource, &'static [Metric])> = estate
            .iter()
            .filter_map(|entry| Some((entry.resource(), metrics_of(entry.resource())?)))
            .collect();
        let series: usize = all.iter().map(|(_, metrics)| metrics.len()).sum();
        let points = points.min(MOST_POINTS / series.max(1)).max(FEWEST);
        let mut left = MOST_POINTS / points;
        let count = all.len();
        let fits = all.into_iter().take_while(|(_, metrics)| {
            let is_room = left >= metrics.len();
            left = left.saturating_sub(metrics.len());
            is_room
        });
        let chosen: Vec<_> = fits.map(|(one, metrics)| (one.clone(), metrics)).collect();
        Self {
            left_out: count - chosen.len(),
            chosen,
            points,
        }
    }

    fn asks(&self) -> Vec<Ask> {
        let ask = |(resource, metrics): &(Resource, &'static [Metric])| Ask {
            resource: resource.id.clone(),
            metrics: metrics.to_vec(),
        };
        self.chosen.iter().map(ask).collect()
    }
}

async fn charts(
    State(estate): State<pulse_estate::Handle>,
    State(history): State<Handle>,
    State(clock): State<Clock>,
    asked: Asked,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    let word = WORDS.into_iter().find(|word| *word == wish.range);
    let word = word.unwrap_or("1h");
    let points = range::points(&wish.max_points, USUAL_POINTS, FEWEST, MOST);
    let estate = estate.estate();
    let span = range::span(clock.now(), range::parse(word), points);
    let made_of = (estate.revision(), Made::of(&history, &span));
    let charts = chart(&estate, &history, span, word);
    asked.answer(made_of, charts).await
}

async fn chart(
    estate: &Estate,
    history: &Handle,
    span: Span,
    word: &str,
) -> Result<axum::Json<Charts>, ApiError> {
    let plan = Plan::new(estate, span.points, |resource| metrics_of(resource.kind));
    let span = Span {
        points: plan.points,
        ..span
    };
    let answer = history.query_many(plan.asks(), span).await?;
    let mut charts = Charts {
        timestamp: span.end.as_millisecond(),
        stats: stats(&plan, &answer, &span, word.to_owned()),
        ..Charts::default()
    };
    let mut series = by_resource(&answer);
    for (resource, metrics) in &plan.chosen {
        let found = series.remove(resource.id.as_str()).unwrap_or_default();
        let found = with_present(found, resource, metrics, charts.timestamp);
        charts.place(resource, found);
    }
    Ok(axum::Json(charts))
}

impl Charts {
    fn place(&mut self, resource: &Resource, found: BTreeMap<&'static str, Vec<ChartPoint>>) {
        let points: usize = found.values().map(Vec::len).sum();
        let id = resource.id.as_str().to_owned();
        let counts = &mut self.stats.point_counts;
        counts.total += points;
        let is_from = |source| resource.sources.contains(&source);
        let (group, count) = match resource.kind {
            Kind::Vm | Kind::SystemContainer | Kind::Pod => {
                self.guest_types
                    .insert(id.clone(), guest_type(resource.kind));
                (&mut self.data, &mut counts.guests)
            }
            kind if kind.is_storage() => (&mut self.storage_data, &mut counts.storage),
            Kind::AppContainer => (&mut self.docker_data, &mut counts.docker_containers),
            Kind::DockerHost => (&mut self.docker_host_data, &mut counts.docker_hosts),
            Kind::K8sNode | Kind::Pbs | Kind::Pmg => (&mut self.node_data, &mut counts.nodes),
            _ if is_from(SourceKind::Proxmox) => {
                // A node with an agent is looked for in both places.
                if is_from(SourceKind::Agent) {
                    self.agent_data.insert(id.clone(), found.clone());
                    counts.agents += points;
                }
                (&mut self.node_data, &mut counts.nodes)
            }
            _ => (&mut self.agent_data, &mut counts.agents),
        };
        *count += points;
        group.insert(id, found);
    }
}

async fn storage_charts(
    State(estate): State<pulse_estate::Handle>,
    State(history): State<Handle>,
    State(clock): State<Clock>,
    asked: Asked,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    let minutes = wish.range.trim().parse::<u64>().ok();
    let minutes = minutes.filter(|minutes| *minutes > 0);
    let length = minutes
        .and_then(|minutes| range::read(&format!("{minutes}m")))
        .or_else(|| range::read(&wish.range))
        .unwrap_or(ONE_HOUR);
    let estate = estate.estate();
    let span = range::span(clock.now(), length, USUAL_POINTS);
    let made_of = (estate.revision(), Made::of(&history, &span));
    let charts = storage_chart(&estate, &history, span, wish);
    asked.answer(made_of, charts).await
}

async fn storage_chart(
    estate: &Estate,
    history: &Handle,
    span: Span,
    wish: Wish,
) -> Result<axum::Json<StorageCharts>, ApiError> {
    let is_meant = |resource: &Resource| {
        wish.node.is_empty()
            || resource
                .parent_id
                .as_ref()
                .is_some_and(|id| id.as_str() == wish.node)
    };
    let plan = Plan::new(estate, span.points, |resource| match resource.kind {
        kind if kind.is_storage() && is_meant(resource) => Some(POOL),
        Kind::PhysicalDisk if is_meant(resource) => Some(DISK),
        _ => None,
    });
    let span = Span {
        points: plan.points,
        ..span
    };
    let answer = history.query_many(plan.asks(), span).await?;
    let mut charts = StorageCharts {
        stats: stats(&plan, &answer, &span, wish.range),
        ..StorageCharts::default()
    };
    let now = span.end.as_millisecond();
    let mut series = by_resource(&answer);
    for (resource, metrics) in &plan.chosen {
        let found = series.remove(resource.id.as_str()).unwrap_or_default();
        let found = with_present(found, resource, metrics, now);
        charts.place(resource, found);
    }
    Ok(axum::Json(charts))
}

impl StorageCharts {
    fn place(&mut self, resource: &Resource, mut found: BTreeMap<&'static str, Vec<ChartPoint>>) {
        self.stats.point_counts.total += found.values().map(Vec::len).sum::<usize>();
        let mut take = |word: &str| found.remove(word).unwrap_or_default();
        let (id, name) = (resource.id.as_str().to_owned(), resource.name.clone());
        if resource.kind == Kind::PhysicalDisk {
            let node = resource.parent_id.as_ref();
            let chart = DiskChart {
                name,
                node: node.map(|id| id.as_str().to_owned()).unwrap_or_default(),
                temperature: take(Metric::SmartTemp.word()),
            };
            self.disks.insert(id, chart);
        } else {
            let chart = PoolChart {
                name,
                usage: take("disk"),
                used: take(Metric::Used.word()),
                avail: take(Metric::Avail.word()),
            };
            self.pools.insert(id, chart);
        }
    }
}

fn metrics_of(kind: Kind) -> Option<&'static [Metric]> {
    Some(match kind {
        Kind::Vm | Kind::SystemContainer | Kind::AppContainer | Kind::Pod => GUEST,
        Kind::Agent | Kind::DockerHost => GUEST,
        Kind::K8sNode | Kind::Pbs | Kind::Pmg => NODE,
        kind if kind.is_storage() => STORAGE,
        _ => return None,
    })
}

fn guest_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "k8s",
        kind => kind.word(),
    }
}

/// The word a chart files a metric under.
fn chart_word(metric: Metric) -> &'static str {
    match metric {
        Metric::Usage => Metric::Disk.word(),
        metric => metric.word(),
    }
}

fn by_resource(answer: &Answer) -> Group {
    let mut group = Group::new();
    for series in &answer.series {
        let points = series.points.iter().map(|point| ChartPoint {
            timestamp: point.at,
            value: rounded(point.mean),
        });
        let of_resource = group
            .entry(series.resource.as_str().to_owned())
            .or_default();
        of_resource.insert(chart_word(series.metric), points.collect());
    }
    group
}

/// Adds what is measured now where there is no history yet.
fn with_present(
    mut found: BTreeMap<&'static str, Vec<ChartPoint>>,
    resource: &Resource,
    metrics: &[Metric],
    now: i64,
) -> BTreeMap<&'static str, Vec<ChartPoint>> {
    for (metric, value) in resource.values() {
        if metrics.contains(&metric) {
            let series = found.entry(chart_word(metric)).or_default();
            if series.is_empty() {
                series.push(ChartPoint {
                    timestamp: now,
                    value: rounded(value),
                });
            }
        }
    }
    found
}

fn stats(plan: &Plan, answer: &Answer, span: &Span, range: String) -> ChartStats {
    let first = answer
        .series
        .iter()
        .filter_map(|series| series.points.first());
    let oldest = first.map(|point| point.at).min();
    ChartStats {
        oldest_data_timestamp: oldest.unwrap_or(span.end.as_millisecond()),
        range,
        range_seconds: span.end.duration_since(span.start).unsigned_abs().as_secs(),
        metrics_store_enabled: true,
        primary_source_hint: match answer.rows_read {
            0 => "memory",
            _ => "store_or_memory_fallback",
        },
        in_memory_threshold_secs: ONE_HOUR.as_secs(),
        point_counts: PointCounts::default(),
        left_out: plan.left_out,
        limit: MOST_POINTS,
    }
}

#[cfg(test)]
mod tests;
