//! The embedded dashboard: its files, compressed when it was built, and its one page.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::App;
use crate::error::{for_status, route_not_found};
use crate::packed::accepts;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dashboard;

/// What a page's address may start with. Anything else is a page nobody made.
const PLACES: [&str; 22] = [
    "",
    "infrastructure",
    "login",
    "preview",
    "docs",
    "proxmox",
    "docker",
    "kubernetes",
    "truenas",
    "vmware",
    "standalone",
    "recovery",
    "alerts",
    "actions",
    "patrol",
    "settings",
    "hosts",
    "workloads",
    "storage",
    "backups",
    "dashboard",
    "machines",
];

/// Marks a page that others may show inside theirs: whose, its policy says.
#[derive(Clone, Copy)]
pub(crate) struct Embeddable;

const NONCE: &str = "__CSP_NONCE__";
const HOW_TO_BUILD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Pulse</title>\
<body><h1>Pulse is running</h1><p>This build has no dashboard in it. Build one with \
<code>make run</code>, or in <code>web/</code> with <code>npm ci &amp;&amp; npm run build</code>, then build \
the server again. The API is described at <a href=\"/api/docs\">/api/docs</a>.</p>";

/// Answers what no route matched: a file, a page, or 404.
pub(crate) async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    let first = path.split('/').next().unwrap_or_default();
    let is_reserved = [
        "api",
        "ws",
        "socket.io",
        "download",
        "metrics",
        "simple-stats",
    ]
    .contains(&first);
    if is_reserved {
        return route_not_found().into_response();
    }
    if let Some(response) = file(path, request.headers()) {
        return if is_read {
            response
        } else {
            for_status(StatusCode::METHOD_NOT_ALLOWED).into_response()
        };
    }
    let has_extension = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if PLACES.contains(&first) && !has_extension && is_read {
        return page(&app, StatusCode::OK);
    }
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    if is_read && !has_extension && wants_page.is_some_and(|accept| accept.contains("text/html")) {
        return page(&app, StatusCode::NOT_FOUND);
    }
    route_not_found().into_response()
}

fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    let is_ours = !path.is_empty()
        && path != "index.html"
        && !path.ends_with(".br")
        && !path.ends_with(".gz");
    let plain = is_ours.then(|| Dashboard::get(path)).flatten()?;
    let etag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..16]));
    let (file, coding) = best(path, asked, plain);
    let has_it = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.into_owned()).into_response()
    };
    let headers = response.headers_mut();
    let media = mime_guess::from_path(path).first_or_octet_stream();
    if let Ok(media) = HeaderValue::from_str(media.as_ref()) {
        headers.insert(header::CONTENT_TYPE, media);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Built files carry a digest in their name; the rest is asked for again.
    let keep = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Some(response)
}

fn best(
    path: &str,
    asked: &HeaderMap,
    plain: EmbeddedFile,
) -> (EmbeddedFile, Option<&'static str>) {
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(asked, coding)
            && let Some(file) = Dashboard::get(&format!("{path}.{suffix}"))
        {
            return (file, Some(coding));
        }
    }
    (plain, None)
}

/// The page, with a nonce of its own each time it is sent.
fn page(app: &App, status: StatusCode) -> Response {
    let nonce = hex::encode(app.0.services.entropy.bytes::<16>());
    let html = match Dashboard::get("index.html") {
        Some(page) => String::from_utf8_lossy(&page.data).replace(NONCE, &nonce),
        None => HOW_TO_BUILD.to_owned(),
    };
    html_page(app, status, html, &nonce)
}

/// Makes a page of `html` whose scripts and styles carry `nonce`.
pub(crate) fn html_page(app: &App, status: StatusCode, html: String, nonce: &str) -> Response {
    let settings = app.settings().get();
    let embedders = settings.embedding_origins();
    let ancestors = embedders.map(|origins| {
        ["'self'"]
            .into_iter()
            .chain(origins)
            .collect::<Vec<_>>()
            .join(" ")
    });
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {}",
        ancestors.as_deref().unwrap_or("'none'")
    );
    let mut response = (status, Body::from(html)).into_response();
    if ancestors.is_some() {
        response.extensions_mut().insert(Embeddable);
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
