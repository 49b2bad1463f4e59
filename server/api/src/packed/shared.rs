//! A large answer many ask for: tagged once, compressed once per coding, its bytes shared.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::OnceCell;

use super::{Coding, Rope, Tag};
use crate::error::ApiError;

/// One version of the answer.
pub(crate) struct Shared {
    tag: Tag,
    plain: Rope,
    packed: [OnceCell<Bytes>; Coding::ALL.len()],
}

impl Shared {
    /// Makes the answer `plain`, which `tag` names among all its versions.
    pub fn new(tag: &str, plain: Rope) -> Self {
        Self {
            tag: Tag::new(tag),
            plain,
            packed: Default::default(),
        }
    }

    /// Returns it without compression.
    pub fn plain(&self) -> &Rope {
        &self.plain
    }

    /// Answers one who asks with those headers; with 304 one who has this version.
    pub async fn answer(&self, asked: &HeaderMap) -> Result<Response, ApiError> {
        let mut response = if self.tag.is_known(asked) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if let Some(coding) = Coding::best(asked) {
            let mut response = Body::from(self.packed(coding).await?).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_ENCODING, coding.header());
            response
        } else {
            self.plain.answer()
        };
        let headers = response.headers_mut();
        let fixed = [
            (header::CONTENT_TYPE, "application/json"),
            (header::VARY, "accept-encoding"),
        ];
        headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
        self.tag.put_on(headers);
        Ok(response)
    }

    /// Returns it compressed; whoever asks meanwhile waits for the one that is at it.
    async fn packed(&self, coding: Coding) -> Result<Bytes, ApiError> {
        let compress = || async {
            let plain = self.plain.clone();
            let work = tokio::task::spawn_blocking(move || coding.compress(plain.parts()));
            work.await.map_err(ApiError::internal)
        };
        let packed = self.packed[coding as usize].get_or_try_init(compress);
        packed.await.cloned()
    }
}
