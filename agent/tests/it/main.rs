//! The agent against a server that is invented but speaks real HTTP.

mod agent;
#[cfg(unix)]
mod clusters;
mod delivery;
mod engines;
mod enrolment;
mod program;
mod server;

#[allow(dead_code, unused_imports, reason = "shared with other tests")]
#[path = "../../../tests/src/fake/mod.rs"]
mod fake;
