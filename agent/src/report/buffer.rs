//! The reports that wait: first in, first out, bounded, kept over a restart.

use std::collections::VecDeque;
use std::time::Duration;

use pulse_protocol::report::host::HostReport;
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::{info, warn};

use super::lane::Kind;
use super::pack::Packed;
use crate::error::{Error, chain};
use crate::state::{self, StateDir};

/// Fewest reports there is room for.
const REPORTS: usize = 60;

/// Shortest time there is room for.
const TIME: Duration = Duration::from_secs(30 * 60);

/// Most bytes there is room for, whatever the numbers say: the agent stays small.
const BYTES: usize = 4 * 1024 * 1024;

/// Largest file of waiting reports that is read again.
const FILE: u64 = 64 * 1024 * 1024;

/// The queue. When it is full, the oldest report makes room.
pub(crate) struct Buffer {
    kind: Kind,
    waiting: VecDeque<Packed>,
    bytes: usize,
    capacity: usize,
    dropped: u64,
}

impl Buffer {
    /// Makes room for 60 reports or half an hour of them, whichever is more.
    pub(crate) fn new(kind: Kind, interval: Duration) -> Self {
        let interval = interval.as_millis().max(1);
        let for_time = TIME.as_millis().div_ceil(interval);
        let capacity = usize::try_from(for_time).unwrap_or(usize::MAX).max(REPORTS);
        Self {
            kind,
            waiting: VecDeque::new(),
            bytes: 0,
            capacity,
            dropped: 0,
        }
    }

    /// Adds the newest report.
    pub(crate) fn push(&mut self, report: Packed) {
        self.bytes += report.bytes().len();
        self.waiting.push_back(report);
        let mut dropped = 0_u64;
        while self.waiting.len() > self.capacity || (self.bytes > BYTES && self.waiting.len() > 1) {
            self.pop();
            dropped += 1;
        }
        if dropped > 0 && self.dropped == 0 {
            warn!(
                capacity = self.capacity,
                "the queue is full; the oldest reports are dropped"
            );
        }
        self.dropped += dropped;
    }

    /// Returns the report to send next.
    pub(crate) fn first(&self) -> Option<&Packed> {
        self.waiting.front()
    }

    /// Forgets the report that was sent.
    pub(crate) fn pop(&mut self) {
        if let Some(report) = self.waiting.pop_front() {
            self.bytes -= report.bytes().len();
        }
        if self.waiting.is_empty() && self.dropped > 0 {
            info!(dropped = self.dropped, "the queue is empty again");
            self.dropped = 0;
        }
    }

    /// Returns how many reports wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Gives every waiting report another agent id, after the server assigned one.
    pub(crate) fn readdress(&mut self, agent_id: &str) {
        for waiting in &mut self.waiting {
            let json = waiting.unpack(self.kind).ok();
            let report = json.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
            let Some(mut report) = report.filter(|report| report["agent"].is_object()) else {
                continue;
            };
            report["agent"]["id"] = Value::from(agent_id);
            if let Some(packed) = Packed::report(self.kind, &report) {
                self.bytes = self.bytes - waiting.bytes().len() + packed.bytes().len();
                *waiting = packed;
            }
        }
    }

    /// Keeps what waits over a restart; only host reports are kept so.
    pub(crate) fn save(&self, state: &StateDir) -> Result<(), Error> {
        if self.waiting.is_empty() {
            state.remove(state::REPORTS);
            return Ok(());
        }
        let mut file = Vec::new();
        for json in self
            .waiting
            .iter()
            .filter_map(|report| report.unpack(self.kind).ok())
        {
            file.push(if file.is_empty() { b'[' } else { b',' });
            file.extend_from_slice(&json);
        }
        file.push(b']');
        state.write(state::REPORTS, &file)
    }

    /// Takes back what waited before the restart; a file that cannot be read is let go.
    pub(crate) fn load(&mut self, state: &StateDir) {
        match read(state) {
            Ok(reports) => {
                let count = reports.len();
                for json in reports {
                    if let Some(packed) = Packed::json(self.kind, json.get().as_bytes()) {
                        self.push(packed);
                    }
                }
                if count > 0 {
                    info!(count, "reports from before the restart wait to be sent");
                }
            }
            Err(why) => warn!(error = why, "the reports from before the restart are lost"),
        }
        state.remove(state::REPORTS);
    }
}

fn read(state: &StateDir) -> Result<Vec<Box<RawValue>>, String> {
    let file = state
        .read(state::REPORTS, FILE)
        .map_err(|error| chain(&error))?;
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let reports: Vec<Box<RawValue>> =
        serde_json::from_slice(&file).map_err(|error| error.to_string())?;
    let is_report = |json: &RawValue| HostReport::from_json(json.get().as_bytes()).is_ok();
    if reports.iter().all(|json| is_report(json)) {
        Ok(reports)
    } else {
        Err("the file holds something else than reports".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(number: usize) -> Packed {
        let mut report = HostReport::default();
        report.host.hostname = format!("host{number}");
        Packed::report(Kind::Host, &report).expect("packed")
    }

    fn hostname(packed: &Packed) -> String {
        let json = packed.unpack(Kind::Host).expect("JSON");
        HostReport::from_json(&json)
            .expect("a report")
            .host
            .hostname
    }

    #[test]
    fn there_is_room_for_sixty_reports_or_half_an_hour() {
        for (seconds, expected) in [(5, 360), (30, 60), (60, 60), (3_600, 60)] {
            assert_eq!(
                Buffer::new(Kind::Host, Duration::from_secs(seconds)).capacity,
                expected
            );
        }
    }

    #[test]
    fn when_it_is_full_the_oldest_makes_room() {
        let mut buffer = Buffer::new(Kind::Host, Duration::from_secs(60));
        for number in 0..100 {
            buffer.push(packed(number));
        }
        assert_eq!(buffer.len(), REPORTS);
        assert_eq!(buffer.first().map(hostname).as_deref(), Some("host40"));
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut buffer = Buffer::new(Kind::Host, Duration::from_millis(1));
        // What does not compress: the digits of a simple generator.
        let mut state = 1_u64;
        let noise: String = (0..200_000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b'0' + ((state >> 33) % 64) as u8)
            })
            .collect();
        for _ in 0..50 {
            buffer.push(Packed::json(Kind::Host, noise.as_bytes()).expect("packed"));
        }
        assert!(
            buffer.bytes <= BYTES && buffer.len() > 10,
            "{} in {}",
            buffer.bytes,
            buffer.len()
        );
        while buffer.first().is_some() {
            buffer.pop();
        }
        assert_eq!(buffer.bytes, 0);
    }

    #[test]
    fn what_waits_survives_a_restart_in_order() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(directory.path()).expect("a state directory");
        let mut before = Buffer::new(Kind::Host, Duration::from_secs(30));
        (0..3).for_each(|number| before.push(packed(number)));
        before.save(&state).expect("saved");
        let mut after = Buffer::new(Kind::Host, Duration::from_secs(30));
        after.load(&state);
        assert_eq!(after.waiting, before.waiting);
        assert!(!state.file(state::REPORTS).exists(), "it is read once");
    }

    #[test]
    fn a_damaged_file_is_let_go() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(directory.path()).expect("a state directory");
        for text in ["", "{", "[1]", "[{\"host\":5}]", "{}"] {
            state
                .write(state::REPORTS, text.as_bytes())
                .expect("written");
            let mut buffer = Buffer::new(Kind::Host, Duration::from_secs(30));
            buffer.load(&state);
            assert_eq!(buffer.len(), 0, "{text}");
            assert!(!state.file(state::REPORTS).exists());
        }
    }

    #[test]
    fn waiting_reports_can_be_given_another_agent_id() {
        let mut buffer = Buffer::new(Kind::Host, Duration::from_secs(30));
        buffer.push(packed(0));
        buffer.readdress("agent-web1");
        let json = buffer
            .first()
            .expect("a report")
            .unpack(Kind::Host)
            .expect("JSON");
        let report = HostReport::from_json(&json).expect("a report");
        assert_eq!(
            (report.agent.id.as_str(), report.host.hostname.as_str()),
            ("agent-web1", "host0")
        );
    }
}
