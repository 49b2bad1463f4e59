//! Answers that are worth it go out compressed to those who take it.
//!
//! What is compressed already (files, shared answers), streams, and answers that hand out a cookie
//! pass as they are.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method, header};
use http_body_util::BodyExt;

use crate::packed::Coding;

/// Smaller ones fit into a packet or two anyway.
const SMALLEST: u64 = 1 << 10;
/// Larger ones are streamed, or shared and compressed beforehand.
const LARGEST: u64 = 16 << 20;
/// What is compressed on the spot; more goes to a thread that may take its time.
const QUICK: usize = 32 << 10;

/// Compresses the answer when the client takes it.
pub(crate) async fn answer(request: Request, next: Next) -> Response {
    let coding = Coding::best(request.headers()).filter(|_| request.method() != Method::HEAD);
    let response = next.run(request).await;
    match coding.filter(|_| is_worth_it(&response)) {
        Some(coding) => compressed(response, coding).await,
        None => response,
    }
}

fn is_worth_it(response: &Response) -> bool {
    let headers = response.headers();
    let media = headers.get(header::CONTENT_TYPE);
    let media = media
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default();
    let is_text = media.starts_with("application/json")
        || media.starts_with("application/openmetrics-text")
        || (media.starts_with("text/") && !media.starts_with("text/event-stream"));
    let stated = headers.get(header::CONTENT_LENGTH);
    let stated = stated.and_then(|length| length.to_str().ok()?.parse().ok());
    let size = response.body().size_hint().exact().or(stated);
    is_text
        && size.is_some_and(|size| (SMALLEST..=LARGEST).contains(&size))
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::SET_COOKIE)
        && !headers.contains_key(header::CONTENT_RANGE)
}

async fn compressed(response: Response, coding: Coding) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = body.collect().await else {
        // Its length was known, so it was in memory; nothing there can fail.
        return Response::from_parts(parts, Body::empty());
    };
    let plain: Bytes = plain.to_bytes();
    let packed = if plain.len() <= QUICK {
        Some(coding.compress([&plain].into_iter()))
    } else {
        let plain = plain.clone();
        let work = tokio::task::spawn_blocking(move || coding.compress([&plain].into_iter()));
        work.await.ok()
    };
    let Some(packed) = packed else {
        return Response::from_parts(parts, Body::from(plain));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_ENCODING, coding.header());
    let vary = HeaderValue::from_static("accept-encoding");
    parts.headers.append(header::VARY, vary);
    // What is tagged strongly is byte for byte the same; this is not any more.
    if let Some(tag) = parts.headers.get(header::ETAG)
        && !tag.as_bytes().starts_with(b"W/")
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat())
    {
        parts.headers.insert(header::ETAG, weak);
    }
    Response::from_parts(parts, Body::from(packed))
}
