//! Whatever an agent can say, the server reads exactly so.

use proptest::prelude::*;
use pulse_protocol::report::docker::DockerReport;
use pulse_protocol::report::host::HostReport;
use pulse_protocol::report::kubernetes::KubernetesReport;

use super::any::any_of;

proptest! {
    #[test]
    fn any_host_report_reads_back_as_written(report in any_of::<HostReport>()) {
        let json = serde_json::to_vec(&report).unwrap();
        prop_assert_eq!(HostReport::from_json(&json).unwrap(), report);
    }

    #[test]
    fn any_docker_report_reads_back_as_written(report in any_of::<DockerReport>()) {
        let json = serde_json::to_vec(&report).unwrap();
        prop_assert_eq!(DockerReport::from_json(&json).unwrap(), report);
    }

    #[test]
    fn any_kubernetes_report_reads_back_as_written(report in any_of::<KubernetesReport>()) {
        let json = serde_json::to_vec(&report).unwrap();
        prop_assert_eq!(KubernetesReport::from_json(&json).unwrap(), report);
    }

    #[test]
    fn a_truncated_report_is_an_error(
        host in any_of::<HostReport>(),
        docker in any_of::<DockerReport>(),
        kubernetes in any_of::<KubernetesReport>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let json = serde_json::to_vec(&host).unwrap();
        prop_assert!(HostReport::from_json(&json[..cut.index(json.len())]).is_err());
        let json = serde_json::to_vec(&docker).unwrap();
        prop_assert!(DockerReport::from_json(&json[..cut.index(json.len())]).is_err());
        let json = serde_json::to_vec(&kubernetes).unwrap();
        prop_assert!(KubernetesReport::from_json(&json[..cut.index(json.len())]).is_err());
    }
}
