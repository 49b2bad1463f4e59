//! One client's live connection.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use pulse_estate::Estate;
use pulse_security::Principal;

use super::allowance::Allowance;
use super::hub::{Frame, Start};
use crate::app::{App, Caller};
use crate::error::{ApiError, for_status};
use crate::layers::origin;
use crate::snapshot::{self, Dialect, Occasion};

/// Frames of clients are pings and requests, nothing large.
const LARGEST_INBOUND: usize = 64 << 10;
pub(super) const BUFFER: usize = 8 << 10;
/// A client that takes longer to take a frame is let go.
pub(super) const WRITE_PATIENCE: Duration = Duration::from_secs(30);
const PING_EVERY: Duration = Duration::from_secs(30);
/// Silence after which a client is gone.
const SILENCE: Duration = Duration::from_secs(90);

/// The smallest bound a client may set for frames.
const LEAST_LARGEST: usize = 64 << 10;

const GOING_AWAY: u16 = 1001;
const TRY_AGAIN: u16 = 1013;
const SESSION_ENDED: u16 = 4401;

#[derive(Deserialize)]
pub(super) struct Ask {
    delta: Option<String>,
    since: Option<String>,
    max_message_bytes: Option<String>,
}

impl Ask {
    /// Returns the largest frame the client takes. Nobody may ask for less than a frame of ours can
    /// be made to fit.
    fn largest(&self) -> Option<usize> {
        let largest = self.max_message_bytes.as_deref()?.parse().ok()?;
        (largest >= LEAST_LARGEST).then_some(largest)
    }
}

/// Turns the request into a live connection.
pub(super) async fn upgrade(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let principal = caller
        .principal
        .ok_or_else(|| ApiError::unauthorized("Sign in first."))?;
    let upgrade = upgrade.map_err(|_| for_status(StatusCode::UPGRADE_REQUIRED))?;
    // Programs send no origin; they have to bring a token.
    let is_program = matches!(principal, Principal::Token(_));
    if !origin::is_ours(&app, &headers).unwrap_or(is_program) {
        return Err(ApiError::forbidden(
            "origin_refused",
            "This origin may not open the live socket.",
        ));
    }
    let takes_deltas = ask.delta.as_deref() == Some("1");
    let client = Client {
        app,
        principal,
        takes_deltas,
        largest: ask.largest(),
        since: ask.since,
    };
    let upgrade = upgrade
        .max_message_size(LARGEST_INBOUND)
        .max_frame_size(LARGEST_INBOUND);
    Ok(upgrade
        .read_buffer_size(BUFFER)
        .on_upgrade(|socket| client.run(socket)))
}

struct Client {
    app: App,
    principal: Principal,
    takes_deltas: bool,
    largest: Option<usize>,
    since: Option<String>,
}

/// What changes while the connection lasts.
struct Course {
    /// The number of the state the client has.
    last_seq: u64,
    allowance: Allowance,
}

/// Why a connection ends.
enum End {
    Gone,
    Close(u16, &'static str),
}

impl Client {
    async fn run(self, mut socket: WebSocket) {
        let _membership = self.app.0.hub.join(self.takes_deltas);
        let end = self.serve(&mut socket).await;
        if let End::Close(code, reason) = end {
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            let _ = tokio::time::timeout(WRITE_PATIENCE, socket.send(Message::Close(Some(frame))))
                .await;
        }
    }

    async fn serve(&self, socket: &mut WebSocket) -> End {
        let since = self
            .since
            .as_deref()
            .and_then(|since| since.split_once(':'));
        let since = since.and_then(|(epoch, seq)| Some((epoch, seq.parse().ok()?)));
        let mut start = self.app.0.hub.start(since.filter(|_| self.takes_deltas));
        if let Err(end) = self.greet(socket, &mut start).await {
            return end;
        }
        let mut course = Course {
            last_seq: start.seq,
            allowance: Allowance::default(),
        };
        let mut auth = self.app.security().auth_epoch();
        let stop = self.app.0.services.stop.clone();
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.reset();
        let mut heard = tokio::time::Instant::now();
        loop {
            let step = tokio::select! {
                () = stop.cancelled() => return End::Close(GOING_AWAY, "server is stopping"),
                frame = start.frames.recv() => match frame {
                    Ok(Frame::Delta { seq, .. }) if seq <= course.last_seq => Ok(()),
                    Ok(Frame::Delta { seq, text }) if self.takes_deltas => {
                        course.last_seq = seq;
                        self.send_state(socket, "rawDataDelta", text).await
                    }
                    Ok(Frame::Whole(estate)) if !self.takes_deltas => {
                        self.send_whole(socket, Occasion::Again, estate).await
                    }
                    Ok(Frame::Event(event)) => send(socket, event.plain.clone()).await,
                    Ok(Frame::Anew) => self.begin_anew(socket, &mut course).await,
                    Ok(_) => Ok(()),
                    Err(RecvError::Lagged(_)) => return End::Close(TRY_AGAIN, "too slow; resume"),
                    Err(RecvError::Closed) => return End::Close(GOING_AWAY, "server is stopping"),
                },
                message = socket.recv() => {
                    heard = tokio::time::Instant::now();
                    self.hear(socket, message, &mut course).await
                }
                changed = auth.changed() => match changed {
                    Ok(()) if self.still_welcome() => Ok(()),
                    _ => return End::Close(SESSION_ENDED, "session ended"),
                },
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE || !self.still_welcome() {
                        return End::Close(SESSION_ENDED, "session ended");
                    }
                    write(socket, Message::Ping(Bytes::new())).await
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn greet(&self, socket: &mut WebSocket, start: &mut Start) -> Result<(), End> {
        let welcome = serde_json::json!({
            "type": "welcome",
            "data": { "message": "Connected to Pulse", "orgId": "default", "version": self.app.facts().version },
        });
        send(socket, welcome.to_string().into()).await?;
        let epoch = self.app.0.hub.epoch();
        if let Some(missed) = start.missed.take() {
            let resumed =
                serde_json::json!({ "type": "resumed", "epoch": epoch, "seq": start.seq });
            send(socket, resumed.to_string().into()).await?;
            for text in missed {
                send(socket, text).await?;
            }
            return Ok(());
        }
        let (occasion, estate) = (Occasion::Initial, start.estate.clone());
        if self.takes_deltas {
            self.send_lean(socket, occasion, start.seq, estate).await
        } else {
            self.send_whole(socket, occasion, estate).await
        }
    }

    /// Answers what the client sent; its number moves on when it got the whole state.
    async fn hear(
        &self,
        socket: &mut WebSocket,
        message: Option<Result<Message, axum::Error>>,
        course: &mut Course,
    ) -> Result<(), End> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
            Some(Ok(_)) => return Ok(()),
        };
        #[derive(Deserialize)]
        struct Said {
            #[serde(rename = "type")]
            kind: String,
        }
        // Foreign clients send things of their own: what is not understood is ignored.
        let Ok(said) = serde_json::from_str::<Said>(&text) else {
            return Ok(());
        };
        match said.kind.as_str() {
            "ping" => {
                let now = self.app.clock().now().as_second();
                let pong = serde_json::json!({ "type": "pong", "data": { "timestamp": now } });
                send(socket, pong.to_string().into()).await
            }
            "requestData" if !course.allowance.take() => {
                let error = serde_json::json!({ "type": "error", "error": Allowance::REFUSAL });
                send(socket, error.to_string().into()).await
            }
            "requestData" => self.begin_anew(socket, course).await,
            _ => Ok(()),
        }
    }

    /// Sends the whole state, from whose number `course` then goes on.
    async fn begin_anew(&self, socket: &mut WebSocket, course: &mut Course) -> Result<(), End> {
        if !self.takes_deltas {
            let estate = self.app.estate().estate();
            return self.send_whole(socket, Occasion::Again, estate).await;
        }
        let Start { seq, estate, .. } = self.app.0.hub.start(None);
        course.last_seq = seq;
        self.send_lean(socket, Occasion::Again, seq, estate).await
    }

    fn still_welcome(&self) -> bool {
        self.app.security().is_live(&self.principal)
    }

    /// Sends the state that deltas go on from; made once for all who start at the same number.
    async fn send_lean(
        &self,
        socket: &mut WebSocket,
        occasion: Occasion,
        seq: u64,
        estate: Arc<Estate>,
    ) -> Result<(), End> {
        let (word, app) = (occasion.word(), self.app.clone());
        let encode = move || encode_lean(&app, word, seq, &estate);
        let text = self.app.0.hub.shared_state(word, seq, encode).await;
        self.send_state(socket, word, text.map_err(no_state)?).await
    }

    async fn send_whole(
        &self,
        socket: &mut WebSocket,
        occasion: Occasion,
        estate: Arc<Estate>,
    ) -> Result<(), End> {
        let encoded = self.app.0.snapshots.get(&self.app, estate).await;
        // The frame is all this client needs of it: waiting for a slow one keeps nothing else.
        let text = encoded
            .map_err(no_state)?
            .frame(occasion, Dialect::Plain)
            .await;
        self.send_state(socket, occasion.word(), text.map_err(no_state)?)
            .await
    }

    /// Sends a frame of state, or says where to fetch it when the client cannot take it.
    async fn send_state(
        &self,
        socket: &mut WebSocket,
        word: &str,
        text: Utf8Bytes,
    ) -> Result<(), End> {
        let Some(largest) = self.largest.filter(|largest| text.len() > *largest) else {
            return send(socket, text).await;
        };
        let instead = serde_json::json!({ "type": "stateTooLarge", "data": {
            "supersedes": word, "bytes": text.len(), "maxBytes": largest,
            "resourceCount": self.app.estate().estate().len(), "hydrateFrom": "/api/state",
        }});
        send(socket, instead.to_string().into()).await
    }
}

fn encode_lean(app: &App, word: &str, seq: u64, estate: &Estate) -> Utf8Bytes {
    let (epoch, now) = (app.0.hub.epoch(), app.clock().now());
    let head =
        format!(r#"{{"type":"{word}","epoch":"{epoch}","seq":{seq},"timestamp":"{now}","data":"#);
    let mut parts = vec![Bytes::from(head)];
    parts.extend(snapshot::lean(app, estate));
    parts.push(Bytes::from_static(b"}"));
    snapshot::joined(&parts)
}

fn no_state<E>(_: E) -> End {
    End::Close(TRY_AGAIN, "no state to send")
}

async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), End> {
    write(socket, Message::Text(text)).await
}

async fn write(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match tokio::time::timeout(WRITE_PATIENCE, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}
