//! Container engines, reported beside the machine: an invented engine, an invented server.
#![cfg(unix)]

use std::convert::Infallible;
use std::path::Path;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use pulse_protocol::report::docker::{CommandAck, DockerReport, EngineRuntime};
use pulse_protocol::report::host::{HostReport, ModuleState, ModuleStatus};
use tokio::net::UnixListener;

use crate::agent::{Agent, token_file};
use crate::server::{Answer, DOCKER, REPORT, Seen, Server};

/// An engine with one container, at the place an agent in `state` looks at.
fn engine(state: &Path) {
    let directory = state.join("machine/var/run");
    std::fs::create_dir_all(&directory).expect("a directory");
    let listener = UnixListener::bind(directory.join("docker.sock")).expect("a socket");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(answer);
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().trim_start_matches("/v1.41");
    let body = match path {
        "/version" => r#"{"Version":"20.10","ApiVersion":"1.41","Components":[{"Name":"Engine"}]}"#,
        "/info" => r#"{"ID":"A","Name":"lathe","NCPU":2,"MemTotal":4096}"#,
        "/containers/json" => {
            r#"[{"Id":"c1","Names":["/web"],"State":"exited","Status":"Exited (3) 1 hour ago"}]"#
        }
        "/containers/c1/json" => r#"{"State":{"ExitCode":3}}"#,
        "/networks" => "nonsense",
        _ => "[]",
    };
    Ok(Response::new(Full::new(Bytes::from(body))))
}

fn is_docker(seen: &Seen) -> bool {
    seen.path == DOCKER
}

async fn docker_report(server: &mut Server) -> DockerReport {
    loop {
        let seen = server.next().await;
        if is_docker(&seen) {
            return DockerReport::from_json(&seen.json()).expect("a report");
        }
    }
}

/// Waits for a host report that tells how the engines are.
async fn module(server: &mut Server) -> (HostReport, ModuleStatus) {
    loop {
        let seen = server.next().await;
        if is_docker(&seen) {
            continue;
        }
        let report = seen.report();
        let module = report
            .agent
            .modules
            .iter()
            .find(|module| module.name == "docker")
            .cloned();
        if let Some(module) = module {
            return (report, module);
        }
    }
}

#[tokio::test]
async fn what_an_engine_runs_is_reported_under_the_agents_id() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(
        &server.url,
        state.path(),
        "50ms",
        &[&token, "--docker-exclude=none"],
    );
    let report = docker_report(&mut server).await;
    assert_eq!(report.agent.id, "01234567-89ab-cdef-0123-456789abcdef");
    assert_eq!(
        (report.agent.kind.as_str(), report.host.hostname.as_str()),
        ("unified", "web1")
    );
    assert_eq!(
        (&report.host.runtime, report.host.docker_version.as_str()),
        (&EngineRuntime::Docker, "20.10")
    );
    assert_eq!(
        (
            report.containers[0].name.as_str(),
            report.containers[0].exit_code
        ),
        ("web", Some(3))
    );
    let mut report = report;
    while report.host.memory.total_bytes.is_none() {
        report = docker_report(&mut server).await;
    }
    assert_eq!(
        report.host.memory.total_bytes,
        Some(4096),
        "as the machine's own report says"
    );
    let (_, module) = module(&mut server).await;
    assert_eq!(
        (module.enabled, &module.state),
        (true, &ModuleState::Running)
    );
    assert!(
        module
            .last_error
            .starts_with("networks: the answer makes no sense"),
        "{}",
        module.last_error
    );
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_server_that_knows_no_engines_still_gets_the_machine() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let mut server = Server::answering(|seen| match is_docker(seen) {
        true => Answer::json(404, r#"{"error":"no such route","code":"route_not_found"}"#),
        false => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "50ms", &[&token]);
    let mut hosts = 0;
    while hosts < 5 {
        hosts += usize::from(server.next().await.path == REPORT);
    }
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn an_engine_the_server_wants_no_more_of_is_not_read_any_more() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let removed = r#"{"error":"docker host \"x\" was removed","code":"invalid_report"}"#;
    let mut server = Server::answering(move |seen| match is_docker(seen) {
        true => Answer::json(400, removed),
        false => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "50ms", &[&token]);
    docker_report(&mut server).await;
    let (_, module) = module(&mut server).await;
    assert_eq!(
        (module.enabled, &module.state),
        (false, &ModuleState::Disabled)
    );
    assert!(
        module.last_error.contains("was removed"),
        "{}",
        module.last_error
    );
    for _ in 0..10 {
        assert_eq!(server.next().await.path, REPORT);
    }
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn an_engine_that_is_wanted_and_not_there_is_named() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(
        &server.url,
        state.path(),
        "50ms",
        &[&token, "--enable-docker"],
    );
    let (_, module) = module(&mut server).await;
    assert_eq!(module.state, ModuleState::Retrying);
    assert!(
        module.last_error.contains("docker.sock"),
        "{}",
        module.last_error
    );
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn switched_off_no_engine_is_read() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(
        &server.url,
        state.path(),
        "20ms",
        &[&token, "--enable-docker=false"],
    );
    for _ in 0..10 {
        let report = server.next().await.report();
        assert!(
            report
                .agent
                .modules
                .iter()
                .all(|module| module.name != "docker")
        );
    }
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn what_the_server_asks_of_engines_is_done_once_and_acknowledged() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    // Handed over twice, as a server does that did not hear.
    let asked = r#"{"success":true,"commands":[{"id":"a:1","type":"check_updates"},{"id":"b","type":"update_all"},{"id":"../x","type":"stop"}]}"#;
    let mut handed_over = 0;
    let mut server = Server::answering(move |seen| {
        let is_handed_over = is_docker(seen) && handed_over < 2;
        handed_over += usize::from(is_handed_over);
        match is_handed_over {
            true => Answer::json(200, asked),
            false => Answer::taken(),
        }
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "20ms", &[&token]);
    let mut acks = Vec::new();
    while acks.len() < 5 {
        let seen = server.next().await;
        if let Some(rest) = seen.path.strip_prefix("/api/agents/docker/commands/") {
            let ack = CommandAck::from_json(&seen.body).expect("an acknowledgement");
            assert_eq!(ack.agent_id, "01234567-89ab-cdef-0123-456789abcdef");
            acks.push(format!("{rest} {}", ack.status));
        }
    }
    let expected = [
        "a:1/ack in_progress",
        "a:1/ack completed",
        "b/ack failed",
        "a:1/ack completed",
        "b/ack failed",
    ];
    assert_eq!(acks, expected);
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn an_engine_that_is_to_stop_says_so_and_is_not_reported_any_more() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let asked = r#"{"success":true,"commands":[{"id":"b","type":"stop"}]}"#;
    let mut server = Server::answering(move |seen| match is_docker(seen) {
        true => Answer::json(200, asked),
        false => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "20ms", &[&token]);
    docker_report(&mut server).await;
    let (mut acks, mut hosts) = (Vec::new(), 0);
    while hosts < 10 {
        let seen = server.next().await;
        match seen.path.strip_prefix("/api/agents/docker/commands/") {
            Some(rest) => {
                let ack = CommandAck::from_json(&seen.body).expect("an acknowledgement");
                acks.push(format!("{rest} {}", ack.status));
            }
            None => {
                assert_eq!(seen.path, REPORT);
                hosts += 1;
            }
        }
    }
    assert_eq!(acks, ["b/ack completed"]);
    let (_, module) = module(&mut server).await;
    assert_eq!(module.state, ModuleState::Disabled);
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_machine_somebody_removed_is_offered_again_until_it_is_allowed() {
    let state = tempfile::tempdir().expect("a directory");
    engine(state.path());
    let removed = r#"{"error":"host \"x\" was removed","code":"invalid_report"}"#;
    let mut server = Server::answering(move |seen| match is_docker(seen) {
        true => Answer::taken(),
        false => Answer::json(400, removed),
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "20ms", &[&token]);
    let (mut hosts, mut engines) = (0, 0);
    while engines < 3 || hosts < 3 {
        match is_docker(&server.next().await) {
            true => engines += 1,
            false => hosts += 1,
        }
    }
    agent.stop().await.expect("a clean end");
}
