//! From the body as sent to JSON, within bounds.
//!
//! Inflating stops at the bound: a bomb costs the bound and not a byte more.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;

use super::Body;
use crate::error::Error;

/// What a report may weigh, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// As sent.
    pub encoded: usize,
    /// Inflated.
    pub decoded: usize,
}

/// How much more a body may inflate to than was sent, once past [`RATIO_FROM`].
const MOST_RATIO: usize = 100;
const RATIO_FROM: usize = 64 << 10;

/// Returns the report in `body`.
pub(super) fn read<T>(
    body: &Body,
    limits: Limits,
    parse: impl FnOnce(&[u8]) -> Result<T, pulse_protocol::Error>,
) -> Result<T, Error> {
    let json = inflate(body.encoding.as_deref(), &body.bytes, limits)?;
    parse(&json).map_err(Error::Json)
}

/// Returns the JSON in `body`.
pub(crate) fn inflate<'a>(
    encoding: Option<&str>,
    body: &'a [u8],
    limits: Limits,
) -> Result<Cow<'a, [u8]>, Error> {
    if body.len() > limits.encoded {
        return Err(Error::TooLarge {
            dimension: "encoded_http_body",
            limit: limits.encoded,
        });
    }
    match encoding.map(str::trim).unwrap_or_default() {
        "" => Ok(Cow::Borrowed(body)),
        name if name.eq_ignore_ascii_case("gzip") => gunzip(body, limits).map(Cow::Owned),
        _ => Err(Error::Encoding),
    }
}

fn gunzip(body: &[u8], limits: Limits) -> Result<Vec<u8>, Error> {
    let by_ratio = body.len().saturating_mul(MOST_RATIO).max(RATIO_FROM);
    let limit = limits.decoded.min(by_ratio);
    // One member only: a second one is trailing data, and a way to hide a bomb.
    let mut decoder = GzDecoder::new(body);
    let mut json = Vec::with_capacity(body.len().saturating_mul(8).min(limit));
    let mut chunk = [0; 8 << 10];
    loop {
        let read = match decoder.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(Error::Compression),
        };
        if json.len() + read > limit {
            return Err(Error::TooLarge {
                dimension: "decoded_json",
                limit: limits.decoded,
            });
        }
        json.extend_from_slice(&chunk[..read]);
    }
    if decoder.into_inner().is_empty() {
        Ok(json)
    } else {
        Err(Error::Compression)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits {
        encoded: 64 << 10,
        decoded: 512 << 10,
    };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = gzip(&vec![b' '; 60 << 20]);
        assert!(bomb.len() < LIMITS.encoded);
        let refused = inflate(Some("gzip"), &bomb, LIMITS);
        assert!(matches!(
            refused,
            Err(Error::TooLarge {
                dimension: "decoded_json",
                ..
            })
        ));
    }

    #[test]
    fn a_small_body_with_an_absurd_ratio_is_refused_below_the_bound() {
        let bomb = gzip(&vec![b' '; 400 << 10]);
        assert!(bomb.len() < 1_000);
        assert!(matches!(
            inflate(Some("gzip"), &bomb, LIMITS),
            Err(Error::TooLarge { .. })
        ));
    }

    #[test]
    fn what_is_not_gzip_though_it_says_so_is_refused() {
        assert!(matches!(
            inflate(Some("gzip"), b"{}", LIMITS),
            Err(Error::Compression)
        ));
    }

    #[test]
    fn a_second_member_is_refused() {
        let two = [gzip(b"{}"), gzip(b"{}")].concat();
        assert!(matches!(
            inflate(Some("gzip"), &two, LIMITS),
            Err(Error::Compression)
        ));
    }

    #[test]
    fn another_encoding_is_refused() {
        assert!(matches!(
            inflate(Some("br"), b"{}", LIMITS),
            Err(Error::Encoding)
        ));
        assert!(matches!(
            inflate(Some("gzip, gzip"), b"{}", LIMITS),
            Err(Error::Encoding)
        ));
    }

    proptest! {
        #[test]
        fn every_body_survives_and_every_truncation_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2_000), cut in 0usize..2_000) {
            let sent = gzip(&bytes);
            let whole = inflate(Some("GZIP"), &sent, LIMITS);
            let whole = whole.expect("inflates");
            prop_assert_eq!(whole.as_ref(), bytes.as_slice());
            let cut = cut.min(sent.len() - 1);
            prop_assert!(inflate(Some("gzip"), &sent[..cut], LIMITS).is_err());
        }
    }
}
