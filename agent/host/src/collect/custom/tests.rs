//! Programs and addresses that say values, and some that do not.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use pulse_protocol::report::host::HostReport;

use super::*;
use crate::collector::{Pause, Settings};
use crate::hwmon::tests::write;
use crate::roots::Roots;

fn at(seconds: i64) -> Time {
    Time::from_second(seconds).expect("a time")
}

fn collect(
    custom: &mut Custom,
    settings: &Settings,
    now: Time,
) -> Result<Vec<CustomSensor>, Error> {
    let cx = Context {
        roots: &Roots::default(),
        settings,
        now,
        deadline: Instant::now() + BUDGET,
        pause: &Pause::default(),
    };
    let mut report = HostReport::default();
    custom.collect(&cx)?.fill(&mut report);
    Ok(report.sensors.custom)
}

fn program(path: &std::path::Path, script: &str) {
    write(path, &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

#[test]
fn a_program_is_asked_and_its_last_value_outlives_a_failure() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, tool) = (
        directory.path().join("sensors"),
        directory.path().join("ups"),
    );
    let text = format!(
        "version: 1\nsensors:\n  - id: ups\n    name: UPS\n    command: {}\n    interval: 10s\n    \
         staleAfter: 60s\n    warningBelow: 10\n",
        tool.display()
    );
    write(&file, &text);
    let settings = Settings {
        custom_sensors: Some(file.clone()),
        ..Settings::default()
    };
    let mut custom = Custom::default();
    program(&tool, "echo 7.5");
    let told = collect(&mut custom, &settings, at(100)).expect("sensors");
    assert_eq!(
        (told[0].value, &told[0].status),
        (Some(7.5), &SensorStatus::Warning)
    );
    let told = collect(&mut custom, &settings, at(161)).expect("sensors");
    assert!(
        told[0].stale,
        "not asked again so soon, and older than it may be"
    );

    program(&tool, "echo rubbish");
    custom.told.values_mut().for_each(|told| {
        told.asked = told.asked.checked_sub(EVERY).expect("a past");
    });
    let told = collect(&mut custom, &settings, at(170)).expect("sensors");
    assert_eq!(
        (told[0].value, &told[0].status),
        (Some(7.5), &SensorStatus::Error)
    );
    assert_eq!(told[0].error, "\"rubbish\" is no number");

    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("a mode");
    let refused = collect(&mut custom, &settings, at(180)).expect_err("a refusal");
    assert!(refused.to_string().contains("can change it"), "{refused}");
    let none = collect(&mut custom, &Settings::default(), at(0));
    assert!(matches!(none, Err(Error::Absent(_))));
}

#[test]
fn an_address_is_asked() {
    let limits = Limits {
        time: Duration::from_secs(20),
        output: ANSWER,
    };
    for (answer, expected) in [
        (
            "HTTP/1.1 200 OK\r\nA: b\r\n\r\n{\"value\": 3}",
            Ok("{\"value\": 3}"),
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
            Err("it answered with 302"),
        ),
        ("SSH-2.0\r\n", Err("it does not speak HTTP")),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/door", listener.local_addr().expect("an address"));
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut request = [0; 512];
            let read = stream.read(&mut request).expect("a request");
            stream.write_all(answer.as_bytes()).expect("an answer");
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        let got = fetch::get(&url, limits);
        assert_eq!(got.as_deref().map_err(String::as_str), expected);
        assert!(
            server
                .join()
                .expect("a request")
                .starts_with("GET /door HTTP/1.0\r\n")
        );
    }
    assert!(fetch::get("http://a b/", limits).is_err());
}

#[test]
fn values_are_read_by_their_kind() {
    let now = at(1_000);
    let read = |kind: SensorKind, text: &str| value(&kind, text, now).map(|answer| answer.value);
    assert_eq!(read(SensorKind::Boolean, "on\n"), Ok(1.0));
    assert!(read(SensorKind::Boolean, "maybe").is_err());
    assert_eq!(
        read(SensorKind::Timestamp, "1970-01-01T00:15:00Z"),
        Ok(100.0)
    );
    assert!(read(SensorKind::Number, "NaN").is_err());
    let told = value(
        &SensorKind::Number,
        r#"{"value": "4", "observedAt": "1970-01-01T00:00:05Z"}"#,
        now,
    );
    let told = told.expect("a value");
    assert_eq!((told.value, told.observed_at), (4.0, at(5)));
}
