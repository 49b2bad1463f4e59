//! What the server is told at start: a flag wins over the environment, that over the file.

mod env;
mod file;
mod flags;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};

use pulse_model::Secret;

pub use pulse_api::Tls;

pub use flags::{Cli, Command, HealthcheckArgs, LogFormat, LogLevel, ServeArgs};

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
    /// Origins besides its own that may open the live socket.
    pub allowed_origins: Vec<String>,
    /// Whether calls are counted against limits.
    pub rate_limits: bool,
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
                level: args.log_level.or(file.log_level).unwrap_or(LogLevel::Info),
                format: args
                    .log_format
                    .or(file.log_format)
                    .unwrap_or(LogFormat::Text),
            },
            trusted_proxies: proxies.unwrap_or_default(),
            allowed_origins: origins.unwrap_or_default(),
            rate_limits: switch(
                "PULSE_RATE_LIMITS",
                args.rate_limits.as_deref(),
                file.rate_limits.unwrap_or(true),
            )?,
            credentials: environment.credentials,
            metrics_token: environment.metrics_token,
            password_cost: None,
            most_hosts: MOST_HOSTS,
            most_hosts_per_token: MOST_HOSTS_PER_TOKEN,
        })
    }

    /// Returns a configuration for tests: a free port on loopback, cheap password hashes.
    pub fn for_tests(data_dir: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir,
            tls: None,
            log: Log {
                level: LogLevel::Warn,
                format: LogFormat::Text,
            },
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            rate_limits: true,
            credentials: Credentials::default(),
            metrics_token: None,
            password_cost: Some(4),
            most_hosts: MOST_HOSTS,
            most_hosts_per_token: MOST_HOSTS_PER_TOKEN,
        }
    }
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
        assert_eq!(config.allowed_origins, ["https://a"]);
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
