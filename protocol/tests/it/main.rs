//! The wire format from outside: goldens, round trips, and everything a hostile peer might send.

mod any;
mod bounds;
mod golden;
mod hostile;
mod lenient;
mod round_trip;
