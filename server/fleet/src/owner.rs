//! Whose a name is: an engine or a cluster is taken only from whoever first reported under that name.
//!
//! This keeps a token that may report engines from speaking for those of others, and from making some up without end.

use serde::{Deserialize, Serialize};

use pulse_model::Claim;

/// Who reports under a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Owner {
    /// The API token used; none for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// The agent that token is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl Owner {
    /// Returns whoever `claim` is from.
    pub fn of(claim: &Claim) -> Self {
        Self {
            token_id: claim.token_id.clone(),
            agent: claim.bound_agent_id.clone(),
        }
    }

    /// Tells whether the two are one: an agent keeps what it has when it gets another token.
    pub fn is(&self, other: &Self) -> bool {
        (self.agent.is_some() && self.agent == other.agent) || self.token_id == other.token_id
    }

    /// Tells whether `name` is that of the agent itself, or of a second engine on its machine. Nobody else has it, however
    /// long it is silent.
    pub fn is_called(&self, name: &str) -> bool {
        let rest = self.agent.as_deref().and_then(|own| name.strip_prefix(own));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// Tells whether `other` may report under `name`, which is this one's. The agent of that very name always may. One
    /// whose name it merely begins with may not take it from the live: `web-2` may be a machine beside `web`.
    pub fn gives_way_to(&self, other: &Self, name: &str, is_live: bool) -> bool {
        if self.is(other) || other.agent.as_deref() == Some(name) {
            return true;
        }
        let is_kept = self.agent.as_deref() == Some(name);
        !is_live && !is_kept && (other.is_called(name) || !self.is_called(name))
    }
}
