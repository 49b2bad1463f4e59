//! The Pulse agent: reports what one machine is doing.
//!
//! [`run`] is the whole agent. Collecting and delivering are two tasks with a bounded queue between
//! them, so a server that is away costs no figure, and a disk that hangs costs no report:
//!
//! ```text
//! collectors ─► report::schedule ─┐
//!  (threads)       assemble        ├► channel ─► report::deliver ─► server
//! engines ────► report::engines ───┤             pack, queue, enrol, send, retry
//! cluster ────► report::clusters ──┘
//! ```
//!
//! The machine's figures come from `pulse-agent-host`, its containers from `pulse-agent-docker`, a
//! cluster from `pulse-agent-kubernetes`; this crate decides when they are asked for, who the agent is, and
//! how reports get to the server.

mod app;
mod clock;
pub mod config;
mod enrol;
mod error;
mod footprint;
mod health;
mod identity;
mod key;
pub mod logging;
mod net;
mod programs;
mod random;
mod regular;
mod report;
mod state;
mod status;
mod token;

pub use app::{Collected, Surroundings, collect_once, run, run_in};
pub use clock::Clock;
pub use config::Config;
pub use error::{Error, chain};
