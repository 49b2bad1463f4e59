//! Why something from the wire was refused.

/// Why something from the wire was refused. Texts of `Invalid` never repeat what was sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON, not the expected shape, a duplicate member, or something after the end.
    #[error("invalid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The document is not one JSON object.
    #[error("not a JSON object")]
    NotAnObject,
    /// The document is larger than its kind may be.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// A value breaks a rule its type alone does not say.
    #[error("invalid {0}")]
    Invalid(&'static str),
}

/// Returns an error naming `what`, unless the rule holds.
pub(crate) fn ensure(holds: bool, what: &'static str) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::Invalid(what))
    }
}
