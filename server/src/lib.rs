//! The Pulse server: boot configuration and wiring, nothing else.
//!
//! A library beside its binary so that tests can run whole servers in their own process.

mod app;
pub mod config;
pub mod logging;
mod ports;
mod recording;

pub use app::{Error, Running, start};

/// The product's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
