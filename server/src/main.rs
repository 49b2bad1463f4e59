//! The Pulse server: boot configuration and wiring.

fn main() {}
