//! Security headers, on every answer.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::app::App;
use crate::assets::Embeddable;

/// The policy of everything but the dashboard's page, which brings its own with a nonce.
const CLOSED: &str = "default-src 'none'; frame-ancestors 'none'";

const PERMISSIONS: &str = "geolocation=(), microphone=(), camera=(), payment=(), usb=(), \
                           magnetometer=(), gyroscope=(), accelerometer=()";

/// Adds the headers the answer does not have yet.
pub(crate) async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_embeddable = response.extensions().get::<Embeddable>().is_some();
    let headers = response.headers_mut();
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !is_embeddable {
        put(headers, header::X_FRAME_OPTIONS, "DENY");
    }
    put(headers, HeaderName::from_static("x-xss-protection"), "0");
    put(
        headers,
        header::REFERRER_POLICY,
        "strict-origin-when-cross-origin",
    );
    put(
        headers,
        HeaderName::from_static("permissions-policy"),
        PERMISSIONS,
    );
    put(headers, header::CONTENT_SECURITY_POLICY, CLOSED);
    put(headers, header::CACHE_CONTROL, "no-store");
    if app.facts().tls {
        put(
            headers,
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains; preload",
        );
    }
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}
