//! The API about itself: its description and a browser for it.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::assets::html_page;
use crate::openapi;

const PAGE: &str = include_str!("../docs/page.html");
const SCRIPT: &str = include_str!("../docs/page.js");

pub(super) fn routes() -> Routes {
    Routes::new("meta")
        .get(
            "/api/openapi.json",
            Access::SignedIn,
            "This description",
            description,
        )
        .get(
            "/api/docs",
            Access::SignedIn,
            "A browser for this description",
            browser,
        )
        .media("text/html")
}

async fn description(State(app): State<App>) -> axum::Json<serde_json::Value> {
    axum::Json(openapi::document(app.facts().version))
}

async fn browser(State(app): State<App>) -> Response {
    let nonce = hex::encode(app.0.services.entropy.bytes::<16>());
    let html = PAGE
        .replace("__CSP_NONCE__", &nonce)
        .replace("__SCRIPT__", SCRIPT);
    html_page(StatusCode::OK, html, &nonce)
}
