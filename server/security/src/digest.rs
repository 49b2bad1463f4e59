//! Hashes and random text of the documented forms.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pulse_model::{Entropy, Secret};
use sha2::{Digest as _, Sha256};
use sha3::Sha3_256;
use subtle::ConstantTimeEq;

/// A SHA-256 or SHA3-256 hash.
pub(crate) type Hash = [u8; 32];

pub(crate) fn sha256(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

pub(crate) fn sha256_of_key(public: &[u8; 32]) -> Hash {
    Sha256::digest(public).into()
}

/// The hash API tokens are stored under.
pub(crate) fn sha3(text: &str) -> Hash {
    Sha3_256::digest(text.as_bytes()).into()
}

pub(crate) fn same(left: &Hash, right: &Hash) -> bool {
    left.ct_eq(right).into()
}

/// Tells whether two texts are the same, in a time that does not tell how much of them is.
pub fn same_secret(presented: &str, wanted: &str) -> bool {
    same(&sha256(presented), &sha256(wanted))
}

/// Reads 64 hex digits.
pub(crate) fn read_hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

/// Returns `N` random bytes in hex after `prefix`.
pub(crate) fn random_hex<const N: usize>(entropy: &Entropy, prefix: &str) -> Secret {
    Secret::new(format!("{prefix}{}", hex::encode(entropy.bytes::<N>())))
}

pub(crate) fn random_base64(entropy: &Entropy) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()))
}

pub(crate) fn random_uuid(entropy: &Entropy) -> String {
    uuid::Builder::from_random_bytes(entropy.bytes())
        .into_uuid()
        .to_string()
}
