//! Gzip with one compressor for all agents: setting one up costs more than a report does.

use flate2::{Compress, Compression, Crc, FlushCompress};

/// Magic, deflate, no flags, no time, fastest, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255];

/// A compressor that is used again and again.
#[derive(Debug)]
pub struct Gzip {
    deflate: Compress,
}

impl Default for Gzip {
    fn default() -> Self {
        Self {
            deflate: Compress::new(Compression::fast(), false),
        }
    }
}

impl Gzip {
    /// Returns `plain` as one gzip member.
    ///
    /// # Panics
    /// Never: the output always has room for the worst case of deflate.
    pub fn member(&mut self, plain: &[u8]) -> Vec<u8> {
        self.deflate.reset();
        let worst = plain.len() + plain.len() / 100 + 128;
        let mut out = Vec::with_capacity(HEADER.len() + worst);
        out.extend_from_slice(&HEADER);
        self.deflate
            .compress_vec(plain, &mut out, FlushCompress::Finish)
            .expect("deflate refuses no input, and the output has room for the worst case");
        let mut crc = Crc::new();
        crc.update(plain);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn members_made_one_after_another_are_each_whole() {
        let mut gzip = Gzip::default();
        for text in ["", "a", &"a report ".repeat(1000)] {
            let mut back = String::new();
            let member = gzip.member(text.as_bytes());
            GzDecoder::new(&member[..])
                .read_to_string(&mut back)
                .unwrap();
            assert_eq!(back, text);
        }
    }
}
