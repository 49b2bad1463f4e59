//! Asks an engine: HTTP/1.1 over a Unix socket, TCP or TLS, every answer bounded in time and size.
//!
//! Connections are kept for the next question, at most [`IDLE`] of them. Nothing is ever changed on
//! the engine: only GET is spoken.

mod stream;
pub(crate) mod tls;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_LENGTH, HOST};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::timeout;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Connections kept while nothing is asked.
const IDLE: usize = 8;

/// Longest text of the engine that is repeated.
const SAID: usize = 200;

/// What one question may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From asking to the last byte.
    pub(crate) time: Duration,
    /// Bytes of the answer.
    pub(crate) bytes: usize,
}

impl Limits {
    /// A short answer about the engine itself.
    pub(crate) const ENGINE: Self = Self::of(8, 1 << 20);
    /// A list of anything.
    pub(crate) const LIST: Self = Self::of(20, 24 << 20);
    /// One container.
    pub(crate) const CONTAINER: Self = Self::of(15, 1 << 20);
    /// Adding up disk usage, which the engine does by walking through its directories.
    pub(crate) const USAGE: Self = Self::of(300, 24 << 20);

    const fn of(seconds: u64, bytes: usize) -> Self {
        Self {
            time: Duration::from_secs(seconds),
            bytes,
        }
    }
}

type Sender = SendRequest<Empty<Bytes>>;

/// Asks one engine.
pub(crate) struct Client {
    endpoint: Endpoint,
    /// `/v1.44` once it is known; empty before.
    prefix: String,
    idle: Mutex<Vec<Sender>>,
}

impl Client {
    /// Asks at `endpoint`; nothing is opened yet.
    pub(crate) fn at(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            prefix: String::new(),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Speaks this version of the interface from now on.
    pub(crate) fn speak(&mut self, version: &str) {
        self.prefix = format!("/v{version}");
    }

    /// Returns where the engine is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Lets go of every connection.
    pub(crate) fn close(&self) {
        self.idle().clear();
    }

    /// Asks for one object.
    pub(crate) async fn object<T: DeserializeOwned>(
        &self,
        path: &str,
        limits: Limits,
    ) -> Result<T, Error> {
        let body = self.body(path, limits).await?;
        serde_json::from_slice(&body).map_err(Error::Json)
    }

    /// Asks for a list. Elements that make no sense are left out and counted: one odd container
    /// must not hide the others.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        limits: Limits,
    ) -> Result<List<T>, Error> {
        let body = self.body(path, limits).await?;
        List::read(&body)
    }

    /// Asks for an answer without end; the caller reads and bounds it.
    pub(crate) async fn open(&self, path: &str, limit: Duration) -> Result<Incoming, Error> {
        let asking = async {
            let mut connection = self.connect().await?;
            let response = self.ask(&mut connection, path).await?;
            self.accepted(response).await
        };
        let response = within(limit, asking).await?;
        Ok(response.into_body())
    }

    async fn body(&self, path: &str, limits: Limits) -> Result<Vec<u8>, Error> {
        let asking = async {
            let mut connection = self.connection().await?;
            let response = self.ask(&mut connection, path).await?;
            let response = self.accepted(response).await?;
            let body = read(response, limits.bytes).await?;
            self.keep(connection);
            Ok(body)
        };
        within(limits.time, asking).await
    }

    async fn ask(&self, connection: &mut Sender, path: &str) -> Result<Response<Incoming>, Error> {
        // What names a version itself is not of the common interface.
        let prefix = if path.starts_with("/v4.") {
            ""
        } else {
            &self.prefix
        };
        let request = Request::get(format!("{prefix}{path}"))
            .header(HOST, self.endpoint.host())
            .body(Empty::new());
        let request = request.map_err(|_| Error::Address(format!("{path} cannot be asked for")))?;
        connection
            .send_request(request)
            .await
            .map_err(Error::Broken)
    }

    /// Hands on what the engine answers with success, and reads what it says otherwise.
    async fn accepted(&self, response: Response<Incoming>) -> Result<Response<Incoming>, Error> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        #[derive(Deserialize)]
        struct Refusal {
            message: String,
        }
        let body = read(response, 64 * 1024).await.unwrap_or_default();
        let said = serde_json::from_slice::<Refusal>(&body).map(|refusal| refusal.message);
        let said = said.unwrap_or_default();
        let said = pulse_protocol::text::fit(&said, SAID);
        Err(Error::Refused {
            status: status.as_u16(),
            said: if said.is_empty() {
                String::new()
            } else {
                format!(": {said}")
            },
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
        let stream = self.endpoint.connect().await?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(Error::Broken)?;
        // Ends with its sender; what goes wrong is told to whoever asks through it.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }

    fn keep(&self, connection: Sender) {
        let mut idle = self.idle();
        if !connection.is_closed() && idle.len() < IDLE {
            idle.push(connection);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Sender>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A list as far as it made sense.
#[derive(Debug)]
pub(crate) struct List<T> {
    /// What could be read.
    pub(crate) elements: Vec<T>,
    /// How many could not.
    pub(crate) odd: usize,
}

impl<T: DeserializeOwned> List<T> {
    /// Reads a list; `null` is an empty one.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Error> {
        let raw: Option<Vec<&RawValue>> = serde_json::from_slice(body).map_err(Error::Json)?;
        let raw = raw.unwrap_or_default();
        let count = raw.len();
        let read = |element: &RawValue| serde_json::from_str(element.get()).ok();
        let elements: Vec<T> = raw.into_iter().filter_map(read).collect();
        let odd = count - elements.len();
        Ok(Self { elements, odd })
    }
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
    let announced = response.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Error::TooLarge { limit });
    }
    let mut body = response.into_body();
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0));
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
