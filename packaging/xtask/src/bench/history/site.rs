//! A history on a directory of its own, whose clock is set by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_history::{Counters, Handle, Options, Retention};
use pulse_model::{Clock, Hands};

use super::workload::Workload;

/// The start of a week.
pub const START: i64 = 1_800_000_000 / 604_800 * 604_800;
/// Seconds between two samples.
pub const STEP: i64 = 10;
pub const HOUR: i64 = 3_600;

/// A running history.
pub struct Site {
    dir: TempDir,
    pub hands: Hands,
    clock: Clock,
    pub history: Handle,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Site {
    /// Starts one below `within`, or where temporary files go.
    pub async fn start(within: Option<&Path>) -> Result<Self> {
        let dir = match within {
            Some(within) => tempfile::tempdir_in(within)?,
            None => tempfile::tempdir()?,
        };
        let (clock, hands) = Clock::manual(second(0)?);
        let (history, stop, task) = open(dir.path(), &clock);
        history.opened().await?;
        Ok(Self {
            dir,
            hands,
            clock,
            history,
            stop,
            task: Some(task),
        })
    }

    /// Ends it in order and starts it again; returns how long that took.
    pub async fn restart(&mut self) -> Result<Duration> {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.await?;
        }
        let before = self.clock_of_system();
        let (history, stop, task) = open(self.dir.path(), &self.clock);
        history.opened().await?;
        let took = self.clock_of_system() - before;
        (self.history, self.stop, self.task) = (history, stop, Some(task));
        Ok(took)
    }

    fn clock_of_system(&self) -> Duration {
        monotonic()
    }

    /// Records one tick of `workload`, flushes with the minute, and waits until it is in.
    pub async fn tick(
        &self,
        workload: &mut Workload,
        resources: usize,
        seconds: i64,
    ) -> Result<()> {
        self.hands.set_wall(second(seconds)?);
        let readings = workload.readings(resources, second(seconds)?, seconds / STEP);
        self.history.record(readings);
        while self.history.waiting() > 0 {
            tokio::task::yield_now().await;
        }
        if seconds % 60 == 60 - STEP {
            self.history.flush().await?;
        }
        Ok(())
    }

    /// Lets an hour of `workload` pass and seals the one before.
    pub async fn hour(&self, workload: &mut Workload, resources: usize, hour: i64) -> Result<()> {
        for seconds in (hour * HOUR..(hour + 1) * HOUR).step_by(STEP as usize) {
            self.tick(workload, resources, seconds).await?;
            if seconds % HOUR == 120 {
                self.history.seal().await?;
            }
        }
        Ok(())
    }

    /// Seals everything up to the end of `hour`.
    pub async fn seal(&self, hour: i64) -> Result<()> {
        self.hands.set_wall(second((hour + 1) * HOUR + 100)?);
        Ok(self.history.seal().await?)
    }

    pub fn counted(&self, counter: impl Fn(&Counters) -> &AtomicU64) -> f64 {
        counter(self.history.counters()).load(Ordering::Relaxed) as f64
    }
}

fn open(dir: &Path, clock: &Clock) -> (Handle, CancellationToken, JoinHandle<()>) {
    let retention = watch::channel(Retention::default()).1;
    let options = Options::new(dir.join("history"), clock.clone(), retention);
    let stop = CancellationToken::new();
    let (history, task) = pulse_history::spawn(options, stop.clone());
    (history, stop, task)
}

/// Returns the moment that many seconds after the start.
pub fn second(seconds: i64) -> Result<Timestamp> {
    Ok(Timestamp::from_second(START + seconds)?)
}

/// Returns the time since an arbitrary point.
pub fn monotonic() -> Duration {
    static STARTED: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    STARTED.get_or_init(std::time::Instant::now).elapsed()
}

/// Returns processor time this process has used.
pub fn processor() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let ticks = super::super::process::ticks(&stat).context("/proc/self/stat reads otherwise")?;
    Ok(Duration::from_millis(10) * ticks)
}

/// Returns the bytes this process has had written.
pub fn written() -> Result<f64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let line = io
        .lines()
        .find_map(|line| line.strip_prefix("write_bytes: "));
    Ok(line
        .context("/proc/self/io names no write_bytes")?
        .trim()
        .parse()?)
}

/// Returns the bytes a block device has written.
pub fn device_written(device: &str) -> Result<f64> {
    let path = PathBuf::from("/sys/block").join(device).join("stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let sectors = stat.split_whitespace().nth(6);
    let sectors: f64 = sectors
        .context("the device's figures read otherwise")?
        .parse()?;
    Ok(sectors * 512.0)
}
