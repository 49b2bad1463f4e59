//! JSON texts exactly as the original, written in Go, prints them: digests and signatures are
//! over these bytes. Compact, object members sorted, `<`, `>`, `&` and the two line separators of
//! JavaScript escaped, numbers as 64-bit floats in their shortest form.

use std::fmt::Write;

use serde_json::Value;

/// Writes one value.
pub(crate) fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => write_number(out, number.as_f64().unwrap_or_default()),
        Value::String(text) => write_text(out, text),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, element);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            write_object(out, sorted.into_iter());
        }
    }
}

/// Writes an object of members that come sorted.
pub(crate) fn write_object<'a>(
    out: &mut String,
    members: impl Iterator<Item = (&'a String, &'a Value)>,
) {
    out.push('{');
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// Writes the comma, name and colon of a member that is not the first.
pub(crate) fn write_member(out: &mut String, name: &str) {
    out.push(',');
    write_text(out, name);
    out.push(':');
}

/// Writes a text with its quotes.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write_escape(out, c),
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn write_escape(out: &mut String, c: char) {
    // Writing into a String cannot fail.
    let _ = write!(out, "\\u{:04x}", u32::from(c));
}

fn write_number(out: &mut String, number: f64) {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        let _ = write!(out, "{number}");
        return;
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => {
            let _ = write!(out, "{digits}e+{exponent}");
        }
        _ => out.push_str(&text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canonical(value: Value) -> String {
        let mut out = String::new();
        write_value(&mut out, &value);
        out
    }

    #[test]
    fn numbers_are_printed_as_go_prints_them() {
        for (number, text) in [
            (json!(30), "30"),
            (json!(30.0), "30"),
            (json!(-0.5), "-0.5"),
            (json!(0.000001), "0.000001"),
            (json!(0.0000001), "1e-7"),
            (json!(1.25e-9), "1.25e-9"),
            (json!(1e20), "100000000000000000000"),
            (json!(1e21), "1e+21"),
            (json!(-1.5e300), "-1.5e+300"),
        ] {
            assert_eq!(canonical(number), text);
        }
    }

    #[test]
    fn texts_are_escaped_as_go_escapes_them() {
        let text = json!("a<b>&\"\\\n\t\u{1}\u{7f}\u{2028}é");
        assert_eq!(
            canonical(text),
            "\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\t\\u0001\u{7f}\\u2028é\""
        );
    }

    #[test]
    fn members_are_sorted_at_every_level() {
        assert_eq!(
            canonical(json!([{"b": {"d": null, "c": true}, "a": []}])),
            r#"[{"a":[],"b":{"c":true,"d":null}}]"#
        );
    }
}
