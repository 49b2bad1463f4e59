//! Everything monitored, as one snapshot.
//!
//! Sources hand over observations. One task folds each into the estate, an immutable snapshot
//! made of shared parts, and publishes it; everybody else only reads. Folding costs what the
//! observation holds and publishing costs what changed, however large the estate is.
//!
//! The estate also decides who a reporting agent is (`identity`), in which order its reports
//! count, and when silence means *stale* and when it means *offline* (`freshness`).

mod agenda;
mod annotate;
mod bound;
mod compose;
mod decide;
mod derive;
mod dirty;
mod edges;
mod error;
mod fold;
mod freshness;
mod handle;
mod identity;
mod join;
mod ledger;
mod links;
mod naming;
mod outage;
mod part;
mod place;
pub mod port;
mod rebuild;
mod regroup;
mod restore;
mod saver;
mod slice;
mod snapshot;
mod tables;
mod task;
mod time;
mod trail;

#[cfg(test)]
mod disk_tests;
#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod join_tests;
#[cfg(test)]
mod slice_tests;
#[cfg(test)]
mod stability_tests;
#[cfg(test)]
mod tests;

pub use annotate::{Annotations, NotKept};
pub use decide::{By, Decided};
pub use error::{Error, Refusal};
pub use freshness::Verdict;
pub use handle::{Counters, Folded, Handle};
pub use links::{Decision, LinkError, Tie, TieKind};
pub use outage::Transition;
pub use port::Recorder;
pub use snapshot::{Change, Entry, Estate, Form, Stats};
pub use task::{Options, spawn};
