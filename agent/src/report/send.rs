//! One attempt at sending one report, and what its answer means.

use std::time::Duration;

use pulse_protocol::report::host::HostReportAnswer;
use pulse_protocol::token::Token;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};

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
    /// The server has it. What it said may be nothing.
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
        Ok(response) => judge(response).await,
        Err(error) => Outcome::Later(chain(&error), None),
    }
}

async fn judge(response: Response) -> Outcome {
    let status = response.status();
    if status == StatusCode::OK {
        return accepted(response).await;
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

async fn accepted(response: Response) -> Outcome {
    // A login page of something in between is a success too, and would swallow every report.
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return Outcome::Refused("a web page answered instead of the server".to_owned());
    }
    let body = pulse_net::read_capped(response, LIMIT)
        .await
        .unwrap_or_default();
    Outcome::Accepted(Box::new(serde_json::from_slice(&body).unwrap_or_default()))
}
