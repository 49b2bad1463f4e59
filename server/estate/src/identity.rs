//! Who a reporting agent is, and in which order its reports count.
//!
//! A credential bound to an agent decides. Without one (agents of the original) the agent is its
//! token and host name together, and two live machines that share an id (cloned disks) are kept
//! apart. Machine ids and names are hints, never the identity.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{Claim, Sequence, same_hostname};

use crate::error::Refusal;

use crate::time::is_overtaken;

/// Ids that would hide behind routes of the same name.
const RESERVED: [&str; 2] = ["stats", "k8s"];
/// Longest id made from a name.
const LONGEST_ID: usize = 48;
/// Where an id is cut to make room for the suffix that tells clones apart.
const CLONE_STEM: usize = 40;
/// Streams of earlier processes of one agent that are remembered as over.
const RETIRED_STREAMS: usize = 8;
/// Silence after which another name on the same machine is a rename, in report intervals.
const RENAME_AFTER: u32 = 3;

/// Lower-cases `text` and turns every run of other characters into one dash.
pub(crate) fn sanitize(text: &str) -> String {
    let mut id = String::new();
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let cut: String = id.chars().take(LONGEST_ID).collect();
    let id = cut.trim_matches('-');
    // Words that stand where an id stands in the API's paths.
    if RESERVED.contains(&id) {
        format!("host-{id}")
    } else {
        id.to_owned()
    }
}

/// What is known of one agent.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub hostname: String,
    pub machine_id: Option<String>,
    pub token_id: Option<String>,
    pub keyed: bool,
    pub interval: Duration,
    /// Monotonic time of the last report; nothing when not heard since the start.
    pub heard: Option<Duration>,
    pub order: Order,
}

/// Which reports of an agent have counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    current: Option<Sequence>,
    /// The last that was heard of earlier streams.
    retired: VecDeque<Sequence>,
    made_at: Option<Timestamp>,
    /// When the first report of the current stream was made.
    stream_since: Option<Timestamp>,
}

impl Order {
    /// Tells whether a report is news, or was overtaken by one that has counted.
    fn is_news(
        &self,
        claim: &Claim,
        made_at: Timestamp,
        since_last: Option<Duration>,
        interval: Duration,
    ) -> bool {
        match (claim.sequence, self.current) {
            (Some(new), Some(last)) if new.stream == last.stream => new.number > last.number,
            (Some(new), _) => !self.retired.iter().any(|last| last.stream == new.stream),
            (None, _) => !is_overtaken(made_at, self.made_at, since_last, interval),
        }
    }

    /// Tells whether a report comes from a second process that goes on reporting under one key: its
    /// stream was taken for over, and it was made after the present one began. What an ended process
    /// left in a queue was made before.
    fn is_twin(&self, claim: &Claim, made_at: Timestamp) -> bool {
        let began = self.stream_since.is_some_and(|since| made_at > since);
        let goes_on = |new: Sequence| {
            let same = |last: &&Sequence| last.stream == new.stream;
            let last = self.retired.iter().find(same);
            last.is_some_and(|last| new.number > last.number)
        };
        began && claim.sequence.is_some_and(goes_on)
    }

    fn advance(&mut self, sequence: Option<Sequence>, made_at: Timestamp) {
        self.made_at = Some(made_at);
        let Some(sequence) = sequence else { return };
        if let Some(last) = self.current
            && last.stream != sequence.stream
        {
            if self.retired.len() == RETIRED_STREAMS {
                self.retired.pop_front();
            }
            self.retired.push_back(last);
        }
        if self
            .current
            .is_none_or(|last| last.stream != sequence.stream)
        {
            self.stream_since = Some(made_at);
        }
        self.current = Some(sequence);
    }
}

/// Whom a report is from and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub agent_id: String,
    pub is_news: bool,
}

/// Every agent known.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    by_id: HashMap<String, Agent>,
    /// (token id, host name in lower case) → agent id, for agents without a bound credential.
    bindings: HashMap<(String, String), String>,
    /// How many hosts each token reports for.
    per_token: HashMap<String, usize>,
}

impl Agents {
    /// Adds an agent known from before this start.
    pub fn remember(&mut self, agent_id: String, agent: Agent) {
        if !agent.keyed {
            self.bindings.insert(
                binding(agent.token_id.as_deref(), &agent.hostname),
                agent_id.clone(),
            );
        }
        self.count(agent.token_id.as_deref());
        self.by_id.insert(agent_id, agent);
    }

    /// Returns how many hosts a token has reported for.
    pub fn count_of(&self, token_id: Option<&str>) -> usize {
        self.per_token
            .get(token_id.unwrap_or_default())
            .copied()
            .unwrap_or_default()
    }

    /// Forgets an agent, which may come back as a new one.
    pub fn forget(&mut self, agent_id: &str) {
        let Some(agent) = self.by_id.remove(agent_id) else {
            return;
        };
        self.bindings.retain(|_, bound| bound != agent_id);
        self.discount(agent.token_id.as_deref());
    }

    fn count(&mut self, token_id: Option<&str>) {
        *self
            .per_token
            .entry(token_id.unwrap_or_default().to_owned())
            .or_default() += 1;
    }

    fn discount(&mut self, token_id: Option<&str>) {
        let token = token_id.unwrap_or_default();
        if let Some(count) = self.per_token.get_mut(token) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.per_token.remove(token);
            }
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns what is known of an agent.
    pub fn get(&self, agent_id: &str) -> Option<&Agent> {
        self.by_id.get(agent_id)
    }

    /// Says who `claim` is and whether its report is news. Changes nothing.
    pub fn resolve(
        &self,
        claim: &Claim,
        made_at: Timestamp,
        mono: Duration,
    ) -> Result<Resolved, Refusal> {
        let agent_id = match &claim.bound_agent_id {
            Some(bound) => {
                let agent_id = self.resolve_bound(claim, bound)?;
                self.unless_twin(agent_id, claim, made_at)
            }
            None => self.resolve_unbound(claim, mono)?,
        };
        let is_news = self.by_id.get(&agent_id).is_none_or(|agent| {
            let since_last = agent.heard.map(|heard| mono.saturating_sub(heard));
            agent
                .order
                .is_news(claim, made_at, since_last, agent.interval)
        });
        Ok(Resolved { agent_id, is_news })
    }

    /// Notes that a report of `agent_id` has counted.
    pub fn accept(
        &mut self,
        agent_id: &str,
        claim: &Claim,
        made_at: Timestamp,
        interval: Duration,
        mono: Duration,
    ) {
        if claim.bound_agent_id.is_none() {
            let key = binding(claim.token_id.as_deref(), &claim.hostname);
            self.bindings
                .entry(key)
                .or_insert_with(|| agent_id.to_owned());
        }
        let before = self.by_id.get(agent_id).map(|agent| agent.token_id.clone());
        if before.as_ref() != Some(&claim.token_id) {
            if let Some(token_id) = before {
                self.discount(token_id.as_deref());
            }
            self.count(claim.token_id.as_deref());
        }
        let agent = self
            .by_id
            .entry(agent_id.to_owned())
            .or_insert_with(|| Agent {
                hostname: String::new(),
                machine_id: None,
                token_id: None,
                keyed: false,
                interval,
                heard: None,
                order: Order::default(),
            });
        agent.hostname.clone_from(&claim.hostname);
        agent.machine_id.clone_from(&claim.machine_id);
        agent.token_id.clone_from(&claim.token_id);
        agent.keyed |= claim.keyed;
        agent.interval = interval;
        agent.heard = Some(mono);
        agent.order.advance(claim.sequence, made_at);
    }

    fn resolve_bound(&self, claim: &Claim, bound: &str) -> Result<String, Refusal> {
        let claimed = claim
            .agent_id
            .as_deref()
            .filter(|claimed| *claimed != bound);
        if let Some(claimed) = claimed
            && let Some(other) = self.by_id.get(claimed)
            && !(other.machine_id == claim.machine_id
                && same_hostname(&other.hostname, &claim.hostname))
        {
            return Err(Refusal::OtherAgent {
                bound: bound.to_owned(),
                claimed: claimed.to_owned(),
            });
        }
        let signed_before = self.by_id.get(bound).is_some_and(|agent| agent.keyed);
        if signed_before && !claim.keyed {
            return Err(Refusal::KeyRequired {
                agent_id: bound.to_owned(),
            });
        }
        Ok(bound.to_owned())
    }

    /// Two live processes under one key are a copied disk: the second goes by an id of its own until
    /// the operator gives one of them another key.
    fn unless_twin(&self, agent_id: String, claim: &Claim, made_at: Timestamp) -> String {
        let agent = self.by_id.get(&agent_id);
        if agent.is_some_and(|agent| agent.order.is_twin(claim, made_at)) {
            return clone_id(&agent_id, &format!("twin|{agent_id}"));
        }
        agent_id
    }

    fn resolve_unbound(&self, claim: &Claim, mono: Duration) -> Result<String, Refusal> {
        let names = [&claim.host_id, &claim.machine_id, &claim.agent_id];
        let names = names
            .map(|name| name.as_deref())
            .into_iter()
            .chain([Some(claim.hostname.as_str())]);
        let base = first_id(names).ok_or(Refusal::Nameless)?;
        let key = binding(claim.token_id.as_deref(), &claim.hostname);
        if let Some(pinned) = self.bindings.get(&key) {
            return self.unless_keyed(pinned.clone());
        }
        let Some(owner) = self.by_id.get(&base) else {
            return Ok(base);
        };
        if same_hostname(&owner.hostname, &claim.hostname) {
            // Same machine with another token: a re-install, unless the host signs its reports.
            return self.unless_keyed(base);
        }
        let silent = owner
            .heard
            .is_none_or(|heard| mono.saturating_sub(heard) > owner.interval * RENAME_AFTER);
        let same_machine = owner.token_id == claim.token_id && owner.machine_id == claim.machine_id;
        if silent && same_machine && !owner.keyed {
            return Ok(base);
        }
        let token = claim.token_id.as_deref().unwrap_or_default();
        Ok(clone_id(
            &base,
            &format!("{token}|{}|{base}", claim.hostname),
        ))
    }

    fn unless_keyed(&self, agent_id: String) -> Result<String, Refusal> {
        if self.by_id.get(&agent_id).is_some_and(|agent| agent.keyed) {
            return Err(Refusal::KeyRequired { agent_id });
        }
        Ok(agent_id)
    }
}

fn first_id<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    names
        .into_iter()
        .flatten()
        .map(sanitize)
        .find(|id| !id.is_empty())
}

fn binding(token_id: Option<&str>, hostname: &str) -> (String, String) {
    (
        token_id.unwrap_or_default().to_owned(),
        hostname.to_ascii_lowercase(),
    )
}

/// Returns `base` with a suffix that is stable for one `discriminator`.
fn clone_id(base: &str, discriminator: &str) -> String {
    let stem: String = base.chars().take(CLONE_STEM).collect();
    // FNV-1a: a name, not a secret; it only has to be the same after a restart.
    let hash = discriminator.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{}-{hash:08x}", stem.trim_end_matches('-'))
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
