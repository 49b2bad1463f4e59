//! What can go wrong between asking for a client and having read an answer.

/// Failures of the client factory and of reading a body.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client could not be put together.
    #[error("cannot set up the HTTP client")]
    Build(#[source] reqwest::Error),
    /// The TLS settings do not fit the cryptography provider.
    #[error("cannot set up TLS")]
    Tls(#[source] rustls::Error),
    /// The extra certificate authority is not a list of PEM certificates.
    #[error("cannot read the extra certificate authority")]
    Authority(#[source] reqwest::Error),
    /// The extra certificate authority file holds no certificate.
    #[error("the extra certificate authority holds no certificate")]
    NoAuthority,
    /// The text is not a SHA-256 fingerprint.
    #[error("a certificate fingerprint has 64 hexadecimal digits, with or without colons")]
    Fingerprint,
    /// The answer's body broke off.
    #[error("cannot read the answer")]
    Read(#[source] reqwest::Error),
    /// The answer's body is larger than the caller is willing to hold.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The most the caller accepts.
        limit: usize,
    },
}
