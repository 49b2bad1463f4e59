//! The checked-in JSON of version 0.1.0, both ways.

use std::path::PathBuf;

use pulse_protocol::Error;
use pulse_protocol::command::{Frame, FromAgent, FromServer};
use pulse_protocol::config::{ConfigAnswer, ConfigFingerprint};
use pulse_protocol::enrol::{EnrolAnswer, EnrolRequest};
use pulse_protocol::lookup::LookupAnswer;
use pulse_protocol::report::docker::{
    CommandAck, CommandAckAnswer, DockerReport, DockerReportAnswer,
};
use pulse_protocol::report::host::{HostReport, HostReportAnswer};
use pulse_protocol::report::kubernetes::{KubernetesReport, KubernetesReportAnswer};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::any::{KEY, full};

pub fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/protocol/0.1.0")
}

pub fn golden(name: &str) -> Vec<u8> {
    let path = directory().join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Reads a golden and asserts that writing it again gives the same JSON.
fn both_ways<T: Serialize>(name: &str, read: impl Fn(&[u8]) -> Result<T, Error>) -> T {
    let json = golden(name);
    let value = read(&json).unwrap_or_else(|e| panic!("{name}: {e}"));
    let expected: Value = serde_json::from_slice(&json).unwrap();
    let written: Value = serde_json::from_slice(&serde_json::to_vec(&value).unwrap()).unwrap();
    assert_eq!(written, expected, "{name}");
    value
}

fn plain<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    Ok(serde_json::from_slice(json)?)
}

#[test]
fn reports_are_read_and_written_as_checked_in() {
    for extent in ["minimal", "full"] {
        let host = both_ways(&format!("host-{extent}.json"), HostReport::from_json);
        let docker = both_ways(&format!("docker-{extent}.json"), DockerReport::from_json);
        let name = format!("kubernetes-{extent}.json");
        let kubernetes = both_ways(&name, KubernetesReport::from_json);
        assert!(host.shed.is_nothing() && docker.shed.is_nothing() && kubernetes.shed.is_nothing());
    }
}

#[test]
fn answers_are_read_and_written_as_checked_in() {
    both_ways("host-answer.json", HostReportAnswer::from_json);
    both_ways("docker-answer.json", DockerReportAnswer::from_json);
    both_ways("kubernetes-answer.json", plain::<KubernetesReportAnswer>);
    both_ways("enrol-request.json", EnrolRequest::from_json);
    both_ways("enrol-answer.json", EnrolAnswer::from_json);
    both_ways("config-answer.json", ConfigAnswer::from_json);
    both_ways("lookup-answer.json", LookupAnswer::from_json);
    both_ways("command-ack.json", CommandAck::from_json);
    both_ways("command-ack-answer.json", plain::<CommandAckAnswer>);
}

/// Reads every frame of a directory; each file is named after its message type.
fn frames(side: &str, check: impl Fn(&str, &str)) {
    let mut count = 0;
    for entry in std::fs::read_dir(directory().join(side)).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        check(
            file.strip_suffix(".json").unwrap(),
            &format!("{side}/{file}"),
        );
        count += 1;
    }
    assert!(count >= 10, "{count} frames in {side}");
}

#[test]
fn every_frame_of_the_server_is_read_and_written_as_checked_in() {
    frames("from-server", |kind, name| {
        let frame = both_ways(name, Frame::<FromServer>::from_json);
        assert!(!matches!(frame.message, FromServer::Unknown(_)), "{kind}");
    });
}

#[test]
fn every_frame_of_the_agent_is_read_and_written_as_checked_in() {
    frames("from-agent", |kind, name| {
        let frame = both_ways(name, Frame::<FromAgent>::from_json);
        assert!(!matches!(frame.message, FromAgent::Unknown(_)), "{kind}");
    });
}

#[test]
fn every_message_type_has_a_golden() {
    for (side, kinds) in [
        ("from-server", FromServer::KINDS),
        ("from-agent", FromAgent::KINDS),
    ] {
        for kind in kinds {
            assert!(
                directory().join(side).join(format!("{kind}.json")).exists(),
                "{kind}"
            );
        }
    }
}

#[test]
fn full_goldens_hold_every_member_the_types_know() {
    covers(&full::<HostReport>(), "host-full.json");
    covers(&full::<HostReportAnswer>(), "host-answer.json");
    covers(&full::<DockerReport>(), "docker-full.json");
    covers(&full::<DockerReportAnswer>(), "docker-answer.json");
    covers(&full::<CommandAckAnswer>(), "command-ack-answer.json");
    covers(&full::<KubernetesReport>(), "kubernetes-full.json");
}

fn covers<T: Serialize>(full: &T, name: &str) {
    let golden: Value = serde_json::from_slice(&golden(name)).unwrap();
    covers_value(&serde_json::to_value(full).unwrap(), &golden, name);
}

fn covers_value(full: &Value, golden: &Value, at: &str) {
    match full {
        Value::Array(elements) => {
            assert!(golden[0] != Value::Null, "{at} is empty");
            covers_value(&elements[0], &golden[0], at);
        }
        Value::Object(members) => {
            let golden = golden.as_object().unwrap();
            for (name, member) in members {
                let found = match name.starts_with(KEY) {
                    true => golden.values().next(),
                    false => golden.get(name),
                };
                let at = format!("{at}.{name}");
                covers_value(
                    member,
                    found.unwrap_or_else(|| panic!("{at} is missing")),
                    &at,
                );
            }
        }
        _ => {}
    }
}

#[test]
fn the_checked_in_configuration_has_the_fingerprint_of_its_settings() {
    use sha2::{Digest, Sha256};
    let answer = ConfigAnswer::from_json(&golden("config-answer.json")).unwrap();
    let config = answer.config;
    let text = pulse_protocol::config::fingerprint_text(config.commands_enabled, &config.settings);
    let fingerprint = ConfigFingerprint::from_digest(&Sha256::digest(text).into());
    assert_eq!(config.desired_config, Some(fingerprint));
    assert_eq!(config.settings.targets().unwrap()[0].id, "t1");
}
