//! The agent's own log: one line per event, as text for people at a terminal, as JSON for the rest.
//!
//! A small subscriber of its own, because the agent is to stay small: no spans, one level, and its
//! own crates' events plus warnings of others.

mod file;
mod line;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use file::RotatingFile;
use line::{Format, Line};

/// Writes events to one place.
pub struct Logger {
    level: LevelFilter,
    format: Format,
    clock: Clock,
    sink: Mutex<Box<dyn Write + Send>>,
}

impl Logger {
    /// Returns the logger the settings ask for.
    ///
    /// # Errors
    /// When the log file cannot be written.
    pub fn new(config: &Config, clock: Clock) -> Result<Self, Error> {
        let level = config
            .log_level
            .map_or(LevelFilter::OFF, LevelFilter::from_level);
        let (format, sink): (_, Box<dyn Write + Send>) = match &config.log_file {
            Some(path) => (
                Format::Json,
                Box::new(RotatingFile::open(path, clock.clone())?),
            ),
            None if io::stderr().is_terminal() => (Format::Text, Box::new(io::stderr())),
            None => (Format::Json, Box::new(io::stderr())),
        };
        Ok(Self {
            level,
            format,
            clock,
            sink: Mutex::new(sink),
        })
    }

    /// Makes this the process's log, panics included.
    pub fn install(self) {
        // The error means a log is there already, as in a test of this process.
        let _ = tracing::subscriber::set_global_default(self);
        std::panic::set_hook(Box::new(|panic| {
            // Its message may quote what was being read; the place is enough to find it.
            let place = panic
                .location()
                .map(ToString::to_string)
                .unwrap_or_default();
            tracing::error!(place, "panic");
        }));
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logger")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl Subscriber for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().starts_with("pulse_");
        *metadata.level() <= self.level && (is_ours || *metadata.level() <= tracing::Level::WARN)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let line = Line::of(event, self.clock.now()).render(self.format);
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = sink.write_all(line.as_bytes());
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}
