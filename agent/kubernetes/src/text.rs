//! Texts, times and amounts of a cluster, made fit for the wire.

use pulse_protocol::limits;

pub(crate) use pulse_protocol::text::{labels, long, name};
pub(crate) use pulse_protocol::time::moment;

/// Returns a list of short texts, at most as many as the wire takes.
pub(crate) fn names(texts: Option<&[String]>) -> Vec<String> {
    let texts = texts.unwrap_or_default().iter().take(limits::LIST);
    texts.map(|text| name(Some(text))).collect()
}

/// Returns how many there are.
pub(crate) fn count<T>(list: Option<&[T]>) -> i64 {
    i64::try_from(list.map_or(0, <[T]>::len)).unwrap_or(i64::MAX)
}
