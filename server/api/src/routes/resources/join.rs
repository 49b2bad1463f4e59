//! What an operator decides about resources that are one, or are not.

use axum::extract::{Path, State};
use axum::{Extension, Json as Answer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_estate::{By, Handle, TieKind};
use pulse_model::{Clock, SourceKind};
use pulse_security::Scope;

use super::READ;
use crate::access::Access;
use crate::app::Caller;
use crate::body::{Json, OptionalJson};
use crate::error::ApiError;
use crate::routes::row::Routes;

const WRITE: Access = Access::Scope(Scope::MonitoringWrite);

/// Adds the routes that make one of two, and two of one.
pub(super) fn add(routes: Routes) -> Routes {
    let of_two = |routes: Routes| routes.takes::<Pair>().answers::<Tied>();
    let about = "Makes one resource of two; it goes by this id";
    let routes = routes.post("/api/resources/{id}/link", WRITE, about, link);
    let about = "Keeps two resources apart, whatever they have in common";
    let routes = of_two(routes).post("/api/resources/{id}/unlink", WRITE, about, unlink);
    of_two(routes)
        .post(
            "/api/resources/{id}/report-merge",
            WRITE,
            "Takes apart what was joined wrongly",
            report_merge,
        )
        .takes::<WrongMerge>()
        .answers::<Reported>()
        .get(
            "/api/resources/links",
            READ,
            "Links and exclusions, and the decisions that can be taken back",
            ties,
        )
        .answers::<Ties>()
        .post(
            "/api/resources/links/{decision}/undo",
            WRITE,
            "Takes a decision about links back",
            undo,
        )
        .answers::<Tied>()
}

/// The other resource, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pair {
    /// Its id.
    target_id: String,
    /// Why, for whoever looks later.
    #[serde(default)]
    reason: Option<String>,
}

/// It is decided.
#[derive(Serialize, ToSchema)]
pub(super) struct Tied {
    status: &'static str,
    message: &'static str,
    /// The number to take it back by.
    decision: u64,
}

/// Which sources were joined wrongly.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct WrongMerge {
    /// Kinds of source; all when none is named.
    sources: Option<Vec<String>>,
    /// Why, for whoever looks later.
    notes: Option<String>,
}

/// It is taken apart.
#[derive(Serialize, ToSchema)]
pub(super) struct Reported {
    status: &'static str,
    message: &'static str,
    /// Pairs that are kept apart from now on.
    exclusions: usize,
    /// The number to take it back by.
    decision: u64,
}

pub(super) async fn link(
    State(estate): State<Handle>,
    State(clock): State<Clock>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(pair): Json<Pair>,
) -> Result<Answer<Tied>, ApiError> {
    let by = by(&caller, &clock, pair.reason);
    let decided = estate.link(&id, &pair.target_id, by).await?;
    Ok(tied("Resources linked", decided.number))
}

pub(super) async fn unlink(
    State(estate): State<Handle>,
    State(clock): State<Clock>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(pair): Json<Pair>,
) -> Result<Answer<Tied>, ApiError> {
    let by = by(&caller, &clock, pair.reason);
    let decided = estate.unlink(&id, &pair.target_id, by).await?;
    Ok(tied("Resources unlinked", decided.number))
}

pub(super) async fn report_merge(
    State(estate): State<Handle>,
    State(clock): State<Clock>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    OptionalJson(wrong): OptionalJson<WrongMerge>,
) -> Result<Answer<Reported>, ApiError> {
    let sources = wrong.sources.unwrap_or_default();
    let sources: Result<Vec<_>, _> = sources.iter().map(|word| source(word)).collect();
    let by = by(&caller, &clock, wrong.notes);
    let decided = estate.report_merge(&id, &sources?, by).await?;
    Ok(Answer(Reported {
        status: "ok",
        message: "Merge reported",
        exclusions: decided.ties,
        decision: decided.number,
    }))
}

pub(super) async fn undo(
    State(estate): State<Handle>,
    Path(number): Path<String>,
) -> Result<Answer<Tied>, ApiError> {
    let unknown = || ApiError::not_found("decision_not_found", "There is no such decision.");
    let number = number.parse().map_err(|_| unknown())?;
    let decided = estate.undo(number).await?;
    Ok(tied("Decision taken back", decided.number))
}

/// Every link and exclusion, and what can be taken back.
#[derive(Serialize, ToSchema)]
pub(super) struct Ties {
    ties: Vec<Tie>,
    decisions: Vec<Decision>,
}

/// Two ids that are one, or are kept apart.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Tie {
    /// `linked` or `apart`.
    kind: &'static str,
    resource_a: String,
    resource_b: String,
    /// The id they go by.
    primary_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    created_by: String,
    created_at: Timestamp,
    /// The decision it came of.
    decision: u64,
}

/// What somebody decided.
#[derive(Serialize, ToSchema)]
struct Decision {
    /// The number to take it back by.
    number: u64,
    by: String,
    at: Timestamp,
}

pub(super) async fn ties(State(estate): State<Handle>) -> Result<Answer<Ties>, ApiError> {
    let (ties, decisions) = estate.ties().await?;
    let ties = ties.into_iter().map(|tie| Tie {
        kind: match tie.kind {
            TieKind::Linked => "linked",
            _ => "apart",
        },
        resource_a: tie.resource_a.to_string(),
        resource_b: tie.resource_b.to_string(),
        primary_id: tie.primary_id.to_string(),
        reason: tie.reason,
        created_by: tie.created_by,
        created_at: tie.created_at,
        decision: tie.decision,
    });
    let decisions = decisions.into_iter().map(|decision| Decision {
        number: decision.number,
        by: decision.by,
        at: decision.at,
    });
    Ok(Answer(Ties {
        ties: ties.collect(),
        decisions: decisions.collect(),
    }))
}

fn tied(message: &'static str, decision: u64) -> Answer<Tied> {
    Answer(Tied {
        status: "ok",
        message,
        decision,
    })
}

fn by(caller: &Caller, clock: &Clock, reason: Option<String>) -> By {
    let who = caller.principal.as_ref().map(|principal| principal.label());
    By {
        who: who.unwrap_or_default().to_owned(),
        reason: reason.unwrap_or_default(),
        now: clock.now(),
    }
}

fn source(word: &str) -> Result<SourceKind, ApiError> {
    SourceKind::from_word(word.trim()).ok_or_else(|| {
        let text = format!("{word:?} is no kind of source.");
        ApiError::bad_request("unknown_source", text)
    })
}
