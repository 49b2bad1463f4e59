//! Only canonical paths are served.
//!
//! Nothing is normalised: a path that another program in front might read differently is a path
//! nobody serves, so a check can never see one route and the router another.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HOST;

use crate::error::route_not_found;

/// Answers 404 to a request whose path is not canonical or whose host is ambiguous.
pub(crate) async fn refuse_ambiguous(request: Request, next: Next) -> Response {
    let is_absolute =
        request.uri().authority().is_some() && request.version() < http::Version::HTTP_2;
    let hosts = request.headers().get_all(HOST).iter().count();
    if is_absolute || hosts > 1 || !is_canonical(request.uri().path()) {
        return route_not_found().into_response();
    }
    next.run(request).await
}

fn is_canonical(path: &str) -> bool {
    let plain =
        path.starts_with('/') && !path.contains("//") && !path.contains([';', '\\', '{', '}']);
    let segments = || path.split('/').skip(1);
    plain && segments().all(|segment| segment != "." && segment != "..") && escapes_are_plain(path)
}

/// Tells whether every escape is whole, needed, and hides nothing that has a meaning in a path.
fn escapes_are_plain(path: &str) -> bool {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else {
            return false;
        };
        let Ok(byte) = u8::try_from(high * 16 + low) else {
            return false;
        };
        if byte.is_ascii_control() || byte.is_ascii_alphanumeric() || b"/.%\\;~_-".contains(&byte) {
            return false;
        }
        decoded.push(byte);
    }
    // Overlong and cut-off sequences are not UTF-8.
    std::str::from_utf8(&decoded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_canonical() {
        for path in [
            "/",
            "/api/state",
            "/api/resources/host%3Aa",
            "/assets/a-b_c.js",
            "/caf%C3%A9",
        ] {
            assert!(is_canonical(path), "{path}");
        }
    }

    #[test]
    fn what_two_programs_may_read_differently_is_not() {
        let manglings = [
            "//api/state",
            "/api//state",
            "/api/./state",
            "/api/../api/state",
            "/api/%2e/state",
            "/api%2Fstate",
            "/api/state%00",
            "/api/state;x",
            "/api\\state",
            "/api/%73tate",
            "/api/state%",
            "/api/state%4",
            "/api/%c0%af",
            "/api/resources/{id}",
            "/api/%252e",
            "/api/st%0aate",
            "/api/%zz",
        ];
        for path in manglings {
            assert!(!is_canonical(path), "{path}");
        }
    }
}
