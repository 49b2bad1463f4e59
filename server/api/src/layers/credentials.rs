//! What a request carries to say who sent it. Read here, judged by the security area.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, HeaderName, header};

use pulse_model::Secret;
use pulse_security::Credentials;

use super::cookie;
use crate::routes::{Category, Row};

const API_TOKEN: HeaderName = HeaderName::from_static("x-api-token");

/// Returns what `request` carries that counts on `row`.
///
/// Basic credentials do not count on public rows: a proxy in front may send its own along with
/// everything, and they would be judged, and locked out, as ours. A token in the query counts on
/// the live socket only, whose browsers cannot send headers.
pub(super) fn read(request: &Parts, row: &Row, is_secure: bool) -> Credentials {
    let headers = &request.headers;
    let in_query = (row.category == Some(Category::Socket))
        .then(|| query_token(request))
        .flatten();
    let token = text(headers, API_TOKEN).map(str::to_owned).or(in_query);
    let bearer = of_scheme(headers, "bearer").filter(|token| !token.is_empty());
    let basic = of_scheme(headers, "basic").filter(|_| !row.access.is_public());
    Credentials {
        api_token: token.filter(|token| !token.is_empty()).map(Secret::new),
        bearer: bearer.map(Secret::new),
        session: cookie::session(headers, is_secure).map(Secret::new),
        basic: basic.and_then(name_and_password),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::trim)
}

fn of_scheme<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (name, rest) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

fn query_token(request: &Parts) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(request.uri.query()?.as_bytes());
    pairs
        .find(|(name, _)| name == "token")
        .map(|(_, token)| token.into_owned())
}

fn name_and_password(encoded: &str) -> Option<(String, Secret)> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), Secret::new(password)))
}
