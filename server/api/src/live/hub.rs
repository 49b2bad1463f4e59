//! One task that turns estate changes into frames and hands them to every socket.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::sync::{OnceCell, broadcast, watch};
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::Instant;

use pulse_estate::{Change, Entry, Estate};
use pulse_model::Clock;

use super::patch;
use crate::app::Services;
use crate::mock::{Shown, is_invented};

/// Deltas are sent at most this often.
const COALESCE: Duration = Duration::from_millis(250);
/// Whole states go to clients that take no deltas at most this often.
const WHOLE_EVERY: Duration = Duration::from_secs(5);
/// How long deltas are still made for somebody who may come back.
const LINGER: Duration = Duration::from_secs(60);
/// How many deltas are kept for those who come back, and how many bytes of them.
const BACKLOG_FRAMES: usize = 512;
const BACKLOG_BYTES: usize = 8 << 20;
/// Frames a socket may be behind before it is let go.
const QUEUE: usize = 64;

/// What goes to sockets.
#[derive(Clone)]
pub(crate) enum Frame {
    /// A numbered delta, for those who take them.
    Delta {
        /// Its number.
        seq: u64,
        /// The frame.
        text: Utf8Bytes,
    },
    /// Something changed: send the whole state to those who take no deltas.
    Whole(Arc<Estate>),
    /// Something happened, for everybody.
    Event(Arc<Event>),
    /// Another estate is shown: everybody starts from its whole state.
    Anew,
}

/// Something that happened, in both dialects.
pub(crate) struct Event {
    /// As a frame of the live socket.
    pub plain: Utf8Bytes,
    /// As a Socket.IO packet.
    pub socket_io: Utf8Bytes,
}

/// Where a socket starts.
pub(crate) struct Start {
    /// The number of the state it starts from.
    pub seq: u64,
    /// That state.
    pub estate: Arc<Estate>,
    /// Deltas it missed, when it can go on from where it was.
    pub missed: Option<Vec<Utf8Bytes>>,
    /// Everything after that.
    pub frames: broadcast::Receiver<Frame>,
}

/// The hub's outside.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Shared>);

struct Shared {
    /// Random per start, so that a client knows numbers of another start from ours.
    epoch: String,
    frames: broadcast::Sender<Frame>,
    line: Mutex<Line>,
    /// The latest states handed out: whoever starts at the same number shares them.
    states: Mutex<States>,
    delta_clients: AtomicUsize,
    whole_clients: AtomicUsize,
    clock: Clock,
}

/// States by kind of frame, each with its number; empty while one of those who want it makes it.
type States = BTreeMap<&'static str, (u64, Arc<OnceCell<Utf8Bytes>>)>;

/// The numbered line of states.
struct Line {
    seq: u64,
    estate: Arc<Estate>,
    backlog: VecDeque<(u64, Utf8Bytes)>,
    backlog_bytes: usize,
}

impl Hub {
    /// Starts the hub; it ends with the server.
    pub fn spawn(services: &Services) -> Self {
        let (monitored, invented) = (services.estate.clone(), services.mock.shown());
        let epoch = hex::encode(services.entropy.bytes::<8>());
        let hub = Self::idle(epoch, monitored.estate(), services.clock.clone());
        let (task, stop) = (hub.clone(), services.stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task.run(monitored, invented) => {}
            }
        });
        hub
    }

    /// Makes one that starts at `estate` and stays there.
    fn idle(epoch: String, estate: Arc<Estate>, clock: Clock) -> Self {
        let line = Line {
            seq: 0,
            estate,
            backlog: VecDeque::new(),
            backlog_bytes: 0,
        };
        Self(Arc::new(Shared {
            epoch,
            frames: broadcast::channel(QUEUE).0,
            line: Mutex::new(line),
            states: Mutex::default(),
            delta_clients: AtomicUsize::new(0),
            whole_clients: AtomicUsize::new(0),
            clock,
        }))
    }

    /// Returns the name of this start.
    pub fn epoch(&self) -> &str {
        &self.0.epoch
    }

    /// Returns how many sockets are open.
    pub fn clients(&self) -> usize {
        self.0.delta_clients.load(Ordering::Relaxed) + self.0.whole_clients.load(Ordering::Relaxed)
    }

    /// Counts a socket in for as long as the returned value lives.
    pub fn join(&self, takes_deltas: bool) -> Membership {
        self.members(takes_deltas).fetch_add(1, Ordering::Relaxed);
        Membership {
            hub: self.clone(),
            takes_deltas,
        }
    }

    /// Returns where a socket that last saw `since` starts. Nothing is missed and nothing comes
    /// twice between the start and its frames.
    pub fn start(&self, since: Option<(&str, u64)>) -> Start {
        let line = self.line();
        let since = since
            .filter(|(epoch, _)| *epoch == self.0.epoch)
            .map(|(_, seq)| seq);
        Start {
            seq: line.seq,
            estate: line.estate.clone(),
            missed: since.and_then(|seq| line.after(seq)),
            frames: self.0.frames.subscribe(),
        }
    }

    /// Returns the state numbered `seq` as a frame of that kind; made by `encode`, which may take
    /// its time, for the first who wants it and for all who want it meanwhile.
    pub async fn shared_state(
        &self,
        kind: &'static str,
        seq: u64,
        encode: impl FnOnce() -> Utf8Bytes + Send + 'static,
    ) -> Result<Utf8Bytes, JoinError> {
        let slot = {
            let mut states = self.states();
            let (known, slot) = states.entry(kind).or_default();
            if *known != seq {
                (*known, *slot) = (seq, Arc::default());
            }
            slot.clone()
        };
        let text = slot.get_or_try_init(|| spawn_blocking(encode)).await?;
        Ok(text.clone())
    }

    /// Tells everybody that something happened.
    pub fn announce(&self, kind: &str, data: &impl Serialize) {
        #[derive(Serialize)]
        struct Plain<'a, T> {
            #[serde(rename = "type")]
            kind: &'a str,
            data: &'a T,
            timestamp: jiff::Timestamp,
        }
        let text = "plain values encode into memory";
        let timestamp = self.0.clock.now();
        let plain = Plain {
            kind,
            data,
            timestamp,
        };
        let event = Event {
            plain: serde_json::to_string(&plain).expect(text).into(),
            socket_io: format!("42{}", serde_json::to_string(&(kind, data)).expect(text)).into(),
        };
        // Nobody listening is fine.
        let _ = self.0.frames.send(Frame::Event(Arc::new(event)));
    }

    fn members(&self, takes_deltas: bool) -> &AtomicUsize {
        if takes_deltas {
            &self.0.delta_clients
        } else {
            &self.0.whole_clients
        }
    }

    /// Follows the estate that is shown; begins anew when that is another one.
    async fn run(
        self,
        monitored: pulse_estate::Handle,
        mut invented: watch::Receiver<Option<Shown>>,
    ) {
        loop {
            let shown = invented.borrow_and_update().clone();
            let shown = shown.map_or_else(|| monitored.clone(), |shown| shown.estate);
            self.turn_to(shown.estate());
            tokio::select! {
                // An invented estate may end before it is heard that it is no longer shown.
                () = self.follow(shown.subscribe()) => {
                    if invented.changed().await.is_err() {
                        return;
                    }
                }
                changed = invented.changed() => {
                    if changed.is_err() {
                        // The switch is gone: what is shown stays.
                        return self.follow(shown.subscribe()).await;
                    }
                }
            }
        }
    }

    fn turn_to(&self, estate: Arc<Estate>) {
        let mut line = self.line();
        if is_invented(&line.estate) == is_invented(&estate) && !is_invented(&estate) {
            return;
        }
        line.estate = estate;
        line.seq += 1;
        line.backlog.clear();
        line.backlog_bytes = 0;
        drop(line);
        self.states().clear();
        // Nobody listening is fine.
        let _ = self.0.frames.send(Frame::Anew);
    }

    async fn follow(&self, mut estate: watch::Receiver<Arc<Estate>>) {
        let mut wanted_at = Instant::now();
        let mut whole_at = Instant::now();
        let mut whole_is_due = false;
        loop {
            tokio::select! {
                changed = estate.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    whole_is_due = true;
                }
                () = tokio::time::sleep_until(whole_at + WHOLE_EVERY), if whole_is_due => {}
            }
            if self.0.delta_clients.load(Ordering::Relaxed) > 0 {
                wanted_at = Instant::now();
            }
            let latest = estate.borrow_and_update().clone();
            self.advance(latest.clone(), wanted_at.elapsed() < LINGER);
            if whole_is_due && whole_at.elapsed() >= WHOLE_EVERY {
                whole_is_due = false;
                whole_at = Instant::now();
                // Nobody listening is fine.
                let _ = self.0.frames.send(Frame::Whole(latest));
            }
            tokio::time::sleep(COALESCE).await;
        }
    }

    /// Moves the line on. Only the hub's own task does, so what it read stays true meanwhile.
    fn advance(&self, estate: Arc<Estate>, is_wanted: bool) {
        let before = self.line().estate.clone();
        if Arc::ptr_eq(&before, &estate) {
            return;
        }
        let delta = if is_wanted {
            delta(&before, &estate)
        } else {
            None
        };
        // Who starts from now on starts from another state.
        self.states().clear();
        let mut line = self.line();
        line.estate = estate;
        if !is_wanted {
            // Nobody has asked for a while: whoever comes back starts anew.
            line.seq += 1;
            line.backlog.clear();
            line.backlog_bytes = 0;
            return;
        }
        let Some(delta) = delta else { return };
        line.seq += 1;
        let text: Utf8Bytes = frame(&self.0.epoch, line.seq, &self.0.clock, &delta).into();
        line.keep(text.clone());
        let seq = line.seq;
        let _ = self.0.frames.send(Frame::Delta { seq, text });
    }

    fn states(&self) -> MutexGuard<'_, States> {
        self.0.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn keep(&mut self, text: Utf8Bytes) {
        self.backlog_bytes += text.len();
        self.backlog.push_back((self.seq, text));
        while self.backlog.len() > BACKLOG_FRAMES || self.backlog_bytes > BACKLOG_BYTES {
            let Some((_, oldest)) = self.backlog.pop_front() else {
                break;
            };
            self.backlog_bytes -= oldest.len();
        }
    }

    /// Returns the deltas after `seq`, when none of them is gone.
    fn after(&self, seq: u64) -> Option<Vec<Utf8Bytes>> {
        if seq == self.seq {
            return Some(Vec::new());
        }
        let oldest = self.backlog.front().map(|(oldest, _)| *oldest)?;
        let is_kept = seq < self.seq && seq + 1 >= oldest;
        is_kept.then(|| {
            self.backlog
                .iter()
                .filter(|(at, _)| *at > seq)
                .map(|(_, text)| text.clone())
                .collect()
        })
    }
}

/// Counts a socket out when dropped.
pub(crate) struct Membership {
    hub: Hub,
    takes_deltas: bool,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.hub
            .members(self.takes_deltas)
            .fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Serialize)]
struct Delta {
    upserts: Vec<Box<RawValue>>,
    removed: Vec<String>,
}

fn delta(before: &Estate, after: &Estate) -> Option<Delta> {
    let mut delta = Delta {
        upserts: Vec::new(),
        removed: Vec::new(),
    };
    for change in after.changes_since(before) {
        match change {
            Change::Added(entry) => delta.upserts.extend(raw(entry.push_json())),
            Change::Updated { from, to } => delta.upserts.extend(patch_of(&from, &to)),
            Change::Removed(entry) => delta.removed.push(entry.resource().id.to_string()),
        }
    }
    (!delta.upserts.is_empty() || !delta.removed.is_empty()).then_some(delta)
}

fn patch_of(from: &Entry, to: &Entry) -> Option<Box<RawValue>> {
    let old: Map<String, Value> = serde_json::from_slice(from.push_json()).ok()?;
    let new: Map<String, Value> = serde_json::from_slice(to.push_json()).ok()?;
    let mut patch = patch::between(&old, &new)?;
    patch.insert("id".to_owned(), to.resource().id.as_str().into());
    serde_json::value::to_raw_value(&patch).ok()
}

fn raw(json: &[u8]) -> Option<Box<RawValue>> {
    RawValue::from_string(String::from_utf8(json.to_vec()).ok()?).ok()
}

fn frame(epoch: &str, seq: u64, clock: &Clock, delta: &Delta) -> String {
    #[derive(Serialize)]
    struct Inner<'a> {
        #[serde(rename = "lastUpdate")]
        last_update: i64,
        #[serde(rename = "resourceDelta")]
        delta: &'a Delta,
    }
    #[derive(Serialize)]
    struct Outer<'a> {
        #[serde(rename = "type")]
        kind: &'static str,
        epoch: &'a str,
        seq: u64,
        data: Inner<'a>,
        timestamp: jiff::Timestamp,
    }
    let now = clock.now();
    let data = Inner {
        last_update: now.as_millisecond(),
        delta,
    };
    let outer = Outer {
        kind: "rawDataDelta",
        epoch,
        seq,
        data,
        timestamp: now,
    };
    serde_json::to_string(&outer).expect("plain values encode into memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_state_is_made_once_for_all_and_not_on_a_thread_that_answers() {
        let clock = Clock::manual(jiff::Timestamp::UNIX_EPOCH).0;
        let hub = Hub::idle("epoch".into(), Arc::default(), clock);
        let answers = std::thread::current().id();
        let made = Arc::new(AtomicUsize::new(0));
        let encode = || {
            let made = made.clone();
            move || {
                assert_ne!(std::thread::current().id(), answers);
                made.fetch_add(1, Ordering::Relaxed);
                Utf8Bytes::from_static("a state")
            }
        };
        let (one, other) = tokio::join!(
            hub.shared_state("initialState", 1, encode()),
            hub.shared_state("initialState", 1, encode()),
        );
        assert_eq!(one.expect("made"), other.expect("made"));
        assert_eq!(made.load(Ordering::Relaxed), 1);
        let later = hub.shared_state("initialState", 2, encode()).await;
        assert_eq!(later.expect("made").as_str(), "a state");
        assert_eq!(made.load(Ordering::Relaxed), 2);
    }
}
