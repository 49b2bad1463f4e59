//! Captures of real machines, kept beside the checkout; tests go on without them, saying so.

use std::path::PathBuf;

/// Reads a capture, if the captures are there.
pub(crate) fn read(name: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let text = std::fs::read_to_string(PathBuf::from(beside).join(name)).ok();
    if text.is_none() {
        println!("no capture {name} here, nothing compared");
    }
    text
}
