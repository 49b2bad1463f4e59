//! One text frame of the command channel.

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::message::Message;
use crate::error::Error;
use crate::limits;
use crate::presence::absent;
use crate::time::{self, Time};

/// One frame: a message of type `M`, [`super::FromServer`] or [`super::FromAgent`].
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<M> {
    /// Request the message belongs to; empty where there is none.
    pub id: String,
    /// When it was sent.
    pub timestamp: Option<Time>,
    /// The message.
    pub message: M,
}

/// What surrounds a message, before its type is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Outside<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(with = "time::optional")]
    timestamp: Option<Time>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<M: Message> Frame<M> {
    /// Reads a frame. A type this version does not know is not an error: it is to be ignored.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        if json.len() > limits::FRAME {
            return Err(Error::TooLarge(limits::FRAME));
        }
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(Error::NotAnObject);
        }
        let outside: Outside = serde_json::from_slice(json)?;
        let payload = outside.payload.map_or("{}", RawValue::get);
        let message = M::read(&outside.kind, payload.as_bytes())?;
        let id = outside.id.unwrap_or_default().into_owned();
        Ok(Self {
            id,
            timestamp: outside.timestamp,
            message,
        })
    }
}

impl<M: Message> Serialize for Frame<M> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut frame = out.serialize_struct("Frame", 4)?;
        frame.serialize_field("type", self.message.kind())?;
        if !absent(&self.id) {
            frame.serialize_field("id", &self.id)?;
        }
        match &self.timestamp {
            Some(timestamp) => frame.serialize_field("timestamp", timestamp)?,
            None => frame.serialize_field("timestamp", time::ZERO)?,
        }
        self.message.write_payload(&mut frame)?;
        frame.end()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FromAgent, FromServer};
    use super::*;

    fn read(json: &str) -> Result<Frame<FromServer>, Error> {
        Frame::from_json(json.as_bytes())
    }

    #[test]
    fn a_message_without_payload_reads_back() {
        let json = r#"{"type":"pong","timestamp":"2026-01-02T03:04:05Z"}"#;
        let frame = read(json).unwrap();
        assert_eq!(frame.message, FromServer::Pong);
        assert_eq!(serde_json::to_string(&frame).unwrap(), json);
    }

    #[test]
    fn an_unknown_type_is_kept_apart_and_not_an_error() {
        let frame = read(r#"{"type":"dance","id":null,"payload":{"deep":[[]]},"x":1}"#).unwrap();
        assert_eq!(frame.message, FromServer::Unknown("dance".into()));
        let from_the_other_side = read(r#"{"type":"agent_ping"}"#).unwrap();
        assert_eq!(
            from_the_other_side.message,
            FromServer::Unknown("agent_ping".into())
        );
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        for json in [
            "",
            "null",
            "[]",
            r#"["pong"]"#,
            "7",
            "{",
            r#"{"type":7}"#,
            r#"{"type":"pong"} x"#,
            r#"{"type":"pong","type":"pong"}"#,
            r#"{"type":"registered","payload":[true]}"#,
            r#"{"type":"registered","payload":{"success":"yes"}}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
        let long = format!(r#"{{"type":"pong"}}{}"#, " ".repeat(limits::FRAME));
        assert!(matches!(read(&long), Err(Error::TooLarge(_))));
    }

    #[test]
    fn a_missing_or_null_payload_is_an_empty_one() {
        for json in [
            r#"{"type":"command_result"}"#,
            r#"{"type":"command_result","payload":null}"#,
        ] {
            let frame = Frame::<FromAgent>::from_json(json.as_bytes()).unwrap();
            assert_eq!(frame.message, FromAgent::CommandResult(Default::default()));
        }
    }

    #[test]
    fn a_command_too_long_is_refused_and_never_cut() {
        let with_command = |length| {
            let command = "x".repeat(length);
            read(&format!(
                r#"{{"type":"execute_command","payload":{{"command":"{command}"}}}}"#
            ))
        };
        assert!(with_command(limits::COMMAND).is_ok());
        assert!(with_command(limits::COMMAND + 1).is_err());
    }
}
