//! Answers that are not made again while nothing has changed: each is named by what it is made of,
//! and who has that version is told so before any of the work.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::error::ApiError;
use crate::packed::Tag;

/// What somebody asks for, and which versions of it they have.
pub(crate) struct Asked {
    headers: HeaderMap,
    /// Of this start of the server, the path and the query.
    question: u64,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let mut question = DefaultHasher::new();
        (app.0.started_at, parts.uri.path_and_query()).hash(&mut question);
        Ok(Self {
            headers: parts.headers.clone(),
            question: question.finish(),
        })
    }
}

impl Asked {
    /// Answers 304 to one who has the version made of `made_of`, and to everybody else what `make`
    /// comes to. What `made_of` says has to be read before what `make` reads.
    pub async fn answer<T: IntoResponse>(
        &self,
        made_of: impl Hash,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Response, ApiError> {
        let mut version = DefaultHasher::new();
        (self.question, made_of).hash(&mut version);
        let tag = Tag::new(&format!("{:016x}", version.finish()));
        let mut response = if tag.is_known(&self.headers) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            make.await?.into_response()
        };
        tag.put_on(response.headers_mut());
        Ok(response)
    }
}
