//! The gate at every matched row: who calls, how often, from where, and may they.
//!
//! In this order: credentials, set-up, rate, CSRF, access, then the handler. A decision is made
//! for the row that was matched, never for a prefix of its path.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use pulse_model::Secret;
use pulse_security::rate::{self, Verdict};
use pulse_security::{Credentials, Principal};

use super::cookie;
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::BodyLimit;
use crate::error::ApiError;
use crate::routes::security::api_error;
use crate::routes::{Category, Row};

const API_TOKEN: HeaderName = HeaderName::from_static("x-api-token");
const CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// A row and its place in the list.
#[derive(Clone)]
pub(crate) struct Place {
    /// Its number, for counting.
    pub number: usize,
    /// Itself.
    pub row: Arc<Row>,
}

/// Lets the request through to its handler, or answers why not.
pub(crate) async fn pass(app: App, place: Place, request: Request, next: Next) -> Response {
    let started = app.clock().monotonic();
    let mut trail = Trail::default();
    let (mut parts, body) = request.into_parts();
    let response = match admit(&app, &place.row, &parts, &mut trail).await {
        Ok(caller) => {
            parts.extensions.insert(caller);
            parts.extensions.insert(BodyLimit(place.row.body_limit));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    };
    let took = app.clock().monotonic().saturating_sub(started);
    app.counters()
        .note(place.number, response.status().as_u16(), took);
    trail.mark(response, &place.row)
}

/// What the gate leaves in the answer's headers whatever it is.
#[derive(Default)]
struct Trail {
    verdict: Option<Verdict>,
    csrf_cookie: Option<HeaderValue>,
}

impl Trail {
    fn mark(self, mut response: Response, row: &Row) -> Response {
        let headers = response.headers_mut();
        if let Some(verdict) = self.verdict {
            let numbers = [
                ("x-ratelimit-limit", i64::from(verdict.limit)),
                ("x-ratelimit-remaining", i64::from(verdict.remaining)),
                ("x-ratelimit-reset", verdict.reset_unix),
            ];
            for (name, number) in numbers {
                headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
            }
        }
        if let Some(cookie) = self.csrf_cookie {
            headers.append(header::SET_COOKIE, cookie);
        }
        if row.is_legacy {
            headers.insert(DEPRECATION, HeaderValue::from_static("true"));
        }
        response
    }
}

async fn admit(
    app: &App,
    row: &Row,
    request: &Parts,
    trail: &mut Trail,
) -> Result<Caller, ApiError> {
    let headers = &request.headers;
    let (address, is_secure) = arrival(app, request);
    let credentials = credentials(headers, is_secure, request);
    let has_token = credentials.api_token.is_some() || credentials.bearer.is_some();
    // An enrolment credential is no API token: it is judged by its handler alone.
    let judged = match row.access {
        Access::Enrolment => Ok(None),
        _ => app.security().authenticate(&credentials, address).await,
    };
    // A public route answers whatever was presented: there it is a credential for nothing.
    let (principal, refusal) = match judged {
        Ok(principal) => (principal, None),
        Err(error) => (None, Some(api_error(error))),
    };
    if !row.access.is_public() && !app.security().is_set_up() {
        count(app, row.category, principal.as_ref(), address, trail)?;
        let text = "This server is not set up yet; open it in a browser to do so.";
        return Err(ApiError::unavailable("setup_required", text)
            .header(header::RETRY_AFTER, HeaderValue::from_static("5")));
    }
    count(app, row.category, principal.as_ref(), address, trail)?;
    check_csrf(app, row, request, principal.as_ref(), is_secure, trail)?;
    match row.access {
        Access::Public => {}
        Access::Enrolment if has_token => {}
        Access::Enrolment => return Err(ApiError::unauthorized("An enrolment code is needed.")),
        Access::SignedIn | Access::Scope(_) | Access::Admin(_) => {
            let principal = principal.as_ref().ok_or_else(|| {
                refusal
                    .unwrap_or_else(|| ApiError::unauthorized("Sign in, or present an API token."))
            })?;
            check_access(row.access, principal)?;
        }
    }
    Ok(Caller {
        principal,
        address,
        is_secure,
    })
}

/// Returns where the request comes from and whether the browser's connection is encrypted.
fn arrival(app: &App, request: &Parts) -> (IpAddr, bool) {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
    let text = |name: &str| {
        request
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let proxies = app.security().proxies();
    let forwarded = request.headers.get_all("x-forwarded-for").iter();
    let forwarded = forwarded.filter_map(|value| value.to_str().ok());
    let address = proxies.client_ip(peer, forwarded, text("x-real-ip"));
    let by_proxy = proxies.trusts(peer) && text("x-forwarded-proto") == Some("https");
    (address, app.facts().tls || by_proxy)
}

fn credentials(headers: &HeaderMap, is_secure: bool, request: &Parts) -> Credentials {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let authorization = text(header::AUTHORIZATION).and_then(|value| value.split_once(' '));
    let of_scheme = |scheme: &str| {
        authorization
            .filter(|(name, _)| name.eq_ignore_ascii_case(scheme))
            .map(|(_, rest)| rest.trim())
    };
    let is_upgrade = headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let in_query = is_upgrade.then(|| query_token(request)).flatten();
    let token = text(API_TOKEN).map(str::to_owned).or(in_query);
    Credentials {
        api_token: token.filter(|token| !token.is_empty()).map(Secret::new),
        bearer: of_scheme("bearer")
            .filter(|token| !token.is_empty())
            .map(Secret::new),
        session: cookie::session(headers, is_secure).map(Secret::new),
        basic: of_scheme("basic").and_then(basic),
    }
}

fn query_token(request: &Parts) -> Option<String> {
    let query = request.uri.query()?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == "token")
        .map(|(_, token)| token.into_owned())
}

fn basic(encoded: &str) -> Option<(String, Secret)> {
    use base64::Engine;
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), Secret::new(password)))
}

/// Counts the call and refuses it when it is one too many.
fn count(
    app: &App,
    category: Option<Category>,
    principal: Option<&Principal>,
    address: IpAddr,
    trail: &mut Trail,
) -> Result<(), ApiError> {
    let Some(category) = category.filter(|_| app.facts().rate_limits) else {
        return Ok(());
    };
    let category = match category {
        Category::Socket if principal.is_none() => Category::AnonymousSocket,
        Category::Reports if principal.is_none() => Category::General,
        category => category,
    };
    trail.verdict = app
        .security()
        .count_request(category, &rate::Caller::of(principal, address));
    let Some(seconds) = trail.verdict.and_then(|verdict| verdict.retry_after) else {
        return Ok(());
    };
    let text = format!("Rate limit exceeded. Please retry after {seconds} seconds.");
    Err(
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text)
            .header(header::RETRY_AFTER, HeaderValue::from(seconds)),
    )
}

/// Refuses a change asked for with a cookie but without the token only our own pages know.
fn check_csrf(
    app: &App,
    row: &Row,
    request: &Parts,
    principal: Option<&Principal>,
    is_secure: bool,
    trail: &mut Trail,
) -> Result<(), ApiError> {
    let Some(session) = principal.and_then(Principal::session) else {
        return Ok(());
    };
    let headers = &request.headers;
    let reads_only = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&row.method);
    if reads_only {
        if cookie::csrf(headers).is_none() {
            let fresh = app.security().issue_csrf(session);
            trail.csrf_cookie = cookie::csrf_cookie(fresh.expose(), is_secure);
        }
        return Ok(());
    }
    if row.csrf_exempt {
        return Ok(());
    }
    let is_foreign = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site.as_bytes() == b"cross-site");
    let token = headers
        .get(CSRF_TOKEN)
        .and_then(|token| token.to_str().ok())
        .unwrap_or_default();
    if !is_foreign && app.security().verify_csrf(session, token) {
        return Ok(());
    }
    let error = ApiError::forbidden(
        "csrf_failure",
        "The request did not come with this session's CSRF token.",
    );
    if is_foreign {
        return Err(error);
    }
    let fresh = app.security().issue_csrf(session);
    // A page that lost its token may ask once more with this one; another site cannot read it.
    trail.csrf_cookie = cookie::csrf_cookie(fresh.expose(), is_secure);
    Err(match HeaderValue::from_str(fresh.expose()) {
        Ok(token) => error.header(CSRF_TOKEN, token),
        Err(_) => error,
    })
}

fn check_access(access: Access, principal: &Principal) -> Result<(), ApiError> {
    if matches!(access, Access::Admin(_)) && !principal.is_admin() {
        return Err(ApiError::forbidden(
            "admin_required",
            "Only an administrator may do this.",
        ));
    }
    let Some(scope) = access.scope() else {
        return Ok(());
    };
    if principal.allows(scope) {
        return Ok(());
    }
    let text = format!(
        "This needs the scope {}; make a token that has it.",
        scope.name()
    );
    Err(ApiError::forbidden("missing_scope", text).member("requiredScope", scope.name()))
}
