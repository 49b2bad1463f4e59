//! The log as it is written, as server-sent events.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use pulse_security::Principal;

use crate::app::{App, Caller};
use crate::error::ApiError;
use crate::port::Line;

/// Readers at the same time.
pub(crate) const READERS: usize = 8;
/// Lines sent in one piece.
const BATCH: usize = 64;
/// A sign of life when nothing is logged, and a moment to look whether the reader may still read.
const BEAT: Duration = Duration::from_secs(15);

pub(super) async fn stream(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ApiError> {
    let principal = caller
        .principal
        .ok_or_else(|| ApiError::unauthorized("Sign in first."))?;
    let place = Arc::clone(&app.0.log_readers).try_acquire_owned();
    let place = place.map_err(|_| {
        let text = format!("{READERS} readers follow the log already.");
        ApiError::unavailable("too_many_readers", text)
            .header(header::RETRY_AFTER, HeaderValue::from_static("15"))
    })?;
    let (history, live) = app.0.services.log.follow();
    let auth = app.security().auth_epoch();
    let reader = Reader {
        app,
        principal,
        history: history.into(),
        live,
        auth,
        beat: Instant::now() + BEAT,
        _place: place,
    };
    let events = stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let (piece, goes_on) = reader.next().await?;
        Some((
            Ok::<_, std::convert::Infallible>(piece),
            goes_on.then_some(reader),
        ))
    });
    let mut response = Body::from_stream(events).into_response();
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let media = HeaderValue::from_static("text/event-stream; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, media);
    // A proxy that collected events would turn them into history.
    let plain = HeaderName::from_static("x-accel-buffering");
    headers.insert(plain, HeaderValue::from_static("no"));
    Ok(response)
}

/// One who follows the log.
struct Reader {
    app: App,
    principal: Principal,
    history: VecDeque<Line>,
    live: Receiver<Line>,
    auth: watch::Receiver<u64>,
    beat: Instant,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// Returns what to send next and whether more comes after it; nothing when it is over.
    async fn next(&mut self) -> Option<(Bytes, bool)> {
        if !self.history.is_empty() {
            let some = self.history.len().min(BATCH);
            let events = self.history.drain(..some).map(|line| event(&line));
            return Some((events.collect::<String>().into(), true));
        }
        let stop = self.app.0.services.stop.clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => return None,
                line = self.live.recv() => return match line {
                    Ok(line) => Some((self.with_waiting(&line).into(), true)),
                    Err(RecvError::Lagged(lines)) => Some((too_slow(lines).into(), false)),
                    Err(RecvError::Closed) => None,
                },
                changed = self.auth.changed() => {
                    changed.ok()?;
                    self.is_welcome().then_some(())?;
                }
                () = tokio::time::sleep_until(self.beat) => {
                    self.is_welcome().then_some(())?;
                    self.beat = Instant::now() + BEAT;
                    return Some((Bytes::from_static(b": still here\n\n"), true));
                }
            }
        }
    }

    /// Returns `line` and what else is there already.
    fn with_waiting(&mut self, line: &str) -> String {
        let mut events = event(line);
        for _ in 1..BATCH {
            let Ok(line) = self.live.try_recv() else {
                break;
            };
            events.push_str(&event(&line));
        }
        events
    }

    fn is_welcome(&self) -> bool {
        self.app.security().is_live(&self.principal)
    }
}

/// A line never has a line break in it: JSON writes it as two characters. To be safe, each would
/// be an event's own line.
fn event(line: &str) -> String {
    let lines = line
        .split(['\n', '\r'])
        .map(|line| format!("data: {line}\n"));
    lines.collect::<String>() + "\n"
}

fn too_slow(lines: u64) -> String {
    let note = serde_json::json!({
        "level": "WARN",
        "message": format!("{lines} lines were left out: this reader is too slow and is let go"),
    });
    format!("event: end\n{}", event(&note.to_string()))
}
