//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::patience::Patient;
use super::tls::Secured;

/// A client has this long to send its request line and headers, and an unused connection this long
/// until it is closed: long enough that an agent reporting every 15 seconds keeps its own.
const HEADER_PATIENCE: Duration = Duration::from_secs(20);
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_HEADERS: usize = 32 << 10;

/// Serves connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Attendant {
    router: Router,
    secured: Option<watch::Receiver<Secured>>,
    stop: CancellationToken,
}

impl Attendant {
    pub fn new(
        router: Router,
        secured: Option<watch::Receiver<Secured>>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            router,
            secured,
            stop,
        }
    }

    /// Serves one connection to its end. What goes wrong on it is the client's business.
    pub async fn attend(self, stream: TcpStream, peer: SocketAddr) {
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        let stream = Patient::new(stream);
        let Some(secured) = self
            .secured
            .as_ref()
            .map(|secured| secured.borrow().clone())
        else {
            return self.speak(stream, peer).await;
        };
        let handshake = tokio::time::timeout(HANDSHAKE_PATIENCE, secured.accept(stream)).await;
        if let Ok(Ok(stream)) = handshake {
            self.speak(stream, peer).await;
        }
    }

    async fn speak<S>(self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router;
        let service = service_fn(move |request| answer(router.clone(), request, peer));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_PATIENCE)
            .max_buf_size(LARGEST_HEADERS)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.stop.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(Body::new)).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;

    fn connect() -> (DuplexStream, JoinHandle<()>) {
        let router = Router::new().route("/", get(async || "hello"));
        let attendant = Attendant::new(router, None, CancellationToken::new());
        let (theirs, ours) = duplex(64 << 10);
        let peer = SocketAddr::from(([192, 0, 2, 1], 1));
        (theirs, tokio::spawn(attendant.speak(ours, peer)))
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_or_half_of_something_is_let_go() {
        for said in [
            "",
            "P",
            "PRI * HTTP/2.0\r\n\r\nSM",
            "GET / HTTP/1.1\r\nhost: a\r\n",
        ] {
            let started = Instant::now();
            let (mut client, served) = connect();
            client.write_all(said.as_bytes()).await.expect("open");
            served.await.expect("no panic");
            assert!(started.elapsed() <= HEADER_PATIENCE * 2, "{said:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_other_protocol_is_not_spoken() {
        let (mut client, served) = connect();
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
        client.write_all(preface).await.expect("open");
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("closed");
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{answer:?}"
        );
        served.await.expect("no panic");
    }

    #[tokio::test(start_paused = true)]
    async fn an_unused_connection_is_closed_and_a_used_one_kept() {
        let (mut client, served) = connect();
        for _ in 0..3 {
            tokio::time::advance(HEADER_PATIENCE / 2).await;
            client
                .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .await
                .expect("open");
            let mut answer = [0; 4_096];
            let length = client.read(&mut answer).await.expect("an answer");
            assert!(answer[..length].ends_with(b"hello"));
        }
        served.await.expect("closed in the end");
    }
}
