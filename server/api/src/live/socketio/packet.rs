//! The text of Engine.IO 4 and Socket.IO 5 packets, as far as this server speaks them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::session::{LARGEST, PING_EVERY, PING_TIMEOUT};

/// Divides packets in the body of a poll.
pub(super) const DIVIDER: u8 = 0x1e;

/// The most packets a body may hold.
const MOST_PACKETS: usize = 64;

/// Engine.IO packets this server sends.
pub(super) mod engine {
    /// The connection ends.
    pub const CLOSE: &str = "1";
    /// Are you there?
    pub const PING: &str = "2";
    /// The answer to a client that tries out its new transport.
    pub const PROBED: &str = "3probe";
    /// Nothing; ends a poll.
    pub const NOOP: &str = "6";
}

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// It is there.
    Pong,
    /// It tries out its new transport.
    Probe,
    /// It has changed to its new transport.
    Upgraded,
    /// It goes, or leaves the namespace.
    Close,
    /// It enters the default namespace.
    Connect,
    /// It enters a namespace nobody made.
    ConnectElsewhere(String),
    /// An event, and the number it wants to hear back.
    Event {
        /// Its name.
        name: String,
        /// The number of the acknowledgement it waits for.
        ack: Option<u64>,
    },
    /// Something without consequence.
    Nothing,
}

/// Returns the packets in the body of a poll, or nothing when it is not one.
pub(super) fn split(body: &[u8]) -> Option<Vec<Said>> {
    let text = std::str::from_utf8(body).ok()?;
    let packets: Vec<&str> = text.split(char::from(DIVIDER)).collect();
    if packets.len() > MOST_PACKETS {
        return None;
    }
    packets.into_iter().map(read).collect()
}

/// Reads one packet; nothing when it is none.
pub(super) fn read(packet: &str) -> Option<Said> {
    let (kind, rest) = packet.split_at_checked(1)?;
    match (kind, rest) {
        ("1", _) => Some(Said::Close),
        ("2", "probe") => Some(Said::Probe),
        ("3", _) => Some(Said::Pong),
        ("4", message) => read_message(message),
        ("5", _) => Some(Said::Upgraded),
        ("2" | "6", _) => Some(Said::Nothing),
        _ => None,
    }
}

fn read_message(message: &str) -> Option<Said> {
    let (kind, rest) = message.split_at_checked(1)?;
    let (namespace, rest) = match rest.strip_prefix('/') {
        Some(named) => named.split_once(',').unwrap_or((named, "")),
        None => ("", rest),
    };
    let is_default = namespace.split('?').next() == Some("");
    match kind {
        "0" if is_default => Some(Said::Connect),
        "0" => Some(Said::ConnectElsewhere(namespace.to_owned())),
        "1" if is_default => Some(Said::Close),
        "2" if is_default => read_event(rest),
        "1" | "2" | "3" => Some(Said::Nothing),
        // Binary events are nothing this server has a use for.
        _ => None,
    }
}

fn read_event(rest: &str) -> Option<Said> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (ack, list) = rest.split_at(digits);
    let ack = if ack.is_empty() {
        None
    } else {
        Some(ack.parse().ok()?)
    };
    let list: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let name = String::deserialize(&mut serde_json::Deserializer::from_str(list.first()?.get()));
    let name = name.ok()?;
    Some(Said::Event { name, ack })
}

/// The first packet of a session, with the transports it may change to.
pub(super) fn open(sid: &str, upgrades: &[&str]) -> String {
    let offer = serde_json::json!({
        "sid": sid, "upgrades": upgrades, "maxPayload": LARGEST,
        "pingInterval": PING_EVERY.as_millis() as u64,
        "pingTimeout": PING_TIMEOUT.as_millis() as u64,
    });
    format!("0{offer}")
}

/// The welcome to the default namespace.
pub(super) fn connected(sid: &str) -> String {
    format!("40{}", serde_json::json!({ "sid": sid }))
}

/// The refusal of another namespace.
pub(super) fn no_namespace(namespace: &str) -> String {
    let refusal = serde_json::json!({ "message": "Invalid namespace" });
    format!("44/{namespace},{refusal}")
}

/// An event.
pub(super) fn event(name: &str, value: &Value) -> String {
    format!("42{}", serde_json::json!([name, value]))
}

/// The acknowledgement of an event.
pub(super) fn ack(number: u64) -> String {
    format!("43{number}[]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event_of(name: &str, ack: Option<u64>) -> Option<Said> {
        let name = name.to_owned();
        Some(Said::Event { name, ack })
    }

    #[test]
    fn what_clients_send_is_understood() {
        for (packet, said) in [
            ("2probe", Some(Said::Probe)),
            ("3", Some(Said::Pong)),
            ("5", Some(Said::Upgraded)),
            ("1", Some(Said::Close)),
            ("40", Some(Said::Connect)),
            ("40{\"token\":\"x\"}", Some(Said::Connect)),
            ("40/,{}", Some(Said::Connect)),
            ("40/admin,", Some(Said::ConnectElsewhere("admin".into()))),
            ("41", Some(Said::Close)),
            ("42[\"requestData\"]", event_of("requestData", None)),
            (
                "4217[\"ping\",{\"timestamp\":1}]",
                event_of("ping", Some(17)),
            ),
            ("42/admin,[\"x\"]", Some(Said::Nothing)),
        ] {
            assert_eq!(read(packet), said, "{packet}");
        }
    }

    #[test]
    fn nonsense_is_refused_whatever_it_is() {
        let deep = format!("42{}", "[".repeat(100_000));
        for packet in [
            "",
            "9",
            "é",
            "4",
            "42",
            "42{}",
            "42[]",
            "42[1]",
            "42[\"x\"",
            "451-[\"x\"]",
            "bAAAA",
            "4299999999999999999999[\"x\"]",
            &deep,
        ] {
            assert_eq!(read(packet), None, "{}", &packet[..packet.len().min(20)]);
        }
        assert_eq!(split(b"3\x1e\xff"), None);
        assert_eq!(split(&b"3\x1e".repeat(100)), None);
        assert_eq!(split(b"3\x1e5"), Some(vec![Said::Pong, Said::Upgraded]));
    }
}
