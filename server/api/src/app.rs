//! What handlers can reach: the areas' handles and the facts of this server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::extract::FromRef;
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use pulse_model::{Clock, Entropy, Secret};
use pulse_sources::agent::Ingest;

use crate::body::Room;
use crate::counters::Counters;
use crate::live::{Hub, Sessions};
use crate::mock::{MockSwitch, Shown};
use crate::port::Log;
use crate::routes::system::{Diagnostics, DiskWrites, READERS};
use crate::snapshot::SnapshotCache;

const TIDY_EVERY: Duration = Duration::from_secs(30);

/// What is fixed for as long as the server runs.
#[derive(Debug)]
pub struct Facts {
    /// Product version, without a leading `v`.
    pub version: &'static str,
    /// Where the data is; told to people before set-up so that they find the bootstrap token.
    pub data_dir: PathBuf,
    /// Whether this server speaks TLS itself.
    pub tls: bool,
    /// Whether calls are counted against limits; off only for load tests.
    pub rate_limits: bool,
    /// What a scraper of `/metrics` has to present, where that is wanted.
    pub metrics_token: Option<Secret>,
    /// Whether this is a development build.
    pub is_development: bool,
}

/// The areas the routes ask.
pub struct Services {
    /// Everything monitored.
    pub estate: pulse_estate::Handle,
    /// What reports.
    pub fleet: pulse_fleet::Handle,
    /// What was measured.
    pub history: pulse_history::Handle,
    /// Shows an invented estate in its place.
    pub mock: Arc<dyn MockSwitch>,
    /// Agent reports.
    pub ingest: Ingest,
    /// Who may do what.
    pub security: pulse_security::Handle,
    /// What an administrator may change.
    pub settings: pulse_settings::Handle,
    /// How polling works.
    pub scheduler: pulse_sources::scheduler::Registry,
    /// The server's own log.
    pub log: Arc<dyn Log>,
    /// What time it is.
    pub clock: Clock,
    /// Random bytes for request ids and nonces.
    pub entropy: Entropy,
    /// Ends the live sockets.
    pub stop: CancellationToken,
}

pub(crate) struct Inner {
    pub services: Services,
    pub facts: Facts,
    pub counters: Counters,
    pub snapshots: SnapshotCache,
    pub hub: Hub,
    pub sessions: Sessions,
    pub diagnostics: Diagnostics,
    pub writes: DiskWrites,
    pub log_readers: Arc<Semaphore>,
    pub room: Room,
    invented: watch::Receiver<Option<Shown>>,
    pub started_at: Timestamp,
    started: Duration,
}

/// The state every handler takes its part of. Cheap to clone.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

impl App {
    /// Puts the routes' world together and starts the live hub.
    pub fn new(services: Services, facts: Facts) -> Self {
        let hub = Hub::spawn(&services);
        let stop = services.stop.clone();
        let app = Self(Arc::new(Inner {
            started_at: services.clock.now(),
            started: services.clock.monotonic(),
            counters: Counters::new(&crate::routes::all()),
            snapshots: SnapshotCache::default(),
            hub,
            sessions: Sessions::default(),
            diagnostics: Diagnostics::default(),
            writes: DiskWrites::spawn(services.clock.clone(), services.stop.clone()),
            log_readers: Arc::new(Semaphore::new(READERS)),
            room: Room::default(),
            invented: services.mock.shown(),
            services,
            facts,
        }));
        tokio::spawn(tidy(Arc::downgrade(&app.0), stop));
        app
    }

    /// Returns how long the server has been running.
    pub(crate) fn uptime(&self) -> Duration {
        self.0
            .services
            .clock
            .monotonic()
            .saturating_sub(self.0.started)
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0.facts
    }

    pub(crate) fn security(&self) -> &pulse_security::Handle {
        &self.0.services.security
    }

    pub(crate) fn fleet(&self) -> &pulse_fleet::Handle {
        &self.0.services.fleet
    }

    pub(crate) fn settings(&self) -> &pulse_settings::Handle {
        &self.0.services.settings
    }

    /// Returns the estate that is shown: an invented one while mock mode is on.
    pub(crate) fn estate(&self) -> pulse_estate::Handle {
        let invented = self.0.invented.borrow();
        let invented = invented.as_ref().map(|shown| shown.estate.clone());
        invented.unwrap_or_else(|| self.0.services.estate.clone())
    }

    /// Returns the history of the estate that is shown.
    pub(crate) fn history(&self) -> pulse_history::Handle {
        let invented = self.0.invented.borrow();
        let invented = invented.as_ref().map(|shown| shown.history.clone());
        invented.unwrap_or_else(|| self.0.services.history.clone())
    }

    /// Returns the estate of what is monitored, shown or not.
    pub(crate) fn monitored(&self) -> &pulse_estate::Handle {
        &self.0.services.estate
    }

    /// Tells whether what is shown is invented.
    pub(crate) fn is_mock(&self) -> bool {
        self.0.invented.borrow().is_some()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.services.clock
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }
}

/// Lets go of what was kept for others who might ask, once nobody does.
async fn tidy(app: Weak<Inner>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
        let Some(app) = app.upgrade() else { return };
        app.snapshots.drop_unused(app.services.clock.monotonic());
    }
}

impl FromRef<App> for pulse_estate::Handle {
    fn from_ref(app: &App) -> Self {
        app.estate()
    }
}

impl FromRef<App> for pulse_history::Handle {
    fn from_ref(app: &App) -> Self {
        app.history()
    }
}

impl FromRef<App> for pulse_security::Handle {
    fn from_ref(app: &App) -> Self {
        app.0.services.security.clone()
    }
}

impl FromRef<App> for pulse_fleet::Handle {
    fn from_ref(app: &App) -> Self {
        app.0.services.fleet.clone()
    }
}

impl FromRef<App> for Ingest {
    fn from_ref(app: &App) -> Self {
        app.0.services.ingest.clone()
    }
}

impl FromRef<App> for Clock {
    fn from_ref(app: &App) -> Self {
        app.0.services.clock.clone()
    }
}

/// What the gate knows of a request once it let it through.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Who calls; nobody on public routes without credentials.
    pub principal: Option<pulse_security::Principal>,
    /// The address it comes from, proxies taken into account.
    pub address: IpAddr,
    /// Whether the browser's connection is encrypted, proxies taken into account.
    pub is_secure: bool,
}
