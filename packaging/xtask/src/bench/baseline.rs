//! Baselines of the same run: what it costs merely to read a report's JSON, and to serve the bytes of
//! a state as if they were a file.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use pulse_load::Machine;
use pulse_protocol::report::host::HostReport;
use tokio::net::TcpListener;
use tokio::time::Instant;

const PARSES: u32 = 20_000;

/// Time to read the JSON of one full report into the protocol's types.
///
/// # Errors
/// When a simulated report is none.
pub fn parse_one_report() -> Result<Duration> {
    let mut machine = Machine::new(0, 0, Duration::from_secs(10));
    let report = machine
        .next_report(Timestamp::UNIX_EPOCH, Duration::from_secs(10))
        .to_vec();
    serde_json::from_slice::<HostReport>(&report).context("read a simulated report")?;
    let started = Instant::now();
    for _ in 0..PARSES {
        let _ = black_box(serde_json::from_slice::<HostReport>(black_box(&report)));
    }
    Ok(started.elapsed() / PARSES)
}

/// Serves `body` to every request, from a thread of its own, and returns the address.
///
/// # Errors
/// When no port is free.
pub fn serve_statically(body: Bytes) -> Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener)?;
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let body = body.clone();
                let answer = service_fn(move |_: Request<_>| {
                    let response = Response::new(Full::new(body.clone()));
                    async { Ok::<_, Infallible>(response) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        })
    });
    Ok(format!("http://{address}"))
}
