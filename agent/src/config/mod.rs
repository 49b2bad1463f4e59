//! The agent's settings: flags win over the environment, the environment over defaults; a list is
//! what both say together.

mod ceilings;
mod collect;
mod docker;
mod duration;
mod env;
pub(crate) mod file;
mod flags;
mod known;
mod kubernetes;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use pulse_agent_host::Settings;
use pulse_net::{Fingerprint, Trust};
use pulse_protocol::token::Token;
use tracing::Level;

use crate::error::Error;
pub use crate::footprint::Ceilings;
pub use docker::DockerConfig;
pub use env::{Environment, of_process};
use flags::Given;
use known::{Flag, Takes};
pub use kubernetes::KubernetesConfig;

/// What the agent is asked to do.
#[derive(Debug)]
pub enum Action {
    /// Report until told to stop.
    Run(Box<Config>),
    /// Collect once and print the report.
    Print(Box<Config>),
    /// Check the settings and end.
    SelfTest(Box<Config>),
    /// Print a text and end.
    Say(String),
}

/// Where the token comes from.
#[derive(Clone, Debug)]
pub enum TokenSource {
    /// It was given directly.
    Given(Token),
    /// It lies in a file that must be there.
    File(PathBuf),
    /// It lies in the state directory, if anywhere.
    StateDir,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the server.
    pub url: String,
    /// Where the token comes from.
    pub token: TokenSource,
    /// Whether the token is to be traded for one of the agent's own.
    pub enroll: bool,
    /// Time between reports.
    pub interval: Duration,
    /// Where the agent keeps what it needs over a restart.
    pub state_dir: PathBuf,
    /// Name to report instead of the system's.
    pub hostname: Option<String>,
    /// Id to report instead of one made from the machine.
    pub agent_id: Option<String>,
    /// Where the agent id is kept, if not in the state directory.
    pub agent_id_file: Option<PathBuf>,
    /// Address to show for this machine.
    pub report_ip: Option<IpAddr>,
    /// Words to find the machine by.
    pub tags: Vec<String>,
    /// What the collectors leave out and keep.
    pub collect: Settings,
    /// Whether this machine is reported at all.
    pub enable_host: bool,
    /// Whether and how containers are reported.
    pub docker: DockerConfig,
    /// How much the agent itself may use.
    pub ceilings: Ceilings,
    /// Whether and how a Kubernetes cluster is reported.
    pub kubernetes: KubernetesConfig,
    /// Whom to believe to be the server.
    pub trust: TrustSettings,
    /// Whether the token may travel unencrypted to a public address.
    pub allow_plaintext_http: bool,
    /// Address of the health page.
    pub health_addr: Option<String>,
    /// Least important level that is logged; nothing without.
    pub log_level: Option<Level>,
    /// Log file instead of standard error.
    pub log_file: Option<PathBuf>,
    /// What to say once there is a log.
    pub remarks: Vec<String>,
}

/// Whom to believe to be the server; a fingerprint is stricter than the rest and wins.
#[derive(Clone, Debug, Default)]
pub struct TrustSettings {
    /// Believe any certificate.
    pub insecure: bool,
    /// Certificate authority file.
    pub cacert: Option<PathBuf>,
    /// The one certificate to believe.
    pub fingerprint: Option<Fingerprint>,
}

impl TrustSettings {
    /// Reads what has to be read and says whom to believe.
    pub(crate) fn resolve(&self) -> Result<Trust, Error> {
        if let Some(fingerprint) = &self.fingerprint {
            return Ok(Trust::Pinned(fingerprint.clone()));
        }
        if self.insecure {
            return Ok(Trust::DangerouslyAnybody);
        }
        match &self.cacert {
            Some(path) => Ok(Trust::SystemAnd(file::read("certificate authority", path)?)),
            None => Ok(Trust::System),
        }
    }
}

/// Features of the original agent that this version does not have, by the flag that asks for them.
const NOT_HERE: [(&str, &str); 3] = [
    ("enable-proxmox", "registering a Proxmox node"),
    ("enable-commands", "commands from the server"),
    ("observers-file", "further servers"),
];

/// Reads the arguments after the program's name, and the environment.
///
/// # Errors
/// When something cannot be understood; the sentence says what.
pub fn load(
    arguments: impl IntoIterator<Item = String>,
    env: Environment<'_>,
) -> Result<Action, Error> {
    Values {
        given: flags::parse(arguments)?,
        env,
    }
    .action()
}

/// Both sources of settings.
struct Values<'a> {
    given: Given,
    env: Environment<'a>,
}

impl Values<'_> {
    fn action(&self) -> Result<Action, Error> {
        let is_given = |name| {
            self.given
                .last(name)
                .is_some_and(|value| self.is_on(name, value))
        };
        if is_given("help") {
            return Ok(Action::Say(known::help()));
        }
        if is_given("version") {
            return Ok(Action::Say(format!("{}\n", pulse_protocol::version::OWN)));
        }
        let config = Box::new(self.config()?);
        Ok(if is_given("self-test") {
            Action::SelfTest(config)
        } else if is_given("once") || is_given("print") {
            Action::Print(config)
        } else {
            Action::Run(config)
        })
    }

    fn config(&self) -> Result<Config, Error> {
        let kubernetes = self.kubernetes()?;
        let interval = self.text("interval").unwrap_or_else(|| "30s".to_owned());
        let interval = duration::parse(&interval).filter(|interval| !interval.is_zero());
        let interval = interval.ok_or_else(|| bad("interval", "a time such as 30s, above zero"))?;
        let state_dir = self.text("state-dir").map(PathBuf::from);
        Ok(Config {
            url: self
                .text("url")
                .unwrap_or_else(|| "http://localhost:7655".to_owned()),
            token: self.token()?,
            enroll: self.switch("enroll").unwrap_or(false),
            interval,
            state_dir: state_dir.unwrap_or_else(|| default_state_dir(self.env)),
            hostname: self.text("hostname"),
            agent_id: self.text("agent-id"),
            agent_id_file: self.text("agent-id-file").map(PathBuf::from),
            report_ip: self.report_ip()?,
            tags: self.list("tag"),
            collect: self.collect(),
            enable_host: self.switch("enable-host").unwrap_or(true),
            docker: self.docker()?,
            ceilings: self.ceilings(kubernetes.enabled)?,
            kubernetes,
            trust: self.trust()?,
            allow_plaintext_http: self.switch("allow-plaintext-http").unwrap_or(false),
            health_addr: self.health_addr(),
            log_level: self.log_level()?,
            log_file: self.text("log-file").map(PathBuf::from),
            remarks: self.remarks(),
        })
    }

    /// A token given directly wins over a file, wherever it was given.
    fn token(&self) -> Result<TokenSource, Error> {
        if let Some(token) = self.given.last("token").filter(|token| !token.is_empty()) {
            return Ok(TokenSource::Given(file::token(token, "--token")?));
        }
        if let Some(token) = self.variable("token") {
            return Ok(TokenSource::Given(file::token(&token, "PULSE_TOKEN")?));
        }
        let path = self.text("token-file").map(PathBuf::from);
        Ok(path.map_or(TokenSource::StateDir, TokenSource::File))
    }

    fn report_ip(&self) -> Result<Option<IpAddr>, Error> {
        let Some(text) = self.text("report-ip") else {
            return Ok(None);
        };
        let address: Option<IpAddr> = text.parse().ok();
        let address = address.filter(|address| !address.is_unspecified());
        address
            .map(Some)
            .ok_or_else(|| bad("report-ip", "an address of this machine"))
    }

    fn trust(&self) -> Result<TrustSettings, Error> {
        let fingerprint = self.text("server-fingerprint").map(|text| text.parse());
        let fingerprint = fingerprint.transpose();
        Ok(TrustSettings {
            insecure: self.switch("insecure").unwrap_or(false),
            cacert: self.text("cacert").map(PathBuf::from),
            fingerprint: fingerprint
                .map_err(|_| bad("server-fingerprint", "64 hexadecimal digits (SHA-256)"))?,
        })
    }

    fn health_addr(&self) -> Option<String> {
        let address = match self.given.last("health-addr") {
            Some(address) => address.trim().to_owned(),
            None => self
                .variable("health-addr")
                .unwrap_or_else(|| "127.0.0.1:9191".to_owned()),
        };
        let is_off = ["", "off", "none", "disabled"].contains(&address.to_lowercase().as_str());
        (!is_off).then_some(address)
    }

    fn log_level(&self) -> Result<Option<Level>, Error> {
        let text = self.text("log-level").unwrap_or_default().to_lowercase();
        Ok(Some(match text.as_str() {
            "trace" => Level::TRACE,
            "debug" => Level::DEBUG,
            "" | "info" => Level::INFO,
            "warn" | "warning" => Level::WARN,
            "error" | "fatal" | "panic" => Level::ERROR,
            "disabled" | "off" => return Ok(None),
            _ => {
                return Err(bad(
                    "log-level",
                    "trace, debug, info, warn, error or disabled",
                ));
            }
        }))
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self
            .given
            .last("token")
            .is_some_and(|token| !token.is_empty())
        {
            remarks.push(
                "the token was given as an argument, where every user of this machine can see it; \
                 use --token-file"
                    .to_owned(),
            );
        }
        for (name, feature) in NOT_HERE {
            let is_asked = match flag(name).takes {
                Takes::Switch => self.switch(name) == Some(true),
                Takes::Text | Takes::List => self.text(name).is_some(),
            };
            if is_asked {
                remarks.push(format!(
                    "{feature} (--{name}): not in this version, left out"
                ));
            }
        }
        if self.text("kubeconfig").is_some() && self.switch("enable-kubernetes") != Some(true) {
            let text = "the cluster of --kubeconfig is reported with --enable-kubernetes only";
            remarks.push(text.to_owned());
        }
        remarks.extend(self.unknown_collectors());
        if self.switch("insecure") == Some(true) {
            remarks.push(
                "certificates are not checked (--insecure); anybody between this machine \
                and the server can read the token"
                    .to_owned(),
            );
        }
        remarks
    }

    fn text(&self, name: &str) -> Option<String> {
        let given = self.given.last(name).map(|value| value.trim().to_owned());
        given
            .or_else(|| self.variable(name))
            .filter(|value| !value.is_empty())
    }

    fn switch(&self, name: &str) -> Option<bool> {
        let given = self.given.last(name).map(|value| self.is_on(name, value));
        given.or_else(|| self.variable(name).map(|value| env::is_yes(&value)))
    }

    fn is_on(&self, name: &str, value: &str) -> bool {
        flags::switch_value(name, value).unwrap_or(false)
    }

    fn list(&self, name: &str) -> Vec<String> {
        let mut items: Vec<String> = Vec::new();
        let variable = self.variable(name).unwrap_or_default();
        for item in env::list(&variable).chain(self.given.all(name).map(str::trim)) {
            if !item.is_empty() && !items.iter().any(|known| known == item) {
                items.push(item.to_owned());
            }
        }
        items
    }

    fn variable(&self, name: &str) -> Option<String> {
        env::value(flag(name), self.env)
    }
}

fn flag(name: &str) -> &'static Flag {
    let flag = known::ALL.iter().find(|flag| flag.name == name);
    flag.expect("settings are read by the names in the list of flags, and a test reads them all")
}

fn bad(name: &str, wanted: &str) -> Error {
    Error::Usage(format!("--{name} is not {wanted}"))
}

fn default_state_dir(env: Environment<'_>) -> PathBuf {
    if cfg!(windows) {
        let programs = env("ProgramData").unwrap_or_else(|| "C:\\ProgramData".to_owned());
        return PathBuf::from(programs).join("Pulse");
    }
    PathBuf::from("/var/lib/pulse-agent")
}

#[cfg(test)]
mod tests;
