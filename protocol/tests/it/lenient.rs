//! What other agents write differently, and how it is read.

use pulse_protocol::report::docker::{ContainerState, DockerReport, EngineRuntime};
use pulse_protocol::report::host::{HostReport, UpdateState};
use pulse_protocol::report::kubernetes::KubernetesReport;

fn host(json: &str) -> HostReport {
    HostReport::from_json(json.as_bytes()).unwrap()
}

#[test]
fn an_empty_object_is_an_empty_report() {
    assert_eq!(host("{}"), HostReport::default());
    assert_eq!(host(" \n{}\r\n"), HostReport::default());
}

#[test]
fn null_is_the_empty_value_of_whatever_is_expected() {
    let report = host(
        r#"{"agent":null,"host":{"hostname":null,"cpuCount":null,"packageUpdates":{"pendingCount":null,
            "supported":null,"packages":null}},"metrics":{"memory":null},"disks":null,
            "sensors":{"temperatureCelsius":null,"smart":[{"temperature":null,"health":null}]},
            "raid":[{"devices":null,"rebuildPercent":null}],"libvirt":null,"timestamp":null,
            "tags":[null]}"#,
    );
    assert_eq!(report.host.cpu_count, None);
    assert_eq!(report.libvirt, None);
    assert_eq!(report.raid[0].rebuild_percent, 0.0);
    assert_eq!(report.tags, [""]);
    let docker = DockerReport::from_json(br#"{"containers":null}"#).unwrap();
    assert_eq!(docker, DockerReport::default());
}

#[test]
fn connected_without_guests_differs_from_not_connected() {
    assert!(host(r#"{"libvirt":{"domains":[]}}"#).libvirt.is_some());
    assert!(host(r#"{"libvirt":{"domains":null}}"#).libvirt.is_some());
    assert!(host("{}").libvirt.is_none());
}

#[test]
fn numbers_may_be_written_either_way_and_saturate() {
    let report = host(
        r#"{"host":{"uptimeSeconds":12.9,"cpuCount":1e3,"loadAverage":[1,2.5]},
            "metrics":{"cpuUsagePercent":7,"memory":{"totalBytes":-5,"usedBytes":-0.5,"freeBytes":1e30}},
            "agent":{"operationReceiptVersion":99999999999},
            "raid":[{"slot":-1,"failedDevices":18446744073709551615}]}"#,
    );
    assert_eq!(report.host.uptime_seconds, Some(12));
    assert_eq!(report.host.cpu_count, Some(1_000));
    assert_eq!(report.host.load_average, [1.0, 2.5]);
    assert_eq!(report.metrics.cpu_usage_percent, Some(7.0));
    assert_eq!(report.metrics.memory.total_bytes, Some(0));
    assert_eq!(report.metrics.memory.used_bytes, Some(0));
    assert_eq!(report.metrics.memory.free_bytes, Some(u64::MAX));
    assert_eq!(report.agent.operation_receipt_version, Some(u32::MAX));
    assert_eq!(report.raid[0].failed_devices, i64::MAX);
}

#[test]
fn a_missing_figure_is_not_zero() {
    let report = host(r#"{"metrics":{"memory":{"usedBytes":0}}}"#);
    assert_eq!(report.metrics.cpu_usage_percent, None);
    assert_eq!(report.metrics.memory.total_bytes, None);
    assert_eq!(report.metrics.memory.used_bytes, Some(0));
}

#[test]
fn a_figure_that_is_no_number_is_not_written() {
    let mut report = HostReport::default();
    report.metrics.cpu_usage_percent = Some(f64::NAN);
    report.sensors.fan_rpm.insert("fan1".into(), f64::INFINITY);
    report.sensors.fan_rpm.insert("fan2".into(), 900.5);
    let json = serde_json::to_string(&report).unwrap();
    assert!(!json.contains("null") && !json.contains("fan1"), "{json}");
    assert!(!json.contains("cpuUsagePercent"), "{json}");
}

#[test]
fn times_come_with_offsets_fractions_zero_and_empty() {
    let time = |text: &str| host(&format!(r#"{{"timestamp":"{text}"}}"#)).timestamp;
    let expected = Some("2026-03-14T09:26:53.5Z".parse().unwrap());
    assert_eq!(time("2026-03-14T09:26:53.5Z"), expected);
    assert_eq!(time("2026-03-14T11:26:53.500000000+02:00"), expected);
    assert_eq!(time("0001-01-01T00:00:00Z"), None);
    assert_eq!(time(""), None);
}

#[test]
fn a_report_without_time_says_so_in_the_way_of_the_original() {
    let json = serde_json::to_string(&HostReport::default()).unwrap();
    assert!(
        json.contains(r#""timestamp":"0001-01-01T00:00:00Z""#),
        "{json}"
    );
}

#[test]
fn unknown_words_are_kept() {
    let json = r#"{"agent":{"update":{"state":"pondering"}}}"#;
    let report = host(json);
    let update = report.agent.update.clone().unwrap();
    assert_eq!(update.state, UpdateState::Unknown("pondering".into()));
    assert!(
        serde_json::to_string(&report)
            .unwrap()
            .contains(r#""state":"pondering""#)
    );
    let docker = DockerReport::from_json(
        br#"{"host":{"runtime":"podman"},"containers":[{"state":"running"},{"state":"stopped"}]}"#,
    )
    .unwrap();
    assert_eq!(docker.host.runtime, EngineRuntime::Podman);
    assert_eq!(docker.containers[0].state, ContainerState::Running);
    assert_eq!(docker.containers[1].state.as_str(), "stopped");
}

#[test]
fn unknown_members_are_ignored_wherever_they_are() {
    let json = r#"{"x":[{"y":{}}],"cluster":{"id":"c","z":null},"pods":[{"w":1.5,"name":"p"}]}"#;
    let report = KubernetesReport::from_json(json.as_bytes()).unwrap();
    assert_eq!(
        (report.cluster.id.as_str(), report.pods[0].name.as_str()),
        ("c", "p")
    );
}
