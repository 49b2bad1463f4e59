//! Byte strings of a fixed length, as base64url without padding.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;

/// `N` bytes, written as base64url. Only the one canonical spelling is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FixedBytes<const N: usize>(pub [u8; N]);

/// An Ed25519 public key.
pub type PublicKey = FixedBytes<32>;
/// An Ed25519 signature.
pub type SignatureBytes = FixedBytes<64>;
/// A random number used once.
pub type Nonce = FixedBytes<16>;

impl<const N: usize> FromStr for FixedBytes<N> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| Error::Invalid("base64url text"))?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| Error::Invalid("length of base64url text"))
    }
}

impl<const N: usize> fmt::Display for FixedBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<const N: usize> fmt::Debug for FixedBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::textual::textual!(impl<const N: usize> FixedBytes<N>);
