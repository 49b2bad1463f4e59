//! Who may do what, asked from outside: in memory, on a clock that the test moves.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod enrolment;
mod environment;
mod limits;
mod login;
mod reports;
mod server;
mod sessions;
mod setup;
mod tokens;
