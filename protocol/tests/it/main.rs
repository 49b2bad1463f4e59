//! The wire format from outside: goldens, round trips, and everything a hostile peer might send.

#![expect(
    clippy::unwrap_used,
    reason = "a test may fail by panicking, its helpers too"
)]

mod any;
mod bounds;
mod golden;
mod hostile;
mod lenient;
mod round_trip;
