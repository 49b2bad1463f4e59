//! Signing in and out, and the state of it.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use pulse_model::Secret;
use pulse_security::{Client, Handle, LoggedIn, LoginAttempt, Principal, Scope};

use super::api_error;
use crate::app::{App, Caller};
use crate::body::Json;
use crate::error::ApiError;
use crate::layers::cookie;

/// How one gets in. More members for who may know more.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecurityStatus {
    /// `public`, `authenticated` or `privileged`.
    detail_level: &'static str,
    /// Whether set-up is done.
    has_authentication: bool,
    /// Whether anything but the public routes asks for credentials; always.
    requires_auth: bool,
    /// Whether single sign-on is offered.
    sso_enabled: bool,
    /// Whether the sign-in form is hidden.
    hide_local_login: bool,
    /// The single sign-on providers.
    #[schema(value_type = Vec<Object>)]
    sso_providers: [(); 0],
    /// What pages should leave out.
    #[schema(value_type = Object)]
    presentation_policy: Empty,
    /// Before set-up: where on the server the first run's token is.
    #[serde(skip_serializing_if = "Option::is_none")]
    bootstrap_token_path: Option<String>,
    /// Who is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_username: Option<String>,
    /// What the presented token allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_scopes: Option<Vec<&'static str>>,
    /// Whether there are API tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_token_configured: Option<bool>,
    /// Whether this server speaks TLS itself.
    #[serde(rename = "hasHTTPS", skip_serializing_if = "Option::is_none")]
    has_https: Option<bool>,
    /// Where the caller comes from.
    #[serde(rename = "clientIP", skip_serializing_if = "Option::is_none")]
    client_ip: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Empty {}

pub(super) async fn status(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> axum::Json<SecurityStatus> {
    let security = app.security();
    let principal = caller.principal.as_ref();
    let is_privileged = principal.is_some_and(|p| p.is_admin() && p.allows(Scope::SettingsRead));
    let path = security
        .bootstrap_token_path()
        .map(|path| path.display().to_string());
    axum::Json(SecurityStatus {
        detail_level: match principal {
            None => "public",
            Some(_) if is_privileged => "privileged",
            Some(_) => "authenticated",
        },
        has_authentication: security.is_set_up(),
        requires_auth: true,
        sso_enabled: false,
        hide_local_login: app.settings().get().hide_local_login,
        sso_providers: [],
        presentation_policy: Empty {},
        bootstrap_token_path: path.filter(|_| !security.is_set_up()),
        auth_username: principal.and_then(|principal| match principal {
            Principal::User(user) => Some(user.name.clone()),
            Principal::Token(_) => None,
        }),
        token_scopes: principal.and_then(|principal| match principal {
            Principal::Token(token) => Some(token.scopes.names()),
            Principal::User(_) => None,
        }),
        api_token_configured: is_privileged.then(|| !security.list_tokens().is_empty()),
        has_https: is_privileged.then_some(app.facts().tls),
        client_ip: is_privileged.then(|| caller.address.to_string()),
    })
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Login {
    /// The account's name.
    username: String,
    /// Its password.
    password: Secret,
    /// Whether to stay signed in for a month.
    #[serde(default)]
    remember_me: bool,
}

/// It is done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    success: bool,
    message: &'static str,
}

pub(super) async fn login(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Json(login): Json<Login>,
) -> Result<Response, ApiError> {
    let attempt = LoginAttempt {
        username: login.username,
        password: login.password,
        remember: login.remember_me,
        previous_session: cookie::session(&headers, caller.is_secure).map(Secret::new),
        client: client(&caller, &headers),
    };
    let logged_in = security.login(attempt).await.map_err(api_error)?;
    let done = Done {
        success: true,
        message: "Signed in.",
    };
    Ok(with_cookies(
        axum::Json(done).into_response(),
        &logged_in,
        caller.is_secure,
    ))
}

pub(super) async fn logout(
    State(security): State<Handle>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ApiError> {
    if let Some(principal) = &caller.principal {
        security.logout(principal).await.map_err(api_error)?;
    }
    let mut response = axum::Json(Done {
        success: true,
        message: "Signed out.",
    })
    .into_response();
    for cookie in cookie::ended(caller.is_secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Returns where the caller is and with what.
pub(super) fn client(caller: &Caller, headers: &HeaderMap) -> Client {
    let user_agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    Client {
        ip: caller.address,
        user_agent: user_agent.unwrap_or_default().chars().take(256).collect(),
    }
}

/// Adds the cookies of a fresh session.
pub(super) fn with_cookies(mut response: Response, login: &LoggedIn, is_secure: bool) -> Response {
    let session = cookie::session_cookie(login.session.expose(), login.max_age, is_secure);
    let csrf = cookie::csrf_cookie_for(login.csrf.expose(), login.max_age, is_secure);
    for cookie in [session, csrf].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
