//! Where facts come from: agent reports now, polled products with their own issues.
//!
//! A source turns what it sees into observations and hands them to the estate through
//! [`port::Intake`]. It decides nothing: identity, freshness and merging are the estate's.

pub mod agent;
mod error;
pub mod mock;
pub mod port;
pub mod scheduler;

pub use error::Error;
