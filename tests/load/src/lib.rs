//! Simulated agents and dashboards, from one process over the real protocol.
//!
//! The generator shares the machine with the server it drives, so it is built to cost little: one
//! thread, one kept connection per agent, one compressor for all of them, and reports whose figures
//! move without being collected. Everything it sends is made of the protocol's own types. It speaks
//! plain HTTP, to loopback: what TLS costs is another measurement.

mod agents;
mod clock;
mod gzip;
mod link;
mod machine;
mod sockets;
mod tally;

pub use agents::{Agents, Pace};
pub use gzip::Gzip;
pub use link::{Link, Target};
pub use machine::Machine;
pub use sockets::{SendTimes, SocketTally, Sockets};
pub use tally::{Latencies, Tally};
