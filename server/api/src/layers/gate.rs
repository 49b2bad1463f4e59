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
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use pulse_security::Principal;
use pulse_security::rate::{self, Verdict};

use super::{cookie, credentials, origin};
use crate::access::Access;
use crate::app::{App, Caller};
use crate::body::BodyLimit;
use crate::error::ApiError;
use crate::routes::security::api_error;
use crate::routes::{Category, Row};

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
            parts.extensions.insert(BodyLimit {
                most: place.row.body_limit,
                room: app.0.room.clone(),
            });
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
    let (address, is_secure) = arrival(app, request);
    let credentials = credentials::read(request, row, is_secure);
    let has_token = credentials.api_token.is_some() || credentials.bearer.is_some();
    if credentials.basic.is_some() && !has_token {
        // Comparing a password is dear: it is counted before and not after.
        count(app, Some(Category::Auth), None, address, trail)?;
    }
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
        Access::SignedIn | Access::Scope(_) | Access::AnyScope(_) | Access::Admin(_) => {
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

/// Refuses a change asked for by a page that is not ours, or with a cookie but without the token
/// only our own pages know.
fn check_csrf(
    app: &App,
    row: &Row,
    request: &Parts,
    principal: Option<&Principal>,
    is_secure: bool,
    trail: &mut Trail,
) -> Result<(), ApiError> {
    let headers = &request.headers;
    let session = principal.and_then(Principal::session);
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(&row.method) {
        if let Some(session) = session.filter(|_| cookie::csrf(headers).is_none()) {
            let fresh = app.security().issue_csrf(session);
            trail.csrf_cookie = cookie::csrf_cookie(fresh.expose(), is_secure);
        }
        return Ok(());
    }
    let is_program = matches!(principal, Some(Principal::Token(_)));
    if !is_program && origin::is_foreign(app, headers) {
        let text = "Another site's page may not do this. Behind a proxy, let it pass the Host header on, \
                    or name the origin in ALLOWED_ORIGINS.";
        return Err(ApiError::forbidden("csrf_failure", text));
    }
    let Some(session) = session.filter(|_| !row.csrf_exempt) else {
        return Ok(());
    };
    let token = headers
        .get(CSRF_TOKEN)
        .and_then(|token| token.to_str().ok());
    if app
        .security()
        .verify_csrf(session, token.unwrap_or_default())
    {
        return Ok(());
    }
    let fresh = app.security().issue_csrf(session);
    // A page that lost its token may ask once more with this one; another site cannot read it.
    trail.csrf_cookie = cookie::csrf_cookie(fresh.expose(), is_secure);
    let text = "The request did not come with this session's CSRF token.";
    let error = ApiError::forbidden("csrf_failure", text);
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
    let others = match access {
        Access::AnyScope(scopes) => scopes,
        _ => &[],
    };
    if principal.allows(scope) || others.iter().any(|scope| principal.allows(*scope)) {
        return Ok(());
    }
    let text = format!(
        "This needs the scope {}; make a token that has it.",
        scope.name()
    );
    Err(ApiError::forbidden("missing_scope", text).member("requiredScope", scope.name()))
}
