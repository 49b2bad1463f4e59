//! Reports arrive whole, in order and with their own times, whatever the server does meanwhile.

use pulse_protocol::report::host::{HostReport, ModuleState};
use pulse_protocol::report::sequence::Sequence;

use crate::agent::{Agent, config, token_file, write};
use crate::server::{Answer, REPORT, Server};

fn number(report: &HostReport) -> u64 {
    Sequence::parse(&report.sequence_id)
        .expect("a position")
        .number
}

/// Numbers and seconds of the reports kept in a state directory.
fn kept(state: &std::path::Path) -> Vec<(u64, i64)> {
    let file = std::fs::read(state.join("report-buffer.json")).expect("kept reports");
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&file).expect("a list");
    let read = |json: &serde_json::Value| HostReport::from_json(json.to_string().as_bytes());
    reports
        .iter()
        .map(|json| position(&read(json).expect("a report")))
        .collect()
}

fn position(report: &HostReport) -> (u64, i64) {
    (
        number(report),
        report.timestamp.expect("a time").as_second(),
    )
}

#[tokio::test]
async fn a_report_says_who_what_and_when() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123\n");
    let more = [
        &token,
        "--tag=rack1",
        "--report-ip=192.0.2.7",
        "--disk-exclude=/mnt/x",
    ];
    let agent = Agent::start(&server.url, state.path(), "10s", &more);
    let seen = server.next().await;
    assert_eq!(seen.header("authorization"), "Bearer abc123");
    assert_eq!(seen.header("x-api-token"), "abc123");
    assert_eq!(seen.header("content-type"), "application/json");
    assert!(seen.header("user-agent").starts_with("pulse-agent/"));
    assert_eq!(
        seen.header("pulse-proof"),
        "",
        "a server that did not enrol it knows no key"
    );

    let report = seen.report();
    let id = "01234567-89ab-cdef-0123-456789abcdef";
    assert_eq!(
        (report.agent.id.as_str(), report.host.machine_id.as_str()),
        (id, id)
    );
    assert_eq!(
        (report.agent.kind.as_str(), report.agent.interval_seconds),
        ("unified", Some(10))
    );
    assert_eq!(
        (
            report.host.hostname.as_str(),
            report.host.report_ip.as_str()
        ),
        ("web1", "192.0.2.7")
    );
    assert_eq!(
        (&report.tags[..], number(&report)),
        (&["rack1".to_owned()][..], 1)
    );
    assert_eq!(report.agent.disk_exclude, ["/mnt/x"]);
    assert_eq!(report.metrics.memory.total_bytes, Some(4096));
    let modules: Vec<_> = report
        .agent
        .modules
        .iter()
        .map(|m| (m.name.as_str(), &m.state))
        .collect();
    assert_eq!(
        modules,
        [
            ("host", &ModuleState::Running),
            ("memory", &ModuleState::Running)
        ]
    );
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn what_waited_is_sent_in_order_with_its_own_times() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::busy()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "100ms", &[&token]);
    let refused = position(&server.next().await.report());
    assert_eq!(refused.0, 1);
    server.answer(|_| Answer::taken());
    let mut times = Vec::new();
    for expected in 1..=8 {
        let (number, second) = position(&server.next().await.report());
        assert_eq!(
            number, expected,
            "nothing lost, nothing twice, nothing out of order"
        );
        times.push(second);
    }
    assert_eq!(times[0], refused.1, "the report keeps the time it was made");
    assert!(times.is_sorted_by(|a, b| a < b));
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn an_unknown_token_loses_nothing() {
    let state = tempfile::tempdir().expect("a directory");
    let refusal = Answer::json(401, "Unauthorized");
    let mut server = Server::answering(move |_| refusal.clone()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token]);
    let refused = position(&server.next().await.report());
    agent.stop().await.expect("a clean end");
    assert_eq!(kept(state.path()), [refused]);

    server.answer(|_| Answer::taken());
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token]);
    assert_eq!(position(&server.next().await.report()), refused);
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_report_the_server_will_never_take_does_not_block_the_next() {
    let state = tempfile::tempdir().expect("a directory");
    let mut answers = [400, 413, 415, 422].into_iter();
    let mut server = Server::answering(move |_| match answers.next() {
        Some(status) => Answer::json(status, r#"{"error":"no","code":"invalid_json"}"#),
        None => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "50ms", &[&token]);
    for expected in 1..=5 {
        assert_eq!(number(&server.next().await.report()), expected);
    }
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_login_page_is_no_server() {
    let state = tempfile::tempdir().expect("a directory");
    let page = Answer {
        status: 200,
        headers: vec![("content-type", "text/html; charset=utf-8")],
        body: "<html>Sign in".to_owned(),
    };
    let mut server = Server::answering(move |_| page.clone()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token]);
    let swallowed = position(&server.next().await.report());
    agent.stop().await.expect("a clean end");
    assert_eq!(kept(state.path()), [swallowed]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let state = tempfile::tempdir().expect("a directory");
    let mut elsewhere = Server::answering(|_| Answer::taken()).await;
    let location: &'static str = Box::leak(format!("{}{REPORT}", elsewhere.url).into_boxed_str());
    let redirect = Answer {
        status: 307,
        headers: vec![("location", location)],
        body: String::new(),
    };
    let mut server = Server::answering(move |_| redirect.clone()).await;
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token]);
    server.next().await;
    agent.stop().await.expect("a clean end");
    assert!(
        elsewhere.rest().is_empty(),
        "the token stays where it was sent"
    );
    assert_eq!(kept(state.path()).len(), 1);
}

#[tokio::test]
async fn the_id_the_server_uses_is_presented_after_a_restart() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123");
    for expected in ["01234567-89ab-cdef-0123-456789abcdef", "known-as"] {
        let agent = Agent::start(&server.url, state.path(), "1h", &[&token]);
        assert_eq!(server.next().await.report().agent.id, expected);
        let learned = || std::fs::read_to_string(state.path().join("agent-id"));
        while learned().expect("an id").trim() != "known-as" {
            tokio::task::yield_now().await;
        }
        agent.stop().await.expect("a clean end");
    }
}

#[tokio::test]
async fn a_taken_health_address_is_no_reason_not_to_report() {
    let state = tempfile::tempdir().expect("a directory");
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = taken.local_addr().expect("an address");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let token = token_file(state.path(), "abc123");
    let health = format!("--health-addr={address}");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token, &health]);
    server.next().await;
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_token_does_not_travel_unencrypted_to_a_public_address() {
    let state = tempfile::tempdir().expect("a directory");
    let token = token_file(state.path(), "abc123");
    let agent = Agent::start("http://192.0.2.1:7655", state.path(), "1h", &[&token]);
    let error = agent.ended().await.expect_err("refused").to_string();
    assert!(
        error.contains("https") && error.contains("--allow-plaintext-http"),
        "{error}"
    );
}

#[tokio::test]
async fn tokens_are_found_where_they_are_kept() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let missing = Agent::start(&server.url, state.path(), "1h", &[])
        .ended()
        .await;
    let error = missing.expect_err("no token").to_string();
    assert!(error.contains("--token-file"), "{error}");

    write(&state.path().join("token"), "kept-token\n");
    let agent = Agent::start(&server.url, state.path(), "1h", &[]);
    assert_eq!(server.next().await.header("x-api-token"), "kept-token");
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn collecting_can_be_switched_off() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|_| Answer::taken()).await;
    let arguments = [
        format!("--url={}", server.url),
        format!("--state-dir={}", state.path().display()),
        token_file(state.path(), "abc123"),
    ];
    let mut arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    arguments.extend(["--enable-host=false", "--health-addr=off"]);
    Agent::with(config(&arguments))
        .stop()
        .await
        .expect("a clean end");
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn an_agent_above_its_ceiling_leaves_work_out_in_order_and_goes_on_reporting() {
    let mut server = Server::answering(|_| Answer::taken()).await;
    let directory = tempfile::tempdir().expect("a directory");
    let token = token_file(directory.path(), "secret");
    // Less than any process has.
    let more = [token.as_str(), "--memory-ceiling=1M", "--cpu-ceiling=off"];
    let agent = Agent::start(&server.url, directory.path(), "50ms", &more);
    let mut shed: Vec<String> = Vec::new();
    let order = [
        "update-checks",
        "object-lists",
        "disk-usage",
        "container-details",
        "slow-collectors",
    ];
    while shed.len() < order.len() {
        let report = server.next().await.report();
        assert_eq!(report.metrics.memory.total_bytes, Some(4096));
        let Some(footprint) = report.agent.footprint else {
            continue;
        };
        assert_eq!(footprint.ceiling_bytes, Some(1 << 20));
        assert_eq!(footprint.ceiling_cpu_percent, None);
        assert!(footprint.shed.len() >= shed.len(), "{footprint:?}");
        shed = footprint.shed;
        assert_eq!(shed, order[..shed.len()]);
    }
    let footprint = server.next().await.report().agent.footprint;
    let footprint = footprint.expect("a footprint");
    assert!(footprint.sent_bytes > Some(0) && footprint.reports_sent > Some(0));
    assert_eq!(footprint.attempts_failed, Some(0));
    agent.stop().await.expect("it stops");
}
