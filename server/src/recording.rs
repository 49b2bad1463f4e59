//! The history as this server runs it: where its files are, how often it flushes, what it keeps.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_history::{Handle, Options, Retention};
use pulse_model::Clock;
use pulse_settings::System;
use pulse_store::DataDir;

use crate::config::History;
use crate::ports::recorder::HistoryRecorder;

/// Between two flushes where every write is dear.
const DEAR_FLUSH: Duration = Duration::from_secs(300);

/// A running history.
pub(crate) struct Recording {
    /// The way to it.
    pub handle: Handle,
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Recording {
    /// Starts the history in `data_dir`. It opens behind a server that answers already.
    pub fn start(
        config: &History,
        data_dir: &DataDir,
        clock: &Clock,
        settings: watch::Receiver<Arc<System>>,
    ) -> Self {
        let (retention, kept) = watch::channel(wanted(&settings.borrow()));
        let dir = data_dir.path().join("history");
        let mut options = Options::new(dir, clock.clone(), kept);
        options.database.clone_from(&config.database);
        options.held = Some(data_dir.clone());
        options.durability = config.durability;
        if pulse_store::file::is_copy_on_write(data_dir.path()) {
            options.flush_every = DEAR_FLUSH;
        }
        if let Some(every) = config.flush_every {
            options.flush_every = every;
        }
        let stop = CancellationToken::new();
        let (handle, task) = pulse_history::spawn(options, stop.clone());
        let follow = follow(settings, retention);
        tokio::spawn(stop.clone().run_until_cancelled_owned(follow));
        Self { handle, task, stop }
    }

    /// Returns the estate's way to it.
    pub fn recorder(&self) -> Arc<HistoryRecorder> {
        Arc::new(HistoryRecorder(self.handle.clone()))
    }

    /// Flushes and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.task.await;
    }
}

/// Tells the history how long to keep what, whenever the settings change.
async fn follow(mut settings: watch::Receiver<Arc<System>>, retention: watch::Sender<Retention>) {
    while settings.changed().await.is_ok() {
        let wanted = wanted(&settings.borrow_and_update());
        retention.send_if_modified(|present| std::mem::replace(present, wanted) != wanted);
    }
}

/// There is no tier of days: the hours' keeps the longer of the two.
fn wanted(settings: &System) -> Retention {
    let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3_600);
    let days = settings
        .metrics_retention_hourly_days
        .max(settings.metrics_retention_daily_days);
    Retention {
        raw: hours(settings.metrics_retention_raw_hours),
        minute: hours(settings.metrics_retention_minute_hours),
        hour: hours(days * 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_settings_are_the_usual_retention() {
        assert_eq!(wanted(&System::default()), Retention::default());
    }

    #[tokio::test]
    async fn a_changed_setting_reaches_the_history() {
        let (settings, told) = watch::channel(Arc::new(System::default()));
        let (retention, mut kept) = watch::channel(Retention::default());
        tokio::spawn(follow(told, retention));
        settings.send_modify(|system| Arc::make_mut(system).metrics_retention_daily_days = 365);
        kept.changed().await.expect("told");
        let year = Duration::from_secs(365 * 24 * 3_600);
        assert_eq!(kept.borrow().hour, year, "the longer of the two");
    }
}
