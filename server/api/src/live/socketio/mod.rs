//! Socket.IO for clients of old: the events of `/ws` over Engine.IO 4.
//!
//! `packet` is the protocol's text, `session` one client's conversation whatever carries it,
//! `polling` and `websocket` what carries it. The state's bytes are those the live socket sends.

mod packet;
mod polling;
mod session;
mod websocket;

use axum::Extension;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use pulse_security::Principal;

use crate::app::{App, Caller};
use crate::body::Raw;
use crate::error::{ApiError, for_status};
use crate::layers::origin;
use session::Session;

pub(crate) use session::{LARGEST, Sessions};

/// The one version of Engine.IO that is spoken.
const VERSION: &str = "4";

/// What a client says in the query.
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(rename = "EIO", default)]
    version: String,
    #[serde(default)]
    transport: String,
    sid: Option<String>,
}

/// A connection or a poll.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let principal = admitted(&app, caller, &ask, &headers)?;
    let known = match &ask.sid {
        Some(sid) => Some(app.0.sessions.get(sid, &principal).ok_or_else(unknown)?),
        None => None,
    };
    match (ask.transport.as_str(), known) {
        ("polling", None) => Ok(polling::open(&*Session::start(&app, principal)?)),
        ("polling", Some(session)) => polling::poll(&session).await,
        ("websocket", known) => {
            let upgrade = upgrade.map_err(|_| for_status(StatusCode::UPGRADE_REQUIRED))?;
            Ok(match known {
                None => websocket::open(upgrade, Session::start(&app, principal)?),
                Some(session) => websocket::take_over(upgrade, session),
            })
        }
        _ => Err(ApiError::bad_request(
            "unknown_transport",
            "The transport is polling or websocket.",
        )),
    }
}

/// What a polling client sends.
pub(super) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, ApiError> {
    let principal = admitted(&app, caller, &ask, &headers)?;
    let session = ask
        .sid
        .as_deref()
        .and_then(|sid| app.0.sessions.get(sid, &principal));
    let session = session.ok_or_else(unknown)?;
    polling::take(&session, &body)
}

fn admitted(
    app: &App,
    caller: Caller,
    ask: &Ask,
    headers: &HeaderMap,
) -> Result<Principal, ApiError> {
    let principal = caller
        .principal
        .ok_or_else(|| ApiError::unauthorized("Sign in first."))?;
    // Programs send no origin; they have to bring a token. Browsers leave it out of what they
    // fetch for their own page.
    let is_ours = origin::is_ours(app, headers);
    if is_ours == Some(false) || (is_ours.is_none() && origin::is_foreign(app, headers)) {
        let text = "This origin may not open the live socket.";
        return Err(ApiError::forbidden("origin_refused", text));
    }
    if ask.version != VERSION {
        let text = "Engine.IO 4 is spoken here, which Socket.IO clients speak from version 3 on.";
        return Err(ApiError::bad_request("unsupported_protocol", text));
    }
    Ok(principal)
}

fn unknown() -> ApiError {
    ApiError::bad_request("unknown_session", "There is no such session; connect anew.")
}
