//! The proof of key that goes with a report: the `Pulse-Proof` header and what it signs.

use std::fmt;
use std::str::FromStr;

use crate::bytes::SignatureBytes;
use crate::error::Error;
use crate::ids::{BootId, KeyId};

/// Name of the header.
pub const HEADER: &str = "Pulse-Proof";

/// The header's value: `v1;k=<keyid>;b=<boot>;s=<seq>;t=<unix ms>;sig=<base64url>`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proof {
    /// Key that signed.
    pub key: KeyId,
    /// Run of the agent.
    pub boot: BootId,
    /// Number of the report within the run.
    pub sequence: u64,
    /// When it was signed by the agent's clock, in milliseconds since 1970.
    pub at_ms: i64,
    /// Signature over [`Claim::payload`] as type `pulse.report.v1`.
    pub signature: SignatureBytes,
}

impl FromStr for Proof {
    type Err = Error;

    /// Reads a header value; only the one canonical spelling is a proof.
    fn from_str(text: &str) -> Result<Self, Error> {
        let proof = Self::parse(text).ok_or(Error::Invalid("report proof"))?;
        if proof.to_string() != text {
            return Err(Error::Invalid("spelling of the report proof"));
        }
        Ok(proof)
    }
}

impl Proof {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("v1;")?.splitn(5, ';');
        let mut part = |prefix| parts.next()?.strip_prefix(prefix);
        Some(Self {
            key: part("k=")?.parse().ok()?,
            boot: part("b=")?.parse().ok()?,
            sequence: part("s=")?.parse().ok()?,
            at_ms: part("t=")?.parse().ok()?,
            signature: part("sig=")?.parse().ok()?,
        })
    }

    /// Returns what the proof claims about a body, for verifying.
    pub fn claim<'a>(
        &self,
        server_id: &'a str,
        path: &'a str,
        body_sha256: &'a [u8; 32],
    ) -> Claim<'a> {
        let Self {
            key,
            boot,
            sequence,
            at_ms,
            ..
        } = *self;
        Claim {
            server_id,
            path,
            key,
            boot,
            sequence,
            at_ms,
            body_sha256,
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            boot,
            sequence,
            at_ms,
            signature,
        } = self;
        write!(
            f,
            "v1;k={key};b={boot};s={sequence};t={at_ms};sig={signature}"
        )
    }
}

/// What a report proof signs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim<'a> {
    /// The server the report is for.
    pub server_id: &'a str,
    /// The path it is posted to. Both ends take it and the server id from themselves, never from
    /// the message, so neither can hold a line feed.
    pub path: &'a str,
    /// Key that signs.
    pub key: KeyId,
    /// Run of the agent.
    pub boot: BootId,
    /// Number of the report within the run.
    pub sequence: u64,
    /// When it is signed, in milliseconds since 1970.
    pub at_ms: i64,
    /// SHA-256 of the body as sent, compressed if it is.
    pub body_sha256: &'a [u8; 32],
}

impl Claim<'_> {
    /// Returns the payload: one line per part, the body's digest last.
    pub fn payload(&self) -> String {
        let Self {
            server_id,
            path,
            key,
            boot,
            sequence,
            at_ms,
            body_sha256,
        } = self;
        let body = hex::encode(body_sha256);
        format!("{server_id}\n{path}\n{key}\n{boot}\n{sequence}\n{at_ms}\n{body}")
    }

    /// Returns the proof once the payload is signed.
    pub fn signed(&self, signature: SignatureBytes) -> Proof {
        let Self {
            key,
            boot,
            sequence,
            at_ms,
            ..
        } = *self;
        Proof {
            key,
            boot,
            sequence,
            at_ms,
            signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: [u8; 32] = [0xcd; 32];

    fn proof() -> Proof {
        Claim {
            server_id: "srv",
            path: "/api/agents/agent/report",
            key: KeyId::from_digest(&[0xab; 32]),
            boot: BootId([1, 2, 3, 4, 5, 6, 7, 8]),
            sequence: 42,
            at_ms: 1_700_000_000_123,
            body_sha256: &BODY,
        }
        .signed(crate::bytes::FixedBytes([0; 64]))
    }

    #[test]
    fn a_proof_reads_back_from_its_header() {
        let text = proof().to_string();
        let start = format!(
            "v1;k={};b=0102030405060708;s=42;t=1700000000123;",
            "ab".repeat(16)
        );
        assert_eq!(text, format!("{start}sig={}", "A".repeat(86)));
        assert_eq!(text.parse::<Proof>().unwrap(), proof());
    }

    #[test]
    fn the_payload_names_server_path_key_run_number_time_and_body() {
        let claim = proof();
        let claim = claim.claim("srv", "/api/agents/agent/report", &BODY);
        let lines = [
            "srv",
            "/api/agents/agent/report",
            &"ab".repeat(16),
            "0102030405060708",
        ];
        let expected = format!(
            "{}\n42\n1700000000123\n{}",
            lines.join("\n"),
            "cd".repeat(32)
        );
        assert_eq!(claim.payload(), expected);
    }

    #[test]
    fn any_other_spelling_is_no_proof() {
        let good = proof().to_string();
        for (from, to) in [
            ("v1;", "v2;"),
            ("v1;", " v1;"),
            (";s=42", ";s=042"),
            (";s=42", ";s=+42"),
            (";s=42", ";s=-1"),
            (";s=42", ";s=42;s=43"),
            (";b=0102", ";b=01"),
            ("k=ab", "k=AB"),
            ("k=ab", "K=ab"),
            (";t=17", ";t= 17"),
            (";sig=A", ";sig=A;A"),
            (";sig=", ";x=1;sig="),
            ("AAAA", "AAAB="),
        ] {
            let text = good.replacen(from, to, 1);
            assert_ne!(text, good);
            assert!(text.parse::<Proof>().is_err(), "{text}");
        }
        assert!(format!("{good};").parse::<Proof>().is_err());
        assert!("".parse::<Proof>().is_err());
    }
}
