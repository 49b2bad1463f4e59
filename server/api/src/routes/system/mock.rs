//! Mock mode: shows an invented estate in the place of what is monitored.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use pulse_sources::mock::MockConfig;

use super::{READ, WRITE};
use crate::app::App;
use crate::body::Json;
use crate::error::ApiError;
use crate::mock::{MockMode, SwitchError};
use crate::routes::row::Routes;

const PATH: &str = "/api/system/mock-mode";

/// Adds the routes of the switch.
pub(super) fn add(routes: Routes) -> Routes {
    let about = "Whether an invented estate is shown, and how large it is";
    let routes = routes.get(PATH, READ, about, show).answers::<Told>();
    let about = "Shows an invented estate, or stops to";
    let routes = switched(routes.post(PATH, WRITE, about, switch));
    switched(routes.put(PATH, WRITE, "The same", switch))
}

fn switched(routes: Routes) -> Routes {
    routes.takes::<MockChange>().answers::<Told>()
}

/// How the switch stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(flatten)]
    mode: MockMode,
    /// `enabled` when whoever started the server has fixed it; it cannot be changed here.
    env_overrides: BTreeMap<&'static str, bool>,
}

impl Told {
    fn of(app: &App, mode: MockMode) -> axum::Json<Self> {
        let is_fixed = app.0.services.mock.is_fixed();
        axum::Json(Self {
            mode,
            env_overrides: is_fixed.then_some(("enabled", true)).into_iter().collect(),
        })
    }
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

async fn show(State(app): State<App>) -> axum::Json<Told> {
    Told::of(&app, app.0.services.mock.mode())
}

async fn switch(
    State(app): State<App>,
    Json(change): Json<MockChange>,
) -> Result<axum::Json<Told>, ApiError> {
    let before = app.0.services.mock.mode();
    let wanted = MockMode {
        enabled: change.enabled.unwrap_or(before.enabled),
        config: merged(&before.config, change.config.unwrap_or_default())?,
    };
    let now = app.0.services.mock.set(wanted).await.map_err(refused)?;
    app.0.snapshots.clear();
    Ok(Told::of(&app, now))
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
