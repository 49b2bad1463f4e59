//! What crosses the wire between Pulse agents and the Pulse server.
//!
//! Shapes only: no transport, no cryptography, no clock. Reading is lenient (unknown members are
//! ignored, missing ones and `null` are the empty value), writing is exact: member names and the
//! choice between "always there" and "left out when empty" are those original agents use. What is
//! signed, and every typed operation, is read strictly instead.

pub mod bytes;
mod canonical;
pub mod command;
pub mod config;
pub mod enrol;
pub mod envelope;
mod error;
pub mod ids;
pub mod limits;
pub mod lookup;
pub mod paths;
mod presence;
pub mod proof;
mod reader;
mod readings;
pub mod release;
pub mod report;
pub mod text;
mod textual;
pub mod time;
pub mod token;
pub mod version;
mod words;

pub use error::Error;
pub use time::Time;
