//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

/// Monitoring for everything you run.
#[derive(Debug, Parser)]
#[command(name = "pulse", version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; without a word, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What the command can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Box<ServeArgs>),
    /// Print the first run's token
    BootstrapToken(DataDirArgs),
    /// Ask a running server whether it is healthy
    Healthcheck(HealthcheckArgs),
    /// Print the API's description
    Openapi,
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// How to serve.
#[derive(Debug, Default, Args)]
pub struct ServeArgs {
    /// Address and port [default: 127.0.0.1:7655]
    #[arg(long, env = "PULSE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The port alone, on loopback; --listen wins
    #[arg(long, env = "FRONTEND_PORT", value_name = "PORT", hide = true)]
    pub frontend_port: Option<u16>,
    /// Where everything is kept [default: /var/lib/pulse]
    #[arg(long, env = "PULSE_DATA_DIR", value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,
    /// Settings file [default: pulse.toml in the data directory, if it is there]
    #[arg(long, env = "PULSE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Serve TLS
    #[arg(long, env = "HTTPS_ENABLED", value_name = "on|off", num_args = 0..=1, default_missing_value = "on")]
    pub https_enabled: Option<String>,
    /// Certificate chain, PEM; read again when it changes
    #[arg(long, env = "TLS_CERT_FILE", value_name = "FILE")]
    pub tls_cert_file: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, env = "TLS_KEY_FILE", value_name = "FILE")]
    pub tls_key_file: Option<PathBuf>,
    /// Ranges whose forwarding headers are believed, comma separated
    #[arg(long, env = "PULSE_TRUSTED_PROXY_CIDRS", value_name = "RANGES")]
    pub trusted_proxy_cidrs: Option<String>,
    /// Origins besides its own that may open the live socket, comma separated
    #[arg(long, env = "ALLOWED_ORIGINS", value_name = "ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Count calls against limits; off is for load tests
    #[arg(long, env = "PULSE_RATE_LIMITS", value_name = "on|off")]
    pub rate_limits: Option<String>,
    /// Machines one API token may report, so that a stolen one does not fill the server [default: 1000]
    #[arg(long, env = "PULSE_HOSTS_PER_TOKEN", value_name = "HOSTS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub hosts_per_token: Option<u64>,
    /// Where the history's database is [default: history/metrics.redb in the data directory]
    #[arg(long, env = "PULSE_METRICS_DB_PATH", value_name = "FILE")]
    pub metrics_db_path: Option<PathBuf>,
    /// Seconds between two writes of what was measured; a crash costs that much
    /// [default: 60, or 300 on a copy-on-write file system]
    #[arg(long, env = "PULSE_HISTORY_FLUSH_SECONDS", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(5..=3600))]
    pub history_flush_seconds: Option<u64>,
    /// Where samples are until their hour is sealed [default: log]
    #[arg(long, env = "PULSE_HISTORY_DURABILITY", value_enum, ignore_case = true)]
    pub history_durability: Option<HistoryDurability>,
    /// Show an invented estate; decides over what was set in the dashboard
    #[arg(long, env = "PULSE_MOCK_MODE", value_name = "on|off")]
    pub mock_mode: Option<String>,
    /// From which level on to log [default: info]
    #[arg(long, env = "LOG_LEVEL", value_enum, ignore_case = true)]
    pub log_level: Option<LogLevel>,
    /// How to log [default: text]
    #[arg(long, env = "LOG_FORMAT", value_enum, ignore_case = true)]
    pub log_format: Option<LogFormat>,
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct DataDirArgs {
    /// Where everything is kept
    #[arg(
        long,
        env = "PULSE_DATA_DIR",
        value_name = "DIRECTORY",
        default_value = "/var/lib/pulse"
    )]
    pub data_dir: PathBuf,
}

/// Whom to ask.
#[derive(Debug, Args)]
pub struct HealthcheckArgs {
    /// The server
    #[arg(long, default_value = "http://127.0.0.1:7655")]
    pub url: String,
    /// SHA-256 of its certificate, when it is self-signed
    #[arg(long)]
    pub fingerprint: Option<String>,
}

impl HealthcheckArgs {
    /// Returns a client for asking.
    pub fn client(&self) -> anyhow::Result<reqwest::Client> {
        let trust = match &self.fingerprint {
            Some(fingerprint) => pulse_net::Trust::Pinned(fingerprint.parse()?),
            None => pulse_net::Trust::default(),
        };
        let options = pulse_net::Options {
            trust,
            timeout: Duration::from_secs(5),
            proxies: false,
            ..pulse_net::Options::default()
        };
        Ok(pulse_net::client(&options)?)
    }
}

/// From which level on to log.
#[derive(Clone, Copy, Debug, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What needs a look.
    #[value(alias = "warning")]
    Warn,
    /// What happened.
    Info,
    /// What was asked and answered.
    Debug,
    /// Everything.
    Trace,
}

impl std::fmt::Display for LogLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        })
    }
}

/// Where samples are until their hour is sealed.
#[derive(Clone, Copy, Debug, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistoryDurability {
    /// In a log that is flushed every minute.
    Log,
    /// In memory: fewest writes, a crash costs the open hour.
    Sealed,
    /// Nothing is ever on disk.
    Memory,
}

/// How to log.
#[derive(Clone, Copy, Debug, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[value(alias = "console", alias = "auto")]
    Text,
    /// For programs.
    Json,
}
