//! What a source hands to the estate: "source S, at time T, saw exactly this".

use std::time::Duration;

use jiff::Timestamp;

use crate::facet::Facets;
use crate::ids::SourceId;
use crate::metric::Metrics;
use crate::resource::{Identity, Kind};
use crate::units::{Celsius, Seconds};

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
    /// An agent saw its own machine.
    Host {
        /// Who the agent says, and proves, that it is.
        claim: Claim,
        /// What it saw.
        sighting: Box<Sighting>,
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
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What it is.
    pub kind: Kind,
    /// The name people see.
    pub name: String,
    /// What matching may use.
    pub identity: Identity,
    /// What it measures; rates are filled in by the estate from two sightings.
    pub metrics: Metrics,
    /// Seconds since it started.
    pub uptime: Option<Seconds>,
    /// Its leading temperature.
    pub temperature: Option<Celsius>,
    /// Tags given at the source.
    pub tags: Vec<String>,
    /// The facts themselves.
    pub facets: Facets,
}
