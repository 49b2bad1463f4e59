//! Dashboards: clients of the live socket that count what they are sent. The first of them reads
//! every frame and holds it against the moment the report behind it was sent; the others only look
//! at its type, because reading costs more than sending and the cores are shared.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use anyhow::{Context, Result};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::LocalSet;
use tokio::time::Instant;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use crate::{Latencies, Target};

/// When each machine last sent a report that no frame has answered yet.
#[derive(Debug, Clone, Default)]
pub struct SendTimes {
    sent: Rc<RefCell<HashMap<String, Instant>>>,
    since: Rc<Cell<Option<Instant>>>,
}

impl SendTimes {
    pub(crate) fn note(&self, hostname: &str) {
        let now = Instant::now();
        self.sent.borrow_mut().insert(hostname.to_owned(), now);
    }

    /// Begins to count, with reports sent from now on: while hundreds of dashboards open at once,
    /// what is slow is the opening.
    pub fn count_from_now(&self) {
        self.since.set(Some(Instant::now()));
    }

    fn take(&self, hostname: &str) -> Option<Instant> {
        let sent = self.sent.borrow_mut().remove(hostname)?;
        self.since
            .get()
            .is_some_and(|since| sent >= since)
            .then_some(sent)
    }
}

/// What the sockets saw.
#[derive(Debug, Clone, Default)]
pub struct SocketTally {
    /// Connections that were opened.
    pub opened: u64,
    /// Connections that could not be opened, or ended before they were told to.
    pub broken: u64,
    /// The last reason for one of those.
    pub last_failure: Option<String>,
    /// Whole states received; more than one per connection is a fault.
    pub whole_states: u64,
    /// Deltas received.
    pub deltas: u64,
    /// Bytes received.
    pub bytes: u64,
    /// From sending a report to the frame that shows it.
    pub report_to_frame: Latencies,
}

impl fmt::Display for SocketTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "opened {}, broken {}, whole states {}, deltas {}, {} MB; report to frame: {} seen, {}",
            self.opened,
            self.broken,
            self.whole_states,
            self.deltas,
            self.bytes / 1_000_000,
            self.report_to_frame.count(),
            self.report_to_frame
        )?;
        self.last_failure
            .iter()
            .try_for_each(|failure| write!(f, "; last failure: {failure}"))
    }
}

/// A number of live sockets.
#[derive(Debug)]
pub struct Sockets {
    target: Target,
    token: String,
    count: usize,
    times: SendTimes,
    with_state: watch::Sender<usize>,
}

impl Sockets {
    /// Prepares `count` clients that present `token`.
    #[must_use]
    pub fn new(target: &Target, token: &str, count: usize, times: SendTimes) -> Self {
        Self {
            target: target.clone(),
            token: token.to_owned(),
            count,
            times,
            with_state: watch::Sender::new(0),
        }
    }

    /// Returns how many clients have been sent their first whole state.
    #[must_use]
    pub fn with_state(&self) -> watch::Receiver<usize> {
        self.with_state.subscribe()
    }

    /// Runs until `stop` and returns what was seen.
    pub async fn run(self, stop: CancellationToken) -> SocketTally {
        let tally = Rc::new(RefCell::new(SocketTally::default()));
        let clients = LocalSet::new();
        let sockets = Rc::new(self);
        for number in 0..sockets.count {
            let watched = watch(Rc::clone(&sockets), number, Rc::clone(&tally), stop.clone());
            let tally = Rc::clone(&tally);
            clients.spawn_local(async move {
                if let Err(failure) = watched.await {
                    let mut tally = tally.borrow_mut();
                    tally.broken += 1;
                    tally.last_failure = Some(format!("{failure:#}"));
                }
            });
        }
        clients.await;
        tally.take()
    }
}

async fn watch(
    sockets: Rc<Sockets>,
    number: usize,
    tally: Rc<RefCell<SocketTally>>,
    stop: CancellationToken,
) -> Result<()> {
    let target = &sockets.target;
    let mut request = format!("ws://{}/ws?delta=1", target.authority).into_client_request()?;
    request.headers_mut().insert(
        "X-API-Token",
        sockets
            .token
            .parse()
            .context("the token is no header value")?,
    );
    let stream = target.connect(number).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .max_message_size(Some(256 << 20));
    let (mut socket, _) =
        client_async_with_config(request, stream, Some(config.max_frame_size(None))).await?;
    tally.borrow_mut().opened += 1;
    let mut names = HashMap::new();
    let mut has_state = false;
    loop {
        let message = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            message = socket.next() => message.context("the server closed the socket")??,
        };
        // Pings are answered by the library when the stream is next polled.
        if let Message::Text(text) = message {
            let is_state = count(&text, &mut tally.borrow_mut());
            if is_state && !std::mem::replace(&mut has_state, true) {
                sockets.with_state.send_modify(|count| *count += 1);
            }
            if number == 0 {
                measure(&text, &sockets.times, &mut names, &mut tally.borrow_mut());
            }
        }
    }
}

/// Counts a frame and tells whether it is a whole state.
fn count(text: &Utf8Bytes, tally: &mut SocketTally) -> bool {
    tally.bytes += text.len() as u64;
    // The type stands first or not far behind; the body of a frame is not searched.
    let head = &text.as_bytes()[..text.len().min(120)];
    let has = |kind: &[u8]| head.windows(kind.len()).any(|window| window == kind);
    let is_state = has(b"\"initialState\"") || has(b"\"rawData\"");
    tally.deltas += u64::from(has(b"\"rawDataDelta\""));
    tally.whole_states += u64::from(is_state);
    is_state
}

/// Holds each resource of the frame against the moment its report was sent.
fn measure(
    text: &Utf8Bytes,
    times: &SendTimes,
    names: &mut HashMap<String, String>,
    tally: &mut SocketTally,
) {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let whole = frame.pointer("/data/resources").and_then(Value::as_array);
    let delta = frame
        .pointer("/data/resourceDelta/upserts")
        .and_then(Value::as_array);
    for resource in whole.into_iter().chain(delta).flatten() {
        let Some(id) = resource["id"].as_str() else {
            continue;
        };
        if let Some(name) = resource["name"].as_str() {
            names.insert(id.to_owned(), name.to_owned());
        }
        // Only a change counts: a whole state shows what was known before.
        if delta.is_some()
            && let Some(sent) = names.get(id).and_then(|name| times.take(name))
        {
            tally.report_to_frame.record(sent.elapsed());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_by_their_head() {
        let mut tally = SocketTally::default();
        let frames = [
            r#"{"type":"welcome","data":{}}"#,
            r#"{"type":"initialState","epoch":"a","seq":1,"data":{"resources":[]}}"#,
            r#"{"type":"rawDataDelta","epoch":"a","seq":2,"data":{}}"#,
        ];
        for frame in frames {
            count(&frame.into(), &mut tally);
        }
        assert_eq!((tally.whole_states, tally.deltas), (1, 1));
    }

    #[test]
    fn a_delta_is_held_against_its_report_once() {
        let times = SendTimes::default();
        times.note("sim-00001");
        assert!(times.take("sim-00001").is_none(), "counting has not begun");
        times.count_from_now();
        times.note("sim-00001");
        let mut names = HashMap::new();
        let mut tally = SocketTally::default();
        let whole =
            r#"{"type":"initialState","data":{"resources":[{"id":"r1","name":"sim-00001"}]}}"#;
        let delta = r#"{"type":"rawDataDelta","data":{"resourceDelta":{"upserts":[{"id":"r1"}]}}}"#;
        measure(&whole.into(), &times, &mut names, &mut tally);
        assert_eq!(tally.report_to_frame.count(), 0);
        measure(&delta.into(), &times, &mut names, &mut tally);
        measure(&delta.into(), &times, &mut names, &mut tally);
        assert_eq!(tally.report_to_frame.count(), 1);
    }
}
