//! Enrolment: a one-use token becomes an agent's own token and makes its key known.
//!
//! An enrolment token is not an API token: it lies in another table and opens nothing else.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulse_model::Secret;
use pulse_store::{Writer, file};

use crate::Error;
use crate::digest::{self, Hash};
use crate::mint::{self, TokenForm};
use crate::principal::Principal;
use crate::proof::ProvenKey;
use crate::scope::{Scope, Scopes};
use crate::state::{State, held};
use crate::tables::{AGENTS, AgentRow, ENROLMENTS, EnrolmentRow, Runs, TOKENS, TokenRow, Use};
use crate::token::{self, BOUND_AGENT, BOUND_HOSTNAME};

const LOCAL_FILE: &str = "local-agent.token";
const TOKEN_PREFIX: &str = "pulse_enrol_";
/// An agent that never got the answer may ask again this long, with the same key.
const RETRY_WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Far more than an agent tries in that time.
const MAX_TRIES: usize = 64;
const SHORTEST_LIFE: Duration = Duration::from_secs(60);
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
const MAX_OPEN: u64 = 1_000;
const MAX_AGENTS: usize = 10_000;
const MAX_TEXT: usize = 255;
const MAX_ID_PART: usize = 48;

/// What a running agent needs: to report, and to fetch its own configuration.
///
/// `agent:manage` is not among them: it opens the removal of other agents, and nothing an agent
/// asks for itself wants it.
const RUNTIME_SCOPES: [Scope; 4] = [
    Scope::AgentReport,
    Scope::AgentConfigRead,
    Scope::DockerReport,
    Scope::KubernetesReport,
];

/// An agent asking to be let in.
#[derive(Clone, Debug)]
pub struct EnrolRequest {
    /// Its host name.
    pub hostname: String,
    /// Its machine id; a hint, never its identity.
    pub machine_id: String,
    /// Its version.
    pub agent_version: String,
    /// Its key. The original's agents have none.
    pub key: Option<OfferedKey>,
}

impl EnrolRequest {
    fn nonce(&self) -> Option<String> {
        let offered = self.key.as_ref()?;
        Some(hex::encode(offered.claim.nonce))
    }
}

/// A key an agent offers, with what it signed to prove that it has it.
#[derive(Clone, Debug)]
pub struct OfferedKey {
    /// The key, its signature over the claim verified.
    pub key: ProvenKey,
    /// The claim, read from the signed bytes.
    pub claim: EnrolClaim,
}

/// What an agent signs when it enrols.
#[derive(Clone, Debug)]
pub struct EnrolClaim {
    /// The server it means, if it knows.
    pub server_id: Option<String>,
    /// SHA-256 of the enrolment token.
    pub token_sha256: [u8; 32],
    /// Random, so that no two claims are alike.
    pub nonce: [u8; 16],
    /// Its host name.
    pub hostname: String,
    /// Its machine id.
    pub machine_id: String,
}

/// What an enrolled agent gets.
#[derive(Debug)]
pub struct Enrolment {
    /// The id the server knows it by.
    pub agent_id: String,
    /// Its API token, shown this once.
    pub runtime_token: Secret,
    /// The id of that token.
    pub runtime_token_id: String,
    /// SHA-256 of its public key, from which its stable name is made.
    pub key_sha256: Option<[u8; 32]>,
}

/// A fresh enrolment token.
#[derive(Debug)]
pub struct IssuedEnrolmentToken {
    /// Its text, shown this once.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Makes sure that this machine's own agent finds a token, unless it has enrolled.
pub(crate) fn prepare_local(state: &State) -> Result<(), Error> {
    if has_local_agent(state) {
        return Ok(());
    }
    let path = state.data_dir.join(LOCAL_FILE);
    let present = match file::read_secret(&path, 256) {
        Err(pulse_store::Error::TooLarge { .. }) => None,
        other => other?,
    };
    let text = present.and_then(|bytes| String::from_utf8(bytes).ok());
    let kept = text.map(|text| hex::encode(digest::sha256(text.trim())));
    let token = draw(state);
    let is_good = state.change(
        |tables| {
            let known = tables.scan(&ENROLMENTS, "")?.rows;
            let open = known.iter().filter(|(_, row)| row.expires_at.is_none());
            for (key, _) in open {
                if Some(key) == kept.as_ref() {
                    return Ok(true);
                }
                tables.remove(&ENROLMENTS, key)?;
            }
            put_open(tables, &token, state.now(), None)?;
            Ok(false)
        },
        |_| {},
    )?;
    if !is_good {
        let line = Secret::new(format!("{}\n", token.expose()));
        file::write_private(&path, line.expose().as_bytes())?;
    }
    Ok(())
}

/// Tells whether this machine's agent has enrolled and its token was not revoked since.
fn has_local_agent(state: &State) -> bool {
    let tokens = held(&state.agents).local_tokens();
    tokens
        .iter()
        .any(|id| held(&state.tokens).get(id).is_some())
}

pub(crate) fn issue(
    state: &State,
    caller: &Principal,
    life: Duration,
) -> Result<IssuedEnrolmentToken, Error> {
    if !caller.allows(Scope::AgentEnroll) {
        return Err(Error::MissingScopes(vec![Scope::AgentEnroll]));
    }
    if !(SHORTEST_LIFE..=LONGEST_LIFE).contains(&life) {
        return Err(Error::ExpiryOutOfRange);
    }
    let token = draw(state);
    let expires_at = state.now() + life;
    state.change(
        |tables| {
            state.check_current(caller)?;
            if tables.count(&ENROLMENTS)? >= MAX_OPEN {
                return Err(Error::TooMany {
                    what: "enrolment tokens",
                    limit: MAX_OPEN as usize,
                });
            }
            put_open(tables, &token, state.now(), Some(expires_at))
        },
        |()| {},
    )?;
    Ok(IssuedEnrolmentToken { token, expires_at })
}

pub(crate) fn enrol(
    state: &State,
    token: &Secret,
    request: &EnrolRequest,
) -> Result<Enrolment, Error> {
    let outcome = try_enrol(state, token, request);
    match &outcome {
        Ok(enrolment) => {
            tracing::info!(agent = %enrolment.agent_id, "agent enrolled");
            state.counters.enrolments.add();
        }
        Err(_) => state.counters.enrolments_refused.add(),
    }
    outcome
}

fn try_enrol(state: &State, token: &Secret, request: &EnrolRequest) -> Result<Enrolment, Error> {
    let hash = digest::sha256(token.expose());
    if let Some(offered) = &request.key {
        check_claim(state, &hash, request, &offered.claim)?;
    }
    let raw = TokenForm::Prefixed.draw(&state.entropy);
    let admitted = state.change(
        |tables| admit(state, tables, &hash, request, &raw),
        |admitted| admitted.apply(state),
    )?;
    Ok(Enrolment {
        agent_id: admitted.id,
        runtime_token: raw,
        runtime_token_id: admitted.token.id,
        key_sha256: request.key.as_ref().map(|offered| offered.key.sha256()),
    })
}

/// A claim is about this token, this server and this request, or it was made for something else.
fn check_claim(
    state: &State,
    token: &Hash,
    request: &EnrolRequest,
    claim: &EnrolClaim,
) -> Result<(), Error> {
    let names_us = claim
        .server_id
        .as_ref()
        .is_none_or(|id| *id == state.server_id);
    let holds = names_us
        && digest::same(&claim.token_sha256, token)
        && claim.hostname == request.hostname
        && claim.machine_id == request.machine_id;
    if holds {
        Ok(())
    } else {
        Err(Error::ProofInvalid)
    }
}

/// What letting an agent in changed.
struct Admitted {
    id: String,
    row: AgentRow,
    token: TokenRow,
    replaced_token: Option<String>,
}

impl Admitted {
    fn apply(&self, state: &State) {
        if let Some(id) = &self.replaced_token {
            held(&state.tokens).remove(id);
            state.bump_epoch();
        }
        mint::remember(state, &self.token);
        held(&state.agents).insert(self.id.clone(), self.row.clone());
    }
}

/// Uses the enrolment token and makes the agent's own, in one transaction.
fn admit(
    state: &State,
    tables: &mut Writer,
    hash: &Hash,
    request: &EnrolRequest,
    raw: &Secret,
) -> Result<Admitted, Error> {
    let now = state.now();
    let key = hex::encode(hash);
    let mut enrolment = tables
        .get(&ENROLMENTS, &key)?
        .ok_or(Error::EnrolmentRefused)?;
    let public_key = request.key.as_ref().map(|offered| offered.key.to_hex());
    let id = match &enrolment.used {
        Some(earlier) if is_retry(earlier, request, now) => earlier.agent_id.clone(),
        None if enrolment.expires_at.is_none_or(|end| now < end) => choose_id(state, request)?,
        _ => return Err(Error::EnrolmentRefused),
    };
    let known = held(&state.agents).get(&id).cloned();
    if let Some(known) = &known {
        tables.remove(&TOKENS, &known.runtime_token_id)?;
    }
    let token = mint::store(state, tables, runtime_token(state, &id, request, raw))?;
    let row = AgentRow {
        hostname: clip(&request.hostname),
        machine_id: clip(&request.machine_id),
        agent_version: clip(&request.agent_version),
        public_key: public_key.clone(),
        enrolled_at: now,
        runtime_token_id: token.id.clone(),
        local: enrolment.expires_at.is_none(),
        runs: known
            .as_ref()
            .map_or_else(Runs::default, |known| known.runs.clone()),
    };
    tables.put(&AGENTS, &id, &row)?;
    let used = enrolment.used.get_or_insert_with(|| Use {
        at: now,
        agent_id: id.clone(),
        public_key,
        nonces: Vec::new(),
    });
    used.nonces.extend(request.nonce());
    tables.put(&ENROLMENTS, &key, &enrolment)?;
    let replaced_token = known.map(|known| known.runtime_token_id);
    Ok(Admitted {
        id,
        row,
        token,
        replaced_token,
    })
}

/// Tells whether a request is from the agent that used the token, asking afresh. The same request
/// once more may be from anybody who saw it pass, and would end the agent's own token.
fn is_retry(earlier: &Use, request: &EnrolRequest, now: Timestamp) -> bool {
    let (Some(offered), Some(nonce)) = (&request.key, request.nonce()) else {
        return false;
    };
    earlier.public_key == Some(offered.key.to_hex())
        && !earlier.nonces.contains(&nonce)
        && earlier.nonces.len() < MAX_TRIES
        && now.duration_since(earlier.at) < RETRY_WINDOW
}

/// Returns the id the agent is known by: the one its key had before, or a free one that tells a
/// reader which host it is.
fn choose_id(state: &State, request: &EnrolRequest) -> Result<String, Error> {
    let agents = held(&state.agents);
    if let Some(known) = request
        .key
        .as_ref()
        .and_then(|offered| agents.id_of_key(offered.key))
    {
        return Ok(known.clone());
    }
    if agents.len() >= MAX_AGENTS {
        return Err(Error::TooMany {
            what: "agents",
            limit: MAX_AGENTS,
        });
    }
    let name = format!("agent-{}", id_part(&request.hostname));
    if agents.get(&name).is_none() {
        return Ok(name);
    }
    Ok(format!(
        "{name}-{}",
        hex::encode(state.entropy.bytes::<4>())
    ))
}

fn runtime_token(state: &State, id: &str, request: &EnrolRequest, raw: &Secret) -> TokenRow {
    let name = format!("Agent {}", clip(&request.hostname));
    let scopes = Scopes::only(RUNTIME_SCOPES);
    let mut row = token::row_for(raw, &name, scopes, state.now(), &state.entropy);
    row.metadata.insert(BOUND_AGENT.to_owned(), id.to_owned());
    row.metadata
        .insert(BOUND_HOSTNAME.to_owned(), clip(&request.hostname));
    row
}

/// Removes enrolment tokens that are past use, and the local one's file with it.
pub(crate) fn purge(state: &State) -> Result<(), Error> {
    let now = state.now();
    let past = |rows: Vec<(String, EnrolmentRow)>| rows.into_iter().filter(|(_, r)| r.is_past(now));
    let known = state
        .store
        .read_now(|tables| tables.scan(&ENROLMENTS, ""))?
        .rows;
    if past(known).next().is_none() {
        return Ok(());
    }
    state.change(
        |tables| {
            for (key, row) in past(tables.scan(&ENROLMENTS, "")?.rows) {
                if row.expires_at.is_none() {
                    file::remove(&state.data_dir.join(LOCAL_FILE))?;
                }
                tables.remove(&ENROLMENTS, &key)?;
            }
            Ok(())
        },
        |()| {},
    )
}

impl EnrolmentRow {
    fn is_past(&self, now: Timestamp) -> bool {
        match &self.used {
            Some(earlier) => now.duration_since(earlier.at) >= RETRY_WINDOW,
            None => self.expires_at.is_some_and(|end| end <= now),
        }
    }
}

fn draw(state: &State) -> Secret {
    digest::random_hex::<32>(&state.entropy, TOKEN_PREFIX)
}

fn put_open(
    tables: &mut Writer,
    token: &Secret,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    let key = hex::encode(digest::sha256(token.expose()));
    let row = EnrolmentRow {
        created_at: now,
        expires_at,
        used: None,
    };
    Ok(tables.put(&ENROLMENTS, &key, &row)?)
}

/// Makes the part of an id that comes from a host name: lower case, one dash for anything else.
fn id_part(hostname: &str) -> String {
    let mut part = String::new();
    for c in hostname.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            part.push(c);
        } else if !part.ends_with('-') {
            part.push('-');
        }
    }
    let part: String = part.trim_matches('-').chars().take(MAX_ID_PART).collect();
    let part = part.trim_end_matches('-');
    if part.is_empty() {
        "host".to_owned()
    } else {
        part.to_owned()
    }
}

fn clip(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(MAX_TEXT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_host_name() {
        for (hostname, expected) in [
            ("web01", "web01"),
            ("Web_01.Example.ORG", "web-01-example-org"),
            ("--- ", "host"),
            ("", "host"),
            ("größe", "größe"),
        ] {
            assert_eq!(id_part(hostname), expected);
        }
        assert_eq!(id_part(&"x".repeat(300)).len(), MAX_ID_PART);
    }
}
