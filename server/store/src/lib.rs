//! Typed tables, settings documents and private files over an ordered key-value engine.
//!
//! A [`Store`] holds named tables of records under string keys and changes any number of them in
//! one atomic, durable commit. Each record carries its own checksum and schema version, so a
//! damaged disk costs the record it hit and is reported, never read as truth. [`Settings`] keeps
//! one document in memory and on disk, [`file`] holds the few things other programs must read,
//! [`log`] appends what is too frequent for commits.
//! Which engine lies below is nobody else's business.
//!
//! All of it lives in a [`DataDir`]: private to its owner and used by one server at a time.

mod blocks;
mod db;
mod dir;
mod error;
pub mod file;
pub mod log;
mod settings;
mod table;
mod transaction;

pub use blocks::{BlockKey, BlockReader, Blocks};
pub use db::Store;
pub use dir::DataDir;
pub use error::Error;
pub use log::Log;
pub use settings::Settings;
pub use table::Table;
pub use transaction::{Damage, Reader, Scan, Writer};
