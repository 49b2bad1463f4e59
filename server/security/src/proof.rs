//! Agents' keys, and which reports are really theirs and new.

use std::collections::HashMap;
use std::sync::Arc;

use ed25519_dalek::{Signature, VerifyingKey};

use crate::Error;
use crate::digest;
use crate::principal::Principal;
use crate::state::{State, held};
use crate::tables::{AGENTS, AgentRow, Runs};

/// Runs of an agent remembered as replaced.
const MAX_REPLACED: usize = 64;
const KEY_ID_BYTES: usize = 16;

/// A public key whose owner has signed something with it just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenKey([u8; 32]);

impl ProvenKey {
    /// Accepts `public` if `signature` over exactly `signed` is its own.
    pub fn verify(public: &[u8; 32], signed: &[u8], signature: &[u8; 64]) -> Result<Self, Error> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| Error::ProofInvalid)?;
        key.verify_strict(signed, &Signature::from_bytes(signature))
            .map_err(|_| Error::ProofInvalid)?;
        Ok(Self(*public))
    }

    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn sha256(self) -> digest::Hash {
        digest::sha256_of_key(&self.0)
    }
}

/// The proof of key that came with a report.
#[derive(Clone, Debug)]
pub struct ReportProof {
    /// Hint at the key, in hex.
    pub key_id: String,
    /// Run of the agent.
    pub boot: [u8; 8],
    /// Number of the report within the run.
    pub sequence: u64,
    /// The bytes the signature is over, made with this server's own id and path.
    pub signed: Vec<u8>,
    /// The signature.
    pub signature: [u8; 64],
}

/// How well a report's sender is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// By its key.
    Keyed,
    /// By its token alone.
    Token,
}

/// An agent in memory.
#[derive(Debug)]
struct Agent {
    row: AgentRow,
    key: Option<VerifyingKey>,
    written: Runs,
    /// The run during which it was logged that a replaced one still reports.
    warned_in: Option<String>,
}

/// Enrolled agents by id, and ids by key.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    by_id: HashMap<String, Agent>,
    by_key_id: HashMap<String, String>,
    /// Runs that reported for the first time and are not on disk yet, by agent, oldest first.
    beginning: HashMap<String, Vec<String>>,
}

impl Agents {
    pub fn insert(&mut self, id: String, row: AgentRow) {
        let bytes = row.public_key.as_deref().and_then(digest::read_hash);
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        if let Some(bytes) = bytes {
            self.by_key_id.insert(key_id(&bytes), id.clone());
        }
        let written = row.runs.clone();
        let agent = Agent {
            row,
            key,
            written,
            warned_in: None,
        };
        self.by_id.insert(id, agent);
    }

    pub fn get(&self, id: &str) -> Option<&AgentRow> {
        self.by_id.get(id).map(|agent| &agent.row)
    }

    pub fn id_of_key(&self, key: ProvenKey) -> Option<&String> {
        self.by_key_id.get(&key_id(&key.0))
    }

    /// Returns the tokens of this machine's own agent, past ones included.
    pub fn local_tokens(&self) -> Vec<String> {
        let local = self.by_id.values().filter(|agent| agent.row.local);
        local
            .map(|agent| agent.row.runtime_token_id.clone())
            .collect()
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns the rows whose runs on disk lag behind.
    pub fn unwritten(&self) -> Vec<(String, AgentRow)> {
        let due = self
            .by_id
            .iter()
            .filter(|(_, agent)| agent.row.runs != agent.written);
        due.map(|(id, agent)| (id.clone(), agent.row.clone()))
            .collect()
    }

    pub fn mark_written(&mut self, id: &str, runs: &Runs) {
        if let Some(agent) = self.by_id.get_mut(id) {
            agent.written = runs.clone();
        }
    }

    /// Counts a signed report of an agent, if its run is on disk. If not, `None` is returned and the
    /// run waits for the next [`begin_runs`].
    fn count(&mut self, id: &str, report: &ReportProof) -> Result<Option<Counted>, Error> {
        let agent = self.by_id.get_mut(id).ok_or(Error::ProofInvalid)?;
        let boot = hex::encode(report.boot);
        let counted = agent.row.runs.count(&boot, report.sequence);
        match &counted {
            Ok(None) => {
                let waiting = self.beginning.entry(id.to_owned()).or_default();
                if !waiting.contains(&boot) && waiting.len() < MAX_REPLACED {
                    waiting.push(boot);
                }
            }
            Err(Error::RunReplaced) => agent.warn_of_replaced_run(id),
            _ => {}
        }
        counted
    }

    /// Returns the rows with which the waiting runs begin; they wait no more.
    fn take_beginning(&mut self) -> Vec<(String, AgentRow)> {
        let mut rows = Vec::new();
        for (id, boots) in std::mem::take(&mut self.beginning) {
            let Some(mut row) = self.get(&id).cloned() else {
                continue;
            };
            let begun = boots.into_iter().filter(|boot| row.runs.begin(boot));
            // One that began meanwhile has counted on since; its row here may be behind.
            if begun.count() > 0 {
                rows.push((id, row));
            }
        }
        rows
    }

    /// Takes over runs that are on disk now.
    fn began(&mut self, rows: &[(String, AgentRow)]) {
        for (id, row) in rows {
            if let Some(agent) = self.by_id.get_mut(id) {
                agent.row.runs.clone_from(&row.runs);
                agent.written.clone_from(&row.runs);
            }
        }
    }

    fn is_keyed(&self, id: &str) -> bool {
        self.by_id
            .get(id)
            .is_some_and(|agent| agent.row.public_key.is_some())
    }
}

impl Agent {
    /// Logs once per present run that a former one still reports.
    fn warn_of_replaced_run(&mut self, id: &str) {
        if self.warned_in == self.row.runs.current {
            return;
        }
        self.warned_in.clone_from(&self.row.runs.current);
        tracing::warn!(
            agent = id,
            "reports of a run that was replaced arrive: this agent's key is in use twice, or old \
             reports are being replayed"
        );
    }
}

/// A report that was counted, and what to go back to if it is given up.
struct Counted {
    boot: String,
    sequence: u64,
    /// Highest number before.
    before: u64,
}

impl Runs {
    /// Counts a report of the present run. `None` means that its run has not begun.
    fn count(&mut self, boot: &str, sequence: u64) -> Result<Option<Counted>, Error> {
        if self.replaced.iter().any(|run| run == boot) {
            return Err(Error::RunReplaced);
        }
        if self.current.as_deref() != Some(boot) {
            return Ok(None);
        }
        let before = self.accepted;
        if sequence <= before {
            return Err(Error::Replayed { accepted: before });
        }
        self.accepted = sequence;
        Ok(Some(Counted {
            boot: boot.to_owned(),
            sequence,
            before,
        }))
    }

    /// Replaces the present run and tells so, unless `boot` is known. Numbers start at 1.
    fn begin(&mut self, boot: &str) -> bool {
        let mut known = self.replaced.iter().chain(&self.current);
        if known.any(|run| run == boot) {
            return false;
        }
        self.replaced.extend(self.current.replace(boot.to_owned()));
        if self.replaced.len() > MAX_REPLACED {
            self.replaced.remove(0);
        }
        self.accepted = 0;
        true
    }

    /// Goes back to before a report, unless a later one was accepted since. Its run stays begun.
    fn give_up(&mut self, counted: &Counted) {
        if self.current.as_ref() == Some(&counted.boot) && self.accepted == counted.sequence {
            self.accepted = counted.before;
        }
    }
}

/// Permission to take in one report.
///
/// Dropped without [`ReportPass::keep`], it gives the report's number back, so that the agent may
/// send it again.
#[must_use]
pub struct ReportPass {
    state: Arc<State>,
    agent: Option<String>,
    bound: Option<String>,
    counted: Option<Counted>,
}

impl ReportPass {
    /// Permission for somebody who is known by a token alone.
    pub(crate) fn by_token(state: &Arc<State>, bound: Option<String>) -> Self {
        Self {
            state: state.clone(),
            agent: None,
            bound,
            counted: None,
        }
    }

    /// Returns how well the sender is known.
    pub fn trust(&self) -> Trust {
        if self.counted.is_some() {
            Trust::Keyed
        } else {
            Trust::Token
        }
    }

    /// Returns the enrolled agent that sent it, or that its token is bound to.
    pub fn agent(&self) -> Option<&str> {
        self.agent.as_deref().or(self.bound.as_deref())
    }

    /// Fails if the sender may not report as the agent `id`, as the body says it is.
    pub fn check_agent(&self, id: &str) -> Result<(), Error> {
        match self.agent() {
            Some(own) if own == id => Ok(()),
            Some(_) => self.refused(Error::AgentMismatch),
            None if held(&self.state.agents).is_keyed(id) => self.refused(Error::KeyRequired),
            None => Ok(()),
        }
    }

    /// Confirms that the report was taken in.
    pub fn keep(mut self) {
        self.counted = None;
    }

    fn refused(&self, error: Error) -> Result<(), Error> {
        self.state.counters.reports_refused.add();
        Err(error)
    }
}

impl Drop for ReportPass {
    fn drop(&mut self) {
        let (Some(counted), Some(id)) = (self.counted.take(), &self.agent) else {
            return;
        };
        if let Some(agent) = held(&self.state.agents).by_id.get_mut(id) {
            agent.row.runs.give_up(&counted);
        }
    }
}

/// Who sent a report, before its number is looked at.
pub(crate) enum Sender<'a> {
    /// An agent, by a signature that holds.
    Keyed(String, &'a ReportProof),
    /// Somebody with a token, which may be bound to an agent.
    Token(Option<String>),
}

/// Finds out who sent a report.
pub(crate) fn identify<'a>(
    state: &State,
    caller: &Principal,
    proof: Option<&'a ReportProof>,
) -> Result<Sender<'a>, Error> {
    let bound = match caller {
        Principal::Token(token) => token.bound_agent.clone(),
        Principal::User(_) => None,
    };
    let (id, key) = {
        let agents = held(&state.agents);
        let by_proof = || agents.by_key_id.get(&proof?.key_id).cloned();
        let Some(id) = bound.clone().or_else(by_proof) else {
            return Ok(Sender::Token(None));
        };
        match agents.by_id.get(&id).and_then(|agent| agent.key) {
            Some(key) => (id, key),
            None if agents.is_keyed(&id) => return Err(Error::ProofInvalid),
            None => return Ok(Sender::Token(bound)),
        }
    };
    let proof = proof.ok_or(Error::KeyRequired)?;
    if proof.key_id != key_id(key.as_bytes()) {
        return Err(Error::ProofInvalid);
    }
    // The lock is not held here: this is the expensive part.
    key.verify_strict(&proof.signed, &Signature::from_bytes(&proof.signature))
        .map_err(|_| Error::ProofInvalid)?;
    Ok(Sender::Keyed(id, proof))
}

/// Lets a signed report in, unless it was here before. `None` means that its run has to begin
/// first, which [`begin_runs`] does.
pub(crate) fn count(
    state: &Arc<State>,
    id: &str,
    proof: &ReportProof,
) -> Result<Option<ReportPass>, Error> {
    let counted = held(&state.agents).count(id, proof)?;
    Ok(counted.map(|counted| ReportPass {
        state: state.clone(),
        agent: Some(id.to_owned()),
        bound: None,
        counted: Some(counted),
    }))
}

/// Makes durable that the waiting runs have begun, all in one commit: a fleet that restarts is
/// many at once.
///
/// Before that, no report of them is taken in. Otherwise, after a crash, a replayed report of the
/// run before would pass for a run of its own and end the real one. Numbers within a run are
/// written every ten minutes only: what can be replayed after a crash is at most that old, and only
/// until the agent's next report.
pub(crate) fn begin_runs(state: &State) -> Result<(), Error> {
    state.change(
        |tables| {
            let rows = held(&state.agents).take_beginning();
            for (id, row) in &rows {
                tables.put(&AGENTS, id, row)?;
            }
            Ok(rows)
        },
        |rows| held(&state.agents).began(rows),
    )?;
    Ok(())
}

/// Returns the hint at a key: the first half of its hash, in hex.
fn key_id(public: &[u8; 32]) -> String {
    hex::encode(&digest::sha256_of_key(public)[..KEY_ID_BYTES])
}
