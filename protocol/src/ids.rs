//! Ids made from keys, and the id of an agent's run.
//!
//! Digests are computed by callers: this crate knows no cryptography.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::textual::textual;

/// Hint at a key: the first 16 bytes of the SHA-256 of the raw public key, in hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 16]);

impl KeyId {
    /// Makes the id from the SHA-256 of a raw public key.
    pub fn from_digest(sha256_of_key: &[u8; 32]) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&sha256_of_key[..16]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        lower_hex(text).map(Self).ok_or(Error::Invalid("key id"))
    }
}

textual!(KeyId);

/// Stable name of an agent, made from its key.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentRef(String);

impl AgentRef {
    const PREFIX: &str = "ak_";
    const LENGTH: usize = 26;

    /// Makes the name from the SHA-256 of the agent's raw public key.
    pub fn from_digest(sha256_of_key: &[u8; 32]) -> Self {
        let mut name = base32(sha256_of_key);
        name.truncate(Self::LENGTH);
        name.insert_str(0, Self::PREFIX);
        Self(name)
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AgentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AgentRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let is_name = text.strip_prefix(Self::PREFIX).is_some_and(|name| {
            name.len() == Self::LENGTH && name.bytes().all(|b| BASE32.contains(&b))
        });
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Invalid("agent reference"))
        }
    }
}

textual!(AgentRef);

/// Random id of one run of an agent's process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BootId(pub [u8; 8]);

impl fmt::Display for BootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for BootId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        lower_hex(text).map(Self).ok_or(Error::Invalid("boot id"))
    }
}

textual!(BootId);

/// A SHA-256 digest as the wire writes it: `sha256:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = text
            .strip_prefix("sha256:")
            .ok_or(Error::Invalid("digest"))?;
        lower_hex(digits).map(Self).ok_or(Error::Invalid("digest"))
    }
}

textual!(Digest);

/// Reads lower-case hex of exactly `N` bytes: one value has one spelling.
pub(crate) fn lower_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Writes base32 without padding, in lower case.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut pending, mut bits) = (0_u32, 0);
    for &byte in bytes {
        pending = (pending << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(pending >> bits) as usize & 31]));
        }
        pending &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(BASE32[(pending << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_agrees_with_the_published_vectors() {
        for (plain, coded) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn ids_made_from_a_digest_read_back() {
        let digest = [0xab; 32];
        let key = KeyId::from_digest(&digest);
        assert_eq!(key.to_string(), "ab".repeat(16));
        assert_eq!(key.to_string().parse::<KeyId>().unwrap(), key);
        let agent = AgentRef::from_digest(&digest);
        assert_eq!(agent.as_str().len(), 29);
        assert_eq!(agent.as_str().parse::<AgentRef>().unwrap(), agent);
    }

    #[test]
    fn other_spellings_are_no_ids() {
        assert!("AB".repeat(16).parse::<KeyId>().is_err());
        assert!("ab".repeat(15).parse::<KeyId>().is_err());
        assert!("ak_short".parse::<AgentRef>().is_err());
        assert!(
            format!("ak_{}", "A".repeat(26))
                .parse::<AgentRef>()
                .is_err()
        );
        assert!("0123456789abcde".parse::<BootId>().is_err());
        assert!("ab".repeat(32).parse::<Digest>().is_err());
        assert!(
            format!("sha256:{}", "é".repeat(32))
                .parse::<Digest>()
                .is_err()
        );
    }
}
