//! The first run.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_model::Secret;
use pulse_security::{Error, Handle, SetupOutcome, SetupRequest};

use super::api_error;
use super::session::{client, with_cookies};
use crate::app::Caller;
use crate::body::{Json, OptionalJson};
use crate::error::ApiError;

const SETUP_TOKEN: &str = "x-setup-token";

/// The first run's token; the header `X-Setup-Token` does as well.
#[derive(Default, Deserialize, ToSchema)]
pub(super) struct BootstrapToken {
    /// 48 hexadecimal digits.
    #[serde(default)]
    token: Option<Secret>,
}

pub(super) async fn validate(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson<BootstrapToken>,
) -> Result<StatusCode, ApiError> {
    let token = presented(&headers).or(body.token);
    security
        .validate_bootstrap(token.as_ref(), caller.address)
        .map_err(api_error)?;
    Ok(StatusCode::NO_CONTENT)
}

fn presented(headers: &HeaderMap) -> Option<Secret> {
    let token = headers
        .get(SETUP_TOKEN)
        .and_then(|token| token.to_str().ok());
    token
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .map(Secret::new)
}

/// The administrator to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuickSetup {
    /// Their name.
    username: String,
    /// Their password, at least 12 characters.
    password: Secret,
    /// The first run's token; the header `X-Setup-Token` does as well.
    #[serde(default)]
    setup_token: Option<Secret>,
    /// The text of an API token to accept from now on.
    #[serde(default)]
    api_token: Option<Secret>,
    /// Whether to make an API token.
    #[serde(default)]
    generate_api_token: bool,
    /// Whether to replace the credentials there are.
    #[serde(default)]
    force: bool,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuickSetupDone {
    success: bool,
    /// Set-up had been done before, nothing was changed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    skipped: bool,
    method: &'static str,
    deployment_type: &'static str,
    requires_manual_restart: bool,
    message: &'static str,
    note: &'static str,
    /// The API token that was asked for, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_token: Option<String>,
}

pub(super) async fn quick_setup(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Json(body): Json<QuickSetup>,
) -> Result<Response, ApiError> {
    let request = SetupRequest {
        username: body.username,
        password: body.password,
        setup_token: presented(&headers).or(body.setup_token),
        api_token: body.api_token.filter(|token| !token.is_empty()),
        generate_api_token: body.generate_api_token,
        force: body.force,
        client: client(&caller, &headers),
    };
    let outcome = security
        .quick_setup(caller.principal.clone(), request)
        .await
        .map_err(refusal)?;
    let mut done = QuickSetupDone {
        success: true,
        skipped: false,
        method: "manual",
        deployment_type: "manual",
        requires_manual_restart: false,
        message: "Set-up is done. You are signed in.",
        note: "Effective at once; nothing has to be restarted.",
        api_token: None,
    };
    match outcome {
        SetupOutcome::Done(setup) => {
            done.api_token = setup.api_token.map(|token| token.expose().to_owned());
            let response = axum::Json(done).into_response();
            Ok(with_cookies(response, &setup.login, caller.is_secure))
        }
        SetupOutcome::Skipped => {
            done.skipped = true;
            done.message = "Set-up has been done before; nothing was changed.";
            Ok(axum::Json(done).into_response())
        }
    }
}

/// A missing token is a refusal here, not a malformed request.
fn refusal(error: Error) -> ApiError {
    match error {
        Error::SetupTokenMissing => {
            let text =
                "The first run's token is needed; `pulse bootstrap-token` on the server prints it.";
            ApiError::new(StatusCode::UNAUTHORIZED, "missing_setup_token", text)
        }
        other => api_error(other),
    }
}
