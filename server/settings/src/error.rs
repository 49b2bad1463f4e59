//! What goes wrong with settings.

use thiserror::Error;

/// Why settings are not changed, or not there.
#[derive(Debug, Error)]
pub enum Error {
    /// A member does not take that value.
    #[error("{field} has to be {wanted}")]
    Invalid {
        /// The member, or the variable that was to fix it.
        field: String,
        /// What it takes.
        wanted: String,
    },
    /// They cannot be read or written.
    #[error("the settings cannot be kept")]
    Store(#[from] pulse_store::Error),
}

impl Error {
    pub(crate) fn invalid(field: &str, wanted: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            wanted: wanted.into(),
        }
    }
}
