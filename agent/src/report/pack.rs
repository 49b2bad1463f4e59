//! A report as it travels and waits: compressed JSON.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use pulse_protocol::report::host::HostReport;

/// Largest report a server takes, compressed.
const PACKED: usize = 256 * 1024;

/// Largest report a server takes, as JSON.
const JSON: usize = 1_536 * 1024;

/// A compressed report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed(Vec<u8>);

impl Packed {
    /// Packs a report; `None` if it is larger than any server takes.
    pub(crate) fn report(report: &HostReport) -> Option<Self> {
        Self::json(&serde_json::to_vec(report).ok()?)
    }

    /// Packs the JSON of a report.
    pub(crate) fn json(json: &[u8]) -> Option<Self> {
        if json.len() > JSON {
            return None;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(json).ok()?;
        let mut packed = encoder.finish().ok()?;
        packed.shrink_to_fit();
        (packed.len() <= PACKED).then_some(Self(packed))
    }

    /// Returns the JSON again.
    pub(crate) fn unpack(&self) -> io::Result<Vec<u8>> {
        let mut json = Vec::new();
        GzDecoder::new(&self.0[..])
            .take(JSON as u64)
            .read_to_end(&mut json)?;
        Ok(json)
    }

    /// Returns the bytes to send.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_comes_out_as_it_went_in() {
        let mut report = HostReport::default();
        report.host.hostname = "web1".to_owned();
        let packed = Packed::report(&report).expect("packed");
        let json = packed.unpack().expect("JSON");
        assert_eq!(
            HostReport::from_json(&json)
                .expect("a report")
                .host
                .hostname,
            "web1"
        );
    }

    #[test]
    fn a_report_no_server_takes_is_not_packed() {
        assert!(Packed::json(&vec![b' '; JSON]).is_some());
        assert!(Packed::json(&vec![b' '; JSON + 1]).is_none());
    }
}
