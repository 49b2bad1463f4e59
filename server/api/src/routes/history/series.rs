//! The series of one resource.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_history::{Answer, Ask, Handle, Point, Series, Span};
use pulse_model::{Clock, Kind, Metric, ResourceId};
use pulse_security::Scope;

use super::range::{self, Made};
use super::rounded;
use crate::access::Access;
use crate::asked::Asked;
use crate::error::ApiError;
use crate::mock::is_invented;
use crate::routes::row::{Param, Routes};

const USUAL_POINTS: usize = 1_440;
const MOST_POINTS: usize = 5_000;

const QUERY: &[Param] = &[
    Param {
        name: "resourceType",
        about: "agent, node, vm, container, storage, disk, dockerHost, dockerContainer, k8s and their kin",
    },
    Param {
        name: "resourceId",
        about: "the resource's id",
    },
    Param {
        name: "metric",
        about: "one metric; all when left out",
    },
    Param {
        name: "range",
        about: "30m, 1h, 6h … 90d; usually 24h",
    },
    Param {
        name: "maxPoints",
        about: "most points per metric, 1 to 5000; usually 1440",
    },
];

pub(super) fn rows(routes: Routes) -> Routes {
    routes
        .get(
            "/api/metrics-store/history",
            Access::Scope(Scope::MonitoringRead),
            "Series of one resource",
            history,
        )
        .query(QUERY)
        .answers::<History>()
        .versioned()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wish {
    resource_type: String,
    resource_id: String,
    metric: String,
    range: String,
    max_points: String,
}

/// Series of one resource.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct History {
    resource_type: String,
    resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
    range: String,
    /// Unix milliseconds.
    start: i64,
    /// Unix milliseconds.
    end: i64,
    /// The metric asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<Vec<HistoryPoint>>,
    /// Every metric, when none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<BTreeMap<String, Vec<HistoryPoint>>>,
    /// Where the figures come from: `store`, or `memory` when none of them is sealed yet.
    source: &'static str,
}

/// The mean of what was measured round one moment, with its extremes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct HistoryPoint {
    /// Unix milliseconds.
    timestamp: i64,
    value: f64,
    min: f64,
    max: f64,
}

impl From<&Point> for HistoryPoint {
    fn from(point: &Point) -> Self {
        Self {
            timestamp: point.at,
            value: rounded(point.mean),
            min: rounded(point.least),
            max: rounded(point.greatest),
        }
    }
}

async fn history(
    State(estate): State<pulse_estate::Handle>,
    State(history): State<Handle>,
    State(clock): State<Clock>,
    asked: Asked,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    for (name, value) in [
        ("resourceType", &wish.resource_type),
        ("resourceId", &wish.resource_id),
    ] {
        if value.is_empty() {
            let text = format!("{name} is required.");
            return Err(ApiError::bad_request("missing_parameter", text));
        }
    }
    let most = range::points(&wish.max_points, USUAL_POINTS, 1, MOST_POINTS);
    let span = range::span(clock.now(), range::parse(&wish.range), most);
    let estate = estate.estate();
    let asks = wanted(&estate, &wish);
    let is_known = !asks.is_empty();
    let made_of = (is_known, is_invented(&estate), Made::of(&history, &span));
    let series = async {
        let answer = history.query_many(asks, span).await?;
        let source = match answer.rows_read {
            _ if is_invented(&estate) => "mock_synthetic",
            0 => "memory",
            _ => "store",
        };
        Ok(axum::Json(History::of(wish, &span, &answer, source)))
    };
    asked.answer(made_of, series).await
}

impl History {
    fn of(wish: Wish, span: &Span, answer: &Answer, source: &'static str) -> Self {
        let mut series = answer.series.iter();
        let is_one = !wish.metric.is_empty();
        Self {
            points: is_one.then(|| series.next().map(points).unwrap_or_default()),
            metrics: (!is_one).then(|| {
                series
                    .map(|series| (series.metric.word().to_owned(), points(series)))
                    .collect()
            }),
            metric: is_one.then_some(wish.metric),
            resource_type: wish.resource_type,
            resource_id: wish.resource_id,
            range: match wish.range.as_str() {
                "" => "24h".to_owned(),
                _ => wish.range,
            },
            start: span.start.as_millisecond(),
            end: span.end.as_millisecond(),
            source,
        }
    }
}

/// Returns what to ask for: nothing when the type or the metric is none we know, or the resource is
/// of another type. Gone resources are answered from what is stored.
fn wanted(estate: &pulse_estate::Estate, wish: &Wish) -> Vec<Ask> {
    let found = estate.get(&wish.resource_id);
    let kind = found.map(|entry| entry.resource().kind);
    let kinds = kinds(&wish.resource_type);
    if kinds.is_empty() || kind.is_some_and(|kind| !kinds.contains(&kind)) {
        return Vec::new();
    }
    let is_storage = kinds.iter().any(|kind| kind.is_storage());
    let metrics = match wish.metric.trim() {
        "" => Vec::new(),
        word if is_storage && word.eq_ignore_ascii_case("disk") => vec![Metric::Usage],
        word => match Metric::from_word(word) {
            Some(metric) => vec![metric],
            None => return Vec::new(),
        },
    };
    vec![Ask {
        resource: ResourceId::new(wish.resource_id.as_str()),
        metrics,
    }]
}

/// Returns the kinds a type word of any version may mean.
fn kinds(word: &str) -> Vec<Kind> {
    let word = word.trim().to_ascii_lowercase().replace(['-', '_'], "");
    match word.as_str() {
        "guest" => vec![Kind::Vm, Kind::SystemContainer],
        "qemu" => vec![Kind::Vm],
        "lxc" | "ct" => vec![Kind::SystemContainer],
        "container" => vec![Kind::SystemContainer, Kind::AppContainer],
        "host" | "node" | "agent" => vec![
            Kind::Agent,
            Kind::DockerHost,
            Kind::K8sNode,
            Kind::Pbs,
            Kind::Pmg,
        ],
        "docker" | "dockercontainer" | "appcontainer" => vec![Kind::AppContainer],
        "dockerhost" => vec![Kind::DockerHost, Kind::Agent],
        "k8s" | "kubernetes" => vec![
            Kind::K8sCluster,
            Kind::K8sNode,
            Kind::Pod,
            Kind::K8sDeployment,
        ],
        "storage" | "pool" | "datastore" => vec![Kind::Storage, Kind::Ceph],
        "disk" | "physicaldisk" => vec![Kind::PhysicalDisk],
        other => {
            let is = |kind: &&Kind| kind.word().replace(['-', '_'], "") == other;
            Kind::ALL.iter().filter(is).copied().collect()
        }
    }
}

fn points(series: &Series) -> Vec<HistoryPoint> {
    series.points.iter().map(HistoryPoint::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_words_of_every_version_are_known() {
        for word in [
            "node",
            "vm",
            "container",
            "storage",
            "agent",
            "disk",
            "dockerHost",
            "dockerContainer",
            "k8s",
            "guest",
            "system-container",
            "app-container",
            "docker-host",
            "physical_disk",
            "pod",
            "k8s-node",
            "ceph",
            "pbs",
            "pmg",
        ] {
            assert!(!kinds(word).is_empty(), "{word}");
        }
        for kind in Kind::ALL {
            assert!(kinds(kind.word()).contains(kind), "{kind:?}");
        }
        assert!(kinds("spaceship").is_empty());
    }
}
