//! A session carried by a WebSocket, from the start or after a while of polls.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;

use super::packet::{self, Said, engine};
use super::session::{Carrier, LARGEST, Packet, Session};
use crate::live::socket::{BUFFER, WRITE_PATIENCE};
use crate::snapshot::Dialect;

/// A client that tries out the new transport for longer stays with the old one.
const TRYING: Duration = Duration::from_secs(10);
/// A poll started while the client changes over is ended this soon.
const DISTURB_EVERY: Duration = Duration::from_millis(100);

/// Carries a new session from its first packet on.
pub(super) fn open(upgrade: WebSocketUpgrade, session: Arc<Session>) -> Response {
    limited(upgrade).on_upgrade(async move |mut socket| {
        // Whoever is here has nowhere to change to, and is not to try.
        let opening = packet::open(&session.sid, &[]);
        if let Some(carrier) = session.carry()
            && send(&mut socket, opening).await.is_some()
        {
            carry(socket, &session, carrier).await;
        }
        session.hear(Said::Close);
    })
}

/// Takes over a session that was polled so far.
pub(super) fn take_over(upgrade: WebSocketUpgrade, session: Arc<Session>) -> Response {
    limited(upgrade).on_upgrade(async move |mut socket| {
        let changed = tokio::time::timeout(TRYING, change_over(&mut socket, &session)).await;
        let Ok(Some(carrier)) = changed else { return };
        carry(socket, &session, carrier).await;
        session.hear(Said::Close);
    })
}

fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    upgrade.read_buffer_size(BUFFER)
}

/// Answers the client's trial, and waits until it has let go of its polls.
async fn change_over(socket: &mut WebSocket, session: &Arc<Session>) -> Option<Carrier> {
    if hear(socket).await? != Said::Probe {
        return None;
    }
    send(socket, engine::PROBED).await?;
    let mut disturb = tokio::time::interval(DISTURB_EVERY);
    loop {
        tokio::select! {
            said = hear(socket) => {
                let has_changed = said? == Said::Upgraded;
                return session.carry().filter(|_| has_changed);
            }
            _ = disturb.tick() => session.disturb(),
        }
    }
}

/// Carries packets both ways until either side ends.
async fn carry(mut socket: WebSocket, session: &Session, mut carrier: Carrier) {
    loop {
        let went_well = tokio::select! {
            packet = carrier.next() => match packet {
                Some(Packet::Text(text)) => send(&mut socket, text).await,
                Some(Packet::State(encoded, occasion)) => {
                    let frame = encoded.frame(occasion, Dialect::SocketIo).await;
                    drop(encoded);
                    match frame {
                        Ok(frame) => send(&mut socket, frame).await,
                        Err(_) => None,
                    }
                }
                None => {
                    let _ = send(&mut socket, engine::CLOSE).await;
                    None
                }
            },
            said = hear(&mut socket) => said.and_then(|said| {
                session.hear(said).then_some(())
            }),
        };
        if went_well.is_none() {
            return;
        }
    }
}

/// Returns what the client says next; nothing when it is gone or speaks something else.
async fn hear(socket: &mut WebSocket) -> Option<Said> {
    loop {
        match socket.recv().await? {
            Ok(Message::Text(text)) => return packet::read(&text),
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_) | Message::Close(_)) | Err(_) => return None,
        }
    }
}

async fn send(socket: &mut WebSocket, text: impl Into<Utf8Bytes>) -> Option<()> {
    let message = Message::Text(text.into());
    let sent = tokio::time::timeout(WRITE_PATIENCE, socket.send(message)).await;
    sent.ok()?.ok()
}
