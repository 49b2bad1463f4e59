//! What was measured: the last hour, from memory.
//!
//! Answers the documented history route from the estate's own recent figures. Longer ranges answer
//! with what there is; `start` says how far back that is.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::{Handle, Point, Series};
use pulse_model::Clock;
use pulse_security::Scope;

use super::row::{Param, Routes};
use crate::access::Access;
use crate::error::ApiError;

const KEPT: Duration = Duration::from_secs(3_600);
const USUAL_RANGE: Duration = Duration::from_secs(24 * 3_600);
const MOST_POINTS: usize = 5_000;

const QUERY: &[Param] = &[
    Param {
        name: "resourceType",
        about: "agent",
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
        about: "most points per metric",
    },
];

pub(super) fn routes() -> Routes {
    let read = Access::Scope(Scope::MonitoringRead);
    Routes::new("history")
        .get(
            "/api/metrics-store/history",
            read,
            "Series of one resource",
            history,
        )
        .query(QUERY)
        .answers::<History>()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Ask {
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
    /// Where the figures come from.
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

async fn history(
    State(estate): State<Handle>,
    State(clock): State<Clock>,
    Query(ask): Query<Ask>,
) -> Result<axum::Json<History>, ApiError> {
    for (name, value) in [
        ("resourceType", &ask.resource_type),
        ("resourceId", &ask.resource_id),
    ] {
        if value.is_empty() {
            return Err(ApiError::bad_request(
                "missing_parameter",
                format!("{name} is required."),
            ));
        }
    }
    let end = clock.now();
    let start = end - parse_range(&ask.range).min(KEPT);
    let most = ask
        .max_points
        .parse()
        .unwrap_or(MOST_POINTS)
        .clamp(1, MOST_POINTS);
    let is_known = ask.resource_type.eq_ignore_ascii_case("agent");
    let series = is_known
        .then(|| estate.recent(&ask.resource_id, start))
        .flatten()
        .unwrap_or_default();
    let mut answer = History {
        resource_type: ask.resource_type,
        resource_id: ask.resource_id,
        metric: None,
        range: if ask.range.is_empty() {
            "24h".to_owned()
        } else {
            ask.range
        },
        start: start.as_millisecond(),
        end: end.as_millisecond(),
        points: None,
        metrics: None,
        source: "memory",
    };
    if ask.metric.is_empty() {
        answer.metrics = Some(all_of(series, most));
    } else {
        let points = series.get(ask.metric.to_lowercase().as_str());
        answer.points = Some(points.map(|points| thin(points, most)).unwrap_or_default());
        answer.metric = Some(ask.metric);
    }
    Ok(axum::Json(answer))
}

fn all_of(series: Series, most: usize) -> BTreeMap<String, Vec<HistoryPoint>> {
    series
        .into_iter()
        .map(|(metric, points)| (metric.to_owned(), thin(&points, most)))
        .collect()
}

/// Returns at most `most` points; neighbours are merged, their extremes kept.
fn thin(points: &[Point], most: usize) -> Vec<HistoryPoint> {
    let per_point = points.len().div_ceil(most).max(1);
    let merged = points.chunks(per_point).map(|chunk| {
        let values = || chunk.iter().map(|point| point.value);
        HistoryPoint {
            timestamp: chunk[chunk.len() / 2].at.as_millisecond(),
            value: values().sum::<f64>() / chunk.len() as f64,
            min: values().fold(f64::INFINITY, f64::min),
            max: values().fold(f64::NEG_INFINITY, f64::max),
        }
    });
    merged.collect()
}

/// Returns the span `text` names; what cannot be read is a day.
fn parse_range(text: &str) -> Duration {
    let text = text.trim().to_ascii_lowercase();
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return USUAL_RANGE,
    };
    let number = number.parse::<u64>().ok().filter(|number| *number > 0);
    number.map_or(USUAL_RANGE, |number| {
        Duration::from_secs(number.saturating_mul(seconds))
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn ranges_read_as_documented_and_nonsense_is_a_day() {
        assert_eq!(parse_range("30m").as_secs(), 1_800);
        assert_eq!(parse_range("7D").as_secs(), 604_800);
        for nonsense in ["", "soon", "-1h", "0h", "h"] {
            assert_eq!(parse_range(nonsense), USUAL_RANGE, "{nonsense}");
        }
    }

    #[test]
    fn thinning_keeps_the_extremes() {
        let point = |second: i64, value| Point {
            at: Timestamp::from_second(second).expect("a valid second"),
            value,
        };
        let points = [point(0, 1.0), point(1, 99.0), point(2, 2.0), point(3, 4.0)];
        let thinned = thin(&points, 2);
        assert_eq!(thinned.len(), 2);
        assert_eq!(
            (thinned[0].min, thinned[0].max, thinned[0].value),
            (1.0, 99.0, 50.0)
        );
    }
}
