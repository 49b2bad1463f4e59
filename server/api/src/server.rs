//! Listening: a socket, TLS where it is wanted, and an end in order.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::router::router;

/// A client has this long to send its request line and headers, and an unused connection this long
/// until it is closed: long enough that an agent reporting every 15 seconds keeps its own.
const HEADER_PATIENCE: Duration = Duration::from_secs(20);
const LARGEST_HEADERS: usize = 32 << 10;
/// Requests still running at the end have this long.
const GRACE: Duration = Duration::from_secs(10);
const CERTIFICATE_ROUND: Duration = Duration::from_secs(30);

/// Where the certificate is.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
    /// How often the files are looked at for a change.
    pub look_every: Duration,
}

impl Tls {
    /// Names the files; they are looked at every half minute.
    pub fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self {
            certificate,
            key,
            look_every: CERTIFICATE_ROUND,
        }
    }

    /// Reads the files. HTTP/1.1 only: live sockets need it, and one protocol is one set of limits.
    async fn read(&self) -> io::Result<Arc<ServerConfig>> {
        let read = RustlsConfig::from_pem_file(&self.certificate, &self.key).await?;
        let mut config = ServerConfig::clone(&read.get_inner());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn stamps(&self) -> [Option<SystemTime>; 2] {
        let stamp = |path: &Path| {
            std::fs::metadata(path)
                .and_then(|meta| meta.modified())
                .ok()
        };
        [stamp(&self.certificate), stamp(&self.key)]
    }
}

/// A bound socket, so that its address is known before the first answer.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(RustlsConfig, Tls)>,
}

impl Listening {
    /// Binds `address` and reads the certificate, if there is to be one.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>) -> io::Result<Self> {
        let tls = match tls {
            Some(tls) => Some((RustlsConfig::from_config(tls.read().await?), tls)),
            None => None,
        };
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            tls,
        })
    }

    /// Returns the address in use, its port chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Answers on `listening` until `stop` is cancelled, then lets running requests finish.
pub async fn serve(app: App, listening: Listening, stop: CancellationToken) -> io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let handle = axum_server::Handle::new();
    let ending = handle.clone();
    let stopped = stop.clone();
    tokio::spawn(async move {
        stopped.cancelled().await;
        ending.graceful_shutdown(Some(GRACE));
    });
    match listening.tls {
        Some((config, tls)) => {
            tokio::spawn(reload_on_change(config.clone(), tls, stop));
            let server = axum_server::from_tcp_rustls(listening.listener, config)?;
            let mut server = server.handle(handle);
            tune(server.http_builder());
            server.serve(service).await
        }
        None => {
            let mut server = axum_server::from_tcp(listening.listener)?.handle(handle);
            tune(server.http_builder());
            server.serve(service).await
        }
    }
}

/// One protocol, and so no time to be lost on guessing which: the patience counts from the first.
fn tune<E: Clone>(builder: &mut auto::Builder<E>) {
    let mut tuned = builder.clone().http1_only();
    tuned
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(LARGEST_HEADERS);
    *builder = tuned;
}

async fn reload_on_change(config: RustlsConfig, tls: Tls, stop: CancellationToken) {
    let mut seen = tls.stamps();
    let mut round = tokio::time::interval(tls.look_every);
    while stop.run_until_cancelled(round.tick()).await.is_some() {
        let stamps = tls.stamps();
        if stamps == seen {
            continue;
        }
        // Half of a new pair may be there already: what cannot be read now is read next round.
        match tls.read().await {
            Ok(read) => {
                seen = stamps;
                config.reload_from_config(read);
                tracing::info!("certificate reloaded");
            }
            Err(error) => {
                tracing::error!(%error, "the changed certificate cannot be used, the old one stays");
            }
        }
    }
}
