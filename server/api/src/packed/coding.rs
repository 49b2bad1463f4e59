//! Codings of an answer's body.

use std::io::{self, Write};

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, header};

/// A coding a client may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Smallest for the time it takes, and quickest.
    Zstd,
    /// What every browser takes.
    Brotli,
    /// What every program takes.
    Gzip,
}

/// Levels that make answers small without making anybody wait.
const ZSTD_LEVEL: i32 = 3;
const BROTLI_LEVEL: u32 = 4;
const BROTLI_WINDOW: u32 = 22;
const BUFFER: usize = 64 << 10;

impl Coding {
    /// Every coding, the ones we like best first.
    pub const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// Returns the coding's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Returns the coding to answer with: what the client likes best, among equals what we do.
    pub fn best(asked: &HeaderMap) -> Option<Self> {
        let liked = |coding: &Self| quality(asked, coding.name());
        let mut best: Option<(Self, f32)> = None;
        for coding in Self::ALL {
            let quality = liked(&coding);
            if quality > best.map_or(0.0, |(_, quality)| quality) {
                best = Some((coding, quality));
            }
        }
        best.map(|(coding, _)| coding)
    }

    /// Returns the header value that names it.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    /// Returns `parts`, one after the other, compressed.
    pub fn compress<'a>(self, parts: impl Iterator<Item = &'a Bytes>) -> Bytes {
        let packed = match self {
            Self::Zstd => zstd_of(parts),
            Self::Brotli => brotli_of(parts),
            Self::Gzip => gzip_of(parts),
        };
        packed.expect("memory takes what is written to it").into()
    }
}

fn zstd_of<'a>(parts: impl Iterator<Item = &'a Bytes>) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    write_all(&mut encoder, parts)?;
    encoder.finish()
}

fn brotli_of<'a>(parts: impl Iterator<Item = &'a Bytes>) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut encoder =
        brotli::CompressorWriter::new(&mut packed, BUFFER, BROTLI_LEVEL, BROTLI_WINDOW);
    write_all(&mut encoder, parts)?;
    encoder.flush()?;
    drop(encoder);
    Ok(packed)
}

fn gzip_of<'a>(parts: impl Iterator<Item = &'a Bytes>) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    write_all(&mut encoder, parts)?;
    encoder.finish()
}

fn write_all<'a>(
    encoder: &mut impl Write,
    parts: impl Iterator<Item = &'a Bytes>,
) -> io::Result<()> {
    for part in parts {
        encoder.write_all(part)?;
    }
    Ok(())
}

/// Tells whether the client takes `coding`.
pub(crate) fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    quality(asked, coding) > 0.0
}

/// Returns how much the client likes `coding`; zero when it does not take it.
fn quality(asked: &HeaderMap, coding: &str) -> f32 {
    let offers = asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut any = 0.0;
    for offer in offers.flat_map(|value| value.split(',')) {
        let mut parts = offer.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let stated = parts.find_map(|part| part.strip_prefix("q="));
        let quality = stated.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        if name.eq_ignore_ascii_case(coding) {
            return quality;
        }
        if name == "*" {
            any = quality;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(offers: &'static str) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(offers));
        Coding::best(&headers)
    }

    #[test]
    fn the_client_chooses_and_among_equals_we_do() {
        assert_eq!(best("gzip, deflate, br, zstd"), Some(Coding::Zstd));
        assert_eq!(best("gzip;q=1.0, br;q=0.5"), Some(Coding::Gzip));
        assert_eq!(best("GZIP"), Some(Coding::Gzip));
        assert_eq!(best("*"), Some(Coding::Zstd));
        assert_eq!(best("*, zstd;q=0"), Some(Coding::Brotli));
        for none in ["", "identity", "gzip;q=0", "gzip;q=soon", "deflate"] {
            assert_eq!(best(none), None, "{none}");
        }
    }

    #[test]
    fn every_coding_reads_back() {
        let parts = [
            Bytes::from_static(b"{\"a\":"),
            Bytes::from(vec![b' '; 100_000]),
        ];
        let whole: Vec<u8> = parts.concat();
        for coding in Coding::ALL {
            let packed = coding.compress(parts.iter());
            assert!(packed.len() < 1_000, "{coding:?}: {}", packed.len());
            let mut plain = Vec::new();
            let read: &mut dyn io::Read = match coding {
                Coding::Zstd => &mut zstd::stream::read::Decoder::new(&packed[..]).expect("zstd"),
                Coding::Brotli => &mut brotli::Decompressor::new(&packed[..], BUFFER),
                Coding::Gzip => &mut flate2::read::GzDecoder::new(&packed[..]),
            };
            io::copy(read, &mut plain).expect("it reads");
            assert!(plain == whole, "{coding:?}");
        }
    }
}
