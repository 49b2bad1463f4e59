//! Why something from the wire was refused.

/// Why something from the wire was refused. Texts never repeat what was sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON, not the expected shape, a duplicate member, or something after the end.
    #[error("invalid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The body is not one JSON object.
    #[error("not a JSON object")]
    NotAnObject,
}
