//! Quantities with their unit in the type, so that no bare number crosses a module boundary.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);
    };
}

quantity! {
    /// A ratio times one hundred; 100 is all of it.
    Percent(f64)
}
quantity! {
    /// A size in bytes.
    Bytes(u64)
}
quantity! {
    /// A rate in bytes per second.
    BytesPerSecond(f64)
}
quantity! {
    /// A temperature in degrees Celsius.
    Celsius(f64)
}
quantity! {
    /// A whole number of seconds.
    Seconds(u64)
}

impl Percent {
    /// Returns `part` of `whole`, or nothing when there is no whole to be part of.
    pub fn of(part: Bytes, whole: Bytes) -> Option<Self> {
        (whole.0 > 0).then(|| Self(part.0 as f64 * 100.0 / whole.0 as f64))
    }

    /// Returns the value within 0 and 100, or nothing for what is not a number.
    pub fn clamped(self) -> Option<Self> {
        self.0.is_finite().then(|| Self(self.0.clamp(0.0, 100.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_nothing_is_unknown() {
        assert_eq!(Percent::of(Bytes(5), Bytes(0)), None);
        assert_eq!(Percent::of(Bytes(5), Bytes(20)), Some(Percent(25.0)));
    }

    #[test]
    fn what_is_not_a_number_has_no_percentage() {
        assert_eq!(Percent(f64::NAN).clamped(), None);
        assert_eq!(Percent(140.0).clamped(), Some(Percent(100.0)));
    }
}
