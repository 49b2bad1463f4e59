//! Takes secrets out of text that people and programs outside get to read: logs, errors, bundles.
//!
//! The last line of defence, not the first: secrets have a type that does not print. What gets here
//! came in somebody else's words, such as the error of a library or an address with a password.

use std::borrow::Cow;

/// What stands where a secret was.
const STARS: &str = "***";

/// Names whose value is nobody's business, lower case, as the end of a longer name or all of it.
const NAMES: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "tokenvalue",
    "apikey",
    "api_key",
    "api-key",
    "private_key",
    "privatekey",
    "authorization",
    "cookie",
    "credential",
];

/// Fewest digits of a bare token; digests that name themselves are left alone.
const TOKEN_DIGITS: usize = 64;

/// Returns `text` without the secrets in it.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(secret) = next_secret(text, at) {
        clean.push_str(&text[copied..secret.start]);
        clean.push_str(STARS);
        copied = secret.end;
        at = secret.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[copied..]);
    Cow::Owned(clean)
}

type Range = std::ops::Range<usize>;

/// Returns the first secret that starts at or after `from`.
fn next_secret(text: &str, from: usize) -> Option<Range> {
    let bytes = text.as_bytes();
    (from..bytes.len())
        .filter(|at| is_start(bytes, *at))
        .find_map(|at| {
            // Names, marks and digits are ASCII: slices taken at them are on boundaries.
            let rest = &bytes[at..];
            let found = named_value(rest)
                .or_else(|| after_scheme(rest))
                .or_else(|| prefixed(rest))
                .or_else(|| signed(rest))
                .or_else(|| key_block(rest))
                .or_else(|| bare_digits(bytes, at))?;
            (!found.is_empty()).then(|| at + found.start..at + found.end)
        })
}

/// Tells whether something may start at `at`: a word, or the mark before a password in an address.
fn is_start(bytes: &[u8], at: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    match bytes[at] {
        b'-' | b':' => true,
        byte if byte.is_ascii_uppercase() => true,
        byte => is_word(byte) && before.is_none_or(|before| !is_word(before)),
    }
}

/// The value in `password=x`, `"apiToken": "x"`, `secret: x`.
fn named_value(rest: &[u8]) -> Option<Range> {
    let name = NAMES.iter().find(|name| starts(rest, name.as_bytes()))?;
    let mut at = name.len();
    let mut seen = false;
    let mut quoted = false;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'=' | b':' if !seen => seen = true,
            b'"' | b'\'' | b'\\' => quoted = seen,
            b' ' => {}
            _ => break,
        }
        at += 1;
    }
    if !seen {
        return None;
    }
    // What scheme it is may stay; the credential after it may not.
    for scheme in [&b"bearer "[..], b"basic "] {
        if starts(&rest[at..], scheme) {
            at += scheme.len();
        }
    }
    let ends = |byte: u8| match byte {
        b'"' | b'\'' | b'\\' | b'\n' => true,
        b' ' | b'&' | b',' | b';' | b'}' | b')' | b']' => !quoted,
        _ => false,
    };
    Some(at..run(rest, at, |byte| !ends(byte)))
}

/// The credential after `Bearer` or `Basic`, the password in `://name:password@`.
fn after_scheme(rest: &[u8]) -> Option<Range> {
    for scheme in [&b"bearer "[..], b"basic "] {
        if starts(rest, scheme) {
            let end = run(rest, scheme.len(), |byte| {
                byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
            });
            return (end >= scheme.len() + 8).then_some(scheme.len()..end);
        }
    }
    let inside = rest.strip_prefix(b"://")?;
    let end = run(inside, 0, |byte| !b"/ \"'?#@\n\\".contains(&byte));
    (inside.get(end) == Some(&b'@')).then_some(3..3 + end)
}

/// `pulse_` and the original's registration tokens.
fn prefixed(rest: &[u8]) -> Option<Range> {
    for (prefix, least) in [(&b"pulse_"[..], 16), (b"PULSE-REG-", 4)] {
        if rest.starts_with(prefix) {
            let end = run(rest, prefix.len(), |byte| byte.is_ascii_alphanumeric());
            let is_token = end >= prefix.len() + least;
            return is_token.then_some(prefix.len()..end);
        }
    }
    None
}

/// A JSON web token.
fn signed(rest: &[u8]) -> Option<Range> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let end = run(rest, 0, is_part);
    let dots = rest[..end].iter().filter(|byte| **byte == b'.').count();
    (rest.starts_with(b"eyJ") && dots == 2).then_some(0..end)
}

/// A key as PEM, whole or cut off.
fn key_block(rest: &[u8]) -> Option<Range> {
    if !rest.starts_with(b"-----BEGIN") {
        return None;
    }
    let text = String::from_utf8_lossy(rest);
    let head = text.get(..64.min(text.len())).unwrap_or(&text);
    if !head.contains("PRIVATE KEY") {
        return None;
    }
    let end = text.find("-----END").unwrap_or(text.len());
    (text.len() == rest.len()).then_some(0..end)
}

/// A long run of hexadecimal digits that is not named as a digest.
fn bare_digits(bytes: &[u8], at: usize) -> Option<Range> {
    let end = run(bytes, at, |byte| byte.is_ascii_hexdigit());
    let is_digest = bytes[..at].ends_with(b"sha256:") || bytes[..at].ends_with(b"sha256=");
    (end - at >= TOKEN_DIGITS && !is_digest).then_some(0..end - at)
}

fn starts(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn run(bytes: &[u8], from: usize, is_in: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| is_in(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_every_dress_are_taken_out() {
        let digits = "0123456789abcdef".repeat(4);
        let cases = [
            ("password=hunter2 next", "password=*** next"),
            (
                "smtp_password: hunter2, host: a",
                "smtp_password: ***, host: a",
            ),
            (
                r#"{"apiToken":"hunter2","n":1}"#,
                r#"{"apiToken":"***","n":1}"#,
            ),
            (r#"{"secret": "a b, c"}"#, r#"{"secret": "***"}"#),
            (
                r#"said {\"token\":\"hunter2\"} to"#,
                r#"said {\"token\":\"***\"} to"#,
            ),
            ("GET /ws?token=hunter2&delta=1", "GET /ws?token=***&delta=1"),
            (
                "Authorization: Bearer abcdefgh.ijk",
                "Authorization: Bearer ***",
            ),
            ("got bearer abcdefghijkl", "got bearer ***"),
            ("https://root:hunter2@pve:8006/", "https://***@pve:8006/"),
            ("key eyJhbGci.eyJzdWIi.c2ln end", "key *** end"),
            (
                "x -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",
                "x ***-----END PRIVATE KEY-----",
            ),
        ];
        for (text, clean) in cases {
            assert_eq!(redact(text), clean);
        }
        for text in [format!("pulse_{digits}"), format!("hash {digits}.")] {
            assert!(!redact(&text).contains(&digits), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let digest = format!("image sha256:{}", "ab".repeat(32));
        let plain = [
            "tokens refused: 5",
            "token_id=abc",
            "listening address=127.0.0.1:7655 tls=false",
            "pulse_sources::agent took 3 ms",
            "the password is wrong",
            "https://pve:8006/api2/json?x=1@2",
            "naïve – ünïcode ☃ basic text",
            digest.as_str(),
            "",
        ];
        for text in plain {
            assert!(
                matches!(redact(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn any_text_comes_through_without_harm() {
        for text in [
            "password=é",
            "token:☃☃",
            "://é@",
            "-----BEGIN é PRIVATE KEY",
            "secret=",
            "é:",
        ] {
            let once = redact(text).into_owned();
            assert_eq!(redact(&once), once, "{text}");
        }
    }
}
