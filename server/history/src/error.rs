//! What can go wrong with the history.

/// Why the history cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is still being opened.
    #[error("the history is still being opened")]
    Starting,
    /// It was ended, or could not be opened.
    #[error("the history is closed")]
    Closed,
    /// More was asked for than one answer may hold.
    #[error("{asked} points are asked for, at most {most} are answered at once")]
    TooMuch {
        /// Points asked for.
        asked: usize,
        /// Points answered at most.
        most: usize,
    },
    /// The files cannot be used.
    #[error("the stored history cannot be used")]
    Store(#[from] pulse_store::Error),
}
