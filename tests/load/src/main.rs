//! Simulated agents over the real protocol, from one process.

fn main() {}
