//! The server's own log, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::time::FormatTime;

use crate::config::{Log, LogFormat};

/// Starts logging as `log` says.
pub fn start(log: &Log) -> anyhow::Result<()> {
    // Parts that would drown everything else speak up only when something is wrong with them.
    let filter = format!(
        "{level},hyper=warn,h2=warn,rustls=warn,tungstenite=warn",
        level = log.level
    );
    let filter = EnvFilter::try_new(&filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_timer(Rfc3339(pulse_model::Clock::system()));
    let started = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder
            .with_ansi(std::io::stderr().is_terminal())
            .try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))
}

struct Rfc3339(pulse_model::Clock);

impl FormatTime for Rfc3339 {
    fn format_time(
        &self,
        writer: &mut tracing_subscriber::fmt::format::Writer<'_>,
    ) -> std::fmt::Result {
        write!(writer, "{:.3}", self.0.now())
    }
}
