//! Asks the API over HTTP/1.1: every answer bounded in time and size, only GET.
//!
//! Connections are kept for the next question, at most [`IDLE`] of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, AUTHORIZATION, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout};
use url::form_urlencoded::byte_serialize;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Connections kept while nothing is asked.
const IDLE: usize = 8;

/// Longest time for one answer.
pub(crate) const REQUEST: Duration = Duration::from_secs(20);

/// How often an API that has no time is asked again, and how long it is left alone before.
const RETRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(300);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// Longest text of the API that is repeated.
const SAID: usize = 200;

/// What is asked for by default.
pub(crate) const JSON: &str = "application/json";

/// Asks for names and labels alone; an API that cannot leave the content out is to refuse.
pub(crate) const METADATA: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// What the agent calls itself.
const AGENT: &str = concat!("pulse-agent/", env!("CARGO_PKG_VERSION"));

/// An answer, and what keeps its connection open.
pub(crate) type Answer = (Response<Incoming>, Sender);

/// What one answer may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// When everything has to be there.
    pub(crate) deadline: Instant,
    /// Bytes of the answer.
    pub(crate) bytes: usize,
}

impl Limits {
    /// At most `bytes`, and nothing after `deadline`.
    pub(crate) fn until(deadline: Instant, bytes: usize) -> Self {
        Self { deadline, bytes }
    }
}

type Sender = SendRequest<Empty<Bytes>>;

/// Asks one API.
#[derive(Clone)]
pub(crate) struct Client(Arc<Shared>);

struct Shared {
    endpoint: Endpoint,
    /// Address of the API, as it is shown.
    server: String,
    idle: Mutex<Vec<Sender>>,
}

impl Client {
    /// Asks at `endpoint`; nothing is opened yet.
    pub(crate) fn at(endpoint: Endpoint, server: String) -> Self {
        Self(Arc::new(Shared {
            endpoint,
            server,
            idle: Mutex::new(Vec::new()),
        }))
    }

    /// Asks for one object.
    pub(crate) async fn object<T: DeserializeOwned>(
        &self,
        path: &str,
        limits: Limits,
    ) -> Result<T, Error> {
        let body = self.body(path, JSON, limits).await?;
        serde_json::from_slice(&body).map_err(Error::Json)
    }

    /// Asks for an answer in a form, and reads it to its end.
    pub(crate) async fn body(
        &self,
        path: &str,
        form: &str,
        limits: Limits,
    ) -> Result<Vec<u8>, Error> {
        let left = limits.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::NoTime);
        }
        let limit = REQUEST.min(left);
        within(limit, self.patiently(path, form, limits.bytes)).await
    }

    /// Asks again when the API says it has no time just now.
    async fn patiently(&self, path: &str, form: &str, bytes: usize) -> Result<Vec<u8>, Error> {
        let mut pause = FIRST_PAUSE;
        for _ in 0..RETRIES {
            match self.ask(path, form).await {
                Ok(answer) => return self.read(answer, bytes).await,
                Err(Error::Busy { after, .. }) => {
                    sleep(after.unwrap_or(pause).min(LONGEST_PAUSE)).await;
                    pause = (2 * pause).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
        self.read(self.ask(path, form).await?, bytes).await
    }

    /// Reads an answer to its end, and keeps its connection.
    async fn read(&self, (response, sender): Answer, bytes: usize) -> Result<Vec<u8>, Error> {
        let body = read(response, bytes).await?;
        let mut idle = self.idle();
        if !sender.is_closed() && idle.len() < IDLE {
            idle.push(sender);
        }
        Ok(body)
    }

    /// Asks for an answer without end; the caller reads and bounds it. The sender keeps the
    /// connection open.
    pub(crate) async fn open(&self, path: &str) -> Result<Answer, Error> {
        within(REQUEST, self.ask(path, JSON)).await
    }

    /// Asks, and reads what the API says when it refuses.
    async fn ask(&self, path: &str, form: &str) -> Result<Answer, Error> {
        let mut sender = self.connection().await?;
        let endpoint = &self.0.endpoint;
        let mut request = Request::get(format!("{}{path}", endpoint.prefix))
            .header(HOST, &endpoint.authority)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, form);
        if let Some(authorization) = &endpoint.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Empty::new());
        let request =
            request.map_err(|_| Error::Unusable(format!("{path} cannot be asked for")))?;
        let response = sender.send_request(request).await.map_err(Error::Broken)?;
        let status = response.status();
        if status.is_success() {
            return Ok((response, sender));
        }
        let after = response.headers().get(RETRY_AFTER);
        let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
        let body = read(response, 64 * 1024).await.unwrap_or_default();
        let (status, said) = (status.as_u16(), said(&body));
        Err(match status {
            429 | 503 | 504 => Error::Busy {
                status,
                said,
                after: after.map(Duration::from_secs),
            },
            _ => Error::Refused { status, said },
        })
    }

    /// Takes a connection that is still good, or opens one.
    async fn connection(&self) -> Result<Sender, Error> {
        loop {
            let Some(mut kept) = self.idle().pop() else {
                return self.connect().await;
            };
            if kept.ready().await.is_ok() {
                return Ok(kept);
            }
        }
    }

    async fn connect(&self) -> Result<Sender, Error> {
        let stream = self.0.endpoint.connect().await;
        let stream = stream.map_err(|source| Error::Connect {
            server: self.0.server.clone(),
            source,
        })?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(Error::Broken)?;
        // Ends with its sender; what goes wrong is told to whoever asks through it.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Sender>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the sentence of a refusal, with a colon in front.
fn said(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
    }
    let said = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.message);
    let said = said.unwrap_or_default();
    let said = pulse_protocol::text::fit(&said, SAID);
    match said.is_empty() {
        true => String::new(),
        false => format!(": {said}"),
    }
}

/// Writes a text so that it is one part of a path or one value of a query.
pub(crate) fn encoded(text: &str) -> String {
    // A plus is a blank in queries only.
    byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

async fn within<T>(
    limit: Duration,
    asking: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match timeout(limit, asking).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Late { limit }),
    }
}

/// Reads a body of at most `limit` bytes; dropping the rest closes the connection.
async fn read(response: Response<Incoming>, limit: usize) -> Result<Vec<u8>, Error> {
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(Error::Broken)?;
        let Some(chunk) = frame.data_ref() else {
            continue;
        };
        if bytes.len() + chunk.len() > limit {
            return Err(Error::TooLarge { limit });
        }
        bytes.extend_from_slice(chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_one_part_of_a_path() {
        assert_eq!(encoded("node-1.lan"), "node-1.lan");
        assert_eq!(encoded("a/b?c d\"\n+"), "a%2Fb%3Fc%20d%22%0A%2B");
    }

    #[test]
    fn what_the_api_says_is_repeated_in_short_and_without_control_characters() {
        let body = format!(r#"{{"message":"no\n{}"}}"#, "x".repeat(1_000));
        let said = said(body.as_bytes());
        assert!(said.starts_with(": no x") && said.len() < 210, "{said}");
        assert_eq!(super::said(b"<html>"), "");
    }
}
