//! Whatever arrives, the answer is a value or an error: never a panic, never without bound.

use proptest::prelude::*;
use pulse_protocol::command::{Frame, FromAgent, FromServer};
use pulse_protocol::config::ConfigAnswer;
use pulse_protocol::enrol::EnrolRequest;
use pulse_protocol::envelope::Envelope;
use pulse_protocol::proof::Proof;
use pulse_protocol::report::docker::DockerReport;
use pulse_protocol::report::host::HostReport;
use pulse_protocol::report::kubernetes::KubernetesReport;

use super::golden::golden;

/// Gives the bytes to every reader.
fn feed(bytes: &[u8]) {
    let _ = HostReport::from_json(bytes);
    let _ = DockerReport::from_json(bytes);
    let _ = KubernetesReport::from_json(bytes);
    let _ = EnrolRequest::from_json(bytes);
    let _ = ConfigAnswer::from_json(bytes);
    let _ = Envelope::from_json(bytes);
    let _ = Frame::<FromServer>::from_json(bytes);
    let _ = Frame::<FromAgent>::from_json(bytes);
}

const GOLDENS: [&str; 8] = [
    "host-full.json",
    "docker-full.json",
    "kubernetes-full.json",
    "enrol-request.json",
    "config-answer.json",
    "from-server/execute_command.json",
    "from-server/action_preflight.json",
    "from-agent/host_update_result.json",
];

proptest! {
    #[test]
    fn arbitrary_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        feed(&bytes);
        prop_assert!(HostReport::from_json(&bytes).is_err());
    }

    #[test]
    fn arbitrary_text_between_braces_is_survived(text in r#"[\[\]{}":,0-9eE.\\ntu\-a-z ]{0,80}"#) {
        feed(format!("{{{text}}}").as_bytes());
    }

    #[test]
    fn a_valid_document_with_damage_is_survived(
        which in 0..GOLDENS.len(),
        at in any::<prop::sample::Index>(),
        with in prop::collection::vec(any::<u8>(), 0..4),
        removed in 0..9_usize,
    ) {
        let mut bytes = golden(GOLDENS[which]);
        let start = at.index(bytes.len());
        let end = bytes.len().min(start + removed);
        bytes.splice(start..end, with);
        feed(&bytes);
    }

    #[test]
    fn an_arbitrary_proof_header_is_survived(text in "(v1;)?(k=)?[a-f0-9;=bst\\PC]{0,60}") {
        prop_assert!(text.parse::<Proof>().is_err());
    }
}

#[test]
fn every_proper_prefix_of_a_frame_is_an_error() {
    for name in ["execute_command", "action_preflight", "registered", "pong"] {
        let json = golden(&format!("from-server/{name}.json"));
        let json = json.trim_ascii_end();
        for end in 0..json.len() {
            assert!(
                Frame::<FromServer>::from_json(&json[..end]).is_err(),
                "{name} cut at {end}"
            );
        }
    }
}

#[test]
fn what_is_no_report_is_an_error() {
    for json in [
        "",
        " ",
        "null",
        "true",
        "7",
        "\"x\"",
        "[]",
        "[{}]",
        "{",
        "{}{}",
        "{} x",
        "{},",
        "\u{feff}{}",
        "{'host':1}",
        "{\"host\":7}",
        "{\"host\":[]}",
        "{\"disks\":{}}",
        "{\"disks\":\"x\"}",
        "{\"host\":{\"hostname\":7}}",
        "{\"host\":{\"cpuCount\":\"4\"}}",
        "{\"host\":{\"cpuCount\":true}}",
        "{\"host\":{\"uptimeSeconds\":1e999}}",
        "{\"host\":{\"uptimeSeconds\":NaN}}",
        "{\"timestamp\":7}",
        "{\"timestamp\":\"yesterday\"}",
        "{\"sensors\":{\"fanRpm\":[1]}}",
        "{\"sensors\":{\"fanRpm\":{\"a\":\"1\"}}}",
    ] {
        assert!(HostReport::from_json(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn a_member_said_twice_is_an_error() {
    for json in [
        r#"{"host":{},"host":{}}"#,
        r#"{"host":{"hostname":"a","hostname":"b"}}"#,
        r#"{"host":{"hostname":"a","host\u006eame":"b"}}"#,
    ] {
        assert!(HostReport::from_json(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for member in ["disks", "unknown", "host"] {
            for depth in [pulse_protocol::limits::DEPTH, 100_000] {
                let (open, close) = (open.repeat(depth), close.repeat(depth));
                let json = format!("{{\"{member}\":{open}1{close}}}");
                feed(json.as_bytes());
                assert!(
                    HostReport::from_json(json.as_bytes()).is_err(),
                    "{member} {depth}"
                );
            }
        }
    }
}

#[test]
fn a_digit_storm_is_survived() {
    let digits = "9".repeat(400);
    for number in [
        digits.clone(),
        format!("0.{digits}"),
        format!("1e-{digits}"),
    ] {
        feed(format!("{{\"host\":{{\"uptimeSeconds\":{number}}}}}").as_bytes());
    }
}
