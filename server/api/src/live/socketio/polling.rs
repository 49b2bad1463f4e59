//! A session carried by polls: a GET waits for packets, a POST brings some.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use super::packet::{self, engine};
use super::session::{Packet, Session};
use crate::error::ApiError;
use crate::packed::Rope;
use crate::snapshot::Dialect;

/// The most packets of one answer.
const MOST_PACKETS: usize = 16;
/// A poll is answered before anything between here and the client loses patience.
const LONGEST: Duration = Duration::from_secs(50);

/// Answers the first request of a session.
pub(super) fn open(session: &Session) -> Response {
    text(Body::from(packet::open(&session.sid, &["websocket"])))
}

/// Waits for packets.
pub(super) async fn poll(session: &Arc<Session>) -> Result<Response, ApiError> {
    let mut carrier = session.carry().ok_or_else(|| {
        let text = "Another request or socket carries this session already.";
        ApiError::bad_request("session_in_use", text)
    })?;
    let first = match tokio::time::timeout(LONGEST, carrier.next()).await {
        Ok(Some(packet)) => packet,
        Ok(None) => return Ok(text(Body::from(engine::CLOSE))),
        Err(_) => return Ok(text(Body::from(engine::NOOP))),
    };
    let mut parts = parts_of(first);
    for _ in 1..MOST_PACKETS {
        let Some(packet) = carrier.ready() else { break };
        parts.push(Bytes::from_static(&[packet::DIVIDER]));
        parts.extend(parts_of(packet));
    }
    Ok(as_text(Rope::new(parts).answer()))
}

fn parts_of(packet: Packet) -> Vec<Bytes> {
    match packet {
        Packet::Text(text) => vec![text.into()],
        Packet::State(encoded, occasion) => encoded.parts(occasion, Dialect::SocketIo),
    }
}

/// Takes what the client brings.
pub(super) fn take(session: &Session, body: &[u8]) -> Result<Response, ApiError> {
    let said = packet::split(body).ok_or_else(|| {
        ApiError::bad_request("invalid_packet", "This is no packet that is spoken here.")
    })?;
    for said in said {
        if !session.hear(said) {
            let text = "The session is over, or more was said than it can hear.";
            return Err(ApiError::bad_request("session_over", text));
        }
    }
    Ok(text(Body::from("ok")))
}

fn text(body: Body) -> Response {
    as_text(body.into_response())
}

fn as_text(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let media = HeaderValue::from_static("text/plain; charset=UTF-8");
    headers.insert(header::CONTENT_TYPE, media);
    let never = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, never);
    response
}
