//! Builds clients and reads what they receive.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Response, redirect, tls};
use rustls::crypto::CryptoProvider;

use crate::error::Error;
use crate::pin::{Fingerprint, PinnedVerifier};

/// Whom a client believes to be the server it asked for.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Whoever the operating system's certificate authorities vouch for.
    #[default]
    System,
    /// The same, and whoever these PEM certificates vouch for.
    SystemAnd(Vec<u8>),
    /// Exactly the holder of one certificate; names, dates and authorities do not matter.
    Pinned(Fingerprint),
    /// Anybody, a machine in the middle included. Only when an operator asks for it by name.
    DangerouslyAnybody,
}

/// What a client is for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whom to believe.
    pub trust: Trust,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest wait for a whole exchange, from the call to the last byte of the answer.
    pub timeout: Duration,
    /// Whether the proxy variables of the environment count.
    pub proxies: bool,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trust: Trust::System,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(15),
            proxies: true,
            user_agent: None,
        }
    }
}

/// Makes ring the process's cryptography provider; each `main` calls it before anything else.
pub fn install_crypto() {
    // The error means somebody (another test of this process) was first, with the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Returns a client for `options`.
///
/// # Errors
/// When the extra authority cannot be read or TLS cannot be set up.
pub fn client(options: &Options) -> Result<Client, Error> {
    install_crypto();
    match &options.trust {
        Trust::System => system_client(options),
        Trust::SystemAnd(pem) => {
            let authorities = Certificate::from_pem_bundle(pem).map_err(Error::Authority)?;
            if authorities.is_empty() {
                return Err(Error::NoAuthority);
            }
            builder(options)
                .tls_certs_merge(authorities)
                .build()
                .map_err(Error::Build)
        }
        Trust::Pinned(fingerprint) => {
            let tls = pinned_tls(fingerprint.clone())?;
            builder(options)
                .tls_backend_preconfigured(tls)
                .build()
                .map_err(Error::Build)
        }
        Trust::DangerouslyAnybody => builder(options)
            .tls_danger_accept_invalid_certs(true)
            .build()
            .map_err(Error::Build),
    }
}

/// A machine without any certificate authority can still speak plain HTTP; there, every
/// certificate is refused instead of the whole client.
fn system_client(options: &Options) -> Result<Client, Error> {
    builder(options)
        .build()
        .or_else(|_| builder(options).tls_certs_only([]).build())
        .map_err(Error::Build)
}

#[expect(clippy::disallowed_methods, reason = "the one client factory")]
fn builder(options: &Options) -> ClientBuilder {
    let mut builder = Client::builder()
        .tls_version_min(tls::Version::TLS_1_2)
        .redirect(redirect::Policy::none())
        .connect_timeout(options.connect_timeout)
        .timeout(options.timeout)
        .pool_max_idle_per_host(1);
    if !options.proxies {
        builder = builder.no_proxy();
    }
    if let Some(user_agent) = &options.user_agent {
        builder = builder.user_agent(user_agent);
    }
    builder
}

fn pinned_tls(fingerprint: Fingerprint) -> Result<rustls::ClientConfig, Error> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
    let verifier = PinnedVerifier::new(fingerprint, provider.signature_verification_algorithms);
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(Error::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// When the body is longer, without having held more than `limit` bytes of it, or breaks off.
pub async fn read_capped(mut response: Response, limit: usize) -> Result<Vec<u8>, Error> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |length| length > limit) {
        return Err(Error::TooLarge { limit });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Error::Read)? {
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
