//! The estate itself for Prometheus: every resource with its figures and its name.
//!
//! Written family by family from one immutable snapshot and sent as it is written, so that neither
//! the estate's size nor a slow reader costs memory.

mod disk;
mod families;
mod sheet;

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};

use pulse_security::Scope;
use tokio::task::spawn_blocking;

use super::row::Routes;
use crate::access::Access;
use crate::app::App;
use crate::error::ApiError;
use crate::exposition::Format;
use crate::packed::accepts;

use sheet::Sheet;

pub(super) fn routes() -> Routes {
    Routes::new("prometheus")
        .get(
            "/api/prometheus",
            Access::Scope(Scope::MonitoringRead),
            "Every resource and its figures, for a Prometheus to scrape; OpenMetrics where it is asked for",
            export,
        )
        .media("text/plain")
        .or_media("application/openmetrics-text")
}

async fn export(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let format = Format::wanted(accept);
    let packed = accepts(&headers, "gzip");
    let estate = app.estate().estate();
    // A large estate takes seconds to write: not on the threads that answer.
    let begun = spawn_blocking(move || Writer {
        sheet: Sheet::new(&estate, format),
        packer: packed.then(|| GzEncoder::new(Vec::new(), Compression::fast())),
    });
    let writer = begun.await.map_err(ApiError::internal)?;
    let pieces = stream::try_unfold(Some(writer), |writer| async move {
        let Some(writer) = writer else {
            return Ok(None);
        };
        // Ends the answer in the middle where it panicked, so that nobody takes it for whole.
        spawn_blocking(move || writer.next()).await.map(Some)
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.media()),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept, accept-encoding"),
    );
    if packed {
        let gzip = HeaderValue::from_static("gzip");
        headers.insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}

/// A sheet on its way out.
struct Writer {
    sheet: Sheet,
    packer: Option<GzEncoder<Vec<u8>>>,
}

impl Writer {
    /// Returns the next piece, and itself when there is more.
    fn next(mut self) -> (Bytes, Option<Self>) {
        let text = self.sheet.next();
        let Some(mut packer) = self.packer.take() else {
            return match text {
                Some(text) => (text.into(), Some(self)),
                None => (Bytes::new(), None),
            };
        };
        let Some(text) = text else {
            let rest = packer.finish().expect("memory takes it");
            return (rest.into(), None);
        };
        packer.write_all(text.as_bytes()).expect("memory takes it");
        let piece = std::mem::take(packer.get_mut());
        self.packer = Some(packer);
        (piece.into(), Some(self))
    }
}
