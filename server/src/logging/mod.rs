//! The server's own log: on standard error, in files of the data directory, and its latest lines in
//! memory for those who ask over HTTP.
//!
//! Whatever way a line takes, secrets are taken out of it first.

mod file;
mod journal;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use clap::ValueEnum;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::Subscriber;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, reload};

use pulse_settings::System;

use crate::config::{Log, LogFormat, LogLevel};

pub use journal::Journal;

/// Starts logging as `log` says, for the whole process. The journal keeps what is logged.
pub fn start(log: &Log) -> anyhow::Result<Journal> {
    let journal = Journal::default();
    let on_terminal = fmt::layer()
        .with_writer(Clean(io::stderr))
        .with_timer(timer());
    let on_terminal = match log.format {
        LogFormat::Json => on_terminal.json().flatten_event(true).boxed(),
        LogFormat::Text => on_terminal.with_ansi(io::stderr().is_terminal()).boxed(),
    };
    let subscriber = subscriber(&journal, log.level).with(on_terminal);
    let started = subscriber.try_init();
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))?;
    Ok(journal)
}

/// Lets `journal` keep what is logged on this thread, for as long as the returned value lives.
pub fn on_this_thread(journal: &Journal, level: LogLevel) -> DefaultGuard {
    tracing::subscriber::set_default(subscriber(journal, level))
}

/// Returns what writes to `journal` and nowhere else.
fn subscriber(
    journal: &Journal,
    level: LogLevel,
) -> impl Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a> + Send + Sync + use<> {
    let (filter, reload) = reload::Layer::new(filter(level));
    journal.let_level_be_set_by(move |level| {
        // It fails only when the subscriber has ended, and nothing is logged then.
        let _ = reload.reload(self::filter(level));
    });
    let lines = fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(journal.clone())
        .with_timer(timer());
    tracing_subscriber::registry().with(filter).with(lines)
}

/// Lets `journal` log from the level on that the settings say, now and whenever they change, until
/// `stop`.
pub fn follow(settings: watch::Receiver<Arc<System>>, journal: Journal, stop: &CancellationToken) {
    let obeying = obey(settings, journal);
    tokio::spawn(stop.clone().run_until_cancelled_owned(obeying));
}

async fn obey(mut settings: watch::Receiver<Arc<System>>, journal: Journal) {
    loop {
        let level = settings.borrow_and_update().log_level.clone();
        if let Ok(level) = LogLevel::from_str(&level, true) {
            journal.set_level(level);
        }
        if settings.changed().await.is_err() {
            return;
        }
    }
}

fn filter(level: LogLevel) -> EnvFilter {
    // Parts that would drown everything else speak up only when something is wrong with them.
    EnvFilter::new(format!(
        "{level},hyper=warn,h2=warn,rustls=warn,tungstenite=warn"
    ))
}

fn timer() -> Rfc3339 {
    Rfc3339(pulse_model::Clock::system())
}

struct Rfc3339(pulse_model::Clock);

impl FormatTime for Rfc3339 {
    fn format_time(&self, writer: &mut fmt::format::Writer<'_>) -> std::fmt::Result {
        write!(writer, "{:.3}", self.0.now())
    }
}

/// Makes writers that take secrets out.
struct Clean<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Clean<M> {
    type Writer = Clean<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Clean(self.0.make_writer())
    }
}

impl<W: Write> Write for Clean<W> {
    /// A line comes in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(pulse_model::redact(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
