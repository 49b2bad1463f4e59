//! TLS with the operator's own certificate, read again when it changes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

const CERTIFICATE_ROUND: Duration = Duration::from_secs(30);

/// What makes a plain stream a secured one.
pub(super) type Secured = TlsAcceptor;

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

    /// Reads the files.
    pub(super) fn read(&self) -> io::Result<Secured> {
        let about = |path: &Path, error: &dyn std::fmt::Display| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: {error}", path.display()),
            )
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate).and_then(Iterator::collect);
        let chain: Vec<_> = chain.map_err(|error| about(&self.certificate, &error))?;
        let key =
            PrivateKeyDer::from_pem_file(&self.key).map_err(|error| about(&self.key, &error))?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key);
        let mut config = config.map_err(|error| about(&self.certificate, &error))?;
        // One protocol is one set of bounds, and live sockets need this one.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn stamps(&self) -> [Option<SystemTime>; 2] {
        let stamp = |path: &Path| {
            std::fs::metadata(path)
                .and_then(|meta| meta.modified())
                .ok()
        };
        [stamp(&self.certificate), stamp(&self.key)]
    }

    /// Hands new connections whatever the files hold now, until `stop`.
    pub(super) async fn reload_on_change(
        self,
        latest: watch::Sender<Secured>,
        stop: CancellationToken,
    ) {
        let mut seen = self.stamps();
        let mut round = tokio::time::interval(self.look_every);
        while stop.run_until_cancelled(round.tick()).await.is_some() {
            let stamps = self.stamps();
            if stamps == seen {
                continue;
            }
            // Half of a new pair may be there already: what cannot be used now is read next round.
            match self.read() {
                Ok(secured) => {
                    seen = stamps;
                    latest.send_replace(secured);
                    tracing::info!("certificate reloaded");
                }
                Err(error) => {
                    tracing::error!(%error, "the changed certificate cannot be used, the old one stays");
                }
            }
        }
    }
}
