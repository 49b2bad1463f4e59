//! When an optional member stays off the wire.

use std::collections::BTreeMap;

/// A value that is left out of the JSON when it says nothing.
pub(crate) trait Presence {
    /// Returns whether the value says nothing.
    fn is_absent(&self) -> bool;
}

/// Returns whether a member is to be left out; named in `skip_serializing_if`.
pub(crate) fn absent<T: Presence>(value: &T) -> bool {
    value.is_absent()
}

/// Returns whether a measured figure is missing, or cannot be written as JSON.
pub(crate) fn unmeasured(value: &Option<f64>) -> bool {
    !value.is_some_and(f64::is_finite)
}

impl Presence for bool {
    fn is_absent(&self) -> bool {
        !self
    }
}

impl Presence for String {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Presence for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Presence for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Presence for BTreeMap<String, T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Counts: originals leave a zero out.
impl Presence for i64 {
    fn is_absent(&self) -> bool {
        *self == 0
    }
}
