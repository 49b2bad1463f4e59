//! The whole state in one answer.

pub(crate) mod view;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use pulse_security::Scope;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;

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
        .unlimited()
}

async fn state(State(app): State<App>, headers: HeaderMap) -> Response {
    let estate = app.estate().estate();
    let encoded = app.0.snapshots.get(&app, &estate);
    let etag = HeaderValue::from_str(&encoded.etag).expect("made of hexadecimal digits");
    let has_it = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
        known
            .to_str()
            .is_ok_and(|known| known.split(',').any(|tag| tag.trim() == encoded.etag))
    });
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else if accepts_gzip(&headers) {
        let mut response = Body::from(encoded.gzip().clone()).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        Body::from(encoded.plain.clone()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::ETAG, etag);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    response
}

/// Tells whether the client takes gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

/// Tells whether the client takes `coding` and does not refuse it with a zero quality.
pub(crate) fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let offers = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    offers.flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let is_it = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let is_refused = parts.any(|part| {
            part.strip_prefix("q=")
                .and_then(|q| q.parse::<f32>().ok())
                .is_some_and(|q| q <= 0.0)
        });
        is_it && !is_refused
    })
}
