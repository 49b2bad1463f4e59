//! Listening: a socket, TLS where it is wanted, bounds on every connection, an end in order.
//!
//! Connections are served here and not by a ready-made server because every one of them has to be
//! bounded from its first byte: who connects and stays silent, or asks and never reads, is let go.

mod connection;
mod patience;
mod slots;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use tls::Tls;

use crate::app::App;
use crate::router::router;
use connection::Attendant;
use slots::Slots;
use tls::Secured;

/// Requests still running at the end have this long.
const GRACE: Duration = Duration::from_secs(10);
/// Out of file descriptors, there is nothing to do but to let some connections end.
const BREATH: Duration = Duration::from_millis(200);

/// A bound socket, so that its address is known before the first answer.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(watch::Sender<Secured>, Tls)>,
}

impl Listening {
    /// Binds `address` and reads the certificate, if there is to be one.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>) -> io::Result<Self> {
        let tls = match tls {
            Some(tls) => Some((watch::Sender::new(tls.read()?), tls)),
            None => None,
        };
        let listener = TcpListener::bind(address).await?;
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
pub async fn serve(app: App, listening: Listening, stop: CancellationToken) {
    let secured = listening.tls.map(|(sender, tls)| {
        let latest = sender.subscribe();
        tokio::spawn(tls.reload_on_change(sender, stop.clone()));
        latest
    });
    let slots = Slots::new(app.security().clone());
    let attendant = Attendant::new(router(app), secured, stop.clone());
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listening.listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(slot) = slots.take(peer.ip()) else {
                    continue;
                };
                let attendant = attendant.clone();
                connections.spawn(async move {
                    attendant.attend(stream, peer).await;
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    connections.close();
    // Who has not finished by then is cut off with the process.
    let _ = tokio::time::timeout(GRACE, connections.wait()).await;
}
