//! The Pulse agent: reports what one machine is doing.

fn main() {}
