//! The request's id, its line in the log, and the body of every error.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::app::App;
use crate::error::{ApiError, for_status};

/// The header the id travels in, both ways.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_ID: usize = 128;

/// Names the request, runs it under that name, and gives every error its one shape.
pub(crate) async fn identify(State(app): State<App>, request: Request, next: Next) -> Response {
    let id =
        accepted_id(&request).unwrap_or_else(|| hex::encode(app.0.services.entropy.bytes::<8>()));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let started = app.clock().monotonic();
    // The query is left out on purpose: an upgrade may carry a token in it.
    let span = tracing::info_span!("request", id = %id, %method, path);
    let run = async {
        let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let response = response.unwrap_or_else(|panic| after_panic(&app, panic.as_ref()));
        let response = with_error_body(response, &id, app.clock().now().as_second());
        let took = app.clock().monotonic().saturating_sub(started);
        tracing::debug!(
            status = response.status().as_u16(),
            millis = took.as_millis() as u64,
            "answered"
        );
        response
    };
    let mut response = run.instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn accepted_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    (!id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(plain)).then(|| id.to_owned())
}

fn after_panic(app: &App, panic: &(dyn Any + Send)) -> Response {
    app.counters().panics.fetch_add(1, Ordering::Relaxed);
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    ApiError::internal(format_args!(
        "a handler panicked: {}",
        text.unwrap_or("no message")
    ))
    .into_response()
}

/// Writes the body of an error that came without one.
fn with_error_body(mut response: Response, id: &str, now: i64) -> Response {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        let mut rendered = error.render(id, now);
        let earlier = std::mem::take(response.headers_mut());
        for (name, value) in earlier
            .iter()
            .filter(|(name, _)| **name != http::header::CONTENT_LENGTH)
        {
            rendered.headers_mut().append(name, value.clone());
        }
        return rendered;
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if is_error && is_not_ours(&response) {
        let mut rendered = for_status(status).render(id, now);
        if let Some(allow) = response.headers_mut().remove(http::header::ALLOW) {
            rendered.headers_mut().insert(http::header::ALLOW, allow);
        }
        return rendered;
    }
    response
}

/// Tells whether the framework answered by itself: without a body, or with a bare text.
fn is_not_ours(response: &Response) -> bool {
    let content_type = response.headers().get(http::header::CONTENT_TYPE);
    content_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"))
}
