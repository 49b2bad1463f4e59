//! A server that answers as a test tells it and shows what it was sent.

use std::convert::Infallible;
use std::io::Read;
use std::sync::{Arc, Mutex};

use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use pulse_protocol::report::host::HostReport;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub(crate) const REPORT: &str = "/api/agents/agent/report";
pub(crate) const DOCKER: &str = "/api/agents/docker/report";
pub(crate) const ENROL: &str = "/api/agents/agent/enroll";

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        let headers = vec![("content-type", "application/json")];
        Self {
            status,
            headers,
            body: body.to_owned(),
        }
    }

    /// Says "not now, but soon".
    pub(crate) fn busy() -> Self {
        let mut answer = Self::json(503, r#"{"error":"busy","code":"overloaded"}"#);
        answer.headers.push(("retry-after", "1"));
        answer
    }

    pub(crate) fn taken() -> Self {
        Self::json(200, r#"{"success":true,"agentId":"known-as"}"#)
    }
}

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a text"))
    }

    /// Unpacks a host report.
    pub(crate) fn report(&self) -> HostReport {
        assert_eq!(self.path, REPORT);
        HostReport::from_json(&self.json()).expect("a report")
    }

    /// Unpacks a report of any sort.
    pub(crate) fn json(&self) -> Vec<u8> {
        assert_eq!(self.header("content-encoding"), "gzip");
        let mut json = Vec::new();
        GzDecoder::new(&self.body[..])
            .read_to_end(&mut json)
            .expect("gzip");
        json
    }
}

type Script = Arc<Mutex<Box<dyn FnMut(&Seen) -> Answer + Send>>>;

/// The server.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Receiver<Seen>,
    script: Script,
}

impl Server {
    /// Starts a server that answers as `script` says.
    pub(crate) async fn answering(script: impl FnMut(&Seen) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let script: Script = Arc::new(Mutex::new(Box::new(script)));
        let (sender, seen) = channel(1_000);
        let shared = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, sender) = (Arc::clone(&shared), sender.clone());
                let service =
                    service_fn(move |request| answer(request, Arc::clone(&script), sender.clone()));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, seen, script }
    }

    /// Answers differently from now on.
    pub(crate) fn answer(&self, script: impl FnMut(&Seen) -> Answer + Send + 'static) {
        *self.script.lock().expect("the script") = Box::new(script);
    }

    /// Waits for the next request, which was answered already.
    pub(crate) async fn next(&mut self) -> Seen {
        self.seen.recv().await.expect("the server runs")
    }

    /// Returns what else arrived so far.
    pub(crate) fn rest(&mut self) -> Vec<Seen> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }
}

async fn answer(
    request: Request<Incoming>,
    script: Script,
    sender: Sender<Seen>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    let seen = Seen {
        path: head.uri.path().to_owned(),
        headers: head.headers,
        body,
    };
    let Answer {
        status,
        headers,
        body,
    } = script.lock().expect("the script")(&seen);
    sender.send(seen).await.expect("the test listens");
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response
        .body(Full::new(Bytes::from(body)))
        .expect("a response"))
}
