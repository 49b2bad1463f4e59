//! What becomes of lists and inspections.

use super::*;

const ID: &str = "e2173b9478a6ae55e237d4d74f8bbb753f0817192b5081334dc78476296b7dfb";

fn listed(json: &str) -> Listed {
    serde_json::from_str(json).expect("a listed container")
}

fn now() -> Time {
    Time::from_second(1_700_000_000).expect("a time")
}

#[test]
fn a_name_with_quotes_and_newlines_stays_one_line() {
    let listed = listed(&format!(
        r#"{{"Id":"{ID}","Names":["/we\"b'\n1\u001b[31m","/x/y"]}}"#
    ));
    assert_eq!(listed.name(), "we\"b' 1 [31m");
    assert!(listed.is_reported());
}

#[test]
fn without_a_name_the_short_id_is_shown() {
    assert_eq!(
        listed(&format!(r#"{{"Id":"{ID}","Names":null}}"#)).name(),
        "e2173b9478a6"
    );
}

#[test]
fn what_an_update_put_aside_and_what_has_no_usable_id_is_left_out() {
    for json in [
        r#"{"Id":"a1","Names":["/web_pulse_backup_20260101_000000"]}"#,
        r#"{"Id":"../info","Names":["/x"]}"#,
        r#"{"Id":"","Names":["/x"]}"#,
        r#"{"Id":"a b","Names":["/x"]}"#,
    ] {
        assert!(!listed(json).is_reported(), "{json}");
    }
}

#[test]
fn a_state_nobody_has_heard_of_is_kept_as_it_is() {
    let state = |word: &str| listed(&format!(r#"{{"Id":"{ID}","State":"{word}"}}"#)).state();
    assert_eq!(state("Running"), ContainerState::Running);
    assert_eq!(state("stopped"), ContainerState::Exited);
    assert_eq!(
        state("hibernating"),
        ContainerState::Unknown("hibernating".to_owned())
    );
}

#[test]
fn what_is_not_known_is_absent_and_not_zero() {
    let listed = listed(&format!(
        r#"{{"Id":"{ID}","State":"running","Status":"Up 4 hours"}}"#
    ));
    let container = listed.report(None, Figures::default(), now());
    assert_eq!(
        (container.cpu_percent, container.memory_usage_bytes),
        (None, None)
    );
    assert_eq!((container.restart_count, container.exit_code), (None, None));
    assert_eq!(
        (container.oom_killed, container.uptime_seconds),
        (None, None)
    );
    let json = serde_json::to_string(&container).expect("JSON");
    for member in ["cpuPercent", "memoryPercent", "restartCount", "oomKilled"] {
        assert!(!json.contains(member), "{json}");
    }
}

#[test]
fn the_exit_code_is_in_the_list_too() {
    let status = |text: &str| exit_code(text);
    assert_eq!(status("Exited (137) 5 minutes ago"), Some(137));
    assert_eq!(status("Restarting (1) 2 seconds ago"), Some(1));
    assert_eq!(status("Up 4 hours (healthy)"), None);
    assert_eq!(status("Exited"), None);
}

#[test]
fn inspection_fills_in_times_limits_and_masked_environment() {
    let inspected: Inspected = serde_json::from_str(
        r#"{"RestartCount":7,"State":{"ExitCode":137,"OOMKilled":true,"StartedAt":"2023-11-14T22:00:00Z",
        "FinishedAt":"2023-11-14T22:10:00Z"},"Config":{"Image":"shop:1","Env":["A=b","API_KEY=x"]},
        "HostConfig":{"Memory":1024}}"#,
    )
    .expect("an inspection");
    let details = Details::of(&inspected);
    let gone = listed(&format!(
        r#"{{"Id":"{ID}","State":"exited","Image":"sha256:abc","ImageID":"sha256:abc"}}"#
    ));
    let container = gone.report(Some(&details), Figures::default(), now());
    assert_eq!(
        (container.restart_count, container.exit_code),
        (Some(7), Some(137))
    );
    assert_eq!(
        (container.oom_killed, container.uptime_seconds),
        (Some(true), Some(0))
    );
    assert_eq!(container.memory_limit_bytes, Some(1024));
    assert_eq!(container.env, ["A=b", "API_KEY=***"]);
    assert_eq!(
        container.image, "shop:1",
        "what it was made from, not the id"
    );
    assert!(container.finished_at.is_some());
    let running = listed(&format!(
        r#"{{"Id":"{ID}","State":"running","Image":"other:2"}}"#
    ));
    let container = running.report(Some(&details), Figures::default(), now());
    assert_eq!(
        container.uptime_seconds,
        Some(1_700_000_000 - 1_699_999_200)
    );
    assert_eq!(
        (container.finished_at, container.image.as_str()),
        (None, "other:2")
    );
}

#[test]
fn ports_come_in_one_order() {
    let read = |json: &str| {
        ports(Some(
            &serde_json::from_str::<Vec<Port>>(json).expect("ports"),
        ))
    };
    let one = read(
        r#"[{"PrivatePort":80,"PublicPort":8080,"IP":"::","Type":"tcp"},{"PrivatePort":53,"Type":"udp"}]"#,
    );
    let other = read(
        r#"[{"PrivatePort":53,"Type":"udp"},{"PrivatePort":80,"PublicPort":8080,"IP":"::","Type":"tcp"}]"#,
    );
    assert_eq!(one, other);
    assert_eq!((one[0].private_port, one[1].public_port), (53, 8080));
}
