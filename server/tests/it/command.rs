//! The command line.

use std::os::unix::fs::PermissionsExt;

use crate::process::{Server, pulse};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_version_is_the_products() {
    let output = pulse(&["--version"]);
    assert!(output.status.success());
    assert_eq!(
        text(&output.stdout),
        format!("pulse {}\n", pulse_server::VERSION)
    );
}

#[test]
fn completions_know_the_commands() {
    let output = pulse(&["completions", "bash"]);
    assert!(output.status.success() && text(&output.stdout).contains("healthcheck"));
}

#[test]
fn the_first_runs_token_is_printed_and_never_logged() {
    let dir = tempfile::tempdir().expect("a directory");
    let data_dir = dir.path().join("data");
    let missing = pulse(&[
        "bootstrap-token",
        "--data-dir",
        data_dir.to_str().expect("plain"),
    ]);
    assert!(!missing.status.success());
    assert_eq!(
        text(&missing.stderr).lines().count(),
        1,
        "{}",
        text(&missing.stderr)
    );
    let _server = Server::start(&data_dir);
    let printed = pulse(&[
        "bootstrap-token",
        "--data-dir",
        data_dir.to_str().expect("plain"),
    ]);
    let token = text(&printed.stdout).trim().to_owned();
    assert!(
        token.len() == 48 && token.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{token}"
    );
    let mode = std::fs::metadata(&data_dir)
        .expect("a directory")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn the_healthcheck_tells_a_server_from_none() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::start(&dir.path().join("data"));
    assert!(
        pulse(&["healthcheck", "--url", &server.url])
            .status
            .success()
    );
    let url = server.url.clone();
    server.kill();
    let down = pulse(&["healthcheck", "--url", &url]);
    assert!(!down.status.success() && text(&down.stderr).lines().count() == 1);
}

#[test]
fn refusing_to_start_says_why_in_one_sentence() {
    let dir = tempfile::tempdir().expect("a directory");
    let data_dir = dir.path().join("data");
    let server = Server::start(&data_dir);
    let data_dir = data_dir.to_str().expect("plain");
    let taken = server.url.trim_start_matches("http://").to_owned();
    let other = dir.path().join("other");
    let other = other.to_str().expect("plain");
    let file = dir.path().join("pulse.toml");
    std::io::Write::write_all(
        &mut std::fs::File::create(&file).expect("a file"),
        b"lissten = 1\n",
    )
    .expect("written");
    let file = file.to_str().expect("plain");
    let cases: [(&[&str], &str); 5] = [
        (
            &["serve", "--data-dir", data_dir, "--listen", "127.0.0.1:0"],
            data_dir,
        ),
        (&["serve", "--data-dir", other, "--listen", &taken], &taken),
        (&["serve", "--data-dir", other, "--config", file], "lissten"),
        (
            &[
                "serve",
                "--data-dir",
                other,
                "--trusted-proxy-cidrs",
                "0.0.0.0/0",
            ],
            "0.0.0.0/0",
        ),
        (
            &["serve", "--data-dir", other, "--https-enabled", "on"],
            "TLS_CERT_FILE",
        ),
    ];
    for (arguments, named) in cases {
        let output = pulse(arguments);
        let said = text(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        let sentence = said.lines().find(|line| line.starts_with("pulse: "));
        assert!(
            sentence.is_some_and(|line| line.contains(named)),
            "{arguments:?}: {said}"
        );
    }
}
