//! What the routes need of the process around them.

use std::sync::Arc;

use tokio::sync::broadcast;

/// A line of the server's log, without its end; secrets have been taken out.
pub type Line = Arc<str>;

/// The server's own log.
pub trait Log: Send + Sync {
    /// Returns the latest lines and a receiver of every line after them.
    fn follow(&self) -> (Vec<Line>, broadcast::Receiver<Line>);

    /// Returns the end of the log, at most `most` bytes of whole lines. Blocks.
    fn last(&self, most: usize) -> String;

    /// Returns how many lines could not be kept.
    fn lost(&self) -> u64;
}
