//! What was measured: one resource's series, a page's sparks, the charts of everything, storages.
//!
//! Answers are cut to a stated size, gaps stay gaps, and a resource or metric without history is an
//! empty series, not an error: older clients ask before there is any.

mod charts;
mod range;
mod series;
mod sparks;
mod stats;
mod storage;

use http::StatusCode;

use pulse_history::Error;

use super::row::Routes;
use crate::error::ApiError;

pub(super) fn routes() -> Routes {
    let routes = stats::rows(Routes::new("history"));
    let routes = series::rows(routes);
    let routes = sparks::rows(routes);
    storage::rows(charts::rows(routes))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Starting => Self::unavailable(
                "history_starting",
                "The history is still being opened; ask again in a moment.",
            ),
            Error::Closed => Self::unavailable(
                "history_unavailable",
                "The history cannot be used; the server's log says why.",
            ),
            Error::TooMuch { asked, most } => Self::new(
                StatusCode::BAD_REQUEST,
                "too_many_points",
                "That is more than one answer may hold; ask for fewer points or resources.",
            )
            .detail("points", asked.to_string())
            .detail("limit", most.to_string()),
            Error::Store(cause) => Self::internal(cause),
        }
    }
}

/// Rounds what is shown to people: more digits than were measured only cost bytes.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
