//! What others may ask of the settings.

use std::sync::Arc;

use pulse_store::{Settings, Store};
use serde_json::{Map, Value};
use tokio::sync::watch;

use crate::document::System;
use crate::error::Error;
use crate::field::{self, Field};
use crate::fixed::Fixed;
use crate::rules;

/// Members to change with their values; `null` means the default. Unknown members are ignored, as
/// clients of other versions send them.
pub type Patch = Map<String, Value>;

/// What an update came to.
#[derive(Clone, Debug)]
pub struct Updated {
    /// Before.
    pub before: Arc<System>,
    /// After.
    pub after: Arc<System>,
    /// Members that stay as they are because the environment fixes them at another value.
    pub fixed: Vec<&'static str>,
}

/// The settings; clones share them.
#[derive(Clone)]
pub struct Handle(Arc<Shared>);

struct Shared {
    stored: Settings<System>,
    fixed: Fixed,
    /// What holds: what is stored with the fixed members in their place.
    current: watch::Sender<Arc<System>>,
}

impl Handle {
    /// Reads what is stored. Blocks.
    pub fn load(store: &Store, fixed: Fixed) -> Result<Self, Error> {
        let stored = Settings::load(store, "system")?;
        let current = watch::Sender::new(Arc::new(fixed.over(&stored.get())));
        Ok(Self(Arc::new(Shared {
            stored,
            fixed,
            current,
        })))
    }

    /// Returns the settings as they are now.
    pub fn get(&self) -> Arc<System> {
        self.0.current.borrow().clone()
    }

    /// Returns a receiver that is told of each change.
    pub fn subscribe(&self) -> watch::Receiver<Arc<System>> {
        self.0.current.subscribe()
    }

    /// Returns the members nobody can change here.
    pub fn fixed(&self) -> &Fixed {
        &self.0.fixed
    }

    /// Merges `patch` into the settings: all of it, or nothing and why. Stored before it is seen.
    pub async fn update(&self, patch: Patch) -> Result<Updated, Error> {
        let before = self.get();
        let fixed = self.fixed_at_another(&before, &patch);
        let held = self.0.fixed.clone();
        let outcome = self
            .0
            .stored
            .update(move |stored| match merged(stored, &patch, &held)? {
                same if same == *stored => Err(Outcome::Unchanged),
                changed => {
                    *stored = changed;
                    Ok(())
                }
            })
            .await;
        match outcome {
            Ok(()) | Err(Outcome::Unchanged) => {}
            Err(Outcome::Failed(error)) => return Err(error),
        }
        // Read under the watch's own lock, so that of two updates the later one stays.
        self.0.current.send_if_modified(|current| {
            let latest = self.0.fixed.over(&self.0.stored.get());
            let is_news = latest != **current;
            if is_news {
                *current = Arc::new(latest);
            }
            is_news
        });
        Ok(Updated {
            before,
            after: self.get(),
            fixed,
        })
    }

    fn fixed_at_another(&self, current: &System, patch: &Patch) -> Vec<&'static str> {
        let current = serde_json::to_value(current).unwrap_or_default();
        let names = self.0.fixed.names();
        names
            .filter(|name| {
                patch
                    .get(*name)
                    .is_some_and(|value| *value != current[name])
            })
            .collect()
    }
}

enum Outcome {
    Unchanged,
    Failed(Error),
}

impl From<pulse_store::Error> for Outcome {
    fn from(error: pulse_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

fn merged(stored: &System, patch: &Patch, fixed: &Fixed) -> Result<System, Error> {
    let to_object = |system: &System| serde_json::to_value(system).unwrap_or_default();
    let (mut document, defaults) = (to_object(stored), to_object(&System::default()));
    let known = patch
        .iter()
        .filter_map(|(name, value)| Some((field::named(name)?, value)));
    for (Field { name, takes, .. }, value) in known.filter(|(known, _)| !fixed.holds(known.name)) {
        document[*name] = if value.is_null() {
            defaults[*name].clone()
        } else {
            let checked = takes.check(value, &document[*name]);
            checked.map_err(|wanted| Error::invalid(name, wanted))?
        };
    }
    let mut system: System = serde_json::from_value(document)
        .map_err(|_| Error::invalid("settings", "an object of known members"))?;
    rules::settle(&mut system)?;
    Ok(system)
}
