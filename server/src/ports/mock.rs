//! The invented estate: made, filled and kept moving while mock mode is on, dropped when it is off.
//!
//! It has a store, an estate, a history and a generator of its own. What is monitored goes on
//! meanwhile, unseen: agents report to the real estate and nowhere else.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_api::mock::{INVENTED, MockMode, MockSwitch, Pending, Shown, SwitchError};
use pulse_estate::Entry;
use pulse_model::{Clock, Entropy};
use pulse_sources::mock::{Generator, MOST_RESOURCES, Past, World};
use pulse_store::{Settings, Store};

use super::intake::EstateIntake;
use super::recorder::HistoryRecorder;

/// How far apart the numbers of two invented estates are.
const APART: u64 = 1 << 32;
/// How much of a past an invented estate has at once.
const PAST: Duration = Duration::from_secs(24 * 3_600);
/// Readings handed to the history at once.
const BATCH: usize = 4_096;

/// The switch, and what it started.
pub struct MockEstate {
    settings: Settings<MockMode>,
    /// What whoever started the server wants, whatever is stored.
    fixed: Option<bool>,
    /// Where its history is while there is one.
    dir: PathBuf,
    clock: Clock,
    entropy: Entropy,
    shown: watch::Sender<Option<Shown>>,
    /// Who holds this moves the switch.
    turn: Mutex<Option<Started>>,
    count: AtomicU64,
}

struct Started {
    stop: CancellationToken,
    estate: JoinHandle<()>,
    history: JoinHandle<()>,
    generator: JoinHandle<()>,
}

impl MockEstate {
    /// Reads how the switch stands; it stays where `fixed` has it. Nothing is started yet.
    pub fn load(
        store: &Store,
        fixed: Option<bool>,
        dir: PathBuf,
        clock: Clock,
        entropy: Entropy,
    ) -> Result<Self, pulse_store::Error> {
        Ok(Self {
            settings: Settings::load(store, "mock_mode")?,
            fixed,
            dir,
            clock,
            entropy,
            shown: watch::channel(None).0,
            turn: Mutex::new(None),
            count: AtomicU64::new(0),
        })
    }

    /// Starts what the switch says.
    pub async fn start(&self) {
        let mode = self.mode();
        if !mode.enabled {
            return self.clean_up().await;
        }
        if let Err(error) = self.set(mode).await {
            tracing::warn!(%error, "mock mode could not be switched on");
        }
    }

    /// Drops what was started.
    pub async fn stop(&self) {
        let mut turn = self.turn.lock().await;
        self.drop_estate(&mut turn).await;
    }

    async fn drop_estate(&self, started: &mut Option<Started>) {
        self.shown.send_replace(None);
        let Some(started) = started.take() else {
            return;
        };
        started.stop.cancel();
        let _ = started.generator.await;
        let _ = started.estate.await;
        let _ = started.history.await;
        self.clean_up().await;
    }

    /// Deletes the history of an invented estate; one that a crash left too.
    async fn clean_up(&self) {
        match tokio::fs::remove_dir_all(&self.dir).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the history of the invented estate is left on disk");
            }
            _ => {}
        }
    }

    fn start_history(&self, stop: &CancellationToken) -> (pulse_history::Handle, JoinHandle<()>) {
        let (_, retention) = watch::channel(pulse_history::Retention::default());
        let options = pulse_history::Options {
            durability: pulse_history::Durability::Sealed,
            ..pulse_history::Options::new(self.dir.clone(), self.clock.clone(), retention)
        };
        pulse_history::spawn(options, stop.clone())
    }

    async fn invent(&self, mode: &MockMode) -> Result<(Shown, Started), String> {
        self.clean_up().await;
        let stop = CancellationToken::new();
        let nth = self.count.fetch_add(1, Ordering::Relaxed);
        let options = pulse_estate::Options {
            clock: self.clock.clone(),
            most_hosts: MOST_RESOURCES,
            most_hosts_per_token: MOST_RESOURCES,
            first_revision: INVENTED + nth * APART,
        };
        let store = Store::in_memory();
        let (history, recording) = self.start_history(&stop);
        let recorder = Arc::new(HistoryRecorder(history.clone()));
        let (handle, estate) = pulse_estate::spawn(store, options, recorder, stop.clone())
            .map_err(|error| error.to_string())?;
        let world = World::new(
            mode.config.clone(),
            u64::from_be_bytes(self.entropy.bytes()),
        );
        let intake = Arc::new(EstateIntake(handle.clone()));
        let curves = world.curves;
        let generator = Generator::new(world, intake, self.clock.clone());
        if let Err(error) = generator.fill().await {
            stop.cancel();
            return Err(error.to_string());
        }
        let full = handle.settled().await.map_err(|error| error.to_string())?;
        if history.opened().await.is_ok() {
            let measures = |entry: &&Arc<Entry>| !entry.resource().values().is_empty();
            let count = full.iter().filter(measures).count();
            let past = Past::new(curves, self.clock.now(), PAST, count);
            remember(&history, &full, &past).await;
        }
        let until = stop.clone();
        let generator = tokio::spawn(async move {
            tokio::select! {
                () = until.cancelled() => {}
                () = generator.run() => {}
            }
        });
        Ok((
            Shown {
                estate: handle,
                history,
            },
            Started {
                stop,
                estate,
                history: recording,
                generator,
            },
        ))
    }
}

/// Writes a past for everything in `estate`.
async fn remember(history: &pulse_history::Handle, estate: &pulse_estate::Estate, past: &Past) {
    let entries: Vec<_> = estate.iter().cloned().collect();
    for then in past.times() {
        let mut batch = Vec::with_capacity(BATCH);
        for entry in &entries {
            let reading = past.reading(entry.resource(), then);
            if reading.values.is_empty() {
                continue;
            }
            batch.push(reading);
            if batch.len() == BATCH {
                history.record(std::mem::take(&mut batch));
                give_way(history).await;
            }
        }
        history.record(batch);
        give_way(history).await;
    }
    // What was handed over is recorded in order: all of it, once this is done.
    let _ = history.flush().await;
}

/// Waits while too much waits to be recorded: what is handed over then is dropped.
async fn give_way(history: &pulse_history::Handle) {
    while history.waiting() > 8 * BATCH {
        tokio::task::yield_now().await;
    }
}

impl MockSwitch for MockEstate {
    fn mode(&self) -> MockMode {
        let mut mode = MockMode::clone(&self.settings.get());
        mode.enabled = self.fixed.unwrap_or(mode.enabled);
        mode
    }

    fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    fn shown(&self) -> watch::Receiver<Option<Shown>> {
        self.shown.subscribe()
    }

    fn set(&self, wanted: MockMode) -> Pending<'_, Result<MockMode, SwitchError>> {
        Box::pin(async move {
            wanted.config.check()?;
            let mut turn = self.turn.lock().await;
            let before = self.mode();
            let now = MockMode {
                enabled: self.fixed.unwrap_or(wanted.enabled),
                config: wanted.config,
            };
            if turn.is_some() == now.enabled && before == now {
                return Ok(now);
            }
            let (stored, is_fixed) = (now.clone(), self.is_fixed());
            let update = self.settings.update(move |mode| {
                // What is fixed for now is not what was wanted for good.
                let enabled = if is_fixed {
                    mode.enabled
                } else {
                    stored.enabled
                };
                *mode = MockMode { enabled, ..stored };
                Ok::<(), pulse_store::Error>(())
            });
            let failed = |error: pulse_store::Error| SwitchError::Failed(error.to_string());
            update.await.map_err(failed)?;
            self.drop_estate(&mut turn).await;
            if now.enabled {
                let (shown, started) = self.invent(&now).await.map_err(SwitchError::Failed)?;
                *turn = Some(started);
                self.shown.send_replace(Some(shown));
                tracing::warn!("mock mode is on: what is shown is invented");
            } else {
                tracing::info!("mock mode is off");
            }
            Ok(now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(enabled: bool) -> MockMode {
        MockMode {
            enabled,
            config: pulse_sources::mock::MockConfig {
                node_count: 1,
                docker_host_count: 1,
                k8s_cluster_count: 0,
                ..pulse_sources::mock::MockConfig::default()
            },
        }
    }

    fn switch(store: &Store, fixed: Option<bool>, dir: &std::path::Path) -> MockEstate {
        let (place, entropy) = (dir.join("mock"), Entropy::seeded(3));
        MockEstate::load(store, fixed, place, Clock::system(), entropy).expect("a switch")
    }

    #[tokio::test]
    async fn what_was_asked_for_is_there_in_full_and_once_it_is_off_nothing_of_it_runs() {
        let (store, dir) = (
            Store::in_memory(),
            tempfile::tempdir().expect("a directory"),
        );
        let mock = switch(&store, None, dir.path());
        mock.set(small(true)).await.expect("on");
        let shown = mock.shown().borrow().clone().expect("an estate");
        let full = shown.estate.settled().await.expect("it runs");
        let containers = full.of_kind(pulse_model::Kind::AppContainer).count();
        assert_eq!(containers, mock.mode().config.docker_containers_per_host);
        let mut machines = full
            .iter()
            .filter(|one| one.resource().facets.agent.is_some());
        assert!(
            machines.all(|one| one.resource().metrics.net_in.is_some()),
            "rates at once"
        );
        assert_eq!(shown.history.stats().await.expect("it runs").trouble, None);
        let refused = &shown.history.counters().late_refused;
        assert_eq!(refused.load(Ordering::Relaxed), 0, "all of its past");
        mock.set(small(false)).await.expect("off");
        assert!(mock.shown().borrow().is_none());
        assert!(shown.estate.is_closed() && shown.estate.settled().await.is_err());
        assert!(shown.history.stats().await.is_err());
        assert!(!dir.path().join("mock").exists());
    }

    #[tokio::test]
    async fn what_is_fixed_is_not_stored() {
        let (store, dir) = (
            Store::in_memory(),
            tempfile::tempdir().expect("a directory"),
        );
        let mock = switch(&store, Some(true), dir.path());
        assert!(mock.mode().enabled && mock.is_fixed());
        let told = mock.set(small(false)).await.expect("it is taken");
        assert!(told.enabled, "it cannot be moved");
        assert_eq!(told.config, small(false).config, "but what it shows can");
        mock.stop().await;
        let free = switch(&store, None, dir.path());
        assert!(!free.mode().enabled);
        assert_eq!(free.mode().config, small(false).config);
    }

    #[tokio::test]
    async fn what_a_crash_left_on_disk_goes_at_the_next_start() {
        let (store, dir) = (
            Store::in_memory(),
            tempfile::tempdir().expect("a directory"),
        );
        let place = dir.path().join("mock");
        std::fs::create_dir(&place).expect("a directory");
        switch(&store, Some(false), dir.path()).start().await;
        assert!(!place.exists());
    }
}
