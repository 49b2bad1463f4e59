//! What handlers can reach: the areas' handles and the facts of this server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use pulse_model::{Clock, Entropy, Secret};
use pulse_sources::agent::Ingest;

use crate::counters::Counters;
use crate::live::Hub;
use crate::snapshot::SnapshotCache;

/// What is fixed for as long as the server runs.
#[derive(Debug)]
pub struct Facts {
    /// Product version, without a leading `v`.
    pub version: &'static str,
    /// Where the data is; told to people before set-up so that they find the bootstrap token.
    pub data_dir: PathBuf,
    /// Whether this server speaks TLS itself.
    pub tls: bool,
    /// Origins besides its own that may open the live socket.
    pub allowed_origins: Vec<String>,
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
    /// Agent reports.
    pub ingest: Ingest,
    /// Who may do what.
    pub security: pulse_security::Handle,
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
        Self(Arc::new(Inner {
            started_at: services.clock.now(),
            started: services.clock.monotonic(),
            counters: Counters::new(crate::routes::all().len()),
            snapshots: SnapshotCache::default(),
            hub,
            services,
            facts,
        }))
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

    pub(crate) fn estate(&self) -> &pulse_estate::Handle {
        &self.0.services.estate
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.services.clock
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }
}

impl FromRef<App> for pulse_estate::Handle {
    fn from_ref(app: &App) -> Self {
        app.0.services.estate.clone()
    }
}

impl FromRef<App> for pulse_security::Handle {
    fn from_ref(app: &App) -> Self {
        app.0.services.security.clone()
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
