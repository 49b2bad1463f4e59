//! A server that takes every report and counts them, and that can be away.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What arrived of one kind of report.
#[derive(Debug, Default, Clone, Copy)]
pub struct Arrived {
    /// Reports.
    pub reports: u64,
    /// Their bytes, as they travelled.
    pub bytes: u64,
}

/// A server for agents.
#[derive(Debug)]
pub struct Sink {
    /// Its address.
    pub base: String,
    arrived: Arc<Mutex<BTreeMap<String, Arrived>>>,
    is_away: watch::Sender<bool>,
}

impl Sink {
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let arrived = Arc::new(Mutex::new(BTreeMap::new()));
        let (is_away, away) = watch::channel(false);
        tokio::spawn(serve(listener, Arc::clone(&arrived), away));
        Ok(Self {
            base,
            arrived,
            is_away,
        })
    }

    /// What arrived so far of reports of this kind: `agent` or `docker`.
    #[must_use]
    pub fn arrived(&self, kind: &str) -> Arrived {
        let path = format!("/api/agents/{kind}/report");
        lock(&self.arrived).get(&path).copied().unwrap_or_default()
    }

    /// Closes every connection at once from now on, or is there again.
    pub fn be_away(&self, is_away: bool) {
        self.is_away.send_replace(is_away);
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    listener: TcpListener,
    arrived: Arc<Mutex<BTreeMap<String, Arrived>>>,
    away: watch::Receiver<bool>,
) -> io::Result<Infallible> {
    loop {
        let (stream, _) = listener.accept().await?;
        let (arrived, mut away) = (Arc::clone(&arrived), away.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| take(request, Arc::clone(&arrived)));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                // An error means that the measurement is over.
                _ = away.wait_for(|away| *away) => {}
                _ = connection => {}
            }
        });
    }
}

async fn take(
    request: Request<Incoming>,
    arrived: Arc<Mutex<BTreeMap<String, Arrived>>>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await?.to_bytes();
    let mut arrived = lock(&arrived);
    let arrived = arrived.entry(path).or_default();
    arrived.reports += 1;
    arrived.bytes += body.len() as u64;
    let answer = Bytes::from_static(br#"{"success":true,"agentId":"bench"}"#);
    Ok(Response::new(Full::new(answer)))
}
