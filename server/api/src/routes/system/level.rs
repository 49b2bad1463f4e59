//! From which level on the server logs: a setting with routes of its own.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::settings::change;
use crate::app::App;
use crate::body::Json;
use crate::error::ApiError;

/// A level: `debug`, `info`, `warn`, `error`.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = LogLevel)]
pub(super) struct Level {
    level: String,
}

pub(super) async fn show(State(app): State<App>) -> axum::Json<Level> {
    let level = app.settings().get().log_level.clone();
    axum::Json(Level { level })
}

pub(super) async fn set(
    State(app): State<App>,
    Json(wanted): Json<Level>,
) -> Result<StatusCode, ApiError> {
    let level = Value::from(wanted.level.to_ascii_lowercase());
    let updated = change(&app, [("logLevel".to_owned(), level)].into_iter().collect()).await?;
    if updated.fixed.is_empty() {
        return Ok(StatusCode::OK);
    }
    let text = "The log level is fixed by LOG_LEVEL, --log-level or the settings file.";
    Err(ApiError::new(
        StatusCode::CONFLICT,
        "fixed_by_environment",
        text,
    ))
}
