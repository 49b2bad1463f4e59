//! What crosses the wire between Pulse agents and the Pulse server.
//!
//! Shapes only: no transport, no cryptography, no clock. Reading is lenient (unknown members are
//! ignored, missing ones and `null` are the empty value), writing is exact: member names and the
//! choice between "always there" and "left out when empty" are those original agents use.

pub mod config;
mod error;
pub mod limits;
mod presence;
mod reader;
mod readings;
pub mod report;
pub mod text;
pub mod time;
mod words;

pub use error::Error;
pub use time::Time;
