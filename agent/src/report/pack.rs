//! A report as it travels and waits: compressed JSON.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use pulse_protocol::report::docker::DockerReport;
use pulse_protocol::report::kubernetes::{Gap, GapReason, KubernetesReport};
use serde::Serialize;

use super::lane::Kind;

/// Leaves something out of a report.
type LeaveOut<R> = fn(&mut R);

/// What an engine's report can do without, least important first. Each goes on from the one before.
const LEAST: [(&str, LeaveOut<DockerReport>); 3] = [
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

/// What a cluster's report can do without.
const LEAST_OF_CLUSTERS: [(&str, LeaveOut<KubernetesReport>); 3] = [
    ("names of configuration, access rules", |report| {
        gone(report, "configMaps", |report| &mut report.config_maps);
        gone(report, "secrets", |report| &mut report.secrets);
        gone(report, "roles", |report| &mut report.roles);
        gone(report, "roleBindings", |report| &mut report.role_bindings);
        gone(report, "clusterRoles", |report| &mut report.cluster_roles);
        gone(report, "clusterRoleBindings", |report| {
            &mut report.cluster_role_bindings
        });
        gone(report, "serviceAccounts", |report| {
            &mut report.service_accounts
        });
    }),
    (
        "names of configuration, access rules, endpoints, replica sets",
        |report| {
            gone(report, "endpointSlices", |report| {
                &mut report.endpoint_slices
            });
            gone(report, "replicaSets", |report| &mut report.replica_sets);
        },
    ),
    (
        "all but nodes, workloads and pods, and pods' labels",
        |report| {
            gone(report, "services", |report| &mut report.services);
            gone(report, "events", |report| &mut report.events);
            gone(report, "jobs", |report| &mut report.jobs);
            for pod in &mut report.pods {
                pod.labels.clear();
            }
        },
    ),
];

/// Empties a list of a cluster's report, and says so in the report.
fn gone<T>(
    report: &mut KubernetesReport,
    member: &str,
    list: fn(&mut KubernetesReport) -> &mut Vec<T>,
) {
    let left_out = std::mem::take(list(report)).len();
    if left_out > 0 {
        report.gaps.push(Gap {
            member: member.to_owned(),
            reason: GapReason::Limit,
            left_out: i64::try_from(left_out).unwrap_or(i64::MAX),
            detail: "the report is larger than servers take".to_owned(),
            ..Gap::default()
        });
    }
}

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
    pub(crate) fn engine(report: DockerReport) -> (Option<Self>, &'static str) {
        Self::lightened(Kind::Docker, report, LEAST)
    }

    /// Packs a cluster's report in the same way.
    pub(crate) fn cluster(report: KubernetesReport) -> (Option<Self>, &'static str) {
        Self::lightened(Kind::Kubernetes, report, LEAST_OF_CLUSTERS)
    }

    fn lightened<R: Serialize, const N: usize>(
        kind: Kind,
        mut report: R,
        least: [(&'static str, LeaveOut<R>); N],
    ) -> (Option<Self>, &'static str) {
        let mut left_out = "";
        for (what, leave_out) in least {
            if let Some(packed) = Self::report(kind, &report) {
                return (Some(packed), left_out);
            }
            leave_out(&mut report);
            left_out = what;
        }
        (Self::report(kind, &report), left_out)
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
