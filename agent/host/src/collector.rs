//! What a collector is, what it is given and what it gives back.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::HostReport;

use crate::error::Error;
use crate::roots::Roots;

/// Makes a collector; called again when one panicked.
pub type MakeCollector = fn() -> Box<dyn Collector>;

/// Reads one subject of the machine.
pub trait Collector: Send {
    /// Names the collector in health entries, logs and switches.
    fn name(&self) -> &'static str;

    /// Tells how often it is worth asking; zero means for every report.
    fn every(&self) -> Duration {
        Duration::ZERO
    }

    /// Tells how long one run may take when that is more than a report can wait for. Such a
    /// collector runs beside the reports, which repeat what it last read; without a figure, reports
    /// wait for it.
    fn budget(&self) -> Option<Duration> {
        None
    }

    /// Reads the subject. May block, but not past the context's deadline where that can be helped.
    ///
    /// # Errors
    /// [`Error::Absent`] when this machine has no such thing, others when reading it failed.
    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error>;
}

/// What the operator decided about collecting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Disks and mounts to leave out: exact, `prefix*`, `*part*`.
    pub disk_exclude: Vec<String>,
    /// Disks and mounts to keep although they look uninteresting.
    pub disk_include: Vec<String>,
    /// Collectors that are switched off, by name.
    pub disabled: Vec<String>,
    /// The program that reads disk health, if not the one found.
    pub smartctl: Option<PathBuf>,
    /// The program that reads Proxmox system containers, if not the one found.
    pub pct: Option<PathBuf>,
    /// The file in which the operator defines sensors.
    pub custom_sensors: Option<PathBuf>,
}

/// What a collector is given for one run.
pub struct Context<'a> {
    /// Where the system's files lie.
    pub roots: &'a Roots,
    /// What the operator decided.
    pub settings: &'a Settings,
    /// The time of the report.
    pub now: Time,
    /// When the report goes out without this collector's part.
    pub deadline: Instant,
    /// How to wait.
    pub pause: &'a Pause,
}

/// Lets a collector wait between two samples without outliving the agent.
#[derive(Clone, Default)]
pub struct Pause(Arc<(Mutex<bool>, Condvar)>);

impl Pause {
    /// Waits for `duration`.
    ///
    /// # Errors
    /// [`Error::Stopped`], at once, when the agent shuts down.
    pub fn wait(&self, duration: Duration) -> Result<(), Error> {
        let (stopped, signal) = &*self.0;
        let guard = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let (stopped, _) = signal
            .wait_timeout_while(guard, duration, |stopped| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        if *stopped {
            Err(Error::Stopped)
        } else {
            Ok(())
        }
    }

    /// Ends every wait, now and later.
    pub fn stop(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }
}

/// What a collector read: fills its own part of a report.
#[derive(Clone)]
pub struct Reading {
    fill: Arc<dyn Fn(&mut HostReport) + Send + Sync>,
    remark: String,
}

impl Reading {
    /// Wraps the step that copies what was read into a report.
    pub fn new(fill: impl Fn(&mut HostReport) + Send + Sync + 'static) -> Self {
        Self {
            fill: Arc::new(fill),
            remark: String::new(),
        }
    }

    /// Says what is missing from it.
    #[must_use]
    pub fn with_remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }

    /// Returns what is missing from it; empty when nothing is.
    pub fn remark(&self) -> &str {
        &self.remark
    }

    /// Copies what was read into `report`.
    pub fn fill(&self, report: &mut HostReport) {
        (self.fill)(report);
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut report = HostReport::default();
        self.fill(&mut report);
        write!(f, "Reading({report:?})")
    }
}
