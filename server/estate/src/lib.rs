//! Everything monitored, as one snapshot.
//!
//! Sources hand over observations. One task folds each into the estate, an immutable snapshot
//! made of shared parts, and publishes it; everybody else only reads. Folding costs what the
//! observation holds and publishing costs what changed, however large the estate is.
//!
//! The estate also decides who a reporting agent is (`identity`), in which order its reports
//! count, and when silence means *stale* and when it means *offline* (`freshness`).

mod agenda;
mod derive;
mod error;
mod fold;
mod freshness;
mod handle;
mod identity;
mod recent;
mod saver;
mod snapshot;
mod tables;
mod task;

#[cfg(test)]
mod tests;

pub use error::{Error, Refusal};
pub use freshness::{Transition, Verdict};
pub use handle::{Counters, Folded, Handle};
pub use recent::{Point, Series};
pub use snapshot::{Change, Entry, Estate, Stats};
pub use task::{Options, spawn};
