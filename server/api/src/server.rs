//! From rows to a router, and from a socket to answers.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::MethodRouter};
use axum_server::tls_rustls::RustlsConfig;
use http::StatusCode;
use hyper_util::rt::TokioTimer;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::assets;
use crate::error::for_status;
use crate::layers::{gate, headers, path, request};
use crate::routes::all;

/// A client has this long to send its request line and headers.
const HEADER_PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_HEADERS: usize = 32 << 10;
/// Requests still running at the end have this long.
const GRACE: Duration = Duration::from_secs(10);
/// How often certificate files are looked at.
const CERTIFICATE_ROUND: Duration = Duration::from_secs(30);

/// Where the certificate is.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
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
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let tls = match tls {
            Some(tls) => Some((
                RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await?,
                tls,
            )),
            None => None,
        };
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
        Some((config, files)) => {
            tokio::spawn(reload_on_change(config.clone(), files, stop));
            let mut server =
                axum_server::from_tcp_rustls(listening.listener, config)?.handle(handle);
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

fn tune<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>) {
    let mut http1 = builder.http1();
    http1
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(LARGEST_HEADERS);
}

async fn reload_on_change(config: RustlsConfig, files: Tls, stop: CancellationToken) {
    let stamp = |path: &PathBuf| {
        std::fs::metadata(path)
            .and_then(|meta| meta.modified())
            .ok()
    };
    let mut seen = (stamp(&files.certificate), stamp(&files.key));
    while stop
        .run_until_cancelled(tokio::time::sleep(CERTIFICATE_ROUND))
        .await
        .is_some()
    {
        let now = (stamp(&files.certificate), stamp(&files.key));
        if now == seen {
            continue;
        }
        seen = now;
        match config
            .reload_from_pem_file(&files.certificate, &files.key)
            .await
        {
            Ok(()) => tracing::info!("certificate reloaded"),
            Err(error) => {
                tracing::error!(%error, "changed certificate cannot be used, the old one stays")
            }
        }
    }
}

/// Returns the router made of the rows.
pub fn router(app: App) -> Router {
    let mut router: Router<App> = Router::new();
    for (number, row) in all().into_iter().enumerate() {
        let handler = guarded(
            row.handler.clone(),
            gate::Place {
                number,
                row: std::sync::Arc::new(row),
            },
            &app,
        );
        router = router.route(handler.0, handler.1);
    }
    router
        .fallback(unknown)
        .method_not_allowed_fallback(async || for_status(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn(path::refuse_ambiguous))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), request::identify))
        .with_state(app)
}

fn guarded(
    handler: MethodRouter<App>,
    place: gate::Place,
    app: &App,
) -> (&'static str, MethodRouter<App>) {
    let path = place.row.path;
    let app = app.clone();
    let guard = move |request: Request, next: Next| {
        let (app, place) = (app.clone(), place.clone());
        async move { gate::pass(app, place, request, next).await }
    };
    (path, handler.layer(from_fn(guard)))
}

async fn unknown(State(app): State<App>, request: Request) -> Response {
    let response = assets::serve(State(app.clone()), request).await;
    if response.status() == StatusCode::NOT_FOUND {
        app.counters().unknown_paths.fetch_add(1, Ordering::Relaxed);
    }
    response.into_response()
}
