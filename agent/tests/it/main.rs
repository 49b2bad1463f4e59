//! The agent against a server that is invented but speaks real HTTP.

mod agent;
mod delivery;
mod engines;
mod enrolment;
mod program;
mod server;
