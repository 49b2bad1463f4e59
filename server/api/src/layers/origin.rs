//! Which page a browser's request comes from.

use http::{HeaderMap, header};
use url::Url;

use crate::app::App;

const FETCH_SITE: &str = "sec-fetch-site";

/// Tells whether the one `Origin` header names this server, or an origin the operator named;
/// nothing when there is none.
pub(crate) fn is_ours(app: &App, headers: &HeaderMap) -> Option<bool> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next()?;
    let is_one = origins.next().is_none();
    Some(
        is_one
            && origin
                .to_str()
                .is_ok_and(|origin| is_named(app, origin) || is_host(headers, origin)),
    )
}

/// Tells whether a browser sent this for a page of another site. Programs say nothing about pages.
pub(crate) fn is_foreign(app: &App, headers: &HeaderMap) -> bool {
    // Only browsers send this, and no page can forge it: it settles the matter even behind a proxy
    // that changes the host.
    match headers.get(FETCH_SITE).map(|site| site.as_bytes()) {
        Some(b"same-origin" | b"none") => false,
        Some(_) => is_ours(app, headers) != Some(true),
        None => is_ours(app, headers) == Some(false),
    }
}

fn is_named(app: &App, origin: &str) -> bool {
    app.settings()
        .get()
        .socket_origins()
        .any(|allowed| allowed == origin)
}

fn is_host(headers: &HeaderMap, origin: &str) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let (Ok(origin), Some(host)) = (Url::parse(origin), host) else {
        return false;
    };
    let Ok(host) = Url::parse(&format!("{}://{host}", origin.scheme())) else {
        return false;
    };
    matches!(origin.scheme(), "http" | "https")
        && origin.host() == host.host()
        && origin.port_or_known_default() == host.port_or_known_default()
}
