//! Resources: a filtered page of them, one, its children, the counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use pulse_estate::{Entry, Handle, Stats};
use pulse_model::{Kind, Metrics, Resource, SourceKind, Status};
use pulse_security::Scope;

use super::row::{Param, Routes};
use crate::access::Access;
use crate::error::ApiError;

const READ: Access = Access::Scope(Scope::MonitoringRead);
const USUAL_PAGE: usize = 50;
const LARGEST_PAGE: usize = 100;

const FILTERS: &[Param] = &[
    Param {
        name: "type",
        about: "kinds, comma separated; singular or plural",
    },
    Param {
        name: "source",
        about: "kinds of source, comma separated; unknown words are ignored",
    },
    Param {
        name: "status",
        about: "online, offline, warning, unknown; comma separated",
    },
    Param {
        name: "parent",
        about: "exact id of the parent",
    },
    Param {
        name: "cluster",
        about: "cluster name",
    },
    Param {
        name: "namespace",
        about: "Kubernetes namespace; everything else drops out",
    },
    Param {
        name: "q",
        about: "part of the name",
    },
    Param {
        name: "tags",
        about: "any of these tags, comma separated",
    },
    Param {
        name: "page",
        about: "from 1",
    },
    Param {
        name: "limit",
        about: "1 to 100, usually 50",
    },
    Param {
        name: "sort",
        about: "name, status, type or lastSeen",
    },
    Param {
        name: "order",
        about: "asc or desc",
    },
];

pub(super) fn routes() -> Routes {
    Routes::new("resources")
        .get(
            "/api/resources",
            READ,
            "A filtered page of resources with counts over all",
            list,
        )
        .query(FILTERS)
        .answers::<ResourcePage>()
        .get(
            "/api/resources/stats",
            READ,
            "Counts over all resources",
            stats,
        )
        .answers::<Stats>()
        .get("/api/resources/{id}", READ, "One resource in full", one)
        .answers::<Resource>()
        .get(
            "/api/resources/{id}/children",
            READ,
            "What belongs directly to a resource",
            children,
        )
        .answers::<Children>()
        .get(
            "/api/resources/{id}/metrics",
            READ,
            "What a resource measures now",
            metrics,
        )
        .answers::<Metrics>()
}

/// A page of resources.
#[derive(Serialize, ToSchema)]
struct ResourcePage {
    #[schema(value_type = Vec<Resource>)]
    data: Vec<Box<RawValue>>,
    meta: PageMeta,
    aggregations: Stats,
}

/// Where a page stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PageMeta {
    /// From 1.
    page: usize,
    /// Rows per page.
    limit: usize,
    /// Rows that match.
    total: usize,
    /// Pages of them.
    total_pages: usize,
}

/// What belongs to a resource.
#[derive(Serialize, ToSchema)]
struct Children {
    #[schema(value_type = Vec<Resource>)]
    data: Vec<Box<RawValue>>,
    count: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    #[serde(rename = "type")]
    kinds: String,
    source: String,
    status: String,
    parent: String,
    cluster: String,
    namespace: String,
    q: String,
    tags: String,
    page: String,
    limit: String,
    sort: String,
    order: String,
}

async fn list(State(estate): State<Handle>, Query(ask): Query<Ask>) -> Result<Response, ApiError> {
    let filter = Filter::parse(&ask)?;
    let by = Sort::parse(&ask)?;
    let number = |text: &str, usual: usize| text.trim().parse().unwrap_or(usual).max(1);
    let (page, limit) = (
        number(&ask.page, 1),
        number(&ask.limit, USUAL_PAGE).min(LARGEST_PAGE),
    );

    let estate = estate.estate();
    let mut rows: Vec<&Arc<Entry>> = estate
        .iter()
        .filter(|e| filter.lets_through(e.resource()))
        .collect();
    rows.sort_by(|a, b| by.compare(a.resource(), b.resource()));
    let total = rows.len();
    let rows = rows
        .into_iter()
        .skip((page - 1).saturating_mul(limit))
        .take(limit);
    let page = ResourcePage {
        data: raw(rows),
        meta: PageMeta {
            page,
            limit,
            total,
            total_pages: total.div_ceil(limit),
        },
        aggregations: estate.stats().clone(),
    };
    Ok(axum::Json(page).into_response())
}

async fn stats(State(estate): State<Handle>) -> axum::Json<Stats> {
    axum::Json(estate.estate().stats().clone())
}

async fn one(State(estate): State<Handle>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let entry = estate.get(&id).ok_or_else(not_found)?;
    Ok(json(entry.detail_json().clone()))
}

async fn children(
    State(estate): State<Handle>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    estate.get(&id).ok_or_else(not_found)?;
    let data = raw(estate.children(&id));
    Ok(axum::Json(Children {
        count: data.len(),
        data,
    })
    .into_response())
}

async fn metrics(
    State(estate): State<Handle>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let entry = estate.get(&id).ok_or_else(not_found)?;
    let metrics = &entry.resource().metrics;
    let measured = (*metrics != Metrics::default()).then_some(metrics);
    Ok(axum::Json(measured).into_response())
}

fn not_found() -> ApiError {
    ApiError::not_found("resource_not_found", "Resource not found")
}

fn json(body: Bytes) -> Response {
    let mut response = Body::from(body).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn raw<'a>(rows: impl Iterator<Item = &'a Arc<Entry>>) -> Vec<Box<RawValue>> {
    let encoded = rows.map(|entry| String::from_utf8_lossy(entry.detail_json()).into_owned());
    encoded
        .filter_map(|json| RawValue::from_string(json).ok())
        .collect()
}

/// What a row has to be to be listed. Nothing named means everything.
struct Filter {
    kinds: Vec<Kind>,
    sources: Vec<SourceKind>,
    statuses: Vec<Status>,
    parent: String,
    scoped: bool,
    q: String,
    tags: Vec<String>,
}

impl Filter {
    fn parse(ask: &Ask) -> Result<Self, ApiError> {
        let (kinds, unknown): (Vec<_>, Vec<_>) = words(&ask.kinds)
            .map(|word| (Kind::from_filter(word), word))
            .partition(|(kind, _)| kind.is_some());
        if !unknown.is_empty() {
            let unknown: Vec<_> = unknown.into_iter().map(|(_, word)| word).collect();
            let text = format!("unsupported type filter token(s): {}", unknown.join(", "));
            return Err(ApiError::bad_request("unsupported_type", text));
        }
        let status = |word: &str| {
            Status::ALL
                .into_iter()
                .find(|status| status.word().eq_ignore_ascii_case(word))
        };
        Ok(Self {
            kinds: kinds.into_iter().filter_map(|(kind, _)| kind).collect(),
            sources: words(&ask.source)
                .filter_map(SourceKind::from_word)
                .collect(),
            statuses: words(&ask.status).filter_map(status).collect(),
            parent: ask.parent.clone(),
            // Nothing monitored so far belongs to a cluster or a namespace.
            scoped: !ask.cluster.is_empty() || !ask.namespace.is_empty(),
            q: ask.q.trim().to_lowercase(),
            tags: words(&ask.tags).map(str::to_lowercase).collect(),
        })
    }

    fn lets_through(&self, resource: &Resource) -> bool {
        let any = |wanted: &[String]| {
            resource
                .tags
                .iter()
                .any(|tag| wanted.contains(&tag.to_lowercase()))
        };
        let parent = resource.parent_id.as_ref().map(|id| id.as_str());
        (self.kinds.is_empty() || self.kinds.contains(&resource.kind))
            && (self.sources.is_empty()
                || resource.sources.iter().any(|s| self.sources.contains(s)))
            && (self.statuses.is_empty() || self.statuses.contains(&resource.status))
            && (self.parent.is_empty() || parent == Some(self.parent.as_str()))
            && !self.scoped
            && (self.q.is_empty() || resource.name.to_lowercase().contains(&self.q))
            && (self.tags.is_empty() || any(&self.tags))
    }
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// The order of a page. Ties go by name, then by id, so that pages never overlap.
struct Sort {
    key: fn(&Resource, &Resource) -> Ordering,
    is_descending: bool,
}

impl Sort {
    fn parse(ask: &Ask) -> Result<Self, ApiError> {
        let keys: BTreeMap<&str, fn(&Resource, &Resource) -> Ordering> = BTreeMap::from([
            ("", by_name as fn(&Resource, &Resource) -> Ordering),
            ("name", by_name),
            ("status", |a, b| a.status.cmp(&b.status)),
            ("type", |a, b| a.kind.word().cmp(b.kind.word())),
            ("lastseen", |a, b| a.last_seen.cmp(&b.last_seen)),
        ]);
        let key = keys
            .get(ask.sort.to_lowercase().as_str())
            .copied()
            .ok_or_else(|| {
                ApiError::bad_request(
                    "unsupported_sort",
                    "Sort by name, status, type or lastSeen.",
                )
            })?;
        Ok(Self {
            key,
            is_descending: ask.order.eq_ignore_ascii_case("desc"),
        })
    }

    fn compare(&self, a: &Resource, b: &Resource) -> Ordering {
        let by_key = (self.key)(a, b);
        let by_key = if self.is_descending {
            by_key.reverse()
        } else {
            by_key
        };
        by_key
            .then_with(|| by_name(a, b))
            .then_with(|| a.id.cmp(&b.id))
    }
}

fn by_name(a: &Resource, b: &Resource) -> Ordering {
    a.name.to_lowercase().cmp(&b.name.to_lowercase())
}
