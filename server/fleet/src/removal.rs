//! What an operator removed, and how it comes back.
//!
//! Removing is no ban: after a day, with a token made since, or when an operator allows it, it may report again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use pulse_model::{Claim, SourceId, SourceKind, same_hostname};

use crate::error::Refusal;
use crate::record::Record;

/// For how long what was removed is refused.
pub(crate) const REFUSED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Who removed it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removal {
    pub at: Timestamp,
    pub by: String,
    /// What people called it.
    #[serde(default)]
    pub name: String,
    /// The token it reported with, which brings nothing back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
}

impl Removal {
    /// Tells whether it is over by itself.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) >= REFUSED_FOR
    }

    /// Tells whether `claim` comes with a token that was made since.
    pub fn is_lifted_by(&self, claim: &Claim) -> bool {
        let is_newer = claim.token_made_at.is_some_and(|made| made > self.at);
        is_newer && claim.token_id != self.token_id
    }

    /// Returns what is said to whoever reports `source` all the same. The agents of others stop reporting an engine when
    /// they read that its monitoring stopped.
    pub fn refusal(&self, source: &SourceId) -> Refusal {
        let what = match source.kind {
            SourceKind::Docker => "container host",
            SourceKind::Kubernetes => "cluster",
            _ => "host",
        };
        let (name, at) = (&source.name, self.at);
        let until = self
            .at
            .saturating_add(REFUSED_FOR)
            .unwrap_or(Timestamp::MAX);
        Refusal::Removed(format!(
            "{what} \"{name}\" was removed from this server and its monitoring stopped at {at}. To bring it back, give its \
             agent a token made since then, have an administrator allow it (allow-reenroll), or wait until {until}"
        ))
    }
}

/// What was known of a source when it was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What people call it.
    pub name: String,
    /// Its host name.
    pub hostname: String,
    /// Its machine id.
    pub machine_id: Option<String>,
    /// The token it reports with.
    pub token_id: Option<String>,
}

/// A source that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Which.
    pub source: SourceId,
    /// What people called it.
    pub name: String,
    /// Its host name.
    pub hostname: String,
    /// Since when.
    pub at: Timestamp,
}

/// Tells whether the machine `claim` is from is the removed one called `name`. A copy of its disk, which has another host
/// name, is not.
pub(crate) fn is_machine(name: &str, record: &Record, claim: &Claim) -> bool {
    if let Some(bound) = &claim.bound_agent_id {
        return bound == name;
    }
    let says = |said: &Option<String>| {
        said.as_deref()
            .is_some_and(|said| said.eq_ignore_ascii_case(name))
    };
    let is_named = says(&claim.host_id) || says(&claim.machine_id) || says(&claim.agent_id);
    let has_machine_id = claim.machine_id.is_some() && claim.machine_id == record.machine_id;
    let has_name = same_hostname(&record.hostname, &claim.hostname);
    has_name && (is_named || has_machine_id || claim.hostname.eq_ignore_ascii_case(name))
}
