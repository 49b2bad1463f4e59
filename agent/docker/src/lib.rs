//! What container engines run on this machine: Docker and Podman, several at once.
//!
//! [`Engines`] looks in the usual [`Places`] and reads what it finds, for every report anew. An
//! engine that is away costs its own part and nothing else; what could not be read is remarked on.
//! Nothing is ever changed on an engine.
//!
//! Nothing here knows the server or the agent's configuration, and nothing here writes to disk.

mod client;
mod container;
mod endpoint;
mod engine;
mod engines;
mod error;
mod events;
mod meter;
mod objects;
mod registry;
mod swarm;
mod text;
mod updates;
mod wire;

use std::path::PathBuf;

use pulse_protocol::report::docker::EngineRuntime;

pub use endpoint::{Endpoint, Places};
pub use engine::Reading;
pub use engines::{Checker, Engines, Outcome};
pub use error::Error;

/// Work an agent that is short of memory or time can do without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spared {
    /// Asking registries for newer images.
    pub updates: bool,
    /// Lists of images, volumes and networks.
    pub lists: bool,
    /// Having the engine add up its disk usage.
    pub usage: bool,
    /// Listening to events and inspecting containers.
    pub details: bool,
}

/// What the operator decided about reading engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The only runtime to report, if not every one there is.
    pub runtime: Option<EngineRuntime>,
    /// States of containers to report; every one when empty.
    pub states: Vec<String>,
    /// Names of containers to leave out: exact, `prefix*`, `*part*`.
    pub exclude: Vec<String>,
    /// Whether the engine is asked, now and then, to add up its disk usage.
    pub disk_usage: bool,
    /// Whether registries are asked for newer images.
    pub updates: bool,
    /// Whether logins stored on this machine may be used for that.
    pub credentials: bool,
    /// Where logins are stored.
    pub login_files: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            runtime: None,
            states: Vec::new(),
            exclude: Vec::new(),
            disk_usage: true,
            updates: true,
            credentials: true,
            login_files: Vec::new(),
        }
    }
}

impl Settings {
    /// Tells whether a container is to be reported.
    fn is_wanted(&self, container: &wire::Listed) -> bool {
        let state = container.state();
        let is_of_state = self.states.is_empty()
            || self
                .states
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(state.as_str()));
        let name = container.name();
        is_of_state && !self.exclude.iter().any(|pattern| is_match(pattern, &name))
    }
}

/// `name`, `prefix*`, `*suffix`, `*part*`
fn is_match(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_left_out_by_state_and_by_name() {
        let settings = Settings {
            states: vec!["Running".to_owned(), "exited".to_owned()],
            exclude: vec![
                "k8s_*".to_owned(),
                "*-tmp".to_owned(),
                "*build*".to_owned(),
                "one".to_owned(),
            ],
            ..Settings::default()
        };
        let is_wanted = |name: &str, state: &str| {
            let json = format!(r#"{{"Id":"a1","Names":["/{name}"],"State":"{state}"}}"#);
            settings.is_wanted(&serde_json::from_str(&json).expect("a container"))
        };
        assert!(is_wanted("web", "running") && is_wanted("web", "exited"));
        for (name, state) in [
            ("web", "paused"),
            ("k8s_web", "running"),
            ("web-tmp", "running"),
            ("my-build-1", "running"),
            ("one", "running"),
        ] {
            assert!(!is_wanted(name, state), "{name} {state}");
        }
        assert!(is_wanted("one-more", "running"));
    }
}
