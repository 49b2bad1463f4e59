//! Texts, times and amounts of a cluster, made fit for the wire: cut to its bounds and cleared of
//! control characters.

use std::collections::BTreeMap;

use pulse_protocol::{Time, limits, text, time};

/// Returns a name or any short text.
pub(crate) fn name(text: Option<&str>) -> String {
    text::fit(text.unwrap_or_default(), limits::NAME).into_owned()
}

/// Returns an image reference or a message.
pub(crate) fn long(text: Option<&str>) -> String {
    text::fit(text.unwrap_or_default(), limits::TEXT).into_owned()
}

/// Returns a list of short texts, at most as many as the wire takes.
pub(crate) fn names(texts: Option<&[String]>) -> Vec<String> {
    let texts = texts.unwrap_or_default().iter().take(limits::LIST);
    texts.map(|text| name(Some(text))).collect()
}

/// Returns labels or a selector.
pub(crate) fn labels(labels: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let labels = labels.into_iter().flatten().take(limits::LIST);
    labels
        .map(|(key, value)| (name(Some(key)), long(Some(value))))
        .collect()
}

/// Reads a time; Go's zero time is none.
pub(crate) fn moment(text: Option<&str>) -> Option<Time> {
    let text = text.filter(|text| *text != time::ZERO)?;
    text.parse().ok()
}

/// Returns how many there are.
pub(crate) fn count<T>(list: Option<&[T]>) -> i64 {
    i64::try_from(list.map_or(0, <[T]>::len)).unwrap_or(i64::MAX)
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

    #[test]
    fn a_time_that_was_never_set_is_none() {
        assert_eq!(moment(Some("0001-01-01T00:00:00Z")), None);
        assert_eq!(moment(Some("soon")), None);
        let time = moment(Some("2018-06-14T05:48:53.266176Z"));
        assert_eq!(time.map(|time| time.as_second()), Some(1_528_955_333));
    }
}
