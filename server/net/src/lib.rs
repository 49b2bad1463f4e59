//! The one HTTPS client factory, shared by the server and the agent.
//!
//! Everything that leaves a Pulse process over HTTP goes through [`client`]: TLS 1.2 or newer on
//! one cryptography provider, no redirects, a time limit on every request, and a choice of whom to
//! [`Trust`] that is written down rather than scattered. Bodies are read with [`read_capped`].

mod client;
mod error;
mod pin;

pub use client::{Options, Trust, client, install_crypto, read_capped};
pub use error::Error;
pub use pin::Fingerprint;
