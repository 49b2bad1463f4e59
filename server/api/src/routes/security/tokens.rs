//! API tokens: who has one, making one, ending one.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_security::{Handle, Principal, Token, TokenRequest};

use super::api_error;
use crate::app::Caller;
use crate::body::Json;
use crate::error::ApiError;

/// Every API token.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenList {
    tokens: Vec<TokenRecord>,
}

/// A token without its text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenRecord {
    id: String,
    name: String,
    /// The first characters of its text.
    prefix: String,
    /// The last characters of its text.
    suffix: String,
    created_at: Timestamp,
    /// `null` when it was never used.
    #[schema(required = true)]
    last_used_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// What it allows; `*` is everything.
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_user_id: Option<String>,
    /// The only agent it may speak for.
    #[serde(skip_serializing_if = "Option::is_none")]
    bound_agent_id: Option<String>,
    /// Set by the environment and changed only there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_environment: bool,
}

impl From<Token> for TokenRecord {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            prefix: token.prefix,
            suffix: token.suffix,
            created_at: token.created_at,
            last_used_at: token.last_used_at,
            expires_at: token.expires_at,
            scopes: token.scopes.names(),
            owner_user_id: token.owner,
            bound_agent_id: token.bound_agent,
            from_environment: token.from_environment,
        }
    }
}

pub(super) async fn list(State(security): State<Handle>) -> axum::Json<TokenList> {
    let tokens = security
        .list_tokens()
        .into_iter()
        .map(TokenRecord::from)
        .collect();
    axum::Json(TokenList { tokens })
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WantedToken {
    /// What to call it.
    #[serde(default)]
    name: String,
    /// What it may do; everything when left out.
    #[serde(default)]
    scopes: Option<Vec<String>>,
    /// How long it lives, as `720h`; for ever when left out.
    #[serde(default)]
    expires_in: Option<String>,
}

/// A token just made.
#[derive(Serialize, ToSchema)]
pub(super) struct MintedToken {
    /// Its text; shown this once and kept nowhere.
    token: String,
    record: TokenRecord,
}

pub(super) async fn create(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
    Json(wanted): Json<WantedToken>,
) -> Result<axum::Json<MintedToken>, ApiError> {
    let wanted = TokenRequest {
        name: wanted.name,
        scopes: wanted.scopes,
        expires_in: wanted.expires_in.as_deref().map(lifetime).transpose()?,
        ..TokenRequest::default()
    };
    let minted = security
        .create_token(asking(&caller)?, wanted)
        .await
        .map_err(api_error)?;
    Ok(axum::Json(MintedToken {
        token: minted.raw.expose().to_owned(),
        record: minted.token.into(),
    }))
}

pub(super) async fn revoke(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    security
        .revoke_token(asking(&caller)?, &id)
        .await
        .map_err(api_error)?;
    Ok(StatusCode::NO_CONTENT)
}

fn asking(caller: &Caller) -> Result<&Principal, ApiError> {
    caller
        .principal
        .as_ref()
        .ok_or_else(|| ApiError::unauthorized("Sign in first."))
}

/// Reads a duration as `90m`, `720h` or `1h30m`.
fn lifetime(text: &str) -> Result<Duration, ApiError> {
    let parsed: Option<SignedDuration> = text.trim().parse().ok();
    let positive = parsed.and_then(|duration| Duration::try_from(duration).ok());
    positive.ok_or_else(|| {
        let text = format!("expiresIn is {text:?}; write it as 30m or 720h.");
        ApiError::bad_request("invalid_expiry", text)
    })
}
