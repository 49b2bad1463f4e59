//! The reports agents post.

pub mod host;
pub mod sequence;
