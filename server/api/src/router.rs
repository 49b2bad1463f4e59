//! From rows to a router.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::StatusCode;

use crate::app::App;
use crate::assets;
use crate::error::for_status;
use crate::layers::{compress, gate, headers, path, request};
use crate::routes::{Row, all};

/// Returns the router made of the rows.
pub fn router(app: App) -> Router {
    let mut router: Router<App> = Router::new();
    for (number, row) in all().into_iter().enumerate() {
        router = router.route(row.path, guarded(number, row, &app));
    }
    router
        .fallback(unknown)
        .method_not_allowed_fallback(async || for_status(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn(compress::answer))
        .layer(from_fn(path::refuse_ambiguous))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), request::identify))
        .with_state(app)
}

/// Puts the gate before the row's handler.
fn guarded(number: usize, row: Row, app: &App) -> MethodRouter<App> {
    let handler = row.handler.clone();
    let place = gate::Place {
        number,
        row: Arc::new(row),
    };
    let app = app.clone();
    let guard = move |request: Request, next: Next| {
        let (app, place) = (app.clone(), place.clone());
        async move { gate::pass(app, place, request, next).await }
    };
    handler.layer(from_fn(guard))
}

async fn unknown(State(app): State<App>, request: Request) -> Response {
    let response = assets::serve(State(app.clone()), request).await;
    if response.status() == StatusCode::NOT_FOUND {
        app.counters().unknown_paths.fetch_add(1, Ordering::Relaxed);
    }
    response.into_response()
}
