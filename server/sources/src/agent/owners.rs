//! Whose name an agent's is: an engine is taken only from whoever first reported under that name.
//!
//! Host reports are judged by the estate. This keeps a token that may report engines from speaking for machines of others,
//! and from making up engines without end. It is kept in memory: after a restart the first to report is believed again,
//! and an agent with a credential of its own always is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Sender;
use crate::port::NotTaken;

/// Names kept; beyond it those silent longest make room.
const MOST: usize = 50_000;
/// Engines one token may report: one machine may have several.
const PER_TOKEN: usize = 4;
/// Whoever is silent for so long may be followed by another token.
const SILENT: Duration = Duration::from_secs(600);

/// Who reports under a name.
#[derive(Clone, Debug)]
struct Owner {
    token_id: Option<String>,
    /// Whether the credential is that agent's own.
    is_bound: bool,
    /// Whether an engine goes by the name, not only a machine.
    has_engine: bool,
    heard: Duration,
}

/// Who reports under which name.
#[derive(Debug, Default)]
pub(super) struct Owners(Mutex<HashMap<String, Owner>>);

impl Owners {
    /// Notes a machine the estate has taken.
    pub fn note_machine(&self, agent_id: &str, sender: &Sender, now: Duration) {
        let mut owners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_engine = owners.get(agent_id).is_some_and(|owner| owner.has_engine);
        put(&mut owners, agent_id, owner(sender, has_engine, now));
    }

    /// Admits an engine under `agent_id`.
    ///
    /// # Errors
    /// When somebody else reports under that name, or the token reports too many engines.
    pub fn admit_engine(
        &self,
        agent_id: &str,
        sender: &Sender,
        now: Duration,
    ) -> Result<(), NotTaken> {
        let mut owners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = owner(sender, true, now);
        let is_live = |owner: &Owner| now.saturating_sub(owner.heard) < SILENT;
        if let Some(present) = owners.get(agent_id)
            && !own.is_bound
            && present.token_id != own.token_id
            && (present.is_bound || is_live(present))
        {
            let text = format!("\"{agent_id}\" is already in use by an agent with another token");
            return Err(NotTaken::Invalid(text));
        }
        if !own.is_bound && own.token_id.is_some() && !owners.contains_key(agent_id) {
            let mut others = owners.iter().filter(|(_, owner)| {
                owner.has_engine && owner.token_id == own.token_id && is_live(owner)
            });
            if others.nth(PER_TOKEN - 1).is_some() {
                let text =
                    "this token is already in use by agents with other engines; make another one";
                return Err(NotTaken::Invalid(text.into()));
            }
        }
        put(&mut owners, agent_id, own);
        Ok(())
    }
}

fn owner(sender: &Sender, has_engine: bool, now: Duration) -> Owner {
    Owner {
        token_id: sender.token_id.clone(),
        is_bound: sender.bound_agent_id.is_some(),
        has_engine,
        heard: now,
    }
}

fn put(owners: &mut HashMap<String, Owner>, agent_id: &str, owner: Owner) {
    if owners.len() >= MOST && !owners.contains_key(agent_id) {
        let before = owner.heard.saturating_sub(SILENT);
        owners.retain(|_, owner| owner.heard >= before);
        if owners.len() >= MOST {
            return;
        }
    }
    owners.insert(agent_id.to_owned(), owner);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: &str) -> Sender {
        Sender {
            token_id: Some(id.to_owned()),
            ..Sender::default()
        }
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_engine_is_its_first_tokens_until_that_falls_silent() {
        let owners = Owners::default();
        assert!(owners.admit_engine("dock", &token("a"), secs(0)).is_ok());
        assert!(owners.admit_engine("dock", &token("b"), secs(10)).is_err());
        assert!(owners.admit_engine("dock", &token("a"), secs(20)).is_ok());
        assert!(owners.admit_engine("dock", &token("b"), secs(619)).is_err());
        assert!(owners.admit_engine("dock", &token("b"), secs(620)).is_ok());
    }

    #[test]
    fn a_machine_of_another_token_lends_its_name_to_no_engine() {
        let owners = Owners::default();
        owners.note_machine("web", &token("a"), secs(0));
        assert!(owners.admit_engine("web", &token("b"), secs(1)).is_err());
        assert!(owners.admit_engine("web", &token("a"), secs(1)).is_ok());
    }

    #[test]
    fn an_agents_own_credential_takes_its_name_back_and_keeps_it() {
        let owners = Owners::default();
        let own = Sender {
            bound_agent_id: Some("web".into()),
            ..token("own")
        };
        assert!(owners.admit_engine("web", &token("evil"), secs(0)).is_ok());
        assert!(owners.admit_engine("web", &own, secs(1)).is_ok());
        assert!(
            owners
                .admit_engine("web", &token("evil"), secs(9_999))
                .is_err()
        );
    }

    #[test]
    fn one_token_reports_a_few_engines_at_a_time() {
        let owners = Owners::default();
        for engine in 0..PER_TOKEN {
            let name = format!("dock-{engine}");
            assert!(owners.admit_engine(&name, &token("a"), secs(0)).is_ok());
        }
        assert!(
            owners
                .admit_engine("dock-more", &token("a"), secs(1))
                .is_err()
        );
        assert!(owners.admit_engine("dock-0", &token("a"), secs(1)).is_ok());
        assert!(
            owners
                .admit_engine("dock-more", &token("b"), secs(1))
                .is_ok()
        );
    }
}
