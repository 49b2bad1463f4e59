//! One attempt at sending one report, and what its answer means.

use std::time::Duration;

use pulse_protocol::report::docker::{CommandAck, DockerReportAnswer, QueuedCommand};
use pulse_protocol::report::host::HostReportAnswer;
use pulse_protocol::report::kubernetes::KubernetesReportAnswer;
use pulse_protocol::token::Token;
use reqwest::{Response, StatusCode};
use url::Url;

use super::lane::Kind;
use super::pack::Packed;
use super::retry;
use crate::enrol::Refusal;
use crate::error::chain;
use crate::net::Server;

/// Largest answer that is read.
const LIMIT: usize = 64 * 1024;

/// What a server that took a report has to say.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// What it calls the sender.
    pub(crate) agent_id: String,
    /// What it wants done.
    pub(crate) commands: Vec<QueuedCommand>,
}

/// What came of an attempt.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The server has it, and said so.
    Accepted(Taken),
    /// Not now: the report is kept. How long the server wants to be left alone, if it said so.
    Later(String, Option<Duration>),
    /// Not with this token or at this address: the report is kept, somebody has to act.
    Refused(String),
    /// The server will never take this report.
    Unwanted(String),
    /// The server will never take another report of this stream: somebody removed what it is about.
    Over(String),
}

/// What a server says of what somebody removed; the original's words.
const REMOVED: [&str; 2] = ["was removed", "monitoring stopped"];

/// Sends one report.
pub(crate) async fn send(
    server: &Server,
    token: &Token,
    kind: Kind,
    report: &Packed,
    proof: Option<String>,
) -> Outcome {
    let mut request = server
        .post(kind.path(), token)
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(report.bytes().to_vec());
    if let Some(proof) = proof {
        request = request.header(pulse_protocol::proof::HEADER, proof);
    }
    match request.send().await {
        Ok(response) => judge(kind, response, server.address()).await,
        Err(error) => Outcome::Later(chain(&error), None),
    }
}

/// Tells the server how far a command is; whether it heard.
pub(crate) async fn acknowledge(
    server: &Server,
    token: &Token,
    id: &str,
    ack: &CommandAck,
) -> bool {
    let path = format!("/api/agents/docker/commands/{id}/ack");
    let body = serde_json::to_vec(ack).expect("texts always make JSON");
    let request = server.post(&path, token);
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let answer = request.send().await;
    answer.is_ok_and(|answer| !answer.status().is_server_error())
}

async fn judge(kind: Kind, response: Response, address: &Url) -> Outcome {
    let status = response.status();
    if status == StatusCode::OK {
        return accepted(kind, response, address).await;
    }
    let after = retry::asked_for(response.headers());
    let refusal = Refusal::read(response).await;
    // A machine goes on being offered: it is back as soon as somebody allows it, without a hand on it.
    if kind != Kind::Host && is_removed(status, &refusal) {
        return Outcome::Over(refusal.error);
    }
    let mut said = format!("the server answered {status}");
    for text in [refusal.code, refusal.error] {
        if !text.is_empty() {
            said = format!("{said}: {text}");
        }
    }
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Outcome::Unwanted(said),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::Later(said, after),
        _ if status.is_server_error() => Outcome::Later(said, after),
        // Wrong token, wrong scope, wrong address, something in between that wants a login.
        _ => Outcome::Refused(said),
    }
}

fn is_removed(status: StatusCode, refusal: &Refusal) -> bool {
    let said = refusal.error.to_lowercase();
    !status.is_success()
        && refusal.code.eq_ignore_ascii_case("invalid_report")
        && REMOVED.iter().any(|words| said.contains(words))
}

/// Takes only the server's own word for it: a login page, a placeholder or a cache in between says
/// 200 as well, and would swallow every report.
async fn accepted(kind: Kind, response: Response, address: &Url) -> Outcome {
    let body = match pulse_net::read_capped(response, LIMIT).await {
        Ok(body) => body,
        Err(error) => return Outcome::Later(chain(&error), None),
    };
    let taken = match kind {
        Kind::Host => HostReportAnswer::from_json(&body).map(|answer| {
            let taken = Taken {
                agent_id: answer.agent_id,
                commands: Vec::new(),
            };
            answer.success.then_some(taken)
        }),
        Kind::Docker => DockerReportAnswer::from_json(&body).map(|answer| {
            let taken = Taken {
                agent_id: answer.agent_id,
                commands: answer.commands,
            };
            answer.success.then_some(taken)
        }),
        Kind::Kubernetes => KubernetesReportAnswer::from_json(&body)
            .map(|answer| answer.success.then(Taken::default)),
    };
    match taken {
        Ok(Some(taken)) => Outcome::Accepted(taken),
        _ => Outcome::Later(
            format!("something else than Pulse answered at {address}"),
            None,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn outcome(body: &str) -> Outcome {
        let response = Response::from(hyper::Response::new(body.to_owned()));
        let address = "http://pulse.lan/".parse().expect("an address");
        judge(Kind::Host, response, &address).await
    }

    #[tokio::test]
    async fn only_a_server_that_says_so_has_the_report() {
        for body in [
            r#"{"success":true}"#,
            r#" {"success":true,"agentId":"web1","later":[{}]} "#,
        ] {
            let outcome = outcome(body).await;
            assert!(
                matches!(outcome, Outcome::Accepted(_)),
                "{body}: {outcome:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_report_something_else_answered_is_kept() {
        for body in [
            "",
            " ",
            "[]",
            "null",
            "true",
            "ok",
            "<html>Sign in",
            "{}",
            r#"{"success":false}"#,
            r#"{"success":null}"#,
            r#"{"success":true"#,
            r#"{"success":true,"agentId":"we"#,
            r#"[{"success":true}]"#,
            r#"{"success":true}<html>"#,
        ] {
            match outcome(body).await {
                Outcome::Later(why, None) => assert_eq!(
                    why,
                    "something else than Pulse answered at http://pulse.lan/"
                ),
                other => panic!("{body}: {other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn an_engine_or_a_cluster_somebody_removed_is_reported_no_more() {
        let address: Url = "http://pulse.lan/".parse().expect("an address");
        let said = r#"docker host \"a\" had monitoring stopped at 2026-01-01T00:00:00Z and cannot report again"#;
        let removed = format!(r#"{{"error":"{said}","code":"Invalid_Report"}}"#);
        let other = r#"{"error":"missing hostname","code":"invalid_report"}"#.to_owned();
        for (kind, body, is_over) in [
            (Kind::Docker, &removed, true),
            (Kind::Host, &removed, false),
            (Kind::Kubernetes, &removed, true),
            (Kind::Host, &other, false),
            (Kind::Docker, &other, false),
        ] {
            let response = hyper::Response::builder().status(400).body(body.clone());
            let response = Response::from(response.expect("a response"));
            let outcome = judge(kind, response, &address).await;
            assert_eq!(matches!(outcome, Outcome::Over(_)), is_over, "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn an_endless_answer_is_not_read_to_its_end() {
        let body = format!(r#"{{"success":true,"x":"{}"}}"#, "x".repeat(LIMIT));
        assert!(matches!(outcome(&body).await, Outcome::Later(_, None)));
    }
}
