//! Mock mode: shows an invented estate in the place of what is monitored.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use pulse_security::Scope;
use pulse_sources::mock::MockConfig;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::body::Json;
use crate::error::ApiError;
use crate::mock::{MockMode, SwitchError};

const PATH: &str = "/api/system/mock-mode";

pub(super) fn routes() -> Routes {
    let write = Access::Admin(Scope::SettingsWrite);
    Routes::new("system")
        .get(
            PATH,
            Access::Admin(Scope::SettingsRead),
            "Whether an invented estate is shown, and how large it is",
            show,
        )
        .answers::<MockMode>()
        .post(PATH, write, "Shows an invented estate, or stops to", switch)
        .takes::<MockChange>()
        .answers::<MockMode>()
        .put(PATH, write, "The same", switch)
        .takes::<MockChange>()
        .answers::<MockMode>()
}

/// What to change of mock mode; what is not named stays as it is.
#[derive(Deserialize, ToSchema)]
struct MockChange {
    /// Whether it is to be shown.
    enabled: Option<bool>,
    /// Members of its size to change.
    #[schema(value_type = Option<MockConfig>)]
    config: Option<Map<String, Value>>,
}

async fn show(State(app): State<App>) -> axum::Json<MockMode> {
    axum::Json(app.0.services.mock.mode())
}

async fn switch(
    State(app): State<App>,
    Json(change): Json<MockChange>,
) -> Result<axum::Json<MockMode>, ApiError> {
    let before = app.0.services.mock.mode();
    let wanted = MockMode {
        enabled: change.enabled.unwrap_or(before.enabled),
        config: merged(&before.config, change.config.unwrap_or_default())?,
    };
    let now = app.0.services.mock.set(wanted).await.map_err(refused)?;
    app.0.snapshots.clear();
    Ok(axum::Json(now))
}

/// Returns `config` with the members in `change` in the place of its own.
fn merged(config: &MockConfig, change: Map<String, Value>) -> Result<MockConfig, ApiError> {
    let mut members = match serde_json::to_value(config) {
        Ok(Value::Object(members)) => members,
        _ => return Err(ApiError::internal("a mock configuration is an object")),
    };
    members.extend(change);
    serde_json::from_value(Value::Object(members))
        .map_err(|error| ApiError::bad_request("invalid_config", format!("config: {error}")))
}

fn refused(error: SwitchError) -> ApiError {
    match error {
        SwitchError::OutOfRange(error) => ApiError::bad_request("out_of_range", error.to_string()),
        SwitchError::Failed(cause) => {
            tracing::warn!(%cause, "mock mode was not switched");
            ApiError::unavailable("mock_unavailable", "Mock mode could not be switched.")
        }
    }
}
