//! One attempt at sending one report, and what its answer means.

use std::time::Duration;

use pulse_protocol::report::host::HostReportAnswer;
use pulse_protocol::token::Token;
use reqwest::{Response, StatusCode};
use url::Url;

use super::pack::Packed;
use super::retry;
use crate::enrol::Refusal;
use crate::error::chain;
use crate::key::REPORT_PATH;
use crate::net::Server;

/// Largest answer that is read.
const LIMIT: usize = 64 * 1024;

/// What came of an attempt.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The server has it, and said so.
    Accepted(Box<HostReportAnswer>),
    /// Not now: the report is kept. How long the server wants to be left alone, if it said so.
    Later(String, Option<Duration>),
    /// Not with this token or at this address: the report is kept, somebody has to act.
    Refused(String),
    /// The server will never take this report.
    Unwanted(String),
}

/// Sends one report.
pub(crate) async fn send(
    server: &Server,
    token: &Token,
    report: &Packed,
    proof: Option<String>,
) -> Outcome {
    let mut request = server
        .post(REPORT_PATH, token)
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(report.bytes().to_vec());
    if let Some(proof) = proof {
        request = request.header(pulse_protocol::proof::HEADER, proof);
    }
    match request.send().await {
        Ok(response) => judge(response, server.address()).await,
        Err(error) => Outcome::Later(chain(&error), None),
    }
}

async fn judge(response: Response, address: &Url) -> Outcome {
    let status = response.status();
    if status == StatusCode::OK {
        return accepted(response, address).await;
    }
    let after = retry::asked_for(response.headers());
    let refusal = Refusal::read(response).await;
    let detail = [refusal.code, refusal.error]
        .into_iter()
        .find(|text| !text.is_empty());
    let said = detail.map(|text| format!(": {text}")).unwrap_or_default();
    let said = format!("the server answered {status}{said}");
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

/// Takes only the server's own word for it: a login page, a placeholder or a cache in between says
/// 200 as well, and would swallow every report.
async fn accepted(response: Response, address: &Url) -> Outcome {
    let body = match pulse_net::read_capped(response, LIMIT).await {
        Ok(body) => body,
        Err(error) => return Outcome::Later(chain(&error), None),
    };
    match HostReportAnswer::from_json(&body) {
        Ok(answer) if answer.success => Outcome::Accepted(Box::new(answer)),
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
        judge(response, &address).await
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
    async fn an_endless_answer_is_not_read_to_its_end() {
        let body = format!(r#"{{"success":true,"x":"{}"}}"#, "x".repeat(LIMIT));
        assert!(matches!(outcome(&body).await, Outcome::Later(_, None)));
    }
}
