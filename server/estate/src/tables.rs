//! What of the estate outlasts the process: the hosts as they were last known.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use pulse_model::Resource;
use pulse_store::{Store, Table};

use crate::error::Error;
use crate::freshness::Verdict;

/// Hosts by agent id.
const HOSTS: Table<KnownHost> = Table::new("estate_hosts", 1);

/// A host as it was last known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KnownHost {
    pub resource: Resource,
    pub verdict: Verdict,
    pub keyed: bool,
    pub interval_millis: u64,
}

impl KnownHost {
    /// Returns how often the host was reporting.
    pub fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_millis)
    }
}

/// Returns every known host. A damaged record loses only itself.
pub(crate) fn load(store: &Store) -> Result<Vec<KnownHost>, Error> {
    let scan = store
        .read_now(|reader| reader.scan(&HOSTS, ""))
        .map_err(Error::Read)?;
    for damage in &scan.damaged {
        tracing::warn!(
            ?damage,
            "a known host could not be read and is forgotten until it reports"
        );
    }
    Ok(scan.rows.into_iter().map(|(_, host)| host).collect())
}

/// Writes `hosts` in one commit.
pub(crate) async fn save(store: &Store, hosts: Vec<KnownHost>) -> Result<(), pulse_store::Error> {
    let write = move |writer: &mut pulse_store::Writer| {
        for host in &hosts {
            writer.put(&HOSTS, host.resource.id.as_str(), host)?;
        }
        Ok(())
    };
    store.write(write).await
}
