//! Why a report was not accepted.

use thiserror::Error;

use crate::port::NotTaken;

/// What can be wrong with a report.
#[derive(Debug, Error)]
pub enum Error {
    /// Larger than its route allows, as sent or once inflated.
    #[error("the report is larger than {limit} bytes")]
    TooLarge {
        /// `encoded_http_body` or `decoded_json`.
        dimension: &'static str,
        /// The bound it broke.
        limit: usize,
    },
    /// An encoding other than gzip or none.
    #[error("the content encoding is not supported")]
    Encoding,
    /// Said to be gzip and is not, or is cut off.
    #[error("the compressed body is damaged")]
    Compression,
    /// Not the JSON of a report.
    #[error("the body is not a report")]
    Json(#[source] pulse_protocol::Error),
    /// Mapping it panicked; it was set aside.
    #[error("the report could not be read and was set aside")]
    Poison,
    /// The estate did not take it.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}
