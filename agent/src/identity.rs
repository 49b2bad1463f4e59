//! Names and ids the agent presents. Hints, all of them: what it is, is its key.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pulse_agent_host::{Roots, identity};
use tracing::{info, warn};

use crate::config::{Config, file};
use crate::error::{Error, chain};
use crate::state::{self, StateDir};

/// Largest file with an id that is read.
const LIMIT: u64 = 4 * 1024;

/// Longest id taken from a server.
const LONGEST: usize = 128;

/// The machine's names.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) hostname: String,
    /// Empty where the machine has none.
    pub(crate) machine_id: String,
}

impl Machine {
    pub(crate) fn of(config: &Config, roots: &Roots) -> Self {
        let hostname = config
            .hostname
            .clone()
            .or_else(|| identity::hostname(roots));
        Self {
            hostname: hostname.unwrap_or_else(|| "unknown-host".to_owned()),
            machine_id: identity::machine_id(roots).unwrap_or_default(),
        }
    }
}

/// The agent's id: what the operator chose, else what is kept, else the machine's, else its name.
#[derive(Clone)]
pub(crate) struct AgentId(Arc<Shared>);

struct Shared {
    is_chosen: bool,
    file: PathBuf,
    current: Mutex<Ids>,
}

struct Ids {
    presented: String,
    kept: String,
    /// Whether an id from the server was refused already: once is enough to say so.
    has_refused: bool,
}

impl AgentId {
    /// Decides on the id, given the one [`kept`] from earlier, without writing anything.
    pub(crate) fn decide(config: &Config, machine: &Machine, kept: String) -> Self {
        let default = config.state_dir.join(state::AGENT_ID);
        let file = config.agent_id_file.clone().unwrap_or(default);
        let candidates = [
            config.agent_id.as_ref(),
            Some(&kept),
            Some(&machine.machine_id),
        ];
        let first = candidates.into_iter().flatten().find(|id| !id.is_empty());
        let presented = first.unwrap_or(&machine.hostname).clone();
        let is_chosen = config.agent_id.is_some();
        Self(Arc::new(Shared {
            is_chosen,
            file,
            current: Mutex::new(Ids {
                presented,
                kept,
                has_refused: false,
            }),
        }))
    }

    /// Returns the id to present.
    pub(crate) fn presented(&self) -> String {
        self.with(|ids| ids.presented.clone())
    }

    /// Keeps the presented id for the next start.
    pub(crate) fn keep(&self) {
        self.keep_as(&self.presented());
    }

    /// Presents the id an enrolment gave, unless the operator chose one.
    pub(crate) fn adopt(&self, id: &str) {
        if self.takes(id) && !self.0.is_chosen {
            self.with(|ids| id.clone_into(&mut ids.presented));
            self.keep_as(id);
        }
    }

    /// Keeps the id under which the server knows this machine; presented from the next start on.
    pub(crate) fn learn(&self, id: &str) {
        let presented = self.presented();
        if self.takes(id) && self.with(|ids| ids.kept != id) {
            if id != presented {
                info!(
                    presented,
                    known_as = id,
                    "the server knows this machine by another id"
                );
            }
            self.keep_as(id);
        }
    }

    /// Tells whether the server gave an id that can be one; an empty one is none.
    fn takes(&self, id: &str) -> bool {
        let is_plain = is_plain(id);
        let is_refused = !is_plain && !id.is_empty();
        if is_refused && !self.with(|ids| std::mem::replace(&mut ids.has_refused, true)) {
            warn!("the server gave an agent id that cannot be one; the agent keeps its own");
        }
        is_plain
    }

    fn keep_as(&self, id: &str) {
        if self.with(|ids| ids.kept == id) {
            return;
        }
        if let Err(error) = state::write_private(&self.0.file, format!("{id}\n").as_bytes()) {
            let path = self.0.file.display().to_string();
            warn!(path, error = chain(&error), "cannot keep the agent id");
        }
        // Even if it could not be written: once is enough to say so.
        self.with(|ids| id.clone_into(&mut ids.kept));
    }

    fn with<T>(&self, run: impl FnOnce(&mut Ids) -> T) -> T {
        run(&mut self
            .0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells whether an id from a server can go into files, paths and logs as it is.
pub(crate) fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'\\');
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_plain)
}

/// Returns the id kept from an earlier start; empty if there is none.
///
/// # Errors
/// When there is something in its place that cannot hold it.
pub(crate) fn kept(config: &Config, state: &StateDir) -> Result<String, Error> {
    let bytes = match &config.agent_id_file {
        Some(path) if !path.exists() => None,
        Some(path) => Some(file::read_up_to("agent id file", path, LIMIT)?),
        None => state.read(state::AGENT_ID, LIMIT)?,
    };
    let text = String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default();
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// Returns the id of the server that enrolled this agent, if one did.
pub(crate) fn server_id(state: &StateDir) -> Option<String> {
    state.read_line(state::SERVER_ID).ok().flatten()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Action, load};

    fn config(state: &Path, arguments: &[&str]) -> Config {
        let state = format!("--state-dir={}", state.display());
        let arguments = arguments.iter().map(|&argument| argument.to_owned());
        match load(arguments.chain([state]), &|_| None).expect("settings") {
            Action::Run(config) => *config,
            other => panic!("something else to do: {other:?}"),
        }
    }

    fn decide(state: &Path, arguments: &[&str], machine_id: &str) -> AgentId {
        let machine = Machine {
            hostname: "web1".to_owned(),
            machine_id: machine_id.to_owned(),
        };
        let config = config(state, arguments);
        let kept = kept(&config, &StateDir::existing(state)).expect("an id or none");
        AgentId::decide(&config, &machine, kept)
    }

    #[test]
    fn the_first_source_that_has_an_id_gives_it() {
        let state = tempfile::tempdir().expect("a directory");
        let path = state.path();
        assert_eq!(decide(path, &[], "").presented(), "web1");
        assert_eq!(decide(path, &[], "machine").presented(), "machine");
        state::write_private(&path.join("agent-id"), b"kept\n").expect("written");
        assert_eq!(decide(path, &[], "machine").presented(), "kept");
        assert_eq!(
            decide(path, &["--agent-id", "chosen"], "machine").presented(),
            "chosen"
        );
    }

    #[test]
    fn what_the_server_calls_it_is_presented_from_the_next_start_on() {
        let state = tempfile::tempdir().expect("a directory");
        let id = decide(state.path(), &[], "machine");
        id.keep();
        id.learn("canonical");
        assert_eq!(id.presented(), "machine");
        assert_eq!(
            decide(state.path(), &[], "machine").presented(),
            "canonical"
        );
    }

    #[test]
    fn an_id_the_operator_chose_is_not_replaced() {
        let state = tempfile::tempdir().expect("a directory");
        let id = decide(state.path(), &["--agent-id", "chosen"], "machine");
        id.adopt("agent-web1");
        assert_eq!(id.presented(), "chosen");
        let id = decide(state.path(), &[], "machine");
        id.adopt("agent-web1");
        assert_eq!(id.presented(), "agent-web1");
    }

    const NO_IDS: [&str; 9] = [
        "",
        "a b",
        "a\nb",
        "a\0b",
        "../../etc/passwd",
        "a\\b",
        "\u{1b}[31m",
        "wéb1",
        "a\u{202e}b",
    ];

    #[test]
    fn an_id_of_the_server_is_one_short_plain_word() {
        for id in ["a", "agent-web1", "0123:4567_89.ab", &"a".repeat(128)] {
            assert!(is_plain(id), "{id}");
        }
        for id in NO_IDS.into_iter().chain([&*"a".repeat(129)]) {
            assert!(!is_plain(id), "{id:?}");
        }
    }

    #[test]
    fn an_id_that_cannot_be_one_leaves_the_agent_its_own() {
        let state = tempfile::tempdir().expect("a directory");
        let id = decide(state.path(), &[], "machine");
        id.keep();
        for no_id in NO_IDS.into_iter().chain([&*"a".repeat(129)]) {
            id.adopt(no_id);
            id.learn(no_id);
            assert_eq!(id.presented(), "machine");
            assert_eq!(decide(state.path(), &[], "machine").presented(), "machine");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_hold_an_id_is_refused_at_once() {
        let state = tempfile::tempdir().expect("a directory");
        let path = state.path().join("agent-id");
        let named = format!("--agent-id-file={}", path.display());
        let refused = |what: &str| {
            for arguments in [&[][..], &[named.as_str()]] {
                let config = config(state.path(), arguments);
                let kept = kept(&config, &StateDir::existing(state.path()));
                let error = kept.expect_err(what).to_string();
                assert!(error.contains("agent-id"), "{error}");
            }
            std::fs::remove_file(&path).expect("removed");
        };
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        refused("a pipe");
        std::os::unix::fs::symlink("/dev/zero", &path).expect("a link");
        refused("no end");
        state::write_private(&path, &[b'a'; 4 * 1024 + 1]).expect("written");
        refused("too large");
    }
}
