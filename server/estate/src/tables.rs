//! What of the estate outlasts the process: the hosts as they were last known, the ids of joined
//! views, and what operators decided.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use pulse_model::{NativeId, Resource, ResourceId};
use pulse_store::{Store, Table, Writer};

use crate::error::Error;
use crate::freshness::Verdict;
use crate::links::{Decision, Pair, Tie};

/// Hosts by agent id.
const HOSTS: Table<KnownHost> = Table::new("estate_hosts", 1);
/// The ids a view has lived under, by its own id.
const TRAILS: Table<Vec<ResourceId>> = Table::new("estate_trails", 1);
/// Links and exclusions, by both ids.
const TIES: Table<Tie> = Table::new("estate_ties", 1);
/// Decisions that can be taken back, by number.
const DECISIONS: Table<Decision> = Table::new("estate_decisions", 1);

/// A host as it was last known, by its agent alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KnownHost {
    pub resource: Resource,
    /// What the agent calls its machine.
    #[serde(default = "host")]
    pub native: NativeId,
    pub verdict: Verdict,
    /// Whether others saw it too, so that its agent's silence alone did not take it down.
    #[serde(default)]
    pub joined: bool,
    pub keyed: bool,
    pub interval_millis: u64,
}

fn host() -> NativeId {
    "host".into()
}

impl KnownHost {
    /// Returns how often the host was reporting.
    pub fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_millis)
    }
}

/// Everything that was written.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub hosts: Vec<KnownHost>,
    pub trails: Vec<(ResourceId, Vec<ResourceId>)>,
    pub ties: Vec<Tie>,
    pub decisions: Vec<Decision>,
}

/// Returns everything that was written. A damaged record loses only itself.
pub(crate) fn load(store: &Store) -> Result<Known, Error> {
    let trails = rows(store, &TRAILS)?.into_iter();
    Ok(Known {
        hosts: values(store, &HOSTS)?,
        trails: trails
            .map(|(own, trail)| (ResourceId::new(own), trail))
            .collect(),
        ties: values(store, &TIES)?,
        decisions: values(store, &DECISIONS)?,
    })
}

fn values<V: DeserializeOwned>(store: &Store, table: &Table<V>) -> Result<Vec<V>, Error> {
    let rows = rows(store, table)?.into_iter();
    Ok(rows.map(|(_, value)| value).collect())
}

fn rows<V: DeserializeOwned>(store: &Store, table: &Table<V>) -> Result<Vec<(String, V)>, Error> {
    let scan = store
        .read_now(|reader| reader.scan(table, ""))
        .map_err(Error::Read)?;
    for damage in &scan.damaged {
        tracing::warn!(
            table = table.name(),
            ?damage,
            "a record could not be read and is left out"
        );
    }
    Ok(scan.rows)
}

/// What is written together; what has no value any more goes.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub hosts: Vec<(ResourceId, Option<KnownHost>)>,
    pub trails: Vec<(ResourceId, Option<Vec<ResourceId>>)>,
    pub ties: Vec<(Pair, Option<Tie>)>,
    pub decisions: Vec<(u64, Option<Decision>)>,
}

/// Writes `batch` in one commit.
pub(crate) async fn save(store: &Store, batch: Batch) -> Result<(), pulse_store::Error> {
    let write = move |writer: &mut Writer| {
        for (id, host) in &batch.hosts {
            set(writer, &HOSTS, id.as_str(), host.as_ref())?;
        }
        for (own, trail) in &batch.trails {
            set(writer, &TRAILS, own.as_str(), trail.as_ref())?;
        }
        for ((a, b), tie) in &batch.ties {
            // No id has a space in it.
            set(writer, &TIES, &format!("{a} {b}"), tie.as_ref())?;
        }
        for (number, decision) in &batch.decisions {
            let key = format!("{number:020}");
            set(writer, &DECISIONS, &key, decision.as_ref())?;
        }
        Ok(())
    };
    store.write(write).await
}

fn set<V: Serialize>(
    writer: &mut Writer,
    table: &Table<V>,
    key: &str,
    value: Option<&V>,
) -> Result<(), pulse_store::Error> {
    match value {
        Some(value) => writer.put(table, key, value),
        None => writer.remove(table, key).map(|_| ()),
    }
}
