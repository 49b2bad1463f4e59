//! Texts from reports: short enough to keep, and without characters that act on a terminal.

use std::borrow::Cow;

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
