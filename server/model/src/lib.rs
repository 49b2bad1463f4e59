//! The nouns two or more areas share: resources and their facets, observations, ids, units, time.
//!
//! No I/O and no policy lives here. What only one area needs stays in that area: an edit in this
//! crate rebuilds all the others.

pub mod clock;
pub mod entropy;
pub mod secret;

pub use clock::{Clock, Hands, TimeSource};
pub use entropy::Entropy;
pub use secret::Secret;
