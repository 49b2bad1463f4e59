//! Storages, one or all, in the words of older documents.

use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use pulse_estate::{Entry, Handle};
use pulse_model::{Clock, Kind};
use pulse_security::Scope;

use crate::access::Access;
use crate::error::ApiError;
use crate::routes::row::Routes;
use crate::routes::state::view::{self, Collection, ListedStorage};

pub(super) fn rows(routes: Routes) -> Routes {
    let read = Access::Scope(Scope::MonitoringRead);
    routes
        .get("/api/storage/", read, "Every storage", all)
        .answers::<Storages>()
        .get(
            "/api/storage/{id}",
            read,
            "One storage, or those of a machine",
            one,
        )
        .answers::<OneStorage>()
}

/// Every storage.
#[derive(Serialize, ToSchema)]
struct Storages {
    #[schema(value_type = Vec<ListedStorage>)]
    data: Vec<Box<RawValue>>,
    /// Unix seconds.
    timestamp: i64,
}

/// One storage, or those of a machine.
#[derive(Serialize, ToSchema)]
struct OneStorage {
    #[schema(value_type = OneOrMany)]
    data: Told,
    /// Unix seconds.
    timestamp: i64,
}

/// What is told: encoded already.
#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    One(Box<RawValue>),
    Many(Vec<Box<RawValue>>),
}

/// A storage for a storage's id, a list for a machine's.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "describes the answer; what is sent is encoded already"
)]
enum OneOrMany<'a> {
    /// The one asked for.
    One(Box<ListedStorage<'a>>),
    /// Those of the machine asked for.
    Many(Vec<ListedStorage<'a>>),
}

async fn all(State(estate): State<Handle>, State(clock): State<Clock>) -> axum::Json<Storages> {
    let estate = estate.estate();
    axum::Json(Storages {
        data: estate.iter().filter_map(|entry| listed(entry)).collect(),
        timestamp: clock.now().as_second(),
    })
}

async fn one(
    State(estate): State<Handle>,
    State(clock): State<Clock>,
    Path(id): Path<String>,
) -> Result<axum::Json<OneStorage>, ApiError> {
    let estate = estate.estate();
    let not_found = || ApiError::not_found("storage_not_found", "There is no such storage.");
    let found = estate.get(&id).ok_or_else(not_found)?;
    let data = if let Some(storage) = listed(found) {
        Told::One(storage)
    } else {
        let children = estate.children(&id);
        let storages: Vec<_> = children.filter_map(|entry| listed(entry)).collect();
        let kind = found.resource().kind;
        let is_machine = matches!(kind, Kind::Agent | Kind::K8sNode | Kind::Pbs);
        if storages.is_empty() && !is_machine {
            return Err(not_found());
        }
        Told::Many(storages)
    };
    Ok(axum::Json(OneStorage {
        data,
        timestamp: clock.now().as_second(),
    }))
}

/// Returns a storage as the state lists it, encoded once for both; nothing for anything else.
fn listed(entry: &Entry) -> Option<Box<RawValue>> {
    let mut forms = entry.forms(view::forms).iter();
    let form = forms.find(|form| form.collection == Collection::Storage as u8)?;
    RawValue::from_string(String::from_utf8(form.json.to_vec()).ok()?).ok()
}
