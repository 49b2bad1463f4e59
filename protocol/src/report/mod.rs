//! The reports agents post.
//!
//! Each kind has `from_json`, which is how a server reads it, and is written with `serde_json`.

pub mod docker;
pub mod host;
pub mod kubernetes;
pub mod sequence;
