//! Texts, times and sizes of engines, made fit for the wire.

use pulse_protocol::{Time, limits};

pub(crate) use pulse_protocol::text::{labels, long, name};
pub(crate) use pulse_protocol::time::moment;

/// Returns a list of long texts, at most as many as the wire takes.
pub(crate) fn list(texts: Option<&[String]>) -> Vec<String> {
    let texts = texts.unwrap_or_default().iter().take(limits::LIST);
    texts.map(|text| long(Some(text))).collect()
}

/// Reads seconds since 1970; zero is none.
pub(crate) fn second(seconds: Option<i64>) -> Option<Time> {
    Time::from_second(seconds.filter(|seconds| *seconds > 0)?).ok()
}

/// Returns a size; what is negative was not computed.
pub(crate) fn size(bytes: Option<i64>) -> Option<u64> {
    u64::try_from(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_that_was_never_set_is_none() {
        assert_eq!((second(Some(0)), second(Some(-1))), (None, None));
    }
}
