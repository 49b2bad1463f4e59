//! Resources: a filtered page of them, one, its children, the counts.

mod join;
mod list;
mod namespaces;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use pulse_estate::{Entry, Estate, Handle, Stats};
use pulse_model::{Metrics, Resource};
use pulse_security::Scope;

use super::row::{Param, Routes};
use crate::access::Access;
use crate::asked::Asked;
use crate::body::json_answer;
use crate::error::ApiError;
use list::Ask;

const READ: Access = Access::Scope(Scope::MonitoringRead);

const FILTERS: &[Param] = &[
    Param {
        name: "type",
        about: "kinds, comma separated; any case, singular, plural or historic; an unknown word is an error",
    },
    Param {
        name: "source",
        about: "kinds of source, comma separated; unknown words are ignored",
    },
    Param {
        name: "status",
        about: "online, offline, warning, unknown; comma separated; unknown words are ignored",
    },
    Param {
        name: "parent",
        about: "id of the parent",
    },
    Param {
        name: "cluster",
        about: "name or id of the cluster, any case",
    },
    Param {
        name: "namespace",
        about: "Kubernetes namespace; everything else drops out",
    },
    Param {
        name: "q",
        about: "part of the name, any case",
    },
    Param {
        name: "tags",
        about: "any of these tags, comma separated, any case",
    },
    Param {
        name: "page",
        about: "from 1; anything lower or unreadable is 1",
    },
    Param {
        name: "limit",
        about: "1 to 100, more is 100; unreadable is 50",
    },
    Param {
        name: "sort",
        about: "name, status, type or lastSeen; ties go by name",
    },
    Param {
        name: "order",
        about: "asc or desc",
    },
];

const CLUSTER: &[Param] = &[Param {
    name: "cluster",
    about: "name or id of the cluster; required",
}];

pub(super) fn routes() -> Routes {
    let routes = Routes::new("resources")
        .get(
            "/api/resources",
            READ,
            "A filtered page of resources with counts over all",
            list,
        )
        .query(FILTERS)
        .answers::<ResourcePage>()
        .versioned()
        .get(
            "/api/resources/stats",
            READ,
            "Counts over all resources",
            stats,
        )
        .answers::<Stats>()
        .versioned()
        .get(
            "/api/resources/k8s/namespaces",
            READ,
            "How the namespaces of a Kubernetes cluster are",
            namespaces::get,
        )
        .query(CLUSTER)
        .answers::<namespaces::Namespaces>()
        .get("/api/resources/{id}", READ, "One resource in full", one)
        .answers::<Resource>()
        .versioned()
        .get(
            "/api/resources/{id}/children",
            READ,
            "What belongs directly to a resource",
            children,
        )
        .answers::<Children>()
        .versioned()
        .get(
            "/api/resources/{id}/metrics",
            READ,
            "What a resource measures now",
            metrics,
        )
        .answers_or_null::<Metrics>()
        .versioned();
    join::add(routes)
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

async fn list(
    State(estate): State<Handle>,
    asked: Asked,
    Query(ask): Query<Ask>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let page = async {
        let page = list::page(&estate, &ask)?;
        Ok(Json(ResourcePage {
            data: page
                .rows
                .iter()
                .map(|entry| listed(entry))
                .collect::<Result<_, _>>()?,
            meta: PageMeta {
                page: page.number,
                limit: page.limit,
                total: page.total,
                total_pages: page.total.div_ceil(page.limit),
            },
            aggregations: estate.stats().clone(),
        }))
    };
    asked.answer(estate.revision(), page).await
}

async fn stats(State(estate): State<Handle>, asked: Asked) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let stats = async { Ok(Json(estate.stats().clone())) };
    asked.answer(estate.revision(), stats).await
}

async fn one(
    State(estate): State<Handle>,
    asked: Asked,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let entry = found(&estate, &id)?;
    let one = async { Ok(json_answer(entry.detail_json())) };
    asked.answer(version(entry), one).await
}

async fn children(
    State(estate): State<Handle>,
    asked: Asked,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    found(&estate, &id)?;
    let children = async {
        let data = estate.children(&id).map(listed);
        let data = data.collect::<Result<Vec<_>, _>>()?;
        Ok(Json(Children {
            count: data.len(),
            data,
        }))
    };
    asked.answer(estate.revision(), children).await
}

async fn metrics(
    State(estate): State<Handle>,
    asked: Asked,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let estate = estate.estate();
    let entry = found(&estate, &id)?;
    let measured = async {
        let metrics = &entry.resource().metrics;
        Ok(Json((*metrics != Metrics::default()).then_some(metrics)))
    };
    asked.answer(version(entry), measured).await
}

/// What an answer about one resource is made of: it changes with that one, whatever else does.
fn version(entry: &Entry) -> (&str, u64) {
    (entry.resource().id.as_str(), entry.revision())
}

fn found<'a>(estate: &'a Estate, id: &str) -> Result<&'a Arc<Entry>, ApiError> {
    let not_found = || ApiError::not_found("resource_not_found", "Resource not found");
    estate.get(id).ok_or_else(not_found)
}

/// Returns a resource as lists have it: without what is long and only looked at one at a time.
fn listed(entry: &Arc<Entry>) -> Result<Box<RawValue>, ApiError> {
    let resource = entry.resource();
    let Some(gateway) = resource.facets.pmg.as_deref() else {
        let json = String::from_utf8(entry.detail_json().into());
        let json = json.map_err(ApiError::internal)?;
        return RawValue::from_string(json).map_err(ApiError::internal);
    };
    let mut gateway = gateway.clone();
    gateway.relay_domains.clear();
    gateway.domain_stats.clear();
    gateway.domain_stats_as_of = None;
    let mut resource = entry.whole().into_owned();
    resource.facets.pmg = Some(Arc::new(gateway));
    serde_json::value::to_raw_value(&resource).map_err(ApiError::internal)
}
