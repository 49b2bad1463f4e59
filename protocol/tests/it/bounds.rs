//! Rich reports are shortened and counted, never refused.

use pulse_protocol::limits::{self, Shed};
use pulse_protocol::report::docker::DockerReport;
use pulse_protocol::report::host::HostReport;
use pulse_protocol::report::kubernetes::KubernetesReport;

fn host(json: &str) -> HostReport {
    HostReport::from_json(json.as_bytes()).unwrap()
}

fn list(member: &str, element: &str, count: usize) -> String {
    format!("{{\"{member}\":[{}]}}", vec![element; count].join(","))
}

fn elements(elements: usize) -> Shed {
    Shed {
        elements: elements as u64,
        texts: 0,
    }
}

#[test]
fn lists_keep_their_bounds_and_say_what_was_left_out() {
    let report = host(&list("disks", "{}", limits::DISKS + 3));
    assert_eq!(
        (report.disks.len(), report.shed),
        (limits::DISKS, elements(3))
    );
    let report = host(&list("network", "{}", limits::INTERFACES + 1));
    assert_eq!(
        (report.network.len(), report.shed),
        (limits::INTERFACES, elements(1))
    );
    let report = host(&list("tags", "\"a\"", limits::LIST));
    assert_eq!(
        (report.tags.len(), report.shed),
        (limits::LIST, elements(0))
    );

    let json = list("containers", "{}", limits::CONTAINERS + 2);
    let report = DockerReport::from_json(json.as_bytes()).unwrap();
    assert_eq!(
        (report.containers.len(), report.shed),
        (limits::CONTAINERS, elements(2))
    );
    let json = list("pods", "{}", limits::PODS + 2);
    let report = KubernetesReport::from_json(json.as_bytes()).unwrap();
    assert_eq!(
        (report.pods.len(), report.shed),
        (limits::PODS, elements(2))
    );
}

#[test]
fn sensors_keep_their_bound() {
    let readings: Vec<String> = (0..limits::SENSORS + 5)
        .map(|i| format!("\"fan{i:04}\":{i}"))
        .collect();
    let report = host(&format!(
        "{{\"sensors\":{{\"fanRpm\":{{{}}}}}}}",
        readings.join(",")
    ));
    assert_eq!(report.sensors.fan_rpm.len(), limits::SENSORS);
    assert_eq!(report.sensors.fan_rpm["fan0007"], 7.0);
    assert_eq!(report.shed, elements(5));
}

#[test]
fn all_lists_together_keep_a_bound() {
    let pod = format!("{{\"containers\":[{}]}}", vec!["{}"; 500].join(","));
    let json = list("pods", &pod, 1_000);
    let report = KubernetesReport::from_json(json.as_bytes()).unwrap();
    let kept: usize = report.pods.iter().map(|pod| 1 + pod.containers.len()).sum();
    assert!(kept <= limits::ELEMENTS);
    // What is inside a pod that was left out is not counted again.
    assert!(report.shed.elements as usize >= 1_000 - report.pods.len());
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let name = "é".repeat(limits::NAME);
    let report = host(&format!("{{\"host\":{{\"hostname\":\"{name}\"}}}}"));
    assert_eq!(report.host.hostname, "é".repeat(limits::NAME / 2));
    let odd = format!("x{name}");
    let report = host(&format!("{{\"host\":{{\"hostname\":\"{odd}\"}}}}"));
    assert_eq!(report.host.hostname.len(), limits::NAME - 1);
    assert_eq!(
        report.shed,
        Shed {
            elements: 0,
            texts: 1
        }
    );
}

#[test]
fn paths_and_messages_may_be_longer_than_names() {
    let path = "p".repeat(limits::TEXT);
    let report = host(&format!(
        "{{\"disks\":[{{\"mountpoint\":\"/{path}\",\"device\":\"d\"}}]}}"
    ));
    assert_eq!(report.disks[0].mountpoint.len(), limits::TEXT);
    assert_eq!(
        report.shed,
        Shed {
            elements: 0,
            texts: 1
        }
    );
}

#[test]
fn names_in_maps_are_texts_too() {
    let name = "n".repeat(limits::NAME + 1);
    let json = format!("{{\"sensors\":{{\"fanRpm\":{{\"{name}\":1,\"a\\u0000b\":2}}}}}}");
    let report = host(&json);
    let names: Vec<_> = report.sensors.fan_rpm.keys().map(String::as_str).collect();
    assert_eq!(names, ["a b", &name[1..]]);
    assert_eq!(
        report.shed,
        Shed {
            elements: 0,
            texts: 2
        }
    );
}

#[test]
fn control_characters_and_reordering_marks_become_spaces() {
    let json = r#"{"host":{"hostname":"a\u001b[31mb\nc\u0000\u202ed\u0085e\u2066f"}}"#;
    let report = host(json);
    assert_eq!(report.host.hostname, "a [31mb c  d e f");
    assert_eq!(
        report.shed,
        Shed {
            elements: 0,
            texts: 1
        }
    );
}

#[test]
fn half_a_surrogate_pair_is_an_error() {
    assert!(HostReport::from_json(br#"{"host":{"hostname":"\ud83d"}}"#).is_err());
    assert!(HostReport::from_json(b"{\"host\":{\"hostname\":\"\xff\"}}").is_err());
}

#[test]
fn a_channel_message_is_refused_where_a_report_would_be_shortened() {
    use pulse_protocol::command::{Frame, FromServer};
    let cancel = |id: &str| {
        let json = format!(r#"{{"type":"cancel_command","payload":{{"request_id":"{id}"}}}}"#);
        Frame::<FromServer>::from_json(json.as_bytes())
    };
    assert!(cancel(&"x".repeat(limits::TEXT)).is_ok());
    assert!(cancel(&"x".repeat(limits::TEXT + 1)).is_err());
    let FromServer::CancelCommand(kept) = cancel(r"a\u001bb").unwrap().message else {
        panic!()
    };
    assert_eq!(kept.request_id, "a\u{1b}b");
}

#[test]
fn what_nobody_asked_for_has_no_bounds_and_is_not_counted() {
    let long = "x".repeat(2 * limits::TEXT);
    let list = vec!["1"; 2 * limits::LIST].join(",");
    let unknown = format!(r#"{{"later":["{long}\n",[{list}],{{"a":1,"a":2}}],"tags":["a"]}}"#);
    let report = host(&unknown);
    assert_eq!((report.tags.len(), report.shed), (1, Shed::default()));
    assert!(pulse_protocol::config::ConfigAnswer::from_json(unknown.as_bytes()).is_ok());
}
