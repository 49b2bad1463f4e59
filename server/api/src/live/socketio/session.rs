//! One client's conversation, whatever carries it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use http::StatusCode;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, mpsc};

use pulse_estate::Estate;
use pulse_security::Principal;

use super::packet::{self, Said, engine};
use crate::app::App;
use crate::error::ApiError;
use crate::live::allowance::Allowance;
use crate::live::hub::Frame;
use crate::snapshot::{Encoded, Occasion};

/// How often the client is asked whether it is there.
pub(super) const PING_EVERY: Duration = Duration::from_secs(25);
/// What the client is told to wait beyond that before it takes the server for gone.
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// The largest body or frame of a client.
pub(crate) const LARGEST: usize = 64 << 10;
/// Packets that may wait for the client, and for the session.
const QUEUE: usize = 32;
/// Sessions in all, and of one caller.
const MOST: usize = 256;
const MOST_EACH: usize = 32;

/// What is on its way to the client.
pub(super) enum Packet {
    /// A packet as it is.
    Text(Utf8Bytes),
    /// The whole state as an event.
    State(Arc<Encoded>, Occasion),
}

/// A session as requests find it.
pub(super) struct Session {
    pub sid: String,
    principal: Principal,
    said: mpsc::Sender<Said>,
    waiting: mpsc::WeakSender<Packet>,
    packets: Mutex<Option<mpsc::Receiver<Packet>>>,
    state_waits: AtomicBool,
    carried: Notify,
}

impl Session {
    /// Starts a session of `principal`. It ends by itself when nobody carries it.
    pub fn start(app: &App, principal: Principal) -> Result<Arc<Self>, ApiError> {
        let (said, hears) = mpsc::channel(QUEUE);
        let (waiting, packets) = mpsc::channel(QUEUE);
        let session = Arc::new(Self {
            sid: hex::encode(app.0.services.entropy.bytes::<16>()),
            principal,
            said,
            waiting: waiting.downgrade(),
            packets: Mutex::new(Some(packets)),
            state_waits: AtomicBool::new(false),
            carried: Notify::new(),
        });
        app.0.sessions.add(session.clone())?;
        let conversation = Conversation {
            app: app.clone(),
            session: session.clone(),
            waiting,
            hears,
            allowance: Allowance::default(),
            is_connected: false,
            has_answered: true,
            due: None,
        };
        tokio::spawn(conversation.run());
        Ok(session)
    }

    /// Passes on what the client said; false when it says too much at once, or the session is over.
    pub fn hear(&self, said: Said) -> bool {
        self.said.try_send(said).is_ok()
    }

    /// Takes the packets to carry them; nothing when somebody else carries them.
    pub fn carry(self: &Arc<Self>) -> Option<Carrier> {
        let packets = self.packets().take()?;
        Some(Carrier {
            session: self.clone(),
            packets: Some(packets),
        })
    }

    /// Ends a poll that waits for something to carry.
    pub fn disturb(&self) {
        let is_carried = self.packets().is_none();
        if let Some(waiting) = self.waiting.upgrade().filter(|_| is_carried) {
            // A full queue disturbs just as well.
            let _ = waiting.try_send(Packet::Text(Utf8Bytes::from_static(engine::NOOP)));
        }
    }

    fn packets(&self) -> MutexGuard<'_, Option<mpsc::Receiver<Packet>>> {
        self.packets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to carry a session's packets; given back when dropped.
pub(super) struct Carrier {
    session: Arc<Session>,
    packets: Option<mpsc::Receiver<Packet>>,
}

impl Carrier {
    /// Waits for a packet; nothing when the session is over.
    pub async fn next(&mut self) -> Option<Packet> {
        let packet = self.packets.as_mut()?.recv().await;
        self.note(packet)
    }

    /// Returns a packet that is there already.
    pub fn ready(&mut self) -> Option<Packet> {
        let packet = self.packets.as_mut()?.try_recv().ok();
        self.note(packet)
    }

    fn note(&self, packet: Option<Packet>) -> Option<Packet> {
        if matches!(packet, Some(Packet::State(..))) {
            self.session.state_waits.store(false, Ordering::Release);
            self.session.carried.notify_one();
        }
        packet
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        *self.session.packets() = self.packets.take();
    }
}

/// Every session there is.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Arc<Session>>>);

impl Sessions {
    /// Returns the session `sid` of `principal`.
    pub(super) fn get(&self, sid: &str, principal: &Principal) -> Option<Arc<Session>> {
        let session = self.all().get(sid)?.clone();
        is_same(&session.principal, principal).then_some(session)
    }

    fn add(&self, session: Arc<Session>) -> Result<(), ApiError> {
        let mut all = self.all();
        let own = all
            .values()
            .filter(|other| is_same(&other.principal, &session.principal));
        if all.len() >= MOST || own.count() >= MOST_EACH {
            let text = "There are too many Socket.IO sessions.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Err(ApiError::new(status, "too_many_sessions", text));
        }
        all.insert(session.sid.clone(), session);
        Ok(())
    }

    fn remove(&self, sid: &str) {
        self.all().remove(sid);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_same(one: &Principal, other: &Principal) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && one.label() == other.label()
}

/// The server's side of the conversation: one task per session.
struct Conversation {
    app: App,
    session: Arc<Session>,
    waiting: mpsc::Sender<Packet>,
    hears: mpsc::Receiver<Said>,
    allowance: Allowance,
    is_connected: bool,
    has_answered: bool,
    /// A state that came while an earlier one was still waiting.
    due: Option<Arc<Estate>>,
}

/// The conversation is over.
struct Over;

impl Conversation {
    async fn run(mut self) {
        let _membership = self.app.0.hub.join(false);
        // Whatever the reason: the client learns it by the end of the packets.
        let _ = self.converse().await;
        self.app.0.sessions.remove(&self.session.sid);
    }

    async fn converse(&mut self) -> Result<(), Over> {
        let mut frames = self.app.0.hub.start(None).frames;
        let mut auth = self.app.security().auth_epoch();
        let stop = self.app.0.services.stop.clone();
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.reset();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Err(Over),
                said = self.hears.recv() => self.answer(said.ok_or(Over)?).await?,
                frame = frames.recv() => match frame {
                    Ok(frame) => self.pass_on(frame).await?,
                    // The next whole state makes up for what was missed.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Err(Over),
                },
                () = self.session.carried.notified(), if self.due.is_some() => {
                    if let Some(estate) = self.due.take() {
                        self.send_state(estate, Occasion::Again).await?;
                    }
                }
                changed = auth.changed() => {
                    changed.map_err(|_| Over)?;
                    self.check_welcome()?;
                }
                _ = ping.tick() => {
                    self.check_welcome()?;
                    if !self.has_answered || !self.is_connected {
                        return Err(Over);
                    }
                    self.has_answered = false;
                    self.send(engine::PING)?;
                }
            }
        }
    }

    async fn answer(&mut self, said: Said) -> Result<(), Over> {
        match said {
            Said::Pong => self.has_answered = true,
            Said::Close => return Err(Over),
            Said::Connect if !self.is_connected => {
                self.is_connected = true;
                let sid = hex::encode(self.app.0.services.entropy.bytes::<16>());
                self.send(packet::connected(&sid))?;
                let welcome = json!({ "message": "Connected to Pulse", "orgId": "default" });
                self.send(packet::event("welcome", &welcome))?;
                self.send_state(self.app.estate().estate(), Occasion::Initial)
                    .await?;
            }
            Said::ConnectElsewhere(namespace) => self.send(packet::no_namespace(&namespace))?,
            Said::Event { name, ack } if self.is_connected => {
                if let Some(number) = ack {
                    self.send(packet::ack(number))?;
                }
                self.answer_event(&name).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn answer_event(&mut self, name: &str) -> Result<(), Over> {
        match name {
            "ping" => {
                let now = self.app.clock().now().as_second();
                self.send(packet::event("pong", &json!({ "timestamp": now })))
            }
            "requestData" if self.allowance.take() => {
                self.send_state(self.app.estate().estate(), Occasion::Again)
                    .await
            }
            "requestData" => self.send(packet::event("error", &json!(Allowance::REFUSAL))),
            // Foreign clients send things of their own: what is not understood is ignored.
            _ => Ok(()),
        }
    }

    async fn pass_on(&mut self, frame: Frame) -> Result<(), Over> {
        match frame {
            _ if !self.is_connected => Ok(()),
            Frame::Delta { .. } => Ok(()),
            Frame::Whole(estate) => self.send_state(estate, Occasion::Again).await,
            Frame::Event(event) => self.send(event.socket_io.clone()),
            Frame::Anew => {
                self.send_state(self.app.estate().estate(), Occasion::Again)
                    .await
            }
        }
    }

    /// Sends the state, or keeps it in mind while an earlier one waits: a slow client holds one.
    async fn send_state(&mut self, estate: Arc<Estate>, occasion: Occasion) -> Result<(), Over> {
        if self.session.state_waits.swap(true, Ordering::AcqRel) {
            self.due = Some(estate);
            return Ok(());
        }
        let encoded = self.app.0.snapshots.get(&self.app, estate).await;
        self.queue(Packet::State(encoded.map_err(|_| Over)?, occasion))
    }

    fn check_welcome(&self) -> Result<(), Over> {
        if self.app.security().is_live(&self.session.principal) {
            return Ok(());
        }
        let _ = self.send("41");
        Err(Over)
    }

    fn send(&self, text: impl Into<Utf8Bytes>) -> Result<(), Over> {
        self.queue(Packet::Text(text.into()))
    }

    /// A client that lets packets pile up is gone, or too slow to be served.
    fn queue(&self, packet: Packet) -> Result<(), Over> {
        self.waiting.try_send(packet).map_err(|_| Over)
    }
}
