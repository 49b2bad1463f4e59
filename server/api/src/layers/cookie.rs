//! The two cookies: the session, which scripts cannot read, and the CSRF token, which they must.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

const SESSION: &str = "pulse_session";
/// On TLS the browser itself refuses to take this name from anybody but this very host.
const SESSION_SECURE: &str = "__Host-pulse_session";
const CSRF: &str = "pulse_csrf";
/// A fresh CSRF cookie outlives no session.
const CSRF_AGE: Duration = Duration::from_secs(24 * 3600);

fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value)
        .next()
}

fn session_name(is_secure: bool) -> &'static str {
    if is_secure { SESSION_SECURE } else { SESSION }
}

/// Returns the session cookie's value.
pub(crate) fn session(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    find(headers, session_name(is_secure))
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// Returns the CSRF cookie's value.
pub(crate) fn csrf(headers: &HeaderMap) -> Option<&str> {
    find(headers, CSRF).filter(|value| !value.is_empty())
}

/// Makes the session cookie.
pub(crate) fn session_cookie(value: &str, age: Duration, is_secure: bool) -> Option<HeaderValue> {
    cookie(session_name(is_secure), value, age, true, is_secure)
}

/// Makes the CSRF cookie that goes with a new session.
pub(crate) fn csrf_cookie_for(value: &str, age: Duration, is_secure: bool) -> Option<HeaderValue> {
    cookie(CSRF, value, age, false, is_secure)
}

/// Makes a fresh CSRF cookie for a session that has lost its own.
pub(crate) fn csrf_cookie(value: &str, is_secure: bool) -> Option<HeaderValue> {
    csrf_cookie_for(value, CSRF_AGE, is_secure)
}

/// Makes the cookies that end both.
pub(crate) fn ended(is_secure: bool) -> impl Iterator<Item = HeaderValue> {
    let session = cookie(session_name(is_secure), "", Duration::ZERO, true, is_secure);
    let csrf = cookie(CSRF, "", Duration::ZERO, false, is_secure);
    [session, csrf].into_iter().flatten()
}

fn cookie(
    name: &str,
    value: &str,
    age: Duration,
    is_hidden: bool,
    is_secure: bool,
) -> Option<HeaderValue> {
    let hidden = if is_hidden { "; HttpOnly" } else { "" };
    let secure = if is_secure { "; Secure" } else { "" };
    let age = age.as_secs();
    let text = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{hidden}{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_hidden_from_scripts_and_bound_to_the_host_on_tls() {
        let plain = session_cookie("v", Duration::from_secs(60), false);
        assert_eq!(
            plain.as_ref().map(HeaderValue::as_bytes),
            Some(&b"pulse_session=v; Path=/; Max-Age=60; SameSite=Lax; HttpOnly"[..])
        );
        let secure = session_cookie("v", Duration::from_secs(60), true);
        assert_eq!(
            secure.as_ref().map(HeaderValue::as_bytes),
            Some(
                &b"__Host-pulse_session=v; Path=/; Max-Age=60; SameSite=Lax; HttpOnly; Secure"[..]
            )
        );
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; pulse_session=abc; b=2"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("pulse_csrf=tok"));
        assert_eq!(session(&headers, false).as_deref(), Some("abc"));
        assert_eq!(session(&headers, true), None);
        assert_eq!(csrf(&headers), Some("tok"));
    }
}
