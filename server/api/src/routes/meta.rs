//! The API about itself: its description and a browser for it.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa::ToSchema;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::assets::html_page;
use crate::body::json_answer;

/// The document, written by `cargo xtask openapi`.
const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");
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
        .answers::<Description>()
        .get(
            "/api/docs",
            Access::SignedIn,
            "A browser for this description",
            browser,
        )
        .media("text/html")
}

/// Answers the document as it is checked in: a test holds it to what the rows say, and a running
/// server is spared from building it.
async fn description() -> Response {
    json_answer(Body::from(DOCUMENT))
}

/// An OpenAPI 3.1 document.
#[derive(ToSchema)]
#[schema(value_type = Object)]
struct Description(());

async fn browser(State(app): State<App>) -> Response {
    let nonce = hex::encode(app.0.services.entropy.bytes::<16>());
    let html = PAGE
        .replace("__CSP_NONCE__", &nonce)
        .replace("__SCRIPT__", SCRIPT);
    html_page(&app, StatusCode::OK, html, &nonce)
}
