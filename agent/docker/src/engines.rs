//! The engines of this machine: Docker, Podman, both, or none yet.

use std::sync::Arc;

use futures_util::future::join_all;
use pulse_protocol::Time;
use pulse_protocol::report::docker::EngineRuntime;

use crate::endpoint::Places;
use crate::engine::{Engine, Reading};
use crate::error::{Error, chain};
use crate::registry::Logins;
use crate::updates::Updates;
use crate::{Settings, Spared};

/// Every place an engine may be, and what was found there.
pub struct Engines {
    slots: Vec<Slot>,
    updates: Arc<Updates>,
}

struct Slot {
    engine: Engine,
    /// What sets its report apart from those of the others; empty for the first.
    suffix: Option<String>,
    /// It is another's engine by another way, or not the one wanted.
    is_put_aside: bool,
}

/// Asks the registries on demand.
#[derive(Clone)]
pub struct Checker(Arc<Updates>);

impl Checker {
    /// Asks about every image anew; returns when all have been asked about. Tells whether it did:
    /// it does not while that is spared.
    pub async fn check(&self) -> bool {
        self.0.check().await
    }
}

/// What came of one engine.
#[derive(Debug)]
pub struct Outcome {
    /// What sets this engine's report apart: empty for the first, `podman` for a second.
    pub suffix: String,
    /// Where the engine is.
    pub address: String,
    /// What it told, or why it did not, in one line.
    pub reading: Result<Reading, String>,
}

impl Engines {
    /// Looks in `places` from now on; nothing is asked yet.
    ///
    /// # Errors
    /// When an address that was named cannot be one.
    pub fn in_places(places: &Places, settings: Settings) -> Result<Self, Error> {
        let logins = settings.credentials.then(|| Logins {
            files: settings.login_files.clone(),
        });
        let updates = Arc::new(Updates::new(logins));
        let settings = Arc::new(settings);
        let endpoints = places.endpoints()?;
        let slots = endpoints.into_iter().map(|endpoint| Slot {
            engine: Engine::at(endpoint, Arc::clone(&settings), Arc::clone(&updates)),
            suffix: None,
            is_put_aside: false,
        });
        Ok(Self {
            slots: slots.collect(),
            updates,
        })
    }

    /// Tells whether there is anything to ask.
    #[must_use]
    pub fn are_there(&self) -> bool {
        self.slots.iter().any(Slot::is_asked)
    }

    /// Lists where engines are looked for.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let places = self.slots.iter();
        places
            .map(|slot| slot.engine.endpoint().to_string())
            .collect()
    }

    /// Leaves work out from now on and lets go of what it told, or takes it up again.
    pub fn spare(&mut self, spared: Spared) {
        self.updates.spare(spared.updates);
        for slot in &mut self.slots {
            slot.engine.spare(spared);
        }
    }

    /// Reads every engine that is there, all at once. Those that were never there are passed over.
    pub async fn collect(&mut self, now: Time) -> Vec<Outcome> {
        self.name();
        let asked = self.slots.iter_mut().filter(|slot| slot.is_asked());
        let mut outcomes = join_all(asked.map(|slot| slot.collect(now))).await;
        self.put_aside(&mut outcomes);
        outcomes.into_iter().flatten().collect()
    }

    /// Returns what asks the registries anew, beside the reports.
    #[must_use]
    pub fn checker(&self) -> Checker {
        Checker(Arc::clone(&self.updates))
    }

    /// Waits until every image that is wanted has been asked about.
    pub async fn updates_settled(&self) {
        self.updates.settled().await;
    }

    /// The first engine that is there reports as the agent, the others as the agent and a word.
    fn name(&mut self) {
        for index in 0..self.slots.len() {
            let slot = &self.slots[index];
            if !slot.is_asked() || slot.suffix.is_some() {
                continue;
            }
            let taken: Vec<&str> = self
                .slots
                .iter()
                .filter_map(|slot| slot.suffix.as_deref())
                .collect();
            let word = match slot.engine.endpoint().looks_like_podman() {
                true => "podman",
                false => "docker",
            };
            let suffix = if taken.is_empty() {
                String::new()
            } else if taken.contains(&word) {
                format!("{word}-{index}")
            } else {
                word.to_owned()
            };
            self.slots[index].suffix = Some(suffix);
        }
    }

    /// Two ways to one engine are one engine.
    fn put_aside(&mut self, outcomes: &mut [Option<Outcome>]) {
        let mut seen: Vec<String> = Vec::new();
        for outcome in outcomes {
            let id = outcome.as_ref().and_then(|outcome| {
                let reading = outcome.reading.as_ref().ok()?;
                let is_docker = reading.report.host.runtime == EngineRuntime::Docker;
                // Podman makes up another id for every question.
                (is_docker && !reading.engine_id.is_empty()).then(|| reading.engine_id.clone())
            });
            let Some(id) = id else { continue };
            if !seen.contains(&id) {
                seen.push(id);
                continue;
            }
            let double = outcome.take().map(|outcome| outcome.address);
            let slots = self.slots.iter_mut();
            for slot in slots.filter(|slot| Some(slot.engine.endpoint().to_string()) == double) {
                slot.is_put_aside = true;
            }
        }
    }
}

impl Slot {
    fn is_asked(&self) -> bool {
        !self.is_put_aside && (self.suffix.is_some() || self.engine.endpoint().is_there())
    }

    async fn collect(&mut self, now: Time) -> Option<Outcome> {
        let reading = match self.engine.collect(now).await {
            Err(Error::OtherRuntime { .. }) => {
                self.is_put_aside = true;
                return None;
            }
            reading => reading.map_err(|error| chain(&error)),
        };
        Some(Outcome {
            suffix: self.suffix.clone().unwrap_or_default(),
            address: self.engine.endpoint().to_string(),
            reading,
        })
    }
}
