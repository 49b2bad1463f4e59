//! Black-box harness: a [`Site`] with a real server on a port of its own, people and agents on it.
//!
//! Nothing in here sleeps: what has to happen is waited for, on the live socket or by asking the
//! estate's own revision, with one deadline for a whole flow.

mod answer;
pub mod fake;
mod live;
mod person;
mod reporter;
mod site;

pub use answer::Answer;
pub use live::Live;
pub use person::Person;
pub use reporter::{REPORT, Reporter, gzip};
pub use site::{PASSWORD, Site};
