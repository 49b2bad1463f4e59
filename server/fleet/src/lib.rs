//! The management side of what reports: machines with an agent, container engines, Kubernetes clusters.
//!
//! A register says under which name each reports, whose that name is, and what operators decided: removed for a day,
//! hidden, about to be uninstalled. It outlasts the process and is written only when something in it changes, never per
//! report. What an engine's agent is to do is queued here, one command at a time, and handed over with the answer to its
//! next report.
//!
//! It decides who may report; who a machine is, and what it shows, is the estate's.

mod error;
mod handle;
mod owner;
pub mod port;
mod queue;
mod record;
mod register;
mod removal;
mod tables;
mod task;

#[cfg(test)]
mod tests;

pub use error::{AckError, Error, Refusal};
pub use handle::{Ack, Handle, Options};
pub use queue::{Progress, Verb};
pub use removal::{Removed, Told};
pub use task::spawn;
