//! How pages look, as clients of version 4 ask for it: a part of the system settings.

use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::settings::{Members, Saved, change};
use crate::app::App;
use crate::body::Json;
use crate::error::ApiError;

/// What of the settings is about looks.
const MEMBERS: [&str; 4] = ["theme", "fullWidthMode", "refreshInterval", "display"];

/// How pages look.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Interface {
    /// `light`, `dark`, or empty to follow the browser.
    theme: String,
    /// Whether pages use the whole width.
    full_width_mode: bool,
    /// Seconds between two refreshes.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_interval: Option<u32>,
    /// What the page keeps of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    display: Option<Map<String, Value>>,
}

pub(super) async fn show(State(app): State<App>) -> axum::Json<Interface> {
    let settings = app.settings().get();
    axum::Json(Interface {
        theme: settings.theme.clone(),
        full_width_mode: settings.full_width_mode,
        refresh_interval: settings.refresh_interval,
        display: settings.display.clone(),
    })
}

pub(super) async fn update(
    State(app): State<App>,
    Json(Members(mut patch)): Json<Members>,
) -> Result<axum::Json<Saved>, ApiError> {
    patch.retain(|name, _| MEMBERS.contains(&name.as_str()));
    change(&app, patch)
        .await
        .map(|updated| axum::Json(updated.into()))
}
