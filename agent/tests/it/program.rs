//! The program itself: what it prints, how it ends, and what it never says.

use std::process::{Output, Stdio};

use pulse_protocol::report::host::HostReport;
use tokio::process::{Child, Command};

use crate::server::{Answer, Server};

const SECRET: &str = "s3cret-t0ken-of-the-operator";

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pulse-agent"));
    command
        .args(arguments)
        .env_clear()
        .env("PULSE_HEALTH_ADDR", "off")
        .env("LOG_LEVEL", "trace")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn output(arguments: &[&str]) -> (bool, String, String) {
    let output = program(arguments).output().await.expect("the program runs");
    texts(output)
}

fn texts(output: Output) -> (bool, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[cfg(unix)]
fn terminate(child: &Child) {
    use nix::sys::signal::{Signal, kill};
    let process = i32::try_from(child.id().expect("it runs")).expect("a process id");
    kill(nix::unistd::Pid::from_raw(process), Signal::SIGTERM).expect("a signal");
}

#[cfg(unix)]
#[tokio::test]
async fn a_token_as_an_argument_is_warned_about_and_never_repeated() {
    let state = tempfile::tempdir().expect("a directory");
    let mut answers = vec![Answer::taken(), Answer::json(401, "no"), Answer::busy()];
    let mut server = Server::answering(move |_| answers.pop().unwrap_or_else(Answer::taken)).await;
    let state_dir = state.path().display().to_string();
    let arguments = [
        "-url",
        &server.url,
        "-token",
        SECRET,
        "-state-dir",
        &state_dir,
        "-interval=100ms",
    ];
    let child = program(&arguments).spawn().expect("the program runs");
    assert_eq!(server.next().await.header("x-api-token"), SECRET);
    server.next().await;
    terminate(&child);
    let output = child.wait_with_output().await.expect("the program ends");
    let (is_success, stdout, stderr) = texts(output);
    assert!(is_success, "{stderr}");
    assert!(stderr.contains("--token-file"), "{stderr}");
    assert!(
        stderr.contains("agent starts") && stderr.contains("agent stops"),
        "{stderr}"
    );
    assert!(
        stderr
            .lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
    );
    for text in [stdout, stderr] {
        assert!(!text.contains(SECRET), "{text}");
    }
    let kept = std::fs::read_to_string(state.path().join("report-buffer.json")).expect("kept");
    assert!(!kept.contains(SECRET));
}

#[cfg(unix)]
#[tokio::test]
async fn what_something_else_answered_is_sent_again_and_warned_about_once() {
    let state = tempfile::tempdir().expect("a directory");
    let mut foreign = [Answer::json(200, ""), Answer::json(200, "[]")].into_iter();
    let mut server = Server::answering(move |_| foreign.next().unwrap_or_else(Answer::taken)).await;
    let state_dir = state.path().display().to_string();
    let arguments = [
        "-url",
        &server.url,
        "-state-dir",
        &state_dir,
        "-interval=1h",
    ];
    let child = program(&arguments)
        .env("PULSE_TOKEN", SECRET)
        .spawn()
        .expect("the program runs");
    let first = server.next().await.report().sequence_id;
    for _ in 0..2 {
        assert_eq!(server.next().await.report().sequence_id, first);
    }
    terminate(&child);
    let output = child.wait_with_output().await.expect("the program ends");
    let (is_success, _, stderr) = texts(output);
    assert!(is_success, "{stderr}");
    let warning = format!("something else than Pulse answered at {}/", server.url);
    assert_eq!(stderr.matches(&warning).count(), 1, "{stderr}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_agent_does_not_wait_for_what_will_never_come() {
    let state = tempfile::tempdir().expect("a directory");
    let state_dir = state.path().join("state").display().to_string();
    let pipe = state.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    for name in ["--token-file", "--agent-id-file"] {
        let pipe = format!("{name}={}", pipe.display());
        let (is_success, _, stderr) = output(&["--state-dir", &state_dir, &pipe]).await;
        let last = stderr.lines().last().expect("a sentence");
        assert!(
            !is_success && last.starts_with("Error: ") && last.contains("not a regular file"),
            "{stderr}"
        );
    }
}

#[tokio::test]
async fn the_report_can_be_looked_at_without_server_or_token() {
    let state = tempfile::tempdir().expect("a directory");
    let state_dir = state.path().join("none").display().to_string();
    let (is_success, stdout, stderr) = output(&[
        "--once",
        "--print",
        "--enable-docker=false",
        "--state-dir",
        &state_dir,
        "--tag",
        "here",
    ])
    .await;
    assert!(is_success, "{stderr}");
    let report = HostReport::from_json(stdout.as_bytes()).expect("a report");
    assert_eq!(report.tags, ["here"]);
    assert!(report.metrics.cpu_usage_percent.is_some() && !report.host.hostname.is_empty());
    assert!(
        !state.path().join("none").exists(),
        "looking leaves nothing behind"
    );
}

#[tokio::test]
async fn questions_about_the_program_are_answered_on_standard_output() {
    let (is_success, stdout, _) = output(&["-version"]).await;
    assert!(is_success && stdout.trim() == env!("CARGO_PKG_VERSION"));
    let (is_success, stdout, _) = output(&["--help"]).await;
    assert!(is_success && stdout.contains("--disk-exclude"));
    assert!(output(&["--self-test"]).await.0);
}

#[tokio::test]
async fn mistakes_end_the_program_with_one_sentence() {
    for (arguments, part) in [
        (["--nonsense"].as_slice(), "--nonsense"),
        (&["--interval", "never"], "--interval"),
        (&["--self-test", "--log-level=loud"], "--log-level"),
        (
            &["--log-file=/nonexistent/agent.log"],
            "/nonexistent/agent.log",
        ),
    ] {
        let (is_success, _, stderr) = output(arguments).await;
        assert!(
            !is_success && stderr.starts_with("Error: ") && stderr.contains(part),
            "{stderr}"
        );
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}
