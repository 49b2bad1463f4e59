//! The wiring: every area made once, handed to those who need it, ended in order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_api::{App, Facts, Listening, Services};
use pulse_model::{Clock, Entropy, Secret};
use pulse_security::rate::Limits;
use pulse_sources::agent::Ingest;
use pulse_sources::scheduler::Registry;
use pulse_store::{DataDir, Store};

use crate::VERSION;
use crate::config::Config;
use crate::logging::{self, Journal};
use crate::ports::admission::FleetAdmission;
use crate::ports::display::EstateDisplay;
use crate::ports::intake::EstateIntake;
use crate::ports::mock::MockEstate;
use crate::recording::Recording;

/// What bcrypt is told to cost.
const PASSWORD_COST: u32 = 12;

/// Why the server does not start.
#[derive(Debug, Error)]
pub enum Error {
    /// The data directory cannot be used; its own words name it.
    #[error(transparent)]
    DataDir(pulse_store::Error),
    /// The database cannot be opened.
    #[error("the database in {path} cannot be opened")]
    Store {
        /// Where.
        path: String,
        /// Why.
        source: pulse_store::Error,
    },
    /// Accounts, tokens or the settings about them cannot be used.
    #[error("accounts and tokens cannot be used")]
    Security(#[source] pulse_security::Error),
    /// The settings cannot be read.
    #[error("the settings cannot be read")]
    Settings(#[source] pulse_settings::Error),
    /// The log cannot be kept.
    #[error("the log cannot be kept in the data directory")]
    Log(#[source] anyhow::Error),
    /// What reports cannot be read.
    #[error("the register of what reports cannot be read")]
    Fleet(#[source] pulse_store::Error),
    /// The switch of mock mode cannot be read.
    #[error("the settings of mock mode cannot be read")]
    Mock(#[source] pulse_store::Error),
    /// The known hosts cannot be read.
    #[error("the known hosts cannot be read")]
    Estate(#[source] pulse_estate::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// A server that answers.
pub struct Running {
    address: SocketAddr,
    is_tls: bool,
    listener: JoinHandle<()>,
    estate: JoinHandle<()>,
    fleet: JoinHandle<()>,
    history: Recording,
    mock: Arc<MockEstate>,
    stop_listener: CancellationToken,
    stop_fleet: CancellationToken,
    stop_estate: CancellationToken,
    keeper: JoinHandle<()>,
    journal: Journal,
}

/// Starts a server.
pub async fn start(mut config: Config) -> Result<Running, Error> {
    let path = config.data_dir.display().to_string();
    let data_dir = DataDir::open(&config.data_dir).map_err(Error::DataDir)?;
    let store = Store::open(&data_dir).map_err(|source| Error::Store { path, source })?;
    let clock = Clock::system();
    let entropy = Entropy::system();
    config
        .journal
        .keep_in(data_dir.path())
        .map_err(Error::Log)?;
    let settings = open_settings(&mut config, &store)?;
    let recording = Recording::start(&config.history, &data_dir, &clock, settings.subscribe());
    let data_dir = data_dir.path().to_owned();

    let place = data_dir.join("mock");
    let mock = open_mock(&store, config.mock_mode, place, &clock, &entropy)?;
    let security = open_security(&config, &store, &clock, &entropy, data_dir.clone())?;
    let stop_estate = CancellationToken::new();
    let (estate, estate_task) = pulse_estate::spawn(
        store.clone(),
        estate_options(&config, &clock),
        recording.recorder(),
        stop_estate.clone(),
    )
    .map_err(Error::Estate)?;
    let stop_fleet = CancellationToken::new();
    let (fleet, fleet_task) = open_fleet(&store, &estate, &clock, &entropy, &stop_fleet)?;
    let ingest = ingest(&estate, &fleet, &clock);

    let listening = listen(&config).await?;
    let address = listening.address();
    let stop_listener = CancellationToken::new();
    logging::follow(settings.subscribe(), config.journal.clone(), &stop_listener);
    let is_tls = config.tls.is_some();
    let facts = facts(&mut config, data_dir);
    let services = Services {
        estate,
        fleet,
        history: recording.handle.clone(),
        mock: mock.clone(),
        ingest,
        security: security.clone(),
        settings,
        scheduler: Registry::default(),
        log: Arc::new(config.journal.clone()),
        clock,
        entropy,
        stop: stop_listener.clone(),
    };
    if !config.rate_limits {
        tracing::warn!("rate limits are off: this is for load tests only");
    }
    let app = App::new(services, facts);
    mock.start().await;
    let keeper = tokio::spawn(security.run(stop_estate.clone().cancelled_owned()));
    let listener = tokio::spawn(pulse_api::serve(app, listening, stop_listener.clone()));
    tracing::info!(%address, tls = is_tls, version = VERSION, "listening");
    Ok(Running {
        address,
        is_tls,
        listener,
        estate: estate_task,
        fleet: fleet_task,
        history: recording,
        mock,
        stop_listener,
        stop_fleet,
        stop_estate,
        keeper,
        journal: config.journal,
    })
}

fn open_mock(
    store: &Store,
    fixed: Option<bool>,
    place: PathBuf,
    clock: &Clock,
    entropy: &Entropy,
) -> Result<Arc<MockEstate>, Error> {
    let mock = MockEstate::load(store, fixed, place, clock.clone(), entropy.clone());
    mock.map(Arc::new).map_err(Error::Mock)
}

fn facts(config: &mut Config, data_dir: PathBuf) -> Facts {
    Facts {
        version: VERSION,
        data_dir,
        tls: config.tls.is_some(),
        rate_limits: config.rate_limits,
        metrics_token: config.metrics_token.take(),
        is_development: cfg!(debug_assertions),
    }
}

async fn listen(config: &Config) -> Result<Listening, Error> {
    let listening = Listening::bind(config.listen, config.tls.clone()).await;
    listening.map_err(|source| Error::Listen {
        address: config.listen,
        source,
    })
}

/// Reads the settings, and uses at once what holds from the start on.
fn open_settings(config: &mut Config, store: &Store) -> Result<pulse_settings::Handle, Error> {
    let settings = pulse_settings::Handle::load(store, std::mem::take(&mut config.fixed));
    let settings = settings.map_err(Error::Settings)?;
    let now = settings.get();
    if !settings.fixed().holds("frontendPort") {
        config.listen.set_port(now.frontend_port);
    }
    Ok(settings)
}

fn estate_options(config: &Config, clock: &Clock) -> pulse_estate::Options {
    pulse_estate::Options {
        clock: clock.clone(),
        most_hosts: config.most_hosts,
        most_hosts_per_token: config.most_hosts_per_token,
        first_revision: 0,
    }
}

fn ingest(estate: &pulse_estate::Handle, fleet: &pulse_fleet::Handle, clock: &Clock) -> Ingest {
    let intake = Arc::new(EstateIntake(estate.clone()));
    Ingest::new(
        intake,
        Arc::new(FleetAdmission(fleet.clone())),
        clock.clone(),
    )
}

fn open_fleet(
    store: &Store,
    estate: &pulse_estate::Handle,
    clock: &Clock,
    entropy: &Entropy,
    stop: &CancellationToken,
) -> Result<(pulse_fleet::Handle, JoinHandle<()>), Error> {
    let options = pulse_fleet::Options {
        store: store.clone(),
        display: Arc::new(EstateDisplay(estate.clone())),
        clock: clock.clone(),
        entropy: entropy.clone(),
    };
    pulse_fleet::spawn(options, stop.clone()).map_err(Error::Fleet)
}

fn open_security(
    config: &Config,
    store: &Store,
    clock: &Clock,
    entropy: &Entropy,
    data_dir: PathBuf,
) -> Result<pulse_security::Handle, Error> {
    let given = &config.credentials;
    let tokens = given
        .api_tokens
        .as_ref()
        .map(|tokens| tokens.expose().split(','));
    let tokens = tokens
        .into_iter()
        .flatten()
        .map(str::trim)
        .filter(|token| !token.is_empty());
    let env = pulse_security::EnvCredentials {
        user: given.user.clone(),
        password: given
            .password
            .as_ref()
            .map(|password| Secret::new(password.expose())),
        api_tokens: tokens.map(Secret::new).collect(),
    };
    pulse_security::Handle::open(pulse_security::Options {
        store: store.clone(),
        data_dir,
        clock: clock.clone(),
        entropy: entropy.clone(),
        bcrypt_cost: config.password_cost.unwrap_or(PASSWORD_COST),
        env,
        trusted_proxies: config.trusted_proxies.clone(),
        limits: if config.rate_limits {
            Limits::default()
        } else {
            Limits::off()
        },
    })
    .map_err(Error::Security)
}

impl Running {
    /// Returns the address in use.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address as a URL.
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Ends in order: the listener and its sockets, then the fleet and the estate, which write what
    /// they know, then the history, which flushes, then what security kept in memory.
    pub async fn stop(self) {
        self.stop_listener.cancel();
        let _ = self.listener.await;
        self.mock.stop().await;
        self.stop_fleet.cancel();
        let _ = self.fleet.await;
        self.stop_estate.cancel();
        let _ = self.estate.await;
        self.history.stop().await;
        let _ = self.keeper.await;
        tracing::info!("stopped");
        // It fails only when the runtime is ending; then this is the last line anyway.
        let _ = tokio::task::spawn_blocking(move || self.journal.settle()).await;
    }
}
