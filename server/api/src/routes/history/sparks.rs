//! The sparks of a whole page in one answer: many resources, a few metrics, one grid.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_history::{Answer, Ask, Handle};
use pulse_model::{Clock, Metric, ResourceId};
use pulse_security::Scope;

use super::range::{self, Made};
use super::rounded;
use crate::access::Access;
use crate::asked::Asked;
use crate::error::ApiError;
use crate::routes::row::{Param, Routes};

/// Most resources in one answer: more than a page shows.
const MOST_IDS: usize = 200;
const MOST_METRICS: usize = 12;
const USUAL_POINTS: usize = 60;
const MOST_POINTS: usize = 500;

const QUERY: &[Param] = &[
    Param {
        name: "ids",
        about: "ids of resources, comma separated, at most 200; one without history is left out",
    },
    Param {
        name: "metrics",
        about: "metrics, comma separated, at most 12; usually cpu,memory",
    },
    Param {
        name: "range",
        about: "usually 1h",
    },
    Param {
        name: "maxPoints",
        about: "most values per series, 2 to 500; usually 60",
    },
];

pub(super) fn rows(routes: Routes) -> Routes {
    routes
        .get(
            "/api/metrics-store/sparks",
            Access::Scope(Scope::MonitoringRead),
            "Short series of many resources on one grid",
            sparks,
        )
        .query(QUERY)
        .answers::<Sparks>()
        .versioned()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wish {
    ids: String,
    metrics: String,
    range: String,
    max_points: String,
}

/// Short series of many resources on one grid.
#[derive(Serialize, ToSchema)]
struct Sparks {
    /// Where the grid begins, unix milliseconds.
    start: i64,
    /// Between two values, milliseconds.
    step: i64,
    /// Up to when was asked, unix milliseconds.
    end: i64,
    /// By resource and metric; null where there is a gap.
    series: BTreeMap<String, BTreeMap<&'static str, Vec<Option<f64>>>>,
}

async fn sparks(
    State(history): State<Handle>,
    State(clock): State<Clock>,
    asked: Asked,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    let ids = words(&wish.ids, "ids", MOST_IDS)?;
    if ids.is_empty() {
        return Err(ApiError::bad_request(
            "missing_parameter",
            "ids is required.",
        ));
    }
    let metrics = metrics(&wish.metrics)?;
    let points = range::points(&wish.max_points, USUAL_POINTS, 2, MOST_POINTS);
    let range = range::parse(match wish.range.as_str() {
        "" => "1h",
        range => range,
    });
    let ask = |id: &str| Ask {
        resource: ResourceId::new(id),
        metrics: metrics.clone(),
    };
    let asks = ids.into_iter().map(ask).collect();
    let span = range::span(clock.now(), range, points);
    let made_of = Made::of(&history, &span);
    let sparks = async {
        let answer = history.query_many(asks, span).await?;
        Ok(axum::Json(Sparks::of(&answer)))
    };
    asked.answer(made_of, sparks).await
}

impl Sparks {
    fn of(answer: &Answer) -> Self {
        let mut series: BTreeMap<String, BTreeMap<&'static str, Vec<Option<f64>>>> =
            BTreeMap::new();
        for one in &answer.series {
            let filled = one.filled(answer).into_iter();
            let of_resource = series.entry(one.resource.as_str().to_owned()).or_default();
            of_resource.insert(one.metric.word(), filled.map(|v| v.map(rounded)).collect());
        }
        Self {
            start: answer.start,
            step: answer.step,
            end: answer.end,
            series,
        }
    }
}

fn metrics(text: &str) -> Result<Vec<Metric>, ApiError> {
    let words = words(text, "metrics", MOST_METRICS)?;
    if words.is_empty() {
        return Ok(vec![Metric::Cpu, Metric::Memory]);
    }
    let known = |word: &str| {
        Metric::from_word(word).ok_or_else(|| {
            let text = format!("There is no metric {word:?}.");
            ApiError::bad_request("unknown_metric", text)
        })
    };
    words.into_iter().map(known).collect()
}

/// Splits a list, repetitions left out.
fn words<'a>(text: &'a str, name: &str, most: usize) -> Result<Vec<&'a str>, ApiError> {
    let mut found: Vec<&str> = Vec::new();
    for word in text
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        if found.contains(&word) {
            continue;
        }
        if found.len() == most {
            let text = format!("At most {most} {name} can be asked for at once.");
            return Err(ApiError::bad_request("too_many_values", text));
        }
        found.push(word);
    }
    Ok(found)
}
