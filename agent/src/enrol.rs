//! Enrolment: trades a token that works once for one of the agent's own, and makes its key known.

use std::time::Duration;

use pulse_protocol::enrol::{EnrolAnswer, EnrolRequest};
use pulse_protocol::token::Token;
use reqwest::{Response, StatusCode};
use serde::Deserialize;

use crate::clock::Clock;
use crate::error::{Error, chain};
use crate::identity::Machine;
use crate::key::Key;
use crate::net::Server;
use crate::report::retry;

const PATH: &str = "/api/agents/agent/enroll";

/// Largest answer that is read.
const LIMIT: usize = 256 * 1024;

/// What came of an attempt.
pub(crate) enum Enrolment {
    /// The agent has a token of its own.
    Enrolled(Box<EnrolAnswer>),
    /// The token is not one to trade; it is used as it is.
    NotNeeded,
    /// Not now. The text says why, the time how long the server wants to be left alone.
    Later(String, Option<Duration>),
    /// The server waits for its administrator, who is probably looking at it right now.
    NotSetUp(Option<Duration>),
}

/// Attempts an enrolment.
///
/// # Errors
/// When the server will never accept this token.
pub(crate) async fn enrol(
    server: &Server,
    key: &Key,
    machine: &Machine,
    token: &Token,
    clock: &Clock,
) -> Result<Enrolment, Error> {
    let request = request(key, machine, token, clock)?;
    let body = serde_json::to_vec(&request).expect("texts and lists always make JSON");
    let sent = server
        .post(PATH, token)
        .header("content-type", "application/json")
        .body(body);
    let response = match sent.send().await {
        Ok(response) => response,
        Err(error) => return Ok(Enrolment::Later(chain(&error), None)),
    };
    match response.status() {
        StatusCode::OK => Ok(accepted(response).await),
        StatusCode::FORBIDDEN => Ok(Enrolment::NotNeeded),
        StatusCode::BAD_REQUEST
        | StatusCode::UNAUTHORIZED
        | StatusCode::NOT_FOUND
        | StatusCode::CONFLICT => Err(refused(server, response).await),
        status => {
            let after = retry::asked_for(response.headers());
            let refusal = Refusal::read(response).await;
            if refusal.code == "setup_required" {
                return Ok(Enrolment::NotSetUp(after));
            }
            Ok(Enrolment::Later(
                format!("the server answered {status}"),
                after,
            ))
        }
    }
}

fn request(
    key: &Key,
    machine: &Machine,
    token: &Token,
    clock: &Clock,
) -> Result<EnrolRequest, Error> {
    let proof = key.enrol_proof(token, clock.now(), &machine.hostname, &machine.machine_id)?;
    Ok(EnrolRequest {
        hostname: machine.hostname.clone(),
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        agent_version: pulse_protocol::version::OWN.to_owned(),
        machine_id: machine.machine_id.clone(),
        public_key: Some(key.public()),
        proof: Some(proof),
        ..EnrolRequest::default()
    })
}

async fn accepted(response: Response) -> Enrolment {
    let body = match pulse_net::read_capped(response, LIMIT).await {
        Ok(body) => body,
        Err(error) => return Enrolment::Later(chain(&error), None),
    };
    match EnrolAnswer::from_json(&body) {
        Ok(answer) if crate::config::file::token(answer.runtime_token.expose(), "").is_ok() => {
            Enrolment::Enrolled(Box::new(answer))
        }
        _ => Enrolment::Later("the answer is not a Pulse server's".to_owned(), None),
    }
}

async fn refused(server: &Server, response: Response) -> Error {
    let status = response.status();
    let said = Refusal::read(response).await.error;
    let address = server.address();
    let text = match status {
        StatusCode::UNAUTHORIZED => {
            "the server does not accept this enrolment token: it is unknown, expired or used up"
                .to_owned()
        }
        StatusCode::CONFLICT => "this enrolment token was used already; ask for another".to_owned(),
        StatusCode::NOT_FOUND => format!("{address} does not enrol agents; is it a Pulse server?"),
        _ => "the server refused to enrol this agent".to_owned(),
    };
    Error::Enrolment(if said.is_empty() {
        format!("{text} ({status})")
    } else {
        format!("{text} ({status}: {said})")
    })
}

/// The part of the server's error that says something to the operator.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    pub(crate) code: String,
}

impl Refusal {
    /// Reads what there is; anything else is no explanation.
    pub(crate) async fn read(response: Response) -> Self {
        let body = pulse_net::read_capped(response, 16 * 1024)
            .await
            .unwrap_or_default();
        let mut refusal: Self = serde_json::from_slice(&body).unwrap_or_default();
        for text in [&mut refusal.error, &mut refusal.code] {
            *text = text.chars().filter(|c| !c.is_control()).take(200).collect();
        }
        refusal
    }
}
