//! The whole state as JSON: concatenated from what is encoded already, once per revision.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::json;

use pulse_estate::{Entry, Estate};
use pulse_model::Kind;

use crate::app::App;
use crate::live::framed;
use crate::routes::state::view;

/// One revision, encoded.
pub(crate) struct Encoded {
    /// Its entity tag, quotes included.
    pub etag: String,
    /// The JSON.
    pub plain: Bytes,
    gzip: OnceLock<Bytes>,
    initial_state: OnceLock<Utf8Bytes>,
    raw_data: OnceLock<Utf8Bytes>,
}

impl Encoded {
    /// Returns the state as a live frame of that kind; made once for all who take no deltas.
    pub fn frame(&self, kind: &str) -> Utf8Bytes {
        let slot = if kind == "initialState" {
            &self.initial_state
        } else {
            &self.raw_data
        };
        slot.get_or_init(|| framed(format!(r#"{{"type":"{kind}","data":"#), &self.plain))
            .clone()
    }

    /// Returns the JSON compressed; done once.
    pub fn gzip(&self) -> &Bytes {
        self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&self.plain).expect("memory takes it");
            encoder.finish().expect("memory takes it").into()
        })
    }
}

/// The latest revision anybody asked for.
#[derive(Default)]
pub(crate) struct SnapshotCache(Mutex<Option<(u64, Arc<Encoded>)>>);

impl SnapshotCache {
    /// Returns the state of `estate` encoded.
    pub fn get(&self, app: &App, estate: &Estate) -> Arc<Encoded> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((revision, encoded)) = cached.as_ref()
            && *revision == estate.revision()
        {
            return encoded.clone();
        }
        let boot = app.0.started_at.as_millisecond();
        let encoded = Arc::new(Encoded {
            etag: format!("\"{boot:x}-{:x}\"", estate.revision()),
            plain: whole(app, estate).into(),
            gzip: OnceLock::new(),
            initial_state: OnceLock::new(),
            raw_data: OnceLock::new(),
        });
        *cached = Some((estate.revision(), encoded.clone()));
        encoded
    }
}

/// Returns the state with the typed collections clients of old read.
fn whole(app: &App, estate: &Estate) -> Vec<u8> {
    let mut json = Vec::with_capacity(4_096 * (estate.len() + 1));
    json.push(b'{');
    member(&mut json, "hosts", |json| {
        let hosts = estate
            .iter()
            .filter(|entry| entry.resource().kind == Kind::Agent);
        list(
            json,
            hosts.map(|entry| entry.collection_json(|resource| encode(&view::host(resource)))),
        );
    });
    json.push(b',');
    for name in EMPTY_COLLECTIONS {
        member(&mut json, name, |json| json.extend_from_slice(b"[]"));
        json.push(b',');
    }
    let none: [(); 0] = [];
    append(
        &mut json,
        "pveBackups",
        &json!({"backupTasks": none, "storageBackups": none, "guestSnapshots": none}),
    );
    append(
        &mut json,
        "backups",
        &json!({"pve": {"backupTasks": none, "storageBackups": none, "guestSnapshots": none}, "pbs": none, "pmg": none}),
    );
    append(
        &mut json,
        "performance",
        &json!({
            "apiCallDuration": {}, "lastPollDuration": 0, "pollingStartTime": app.0.started_at,
            "totalApiCalls": 0, "failedApiCalls": 0,
        }),
    );
    append(&mut json, "temperatureMonitoringEnabled", &true);
    append(&mut json, "pveTagColors", &json!({}));
    append(
        &mut json,
        "connectedInfrastructure",
        &view::connected(estate),
    );
    live_members(app, estate, &mut json);
    json.push(b'}');
    json
}

/// The collections of kinds that nothing feeds yet: present and empty, as promised.
const EMPTY_COLLECTIONS: [&str; 15] = [
    "nodes",
    "vms",
    "containers",
    "dockerHosts",
    "kubernetesClusters",
    "removedDockerHosts",
    "removedKubernetesClusters",
    "removedHostAgents",
    "storage",
    "cephClusters",
    "physicalDisks",
    "pbs",
    "pmg",
    "pbsBackups",
    "pmgBackups",
];

/// Returns the state without the typed collections: what a client that takes deltas starts from.
pub(crate) fn lean(app: &App, estate: &Estate) -> Vec<u8> {
    let mut json = Vec::with_capacity(4_096 * (estate.len() + 1));
    json.push(b'{');
    live_members(app, estate, &mut json);
    json.push(b'}');
    json
}

fn live_members(app: &App, estate: &Estate, json: &mut Vec<u8>) {
    let none: [(); 0] = [];
    append(json, "replicationJobs", &none);
    append(json, "metrics", &none);
    append(json, "activeAlerts", &none);
    append(json, "recentlyResolved", &none);
    append(json, "connectionHealth", &json!({}));
    append(json, "stats", &view::stats(app));
    append(json, "lastUpdate", &app.clock().now().as_millisecond());
    member(json, "resources", |json| {
        list(
            json,
            estate.iter().map(|entry: &Arc<Entry>| entry.push_json()),
        )
    });
}

fn member(json: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
    value(json);
}

fn append<T: Serialize>(json: &mut Vec<u8>, name: &str, value: &T) {
    member(json, name, |json| {
        serde_json::to_writer(&mut *json, value).expect("plain values encode into memory");
    });
    json.push(b',');
}

fn list<'a>(json: &mut Vec<u8>, items: impl Iterator<Item = &'a Bytes>) {
    json.push(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            json.push(b',');
        }
        json.extend_from_slice(item);
    }
    json.push(b']');
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("views are plain values")
}
