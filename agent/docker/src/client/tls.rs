//! TLS to an engine, from the three files Docker's own client uses: `ca.pem`, `cert.pem`, `key.pem`.
//!
//! The engine's certificate is always checked: against `ca.pem` if that is there, and refused
//! without. The other two are sent if they are there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::Error;

/// Largest file that is read.
const LIMIT: u64 = 1024 * 1024;

/// Reads the files of `directory`.
pub(crate) fn client(directory: &Path) -> Result<Arc<ClientConfig>, Error> {
    let tls = |source| Error::Tls {
        directory: directory.to_owned(),
        source,
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&directory.join("ca.pem"))? {
        roots.add(certificate).map_err(tls)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(tls)?
        .with_root_certificates(roots);
    let own = directory.join("cert.pem");
    let config = if own.exists() {
        let key = key(&directory.join("key.pem"))?;
        builder
            .with_client_auth_cert(certificates(&own)?, key)
            .map_err(tls)?
    } else {
        builder.with_no_client_auth()
    };
    Ok(Arc::new(config))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = contents(path)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(unusable(path, "it holds no certificate".to_owned())),
        Err(error) => Err(unusable(path, error.to_string())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    PrivateKeyDer::from_pem_slice(&contents(path)?)
        .map_err(|_| unusable(path, "it holds no private key".to_owned()))
}

fn contents(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::Certificate {
        path: path.to_owned(),
        source,
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return Err(unusable(path, "it is not a small plain file".to_owned()));
    }
    std::fs::read(path).map_err(failed)
}

fn unusable(path: &Path, why: String) -> Error {
    Error::Certificate {
        path: PathBuf::from(path),
        source: io::Error::new(io::ErrorKind::InvalidData, why),
    }
}
