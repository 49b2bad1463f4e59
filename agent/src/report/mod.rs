//! Reports: collected on a schedule, kept in a bounded queue, sent in order until they are taken.

pub(crate) mod assemble;
pub(crate) mod buffer;
pub(crate) mod deliver;
mod pack;
pub(crate) mod retry;
pub(crate) mod schedule;
mod send;
