//! Collectors for one host: one file per subject under [`collect`].
//!
//! A [`Collector`] reads one subject and hands back a [`Reading`], the part of the report it fills.
//! [`Workers`] run each collector in its own thread, so that a disk that hangs costs the report its
//! file systems and nothing else. On Linux the kernel's own files are read below [`Roots`]; other
//! systems are asked through `sysinfo`.
//!
//! Nothing here knows the network, the server or the agent's configuration.
#![cfg_attr(
    not(target_os = "linux"),
    allow(
        dead_code,
        reason = "what reads Linux's files is compiled and tested everywhere"
    )
)]

mod block;
#[cfg(test)]
mod captures;
pub mod collect;
mod collector;
mod error;
pub mod exec;
mod hwmon;
pub mod identity;
mod json;
mod own;
mod pattern;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod roots;
mod tools;
mod workers;

pub use collector::{Collector, Context, MakeCollector, Pause, Reading, Settings};
pub use error::Error;
pub use own::Own;
pub use roots::Roots;
pub use workers::Workers;
