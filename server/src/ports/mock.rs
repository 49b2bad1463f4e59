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
use pulse_model::{Clock, Entropy};
use pulse_sources::mock::{Generator, MOST_RESOURCES, Past, World};
use pulse_store::{Settings, Store};

use super::intake::EstateIntake;
use super::recorder::HistoryRecorder;

/// How far apart the numbers of two invented estates are.
const APART: u64 = 1 << 32;
/// How much of a past an invented estate has at once.
const PAST: Duration = Duration::from_secs(24 * 3_600);
/// What was folded is published this soon.
const PUBLISHED_WITHIN: Duration = Duration::from_millis(60);
/// Readings handed to the history at once.
const BATCH: usize = 4_096;

/// The switch, and what it started.
pub struct MockEstate {
    settings: Settings<MockMode>,
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
    /// Reads how the switch stands. Nothing is started yet.
    pub fn load(
        store: &Store,
        dir: PathBuf,
        clock: Clock,
        entropy: Entropy,
    ) -> Result<Self, pulse_store::Error> {
        Ok(Self {
            settings: Settings::load(store, "mock_mode")?,
            dir,
            clock,
            entropy,
            shown: watch::channel(None).0,
            turn: Mutex::new(None),
            count: AtomicU64::new(0),
        })
    }

    /// Starts what the settings say, or `wanted` in their place.
    pub async fn start(&self, wanted: Option<bool>) {
        let mode = MockMode::clone(&self.settings.get());
        let enabled = wanted.unwrap_or(mode.enabled);
        if !enabled && !mode.enabled {
            return;
        }
        if let Err(error) = self.set(MockMode { enabled, ..mode }).await {
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
        let mut snapshots = handle.subscribe();
        // The last of it is published a moment after it was folded.
        let is_there = |estate: &Arc<pulse_estate::Estate>| !estate.is_empty();
        let _ = snapshots.wait_for(is_there).await;
        tokio::time::sleep(PUBLISHED_WITHIN).await;
        if history.opened().await.is_ok() {
            let past = Past::new(curves, self.clock.now(), PAST, handle.estate().len());
            remember(&history, &handle.estate(), &past).await;
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
}

/// Waits while too much waits to be recorded: what is handed over then is dropped.
async fn give_way(history: &pulse_history::Handle) {
    while history.waiting() > 8 * BATCH {
        tokio::task::yield_now().await;
    }
}

impl MockSwitch for MockEstate {
    fn mode(&self) -> MockMode {
        MockMode::clone(&self.settings.get())
    }

    fn shown(&self) -> watch::Receiver<Option<Shown>> {
        self.shown.subscribe()
    }

    fn set(&self, wanted: MockMode) -> Pending<'_, Result<MockMode, SwitchError>> {
        Box::pin(async move {
            wanted.config.check()?;
            let mut turn = self.turn.lock().await;
            let is_running = turn.is_some();
            if is_running == wanted.enabled && *self.settings.get() == wanted {
                return Ok(wanted);
            }
            let stored = wanted.clone();
            let update = self.settings.update(move |mode| {
                *mode = stored;
                Ok::<(), pulse_store::Error>(())
            });
            let failed = |error: pulse_store::Error| SwitchError::Failed(error.to_string());
            update.await.map_err(failed)?;
            self.drop_estate(&mut turn).await;
            if wanted.enabled {
                let (shown, started) = self.invent(&wanted).await.map_err(SwitchError::Failed)?;
                *turn = Some(started);
                self.shown.send_replace(Some(shown));
                tracing::warn!("mock mode is on: what is shown is invented");
            } else {
                tracing::info!("mock mode is off");
            }
            Ok(wanted)
        })
    }
}
