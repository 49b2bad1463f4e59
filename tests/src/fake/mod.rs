//! Products that are invented, but speak what the real ones speak over real sockets.

pub mod kubernetes;
