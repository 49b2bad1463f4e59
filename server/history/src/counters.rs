//! What the history counts of its own work.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What the history counts of its own work.
        #[derive(Debug, Default)]
        pub struct Counters {
            $($(#[$doc])* pub $name: AtomicU64,)*
        }

        impl Counters {
            /// Returns every counter with its name.
            pub fn all(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name.load(Ordering::Relaxed)),)*]
            }
        }
    };
}

counters! {
    /// Values recorded.
    recorded,
    /// Readings turned away because too many were waiting.
    shed,
    /// Values that were no measurement: not a number, negative, beyond their class.
    invalid,
    /// Readings dated in the future.
    future,
    /// Readings older than what is kept of samples.
    too_old,
    /// Readings of an hour that was sealed, merged later.
    late,
    /// Late readings turned away because too many were waiting.
    late_refused,
    /// Readings of resources beyond the bound.
    resources_refused,
    /// Rows lost because memory was full and the disk would not take them.
    lost,
    /// Times the log was flushed.
    flushes,
    /// Times it could not be.
    flush_errors,
    /// Bytes appended to the log.
    log_bytes,
    /// Hours sealed.
    sealed,
    /// Times sealing failed and is to be tried again.
    seal_errors,
    /// Rows written to the database.
    blocks_written,
    /// Bytes of those that hold samples.
    raw_bytes,
    /// Bytes of those that hold minutes.
    minute_bytes,
    /// Bytes of those that hold hours.
    hour_bytes,
    /// Rows of the database that could not be read.
    bad_blocks,
    /// Places in logs where frames were lost.
    log_skips,
    /// Logs whose end was cut off.
    torn_logs,
    /// Rows of logs that could not be understood because of a loss before them.
    unreadable,
    /// Rows read from logs at the start.
    replayed,
    /// Windows deleted because their time was up.
    expired,
    /// Queries answered.
    queries,
    /// Rows of the database read for queries.
    blocks_read,
}

pub(crate) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
