//! What was measured: samples as they come, minutes and hours of them, and charts from all three.
//!
//! Readings are appended to the open hour in memory and, every minute, to a log. Shortly after its
//! end an hour is sealed: per series one compressed row in a database of its own. Six hours become
//! minutes, weeks become hours, and whole windows go when their time is up. A question is answered
//! from the coarsest tier that is fine enough. The format is written down in `docs/HISTORY.md`.
//!
//! Nothing here stops monitoring: a full disk, a damaged file or too many series cost history,
//! bounded and counted, and nothing else.

mod answer;
mod block;
mod column;
mod core;
mod counters;
mod error;
mod expire;
mod frame;
mod handle;
mod head;
mod hour;
mod journal;
mod options;
mod pass;
mod plan;
mod points;
mod quantum;
mod query;
mod register;
mod row;
mod rows;
mod slab;
mod tables;
mod task;
mod varint;
mod work;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Ask, MOST_CELLS, Point, Series, Span};
pub use counters::Counters;
pub use error::Error;
pub use handle::{Handle, Stats};
pub use options::{Durability, Limits, Options, Retention};
pub use task::spawn;
