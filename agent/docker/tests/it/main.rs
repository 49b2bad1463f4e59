//! Engines that are invented but speak real HTTP over a real socket.
#![cfg(unix)]

mod bad_input;
#[cfg(test)]
mod captures;
mod daemon;
mod reading;
mod registry;
mod spared;
mod tls;
