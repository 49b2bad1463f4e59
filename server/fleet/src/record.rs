//! What is known of one source that reports.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use pulse_model::facet::docker::DockerCommand;
use pulse_model::{Claim, Standing};

use crate::owner::Owner;
use crate::queue::{Progress, Verb};
use crate::removal::{Removal, Told};

/// What is known of one source, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Record {
    /// Who reports it; nobody while it is removed.
    pub owner: Owner,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// What its agent calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    pub hidden: bool,
    pub pending_uninstall: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<DockerCommand>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removal>,
}

impl Record {
    /// Notes who reports it now, and from where.
    pub fn note(&mut self, claim: &Claim) {
        self.owner = Owner::of(claim);
        self.hostname.clone_from(&claim.hostname);
        self.machine_id.clone_from(&claim.machine_id);
        self.agent_id.clone_from(&claim.agent_id);
    }

    /// Removes it: only what it takes to recognise it stays.
    pub fn remove(&mut self, told: Told, by: &str, now: Timestamp) {
        let known = std::mem::take(self);
        self.hostname = match told.hostname.is_empty() {
            true => known.hostname,
            false => told.hostname,
        };
        self.machine_id = told.machine_id.or(known.machine_id);
        self.agent_id = known.agent_id;
        self.removed = Some(Removal {
            at: now,
            by: by.to_owned(),
            name: told.name,
            token_id: known.owner.token_id.or(told.token_id),
        });
    }

    /// Returns what of it is shown.
    pub fn standing(&self) -> Standing {
        Standing {
            hidden: self.hidden,
            pending_uninstall: self.pending_uninstall,
            command: self.command.clone(),
        }
    }

    /// Tells whether its last command was to stop.
    pub fn is_stopping(&self) -> bool {
        let verb = self.command.as_ref().map(|command| command.verb.as_str());
        verb == Some(Verb::Stop.word())
    }

    /// Tells whether an operator decided something about it that must not be forgotten.
    pub fn is_decided(&self) -> bool {
        let is_under_way = self.command.as_ref().is_some_and(Progress::is_active);
        self.hidden || self.pending_uninstall || self.removed.is_some() || is_under_way
    }
}
