//! What the server is told at start: a flag wins over the environment, that over the file.

mod env;
mod file;
mod flags;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use pulse_model::Secret;
use pulse_settings::Fixed;

use crate::logging::Journal;

pub use pulse_api::Tls;

pub use flags::{Cli, Command, HealthcheckArgs, HistoryDurability, LogFormat, LogLevel, ServeArgs};

/// The port the original has always used.
const PORT: u16 = 7655;

/// Everything the server is told at start.
#[derive(Debug)]
pub struct Config {
    /// Where to answer.
    pub listen: SocketAddr,
    /// Where to keep everything.
    pub data_dir: PathBuf,
    /// The certificate, when this server is to speak TLS itself.
    pub tls: Option<Tls>,
    /// How to log.
    pub log: Log,
    /// Ranges whose forwarding headers are believed.
    pub trusted_proxies: Vec<String>,
    /// Settings that cannot be changed while the server runs, because they were given at start.
    pub fixed: Fixed,
    /// Keeps what is logged.
    pub journal: Journal,
    /// Whether calls are counted against limits.
    pub rate_limits: bool,
    /// Whether an invented estate is shown, if that is not left to the settings.
    pub mock_mode: Option<bool>,
    /// Credentials set from outside.
    pub credentials: Credentials,
    /// What a scraper of `/metrics` has to present.
    pub metrics_token: Option<Secret>,
    /// Cost of a password hash; lower only in tests.
    pub password_cost: Option<u32>,
    /// Most hosts taken.
    pub most_hosts: usize,
    /// Most hosts taken from one token.
    pub most_hosts_per_token: usize,
    /// Where and how what was measured is kept.
    pub history: History,
}

/// Where and how what was measured is kept.
#[derive(Debug, Default)]
pub struct History {
    /// The database, if not in the data directory.
    pub database: Option<PathBuf>,
    /// Between two flushes, if not what suits the file system.
    pub flush_every: Option<Duration>,
    /// What a crash may cost.
    pub durability: pulse_history::Durability,
}

/// How to log.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// From which level on.
    pub level: LogLevel,
    /// In which shape.
    pub format: LogFormat,
}

/// Credentials set from outside, instead of the first run.
#[derive(Debug, Default)]
pub struct Credentials {
    /// The administrator's name.
    pub user: Option<String>,
    /// The password, plain or as a bcrypt hash.
    pub password: Option<Secret>,
    /// API tokens, comma separated.
    pub api_tokens: Option<Secret>,
}

/// Hosts taken when nothing else is said: ten times what one server is meant for.
const MOST_HOSTS: usize = 10_000;
/// Hosts taken from one token: a large fleet, and what a thief can fill memory with.
const MOST_HOSTS_PER_TOKEN: usize = 1_000;

impl Config {
    /// Puts flags, environment and file together.
    pub fn resolve(args: ServeArgs) -> anyhow::Result<Self> {
        let environment = env::Environment::read();
        let data_dir = args.data_dir.clone();
        let file = file::read(args.config.as_deref(), data_dir.as_deref())?;
        let data_dir = data_dir
            .or(file.data_dir)
            .unwrap_or_else(|| PathBuf::from("/var/lib/pulse"));
        let by_port = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = args
            .listen
            .or(args.frontend_port.map(by_port))
            .or(file.listen);
        let proxies = args
            .trusted_proxy_cidrs
            .map(split)
            .or(file.trusted_proxy_cidrs);
        let origins = args.allowed_origins.map(split).or(file.allowed_origins);
        let level = args.log_level.or(file.log_level);
        let fixed = fixed(environment.settings, listen, level, origins.as_deref())?;
        let tls = tls(
            args.https_enabled.as_deref(),
            args.tls_cert_file.or(file.tls_cert_file),
            args.tls_key_file.or(file.tls_key_file),
            file.https_enabled,
        )?;
        Ok(Self {
            listen: listen.unwrap_or_else(|| by_port(PORT)),
            data_dir,
            tls,
            log: Log {
                level: level.unwrap_or(LogLevel::Info),
                format: args
                    .log_format
                    .or(file.log_format)
                    .unwrap_or(LogFormat::Text),
            },
            trusted_proxies: proxies.unwrap_or_default(),
            fixed,
            journal: Journal::default(),
            rate_limits: switch(
                "PULSE_RATE_LIMITS",
                args.rate_limits.as_deref(),
                file.rate_limits.unwrap_or(true),
            )?,
            mock_mode: match args.mock_mode.as_deref() {
                None => file.mock_mode,
                word => Some(switch("PULSE_MOCK_MODE", word, false)?),
            },
            credentials: environment.credentials,
            metrics_token: environment.metrics_token,
            password_cost: None,
            most_hosts: MOST_HOSTS,
            most_hosts_per_token: args
                .hosts_per_token
                .or(file.hosts_per_token)
                .and_then(|hosts| usize::try_from(hosts).ok())
                .map_or(MOST_HOSTS_PER_TOKEN, |hosts| hosts.clamp(1, MOST_HOSTS)),
            history: History {
                database: args.metrics_db_path.or(file.metrics_db_path),
                flush_every: args
                    .history_flush_seconds
                    .or(file.history_flush_seconds)
                    .map(|seconds| Duration::from_secs(seconds.clamp(5, 3_600))),
                durability: args
                    .history_durability
                    .or(file.history_durability)
                    .map_or_else(Default::default, Into::into),
            },
        })
    }

    /// Returns a configuration for tests: a free port on loopback, cheap password hashes.
    pub fn for_tests(data_dir: PathBuf) -> Self {
        let mut fixed = Fixed::default();
        fixed.member("frontendPort", 0);
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir,
            tls: None,
            log: Log {
                level: LogLevel::Warn,
                format: LogFormat::Text,
            },
            trusted_proxies: Vec::new(),
            fixed,
            journal: Journal::default(),
            rate_limits: true,
            mock_mode: None,
            credentials: Credentials::default(),
            metrics_token: None,
            password_cost: Some(4),
            most_hosts: MOST_HOSTS,
            most_hosts_per_token: MOST_HOSTS_PER_TOKEN,
            history: History::default(),
        }
    }
}

impl From<HistoryDurability> for pulse_history::Durability {
    fn from(word: HistoryDurability) -> Self {
        match word {
            HistoryDurability::Log => Self::Log,
            HistoryDurability::Sealed => Self::Sealed,
            HistoryDurability::Memory => Self::Memory,
        }
    }
}

/// Returns the settings that are given at start: by their variables, or by what is also an option.
fn fixed(
    variables: Vec<(&'static str, String)>,
    listen: Option<SocketAddr>,
    level: Option<LogLevel>,
    origins: Option<&[String]>,
) -> anyhow::Result<Fixed> {
    let mut fixed = Fixed::default();
    for (variable, text) in variables {
        fixed.variable(variable, &text)?;
    }
    if let Some(listen) = listen {
        fixed.member("frontendPort", listen.port());
    }
    if let Some(level) = level {
        fixed.member("logLevel", level.to_string());
    }
    if let Some(origins) = origins {
        fixed.member("allowedOrigins", origins.join(","));
    }
    Ok(fixed)
}

fn split(list: String) -> Vec<String> {
    let words = list
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Reads a switch as people write them.
fn switch(name: &str, text: Option<&str>, usual: bool) -> anyhow::Result<bool> {
    let Some(text) = text else { return Ok(usual) };
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "on" => Ok(true),
        "0" | "false" | "no" | "n" | "off" => Ok(false),
        _ => bail!("{name} is {text:?}, which is neither on nor off"),
    }
}

fn tls(
    enabled: Option<&str>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    in_file: Option<bool>,
) -> anyhow::Result<Option<Tls>> {
    let both = certificate.is_some() && key.is_some();
    let is_wanted = switch("HTTPS_ENABLED", enabled, in_file.unwrap_or(both))?;
    if !is_wanted {
        return Ok(None);
    }
    let certificate = certificate.context("HTTPS is on but TLS_CERT_FILE is not set")?;
    let key = key.context("HTTPS is on but TLS_KEY_FILE is not set")?;
    for path in [&certificate, &key] {
        ensure!(
            path.is_file(),
            "{} is not a file that can be read",
            path.display()
        );
    }
    Ok(Some(Tls::new(certificate, key)))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn resolved(arguments: &[&str]) -> anyhow::Result<Config> {
        let cli = Cli::try_parse_from([&["pulse", "serve"], arguments].concat())?;
        let Some(Command::Serve(args)) = cli.command else {
            bail!("serve was asked for")
        };
        Config::resolve(*args)
    }

    #[test]
    fn without_a_word_the_server_listens_on_loopback_only() {
        let config = resolved(&[]).expect("the defaults work");
        assert_eq!(config.listen, SocketAddr::from((Ipv4Addr::LOCALHOST, 7655)));
        assert!(config.rate_limits && config.tls.is_none());
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("pulse.toml");
        std::os::unix::fs::OpenOptionsExt::mode(
            std::fs::OpenOptions::new().create(true).write(true),
            0o600,
        )
        .open(&path)
        .and_then(|mut file| {
            std::io::Write::write_all(
                &mut file,
                b"listen = \"0.0.0.0:1\"\nallowed_origins = [\"https://a\"]\n",
            )
        })
        .expect("a file");
        let data_dir = dir.path().to_str().expect("a plain path");
        let config = resolved(&["--data-dir", data_dir]).expect("readable");
        assert_eq!(config.listen.port(), 1);
        let fixed: Vec<_> = config.fixed.names().collect();
        assert_eq!(fixed, ["allowedOrigins", "frontendPort"]);
        let config =
            resolved(&["--data-dir", data_dir, "--listen", "127.0.0.1:2"]).expect("readable");
        assert_eq!(config.listen.port(), 2);
    }

    #[test]
    fn a_word_that_is_no_switch_is_named() {
        assert!(switch("X", Some("perhaps"), true).is_err());
        assert!(!switch("X", Some(" OFF "), true).expect("a switch"));
    }

    #[test]
    fn https_without_a_certificate_is_refused() {
        assert!(tls(Some("true"), None, None, None).is_err());
    }
}
