//! How the agent fares, for its health page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pulse_protocol::report::host::{ModuleState, ModuleStatus};
use serde::Serialize;

use crate::report::assemble::HOST;
use crate::report::clusters::KUBERNETES;
use crate::report::engines::DOCKER;

/// Shared by those who know and those who tell.
#[derive(Clone)]
pub(crate) struct Status(Arc<Mutex<Facts>>);

/// What is known.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// `host`, `docker`, `kubernetes`.
    pub(crate) modules: Vec<ModuleStatus>,
    /// Parts of the host module.
    pub(crate) collectors: Vec<ModuleStatus>,
    /// Whether the last attempt at sending worked, by module.
    pub(crate) delivering: BTreeMap<&'static str, bool>,
    /// Reports that wait.
    pub(crate) waiting: usize,
    /// Reports the server took.
    pub(crate) sent: u64,
    /// Reports the server would never take.
    pub(crate) dropped: u64,
    /// Bytes of reports sent, those the server did not take included.
    pub(crate) sent_bytes: u64,
    /// Attempts at sending that the server did not take.
    pub(crate) failed: u64,
}

/// The answer of `/readyz` and `/status`.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// Whether every module that is switched on runs.
    pub(crate) ready: bool,
    modules: Vec<ModuleStatus>,
    collectors: Vec<ModuleStatus>,
    delivering: bool,
    waiting: usize,
}

impl Status {
    /// Starts with nothing collected.
    pub(crate) fn new(is_host_enabled: bool) -> Self {
        let module = |name: &str, enabled| ModuleStatus {
            name: name.to_owned(),
            enabled,
            state: if enabled {
                ModuleState::Starting
            } else {
                ModuleState::Disabled
            },
            ..ModuleStatus::default()
        };
        Self(Arc::new(Mutex::new(Facts {
            modules: vec![
                module(HOST, is_host_enabled),
                module(DOCKER, false),
                module(KUBERNETES, false),
            ],
            collectors: Vec::new(),
            delivering: BTreeMap::new(),
            waiting: 0,
            sent: 0,
            dropped: 0,
            sent_bytes: 0,
            failed: 0,
        })))
    }

    /// Notes how collecting went, from a report's own list.
    pub(crate) fn collected(&self, modules: &[ModuleStatus]) {
        let Some((host, collectors)) = modules.split_first() else {
            return;
        };
        self.with(|facts| {
            facts.modules[0] = host.clone();
            facts.collectors = collectors.to_vec();
        });
    }

    /// Notes how a module that reports beside the host fares.
    pub(crate) fn module(&self, status: ModuleStatus) {
        self.with(|facts| {
            if let Some(module) = facts
                .modules
                .iter_mut()
                .find(|module| module.name == status.name)
            {
                *module = status;
            }
        });
    }

    /// Returns how what is read beside this machine fares: engines, a cluster; also why one of them
    /// is not read any more.
    pub(crate) fn beside(&self) -> impl Iterator<Item = ModuleStatus> {
        let modules = self.facts().modules.into_iter();
        modules.filter(|module| {
            module.name != HOST && (module.enabled || !module.last_error.is_empty())
        })
    }

    pub(crate) fn delivers(&self, module: &'static str, is_delivering: bool) {
        self.with(|facts| facts.delivering.insert(module, is_delivering));
    }

    /// Notes an attempt at sending that many bytes, and whether the server took them.
    pub(crate) fn attempted(&self, bytes: usize, is_taken: bool) {
        self.with(|facts| {
            facts.sent_bytes += bytes as u64;
            facts.failed += u64::from(!is_taken);
        });
    }

    pub(crate) fn waiting(&self, waiting: usize) {
        self.with(|facts| facts.waiting = waiting);
    }

    pub(crate) fn sent(&self) {
        self.with(|facts| facts.sent += 1);
    }

    pub(crate) fn dropped(&self) {
        self.with(|facts| facts.dropped += 1);
    }

    /// Returns what is known now.
    pub(crate) fn facts(&self) -> Facts {
        self.with(|facts| facts.clone())
    }

    /// Returns the answer for those who ask.
    pub(crate) fn answer(&self) -> Answer {
        let Facts {
            modules,
            collectors,
            delivering,
            waiting,
            ..
        } = self.facts();
        Answer {
            ready: modules
                .iter()
                .all(|module| !module.enabled || is_running(module)),
            modules,
            collectors,
            delivering: !delivering.is_empty() && delivering.values().all(|works| *works),
            waiting,
        }
    }

    fn with<T>(&self, run: impl FnOnce(&mut Facts) -> T) -> T {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells whether a module does its work.
pub(crate) fn is_running(module: &ModuleStatus) -> bool {
    module.state == ModuleState::Running
}
