//! The one envelope for everything signed.
//!
//! What is signed are the exact bytes of the payload together with its type, so nothing is ever
//! re-serialised before it is checked: verify [`signed_bytes`], then [`read_signed`] those bytes.
//! Signing and verifying are the callers'.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::bytes::SignatureBytes;
use crate::error::Error;
use crate::ids::KeyId;
use crate::limits;
use crate::reader::{self, Rules};

/// Types of payload; a signature over one type never stands for another.
pub mod payload_type {
    /// The server's keys.
    pub const KEYSET: &str = "pulse.keyset.v1";
    /// An agent's enrolment.
    pub const ENROL: &str = "pulse.enrol.v1";
    /// A report.
    pub const REPORT: &str = "pulse.report.v1";
    /// What became of a command.
    pub const RECEIPT: &str = "pulse.receipt.v1";
    /// A change of an agent's key.
    pub const REKEY: &str = "pulse.rekey.v1";
    /// A command.
    pub const INTENT: &str = "pulse.intent.v1";
    /// A managed configuration.
    pub const CONFIG: &str = "pulse.config.v1";
}

/// A payload with its signatures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// Type of the payload.
    pub payload_type: String,
    /// The exact bytes of the payload.
    #[serde(with = "base64url")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub payload: Vec<u8>,
    /// Signatures over [`Envelope::signed_bytes`].
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Hint at the key; proves nothing.
    pub keyid: KeyId,
    /// The signature itself.
    pub sig: SignatureBytes,
}

impl Envelope {
    /// Reads an envelope strictly. Nothing is verified yet.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        if json.len() > limits::ENVELOPE {
            return Err(Error::TooLarge(limits::ENVELOPE));
        }
        Ok(reader::read(json, Rules::Strict)?.0)
    }

    /// Returns the bytes its signatures are over.
    pub fn signed_bytes(&self) -> Vec<u8> {
        signed_bytes(&self.payload_type, &self.payload)
    }
}

/// Returns the bytes to sign: `PULSEv1`, then type and payload, each after its length.
pub fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "PULSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

/// Reads a verified payload strictly; its type refuses unknown members.
pub fn read_signed<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Error> {
    if payload.len() > limits::ENVELOPE {
        return Err(Error::TooLarge(limits::ENVELOPE));
    }
    Ok(reader::read(payload, Rules::Strict)?.0)
}

mod base64url {
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use super::*;

    pub fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| D::Error::custom("not base64url"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            payload_type: payload_type::ENROL.into(),
            payload: br#"{"a":1}"#.to_vec(),
            signatures: vec![Signature {
                keyid: KeyId::from_digest(&[7; 32]),
                sig: crate::bytes::FixedBytes([9; 64]),
            }],
        }
    }

    fn refused(json: &str) -> bool {
        Envelope::from_json(json.as_bytes()).is_err()
    }

    #[test]
    fn the_signed_bytes_hold_type_and_payload_with_their_lengths() {
        assert_eq!(
            signed_bytes("pulse.x.v1", b"{}"),
            b"PULSEv1 10 pulse.x.v1 2 {}"
        );
        assert_eq!(signed_bytes("", b""), b"PULSEv1 0  0 ");
        assert_ne!(signed_bytes("a", b"b c"), signed_bytes("a b", b"c"));
    }

    #[test]
    fn an_envelope_reads_back_to_the_same_bytes() {
        let json = serde_json::to_vec(&envelope()).unwrap();
        assert_eq!(Envelope::from_json(&json).unwrap(), envelope());
    }

    #[test]
    fn an_envelope_with_anything_extra_is_refused() {
        let good = serde_json::to_string(&envelope()).unwrap();
        assert!(!refused(&good));
        assert!(refused(&good.replacen('{', r#"{"x":1,"#, 1)));
        assert!(refused(&good.replacen('{', r#"{"payloadType":"b","#, 1)));
        assert!(refused(&good.replace(r#"{"keyid""#, r#"{"x":1,"keyid""#)));
        assert!(refused(&format!("{good} {{}}")));
        assert!(refused(&good[..good.len() - 1]));
        assert!(refused(&format!("{good}{}", " ".repeat(limits::ENVELOPE))));
    }

    #[test]
    fn an_envelope_in_another_spelling_is_refused() {
        let good = serde_json::to_string(&envelope()).unwrap();
        for (from, to) in [
            ("eyJhIjoxfQ", "eyJhIjoxfQ=="),
            ("eyJhIjoxfQ", "eyJhIjoxfR"),
            (r#""eyJhIjoxfQ""#, "null"),
            (r#""signatures":["#, r#""signatures":null,"x":["#),
        ] {
            assert!(good.contains(from));
            assert!(refused(&good.replace(from, to)), "{to}");
        }
        let list = r#"["pulse.x.v1","",[]]"#;
        assert!(refused(list));
    }
}
