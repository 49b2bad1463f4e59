//! What a source hands to the estate: "source S, at time T, saw exactly this".

use std::time::Duration;

use jiff::Timestamp;

use crate::facet::Facets;
use crate::ids::{NativeId, Scope, SourceId};
use crate::metric::Metrics;
use crate::resource::{Identity, Kind, Status};
use crate::units::{Bytes, Celsius, Seconds};

/// One batch of facts from one source about the slice it speaks for.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Who saw it.
    pub source: SourceId,
    /// When, by the source's own clock where it has one.
    pub at: Timestamp,
    /// How long until the source is expected again.
    pub interval: Duration,
    /// What was seen.
    pub outcome: Outcome,
}

/// What came of looking.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// An agent saw its own machine and what is on it.
    Host {
        /// Who the agent says, and proves, that it is.
        claim: Claim,
        /// The machine.
        sighting: Box<Sighting>,
        /// Everything it sees on the machine (containers, disks, pools): all there is of it.
        others: Vec<Sighting>,
    },
    /// A polled source saw exactly these in that part of it.
    Slice {
        /// Which part.
        scope: Scope,
        /// What is in it. What was there before and is not now has gone.
        sightings: Vec<Sighting>,
    },
    /// A poll failed. What is known of the slice ages and keeps its facts; nothing has gone.
    Failed {
        /// Which part could not be read.
        scope: Scope,
        /// Why, in words for people.
        reason: String,
    },
}

/// Who a reporting agent says that it is, and what its credential binds it to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// The agent id its credential is bound to; decides, where there is one.
    pub bound_agent_id: Option<String>,
    /// Whether the report was signed with the agent's key.
    pub keyed: bool,
    /// The agent id in the report.
    pub agent_id: Option<String>,
    /// The host id in the report.
    pub host_id: Option<String>,
    /// The machine id in the report: a hint, clones share it.
    pub machine_id: Option<String>,
    /// The host name in the report.
    pub hostname: String,
    /// The API token the report came with.
    pub token_id: Option<String>,
    /// When that was made, for tokens that were made here.
    pub token_made_at: Option<Timestamp>,
    /// The report's place in the agent's own order.
    pub sequence: Option<Sequence>,
}

/// A report's place in the stream one agent process sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Random per process.
    pub stream: [u8; 16],
    /// Rises by one with each report, starting at one.
    pub number: u64,
}

/// One thing as one source saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// What it is.
    pub kind: Kind,
    /// What it is called within its source, for as long as it lives.
    pub native: NativeId,
    /// The name people see.
    pub name: String,
    /// What it is made with (qemu, lxc, docker, zfs …).
    pub technology: Option<String>,
    /// What it runs on or belongs to, by its name within the same source.
    pub parent: Option<NativeId>,
    /// How it is, as the source judges; nothing said means online.
    pub status: Option<Status>,
    /// What matching may use.
    pub identity: Identity,
    /// What it measures; rates are filled in by the estate from two sightings.
    pub metrics: Metrics,
    /// What rates are made of.
    pub counters: Counters,
    /// Seconds since it started.
    pub uptime: Option<Seconds>,
    /// Its leading temperature.
    pub temperature: Option<Celsius>,
    /// Tags given at the source.
    pub tags: Vec<String>,
    /// The facts themselves.
    pub facets: Facets,
}

impl Sighting {
    /// Makes a sighting of which nothing is known but what it is; the rest is filled in by
    /// `Sighting { …, ..Sighting::new(…) }`.
    pub fn new(kind: Kind, native: impl Into<NativeId>, name: impl Into<String>) -> Self {
        Self {
            kind,
            native: native.into(),
            name: name.into(),
            technology: None,
            parent: None,
            status: None,
            identity: Identity::default(),
            metrics: Metrics::default(),
            counters: Counters::default(),
            uptime: None,
            temperature: None,
            tags: Vec::new(),
            facets: Facets::default(),
        }
    }
}

/// Bytes counted since some moment that the source does not change while it counts. The estate
/// makes rates of two sightings; a machine's interfaces and devices are in its facet instead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counters {
    /// Received.
    pub net_in: Option<Bytes>,
    /// Sent.
    pub net_out: Option<Bytes>,
    /// Read from block devices.
    pub disk_read: Option<Bytes>,
    /// Written to block devices.
    pub disk_write: Option<Bytes>,
}
