//! What an administrator may change while the server runs: one document, stored and watched.
//!
//! [`document`](System) is what readers see, `field` says what each member may hold and which
//! environment variable fixes it, [`Handle`] merges a change into what is stored. What a setting
//! means is decided by the area that reads it.

mod discovery;
mod document;
mod error;
mod field;
mod fixed;
mod handle;
mod rules;

pub use discovery::Discovery;
pub use document::{ReportBranding, System};
pub use error::Error;
pub use fixed::{Fixed, environment};
pub use handle::{Handle, Patch, Updated};
