//! One event as one line.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level};

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For machines.
    Json,
    /// For people.
    Text,
}

/// An event with its fields.
pub(super) struct Line {
    at: Timestamp,
    level: Level,
    message: String,
    fields: Map<String, Value>,
}

impl Line {
    pub(super) fn of(event: &Event<'_>, at: Timestamp) -> Self {
        let level = *event.metadata().level();
        let mut line = Self {
            at,
            level,
            message: String::new(),
            fields: Map::new(),
        };
        event.record(&mut line);
        line
    }

    pub(super) fn render(&self, format: Format) -> String {
        match format {
            Format::Json => self.json(),
            Format::Text => self.text(),
        }
    }

    fn json(&self) -> String {
        let mut text = format!("{{\"time\":\"{:.3}\"", self.at);
        let level = Value::from(self.level.as_str().to_lowercase());
        let message = Value::from(self.message.as_str());
        let head = [("level", &level), ("message", &message)];
        let fields = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value));
        for (name, value) in head.into_iter().chain(fields) {
            // Writing to a text does not fail.
            let _ = write!(text, ",{}:{value}", Value::from(name));
        }
        text.push_str("}\n");
        text
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{:.0} {:<5} {}",
            self.at,
            self.level,
            visible(&self.message)
        );
        for (name, value) in &self.fields {
            let value = match value {
                Value::String(value) => visible(value),
                other => other.to_string(),
            };
            // Writing to a text does not fail.
            let _ = write!(text, " {name}={value}");
        }
        text.push('\n');
        text
    }

    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            (name, value) => {
                self.fields.insert(name.to_owned(), value);
            }
        }
    }
}

/// Makes control characters harmless: text from elsewhere must not steer a terminal.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        let mut fields = Map::new();
        fields.insert("error".to_owned(), "bad\u{1b}[31m\nthing".into());
        fields.insert("count".to_owned(), 3.into());
        let message = "it happened".to_owned();
        Line {
            at: Timestamp::UNIX_EPOCH,
            level: Level::WARN,
            message,
            fields,
        }
    }

    #[test]
    fn json_lines_hold_time_level_message_and_fields() {
        let text = line().render(Format::Json);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["time"], "1970-01-01T00:00:00.000Z");
        assert_eq!(
            (&value["level"], &value["count"]),
            (&"warn".into(), &3.into())
        );
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn text_lines_cannot_steer_a_terminal() {
        let text = line().render(Format::Text);
        assert_eq!(
            text,
            "1970-01-01T00:00:00Z WARN  it happened count=3 error=bad\u{fffd}[31m\u{fffd}thing\n"
        );
    }
}
