//! A large body made of parts that others hold as well: nothing is copied to put it together.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderValue, header};

/// How much is handed to the connection at a time. Parts are small; writing each by itself would
/// cost more than putting some together.
const STRETCH: usize = 64 << 10;

/// Parts, one after the other.
#[derive(Clone, Default)]
pub(crate) struct Rope {
    parts: Arc<Vec<Bytes>>,
    len: u64,
}

impl Rope {
    /// Strings `parts` together.
    pub fn new(mut parts: Vec<Bytes>) -> Self {
        parts.shrink_to_fit();
        let len = parts.iter().map(|part| part.len() as u64).sum();
        Self {
            parts: Arc::new(parts),
            len,
        }
    }

    /// Returns its parts.
    pub fn parts(&self) -> impl Iterator<Item = &Bytes> {
        self.parts.iter()
    }

    /// Returns it as an answer of known length.
    pub fn answer(&self) -> Response {
        let stretches = Stretches {
            rope: self.clone(),
            at: 0,
        };
        let stretches = stretches.map(Ok::<_, Infallible>);
        let mut response = Body::from_stream(stream::iter(stretches)).into_response();
        let length = HeaderValue::from(self.len);
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
        response
    }
}

/// The parts on their way out, some of them put together.
struct Stretches {
    rope: Rope,
    at: usize,
}

impl Iterator for Stretches {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let parts = &self.rope.parts[self.at.min(self.rope.parts.len())..];
        let first = parts.first()?;
        if first.len() >= STRETCH {
            self.at += 1;
            return Some(first.clone());
        }
        let mut stretch = Vec::with_capacity(STRETCH);
        for part in parts {
            if stretch.len() + part.len() > STRETCH {
                break;
            }
            stretch.extend_from_slice(part);
            self.at += 1;
        }
        Some(stretch.into())
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn it_is_its_parts_in_order_whatever_their_size() {
        let sizes = [0, 1, STRETCH, 3, STRETCH - 1, STRETCH + 7, 0, 2, 2];
        let part = |(n, size): (usize, &usize)| Bytes::from(vec![n as u8; *size]);
        let parts: Vec<Bytes> = sizes.iter().enumerate().map(part).collect();
        let whole = parts.concat();
        let rope = Rope::new(parts);
        let answer = rope.answer();
        assert_eq!(
            answer.headers()["content-length"],
            whole.len().to_string().as_str()
        );
        let mut body = answer.into_body();
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.expect("parts do not fail");
            let frame = frame.into_data().expect("nothing but bytes");
            assert!(frame.len() <= STRETCH + 7);
            read.extend_from_slice(&frame);
        }
        assert!(read == whole);
        let empty = Rope::default()
            .answer()
            .into_body()
            .collect()
            .await
            .expect("nothing");
        assert!(empty.to_bytes().is_empty());
    }
}
