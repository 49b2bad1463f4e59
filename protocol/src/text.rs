//! Texts from reports: short enough to keep, and without characters that act on a terminal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;

use crate::limits;

/// Returns the text without control characters and cut to `max` bytes, at a character.
pub fn fit(raw: &str, max: usize) -> Cow<'_, str> {
    let kept = &raw[..raw.floor_char_boundary(max)];
    if !kept.chars().any(is_unsafe) {
        return Cow::Borrowed(kept);
    }
    let cleaned: String = kept
        .chars()
        .map(|c| if is_unsafe(c) { ' ' } else { c })
        .collect();
    Cow::Owned(cleaned)
}

/// Control characters, and the marks that reorder the text around them.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns a name or any short text of somebody else's, fit for a report.
pub fn name(text: Option<&str>) -> String {
    fit(text.unwrap_or_default(), limits::NAME).into_owned()
}

/// Returns a path, an image reference, a message of somebody else's, fit for a report.
pub fn long(text: Option<&str>) -> String {
    fit(text.unwrap_or_default(), limits::TEXT).into_owned()
}

/// Returns labels, options or a selector, fit for a report.
pub fn labels(labels: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let labels = labels.into_iter().flatten().take(limits::LIST);
    labels
        .map(|(key, value)| (name(Some(key)), long(Some(value))))
        .collect()
}

/// Returns an error and what caused it in one line; a cause that the text before it tells already is left out.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_cleared() {
        assert_eq!(name(Some("a\"b'\nc\u{1b}")), "a\"b' c ");
        assert_eq!(name(Some(&"x".repeat(1_000))).len(), limits::NAME);
        assert_eq!(name(None), "");
    }
}
