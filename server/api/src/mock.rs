//! The switch between what is monitored and an estate that is invented.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::watch;
use utoipa::ToSchema;

use pulse_estate::Estate;
use pulse_sources::mock::{MockConfig, OutOfRange};

/// Snapshots of invented estates are numbered from here on, so that no cache takes one for a
/// snapshot of what is monitored, and everybody can tell which it is.
pub const INVENTED: u64 = 1 << 40;

/// Tells whether an estate is invented.
pub(crate) fn is_invented(estate: &Estate) -> bool {
    estate.revision() >= INVENTED
}

/// An estate and its history, shown in the place of what is monitored.
#[derive(Clone)]
pub struct Shown {
    /// Everything in it.
    pub estate: pulse_estate::Handle,
    /// What it measured.
    pub history: pulse_history::Handle,
}

/// Whether an invented estate is shown, and how large it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MockMode {
    /// Whether it is shown.
    pub enabled: bool,
    /// How large it is, or would be.
    pub config: MockConfig,
}

/// Why the switch did not move.
#[derive(Debug, Error)]
pub enum SwitchError {
    /// Such an estate is not invented.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// It could not be stored or started.
    #[error("{0}")]
    Failed(String),
}

/// A future that may move between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Starts and drops invented estates.
pub trait MockSwitch: Send + Sync {
    /// Returns how it stands.
    fn mode(&self) -> MockMode;
    /// Tells whether whoever started the server has fixed whether it is on.
    fn is_fixed(&self) -> bool;
    /// Returns the invented estate, for as long as there is one.
    fn shown(&self) -> watch::Receiver<Option<Shown>>;
    /// Moves the switch: resolves when the estate asked for is full, or gone. Whether it is on stays
    /// as it is where that is fixed.
    fn set(&self, wanted: MockMode) -> Pending<'_, Result<MockMode, SwitchError>>;
}

/// A switch that is off and stays off.
pub struct FixedOff(watch::Sender<Option<Shown>>);

impl Default for FixedOff {
    fn default() -> Self {
        Self(watch::channel(None).0)
    }
}

impl MockSwitch for FixedOff {
    fn mode(&self) -> MockMode {
        MockMode::default()
    }

    fn is_fixed(&self) -> bool {
        false
    }

    fn shown(&self) -> watch::Receiver<Option<Shown>> {
        self.0.subscribe()
    }

    fn set(&self, wanted: MockMode) -> Pending<'_, Result<MockMode, SwitchError>> {
        Box::pin(async move {
            wanted.config.check()?;
            match wanted.enabled {
                true => Err(SwitchError::Failed("this server invents nothing".into())),
                false => Ok(wanted),
            }
        })
    }
}
