//! The whole state as JSON: put together from what is encoded already, once per revision.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;
use serde_json::json;
use tokio::sync::OnceCell;
use tokio::task::{JoinError, spawn_blocking};

use pulse_estate::Estate;
use pulse_model::SourceKind;

use crate::app::App;
use crate::collections;
use crate::error::ApiError;
use crate::mock::is_invented;
use crate::packed::{Parts, Rope, Shared};
use crate::routes::state::view;

/// How long the last state is kept when nobody asks for it.
const KEPT_UNUSED: Duration = Duration::from_secs(60);
/// How many revisions slow readers may keep alive. Beyond that, who comes next is given the latest
/// of those.
const MOST_ALIVE: usize = 4;

/// What a frame with the whole state is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The first on a connection.
    Initial,
    /// Any later one.
    Again,
}

impl Occasion {
    /// Returns the word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Initial => "initialState",
            Self::Again => "rawData",
        }
    }
}

/// How a frame is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// An object with a type, as `/ws` speaks.
    Plain,
    /// A Socket.IO event.
    SocketIo,
}

impl Dialect {
    fn around(self, word: &str) -> (String, &'static str) {
        match self {
            Self::Plain => (format!(r#"{{"type":"{word}","data":"#), "}"),
            Self::SocketIo => (format!(r#"42["{word}","#), "]"),
        }
    }
}

/// One revision, encoded.
pub(crate) struct Encoded {
    shared: Shared,
    frames: [OnceCell<Utf8Bytes>; 4],
}

impl Encoded {
    /// Answers one who asks for the state with those headers.
    pub async fn answer(&self, asked: &HeaderMap) -> Result<Response, ApiError> {
        self.shared.answer(asked).await
    }

    /// Returns it as one frame; made once for all who take it like that.
    pub async fn frame(
        &self,
        occasion: Occasion,
        dialect: Dialect,
    ) -> Result<Utf8Bytes, JoinError> {
        let slot = &self.frames[occasion as usize * 2 + dialect as usize];
        let make = || {
            let parts = self.parts(occasion, dialect);
            spawn_blocking(move || joined(&parts))
        };
        slot.get_or_try_init(make).await.cloned()
    }

    /// Returns it as the parts of a frame; nothing is copied.
    pub fn parts(&self, occasion: Occasion, dialect: Dialect) -> Vec<Bytes> {
        let (head, tail) = dialect.around(occasion.word());
        let mut parts = vec![Bytes::from(head)];
        parts.extend(self.shared.plain().parts().cloned());
        parts.push(Bytes::from_static(tail.as_bytes()));
        parts
    }
}

/// Returns `parts` in one piece.
pub(crate) fn joined(parts: &[Bytes]) -> Utf8Bytes {
    String::from_utf8(parts.concat())
        .expect("every part was made by a JSON encoder")
        .into()
}

/// The latest revision anybody asked for.
#[derive(Default)]
pub(crate) struct SnapshotCache(Mutex<Latest>);

/// What the encoding depends on: the estate's revision, who is refused, and whether temperatures are shown.
type Version = (u64, u64, bool);

fn version(app: &App, estate: &Estate) -> Version {
    let settings = app.settings().get();
    (
        estate.revision(),
        app.fleet().revision(),
        settings.temperature_monitoring_enabled,
    )
}

#[derive(Default)]
struct Latest {
    version: Option<Version>,
    slot: Arc<OnceCell<Arc<Encoded>>>,
    used: Duration,
    /// What was handed out and may still be on its way to somebody.
    alive: Vec<Weak<Encoded>>,
}

impl SnapshotCache {
    /// Forgets what nobody is shown any more.
    pub fn clear(&self) {
        let mut latest = self.latest();
        latest.version = None;
        latest.slot = Arc::default();
    }

    /// Returns the state of `estate` encoded; put together once however many ask.
    pub async fn get(&self, app: &App, estate: Arc<Estate>) -> Result<Arc<Encoded>, ApiError> {
        let slot = match self.enter(app, version(app, &estate)) {
            Ok(slot) => slot,
            Err(older) => return Ok(older),
        };
        let compose = || async {
            let app = app.clone();
            let work = spawn_blocking(move || Arc::new(compose(&app, &estate)));
            work.await.map_err(ApiError::internal)
        };
        let encoded = slot.get_or_try_init(compose).await?.clone();
        self.note(&encoded);
        Ok(encoded)
    }

    /// Returns where the version is or will be; an older one when too many are being read.
    fn enter(
        &self,
        app: &App,
        version: Version,
    ) -> Result<Arc<OnceCell<Arc<Encoded>>>, Arc<Encoded>> {
        let mut latest = self.latest();
        latest.used = app.clock().monotonic();
        if latest.version == Some(version) {
            return Ok(latest.slot.clone());
        }
        latest.alive.retain(|encoded| encoded.strong_count() > 0);
        let current = latest.slot.get().cloned();
        if latest.alive.len() > MOST_ALIVE
            && let Some(current) = current
        {
            return Err(current);
        }
        latest.version = Some(version);
        latest.slot = Arc::default();
        Ok(latest.slot.clone())
    }

    fn note(&self, encoded: &Arc<Encoded>) {
        let mut latest = self.latest();
        let is_known = |known: &Weak<Encoded>| known.as_ptr() == Arc::as_ptr(encoded);
        if !latest.alive.iter().any(is_known) {
            latest.alive.push(Arc::downgrade(encoded));
        }
    }

    /// Lets go of what nobody asked for lately.
    pub fn drop_unused(&self, now: Duration) {
        let mut latest = self.latest();
        if now.saturating_sub(latest.used) >= KEPT_UNUSED {
            latest.version = None;
            latest.slot = Arc::default();
        }
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compose(app: &App, estate: &Estate) -> Encoded {
    let boot = app.0.started_at.as_millisecond();
    let (revision, refused, has_temperatures) = version(app, estate);
    let tag = format!(
        "{boot:x}-{revision:x}-{refused:x}-{}",
        u8::from(has_temperatures)
    );
    Encoded {
        shared: Shared::new(&tag, Rope::new(whole(app, estate))),
        frames: Default::default(),
    }
}

/// Returns the state with the typed collections clients of old read.
fn whole(app: &App, estate: &Estate) -> Vec<Bytes> {
    let mut json = Parts::default();
    json.text("{");
    collections::write(estate, &mut json);
    for (kind, name) in REMOVED {
        json.member(name, |json| json.value(&view::removed(app, kind)));
        json.text(",");
    }
    for name in EMPTY_COLLECTIONS {
        json.member(name, |json| json.text("[]"));
        json.text(",");
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
    append(&mut json, "performance", &view::performance(app));
    let has_temperatures = app.settings().get().temperature_monitoring_enabled;
    append(&mut json, "temperatureMonitoringEnabled", &has_temperatures);
    append(&mut json, "pveTagColors", &json!({}));
    live_members(app, estate, &mut json);
    json.text("}");
    json.finish()
}

/// The collections of what nothing feeds yet: present and empty, as promised.
const EMPTY_COLLECTIONS: [&str; 2] = ["pbsBackups", "pmgBackups"];

/// The collections of what operators removed, while it is refused.
const REMOVED: [(SourceKind, &str); 3] = [
    (SourceKind::Docker, "removedDockerHosts"),
    (SourceKind::Kubernetes, "removedKubernetesClusters"),
    (SourceKind::Agent, "removedHostAgents"),
];

/// Returns the state without the typed collections: what a client that takes deltas starts from.
pub(crate) fn lean(app: &App, estate: &Estate) -> Vec<Bytes> {
    let mut json = Parts::default();
    json.text("{");
    live_members(app, estate, &mut json);
    json.text("}");
    json.finish()
}

fn live_members(app: &App, estate: &Estate, json: &mut Parts) {
    let none: [(); 0] = [];
    append(json, "replicationJobs", &none);
    append(json, "metrics", &none);
    append(json, "activeAlerts", &none);
    append(json, "recentlyResolved", &none);
    append(json, "connectionHealth", &view::connection_health(estate));
    append(json, "stats", &view::stats(app));
    append(json, "mockMode", &is_invented(estate));
    append(json, "lastUpdate", &app.clock().now().as_millisecond());
    let resources = estate.iter().map(|entry| entry.push_json().clone());
    json.member("resources", |json| json.list(resources));
}

fn append<T: Serialize>(json: &mut Parts, name: &str, value: &T) {
    json.member(name, |json| json.value(value));
    json.text(",");
}
