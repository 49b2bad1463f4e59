//! What one hands to somebody who is to help: the end of the log and facts of the server.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::json;

use super::zip;
use crate::app::App;
use crate::error::ApiError;

/// How much of the log goes in.
const MOST_LOG: usize = 4 << 20;

pub(super) async fn download(State(app): State<App>) -> Result<Response, ApiError> {
    let about = system(&app).await;
    let log = app.0.services.log.clone();
    let packed = tokio::task::spawn_blocking(move || {
        let log = log.last(MOST_LOG);
        let about = pulse_model::redact(&about).into_owned();
        zip::pack(&[
            ("pulse.log", log.as_bytes()),
            ("system-info.json", about.as_bytes()),
        ])
    });
    let packed = packed.await.map_err(ApiError::internal)?;
    let packed = packed.map_err(ApiError::internal)?;
    let now = app.clock().now().strftime("%Y%m%d-%H%M%S").to_string();
    let name = format!("attachment; filename=\"pulse-support-bundle-{now}.zip\"");
    let mut response = packed.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Returns facts of the server: what diagnostics say, and the settings.
async fn system(app: &App) -> String {
    let report = app.0.diagnostics.get(app).await;
    let settings = app.settings();
    let fixed: Vec<_> = settings.fixed().names().collect();
    let about = json!({
        "generatedAt": app.clock().now(),
        "diagnostics": &*report.report,
        "settings": &*settings.get(),
        "fixedByEnvironment": fixed,
    });
    format!("{about:#}\n")
}
