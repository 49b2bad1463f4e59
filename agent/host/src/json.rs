//! Reads single members of foreign JSON; what is missing or of another type is simply not known.

use serde_json::Value;

/// Returns the number at `pointer`.
pub(crate) fn number(value: &Value, pointer: &str) -> Option<i64> {
    let value = value.pointer(pointer)?;
    value.as_i64().or_else(|| Some(value.as_f64()? as i64))
}

/// Returns the count at `pointer`.
pub(crate) fn count(value: &Value, pointer: &str) -> Option<u64> {
    number(value, pointer).and_then(|number| u64::try_from(number).ok())
}

/// Returns the fraction at `pointer`.
pub(crate) fn fraction(value: &Value, pointer: &str) -> Option<f64> {
    value.pointer(pointer)?.as_f64()
}

/// Returns the text at `pointer`; empty without one.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default()
}

/// Returns the elements of the list at `pointer`; none without one.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}
