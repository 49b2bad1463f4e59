//! A report as it travels and waits: compressed JSON.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use pulse_protocol::report::docker::DockerReport;
use serde::Serialize;

use super::lane::Kind;

/// Leaves something out of an engine's report.
type LeaveOut = fn(&mut DockerReport);

/// What an engine's report can do without, least important first. Each goes on from the one before.
const LEAST: [(&str, LeaveOut); 3] = [
    ("environments", |report| {
        report
            .containers
            .iter_mut()
            .for_each(|container| container.env.clear());
    }),
    ("environments, images, volumes", |report| {
        report.images.clear();
        report.volumes.clear();
    }),
    ("environments, images, volumes, labels, mounts", |report| {
        for container in &mut report.containers {
            container.labels.clear();
            container.mounts.clear();
        }
    }),
];

/// A compressed report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed(Vec<u8>);

impl Packed {
    /// Packs a report; `None` if it is larger than any server takes.
    pub(crate) fn report(kind: Kind, report: &impl Serialize) -> Option<Self> {
        Self::json(kind, &serde_json::to_vec(report).ok()?)
    }

    /// Packs an engine's report. From one that is too large, what matters least is left out first;
    /// the words say what was.
    pub(crate) fn engine(mut report: DockerReport) -> (Option<Self>, &'static str) {
        let mut left_out = "";
        for (what, leave_out) in LEAST {
            if let Some(packed) = Self::report(Kind::Docker, &report) {
                return (Some(packed), left_out);
            }
            leave_out(&mut report);
            left_out = what;
        }
        (Self::report(Kind::Docker, &report), left_out)
    }

    /// Packs the JSON of a report.
    pub(crate) fn json(kind: Kind, json: &[u8]) -> Option<Self> {
        if json.len() > kind.most_json() {
            return None;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(json).ok()?;
        let mut packed = encoder.finish().ok()?;
        packed.shrink_to_fit();
        (packed.len() <= kind.most_packed()).then_some(Self(packed))
    }

    /// Returns the JSON again.
    pub(crate) fn unpack(&self, kind: Kind) -> io::Result<Vec<u8>> {
        let mut json = Vec::new();
        GzDecoder::new(&self.0[..])
            .take(kind.most_json() as u64)
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
    use pulse_protocol::report::host::HostReport;

    use super::*;

    const JSON: usize = pulse_protocol::limits::HOST_JSON;

    #[test]
    fn a_report_comes_out_as_it_went_in() {
        let mut report = HostReport::default();
        report.host.hostname = "web1".to_owned();
        let packed = Packed::report(Kind::Host, &report).expect("packed");
        let json = packed.unpack(Kind::Host).expect("JSON");
        assert_eq!(
            HostReport::from_json(&json)
                .expect("a report")
                .host
                .hostname,
            "web1"
        );
    }

    #[test]
    fn an_engines_report_that_is_too_large_loses_what_matters_least() {
        use pulse_protocol::report::docker::Container;
        let container = |env: usize| Container {
            name: "web".to_owned(),
            env: vec!["X=".to_owned() + &"y".repeat(env)],
            ..Container::default()
        };
        let report = |env: usize| DockerReport {
            containers: (0..100).map(|_| container(env)).collect(),
            ..DockerReport::default()
        };
        let (small, nothing) = Packed::engine(report(10));
        assert_eq!((small.is_some(), nothing), (true, ""));
        let (large, left_out) = Packed::engine(report(200_000));
        assert_eq!(left_out, "environments");
        let json = large.expect("packed").unpack(Kind::Docker).expect("JSON");
        let kept = DockerReport::from_json(&json).expect("a report");
        assert_eq!(
            (kept.containers.len(), kept.containers[0].env.len()),
            (100, 0)
        );
    }

    #[test]
    fn a_report_no_server_takes_is_not_packed() {
        assert!(Packed::json(Kind::Host, &vec![b' '; JSON]).is_some());
        assert!(Packed::json(Kind::Host, &vec![b' '; JSON + 1]).is_none());
    }
}
