//! The whole state in one answer.

pub(crate) mod view;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use pulse_security::Scope;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::error::ApiError;

pub(super) fn routes() -> Routes {
    let about = "Everything monitored: the typed collections of old and the resources of today";
    Routes::new("state")
        .get(
            "/api/state",
            Access::Scope(Scope::MonitoringRead),
            about,
            state,
        )
        .answers::<view::State>()
        .versioned()
        .unlimited()
}

async fn state(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let estate = app.estate().estate();
    let encoded = app.0.snapshots.get(&app, estate).await?;
    encoded.answer(&headers).await
}
