//! Times on the wire: RFC 3339 texts.
//!
//! The original agent is written in Go, whose zero time is sent as `0001-01-01T00:00:00Z` where
//! other languages would leave the member out. Both that text and an empty one are read as `None`.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// A point in time.
pub type Time = jiff::Timestamp;

/// What Go writes for a time that was never set.
pub const ZERO: &str = "0001-01-01T00:00:00Z";

/// Seconds from year 1 to 1970: where Go's zero time lies.
const ZERO_SECONDS: i64 = -62_135_596_800;

/// Reads a time as programs in Go write it; one that was never set is none, as is what is no time.
pub fn moment(text: Option<&str>) -> Option<Time> {
    let text = text.filter(|text| *text != ZERO)?;
    text.parse().ok()
}

/// A time that may be missing, and is then left out.
pub mod optional {
    use super::*;

    /// Writes the time, or `null`; fields skip the member instead.
    pub fn serialize<S: Serializer>(time: &Option<Time>, out: S) -> Result<S::Ok, S::Error> {
        time.serialize(out)
    }

    /// Reads a time; missing, `null`, empty and zero times are `None`.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
        from.deserialize_option(TimeText)
    }
}

/// A time whose member is always on the wire; `None` is written as Go's zero time.
pub mod required {
    use super::*;

    pub use super::optional::deserialize;

    /// Writes the time, or the zero time.
    pub fn serialize<S: Serializer>(time: &Option<Time>, out: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => time.serialize(out),
            None => out.serialize_str(ZERO),
        }
    }
}

struct TimeText;

impl<'de> Visitor<'de> for TimeText {
    type Value = Option<Time>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an RFC 3339 time")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        let time: Time = text
            .parse()
            .map_err(|_| E::custom("not an RFC 3339 time"))?;
        Ok((time.as_second() != ZERO_SECONDS).then_some(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_never_set_is_none() {
        assert_eq!(moment(Some(ZERO)), None);
        assert_eq!((moment(Some("")), moment(Some("soon"))), (None, None));
        let time = moment(Some("2018-06-14T05:48:53.266176036Z"));
        assert_eq!(time.map(|time| time.as_second()), Some(1_528_955_333));
        assert!(moment(Some("2024-05-01T10:00:00+02:00")).is_some());
    }
}
