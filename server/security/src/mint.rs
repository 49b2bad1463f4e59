//! Making, replacing and revoking API tokens.

use std::time::Duration;

use jiff::Timestamp;
use pulse_model::Secret;
use pulse_store::Writer;

use crate::Error;
use crate::digest;
use crate::principal::{Principal, TokenHolder};
use crate::scope::{Scope, Scopes};
use crate::state::{State, held};
use crate::tables::{TOKENS, TokenRow};
use crate::token::{self, BOUND_AGENT, KnownToken, OWNER, Token};

const DEFAULT_NAME: &str = "API token";
const MAX_NAME: usize = 128;
/// How many tokens there may be, agents' own included.
const MAX_TOKENS: usize = 10_000;
const SHORTEST_LIFE: Duration = Duration::from_secs(60);
const LONGEST_LIFE: Duration = Duration::from_secs(3650 * 24 * 3600);

/// A token somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct TokenRequest {
    /// Its name; blank for a standard one.
    pub name: String,
    /// Names of scopes; absent for all.
    pub scopes: Option<Vec<String>>,
    /// How long it lives; absent for ever, or as long as the token that asks.
    pub expires_in: Option<Duration>,
    /// How it is written.
    pub form: TokenForm,
}

/// How a fresh token is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenForm {
    /// With a prefix that scanners for leaked secrets know.
    #[default]
    Prefixed,
    /// 64 hex digits alone, which is all that the original agent's installer accepts.
    BareHex,
}

/// A token just made: the only time its text is seen.
#[derive(Debug)]
pub struct Minted {
    /// The text.
    pub raw: Secret,
    /// What is kept.
    pub token: Token,
}

impl TokenForm {
    pub(crate) fn draw(self, entropy: &pulse_model::Entropy) -> Secret {
        let prefix = match self {
            Self::Prefixed => "pulse_",
            Self::BareHex => "",
        };
        digest::random_hex::<32>(entropy, prefix)
    }
}

pub(crate) fn create(
    state: &State,
    caller: &Principal,
    wanted: &TokenRequest,
) -> Result<Minted, Error> {
    let scopes = Scopes::requested(wanted.scopes.as_deref())?;
    let name = token_name(&wanted.name)?;
    let expires_at = expiry(caller, wanted.expires_in, state.now())?;
    check_hand_out(caller, &scopes, expires_at, bound_agent(caller))?;
    let raw = wanted.form.draw(&state.entropy);
    let mut row = token::row_for(&raw, &name, scopes, state.now(), &state.entropy);
    row.expires_at = expires_at;
    if let Principal::User(user) = caller {
        row.metadata.insert(OWNER.to_owned(), user.name.clone());
    }
    if let Some(agent) = bound_agent(caller) {
        row.metadata
            .insert(BOUND_AGENT.to_owned(), agent.to_owned());
    }
    let token = state.change(
        |tables| {
            state.check_current(caller)?;
            store(state, tables, row)
        },
        |row| remember(state, row),
    )?;
    Ok(Minted {
        raw,
        token: view(token),
    })
}

pub(crate) fn rotate(state: &State, caller: &Principal, id: &str) -> Result<Minted, Error> {
    let raw = TokenForm::Prefixed.draw(&state.entropy);
    let row = state.change(
        |tables| {
            state.check_current(caller)?;
            let current = stored(state, id)?;
            let bound = current.metadata.get(BOUND_AGENT).map(String::as_str);
            check_hand_out(caller, &current.scopes, current.expires_at, bound)?;
            let (prefix, suffix) = token::hints(raw.expose());
            let hash = hex::encode(digest::sha3(raw.expose()));
            let row = TokenRow {
                hash,
                prefix,
                suffix,
                last_used_at: None,
                ..current
            };
            tables.put(&TOKENS, id, &row)?;
            Ok(row)
        },
        |row| {
            remember(state, row);
            state.bump_epoch();
        },
    )?;
    Ok(Minted {
        raw,
        token: view(row),
    })
}

pub(crate) fn revoke(state: &State, caller: &Principal, id: &str) -> Result<(), Error> {
    state.change(
        |tables| {
            state.check_current(caller)?;
            stored(state, id)?;
            tables.remove(&TOKENS, id)?;
            Ok(())
        },
        |()| {
            held(&state.tokens).remove(id);
            state.bump_epoch();
        },
    )
}

pub(crate) fn list(state: &State) -> Vec<Token> {
    let mut tokens: Vec<Token> = held(&state.tokens)
        .iter()
        .map(|token| token.view())
        .collect();
    tokens.sort_by(|a, b| {
        b.created_at
            .cmp(&a.created_at)
            .then_with(|| a.id.cmp(&b.id))
    });
    tokens
}

/// Puts a fresh row on disk, within the bound and without a text that is there already.
pub(crate) fn store(state: &State, tables: &mut Writer, row: TokenRow) -> Result<TokenRow, Error> {
    let hash = digest::read_hash(&row.hash).ok_or(Error::InvalidToken)?;
    {
        let known = held(&state.tokens);
        if known.len() >= MAX_TOKENS {
            return Err(Error::TooMany {
                what: "API tokens",
                limit: MAX_TOKENS,
            });
        }
        if known.has_hash(&hash) {
            return Err(Error::TokenInUse);
        }
    }
    tables.put(&TOKENS, &row.id, &row)?;
    Ok(row)
}

/// Brings memory in line with a row that was stored.
pub(crate) fn remember(state: &State, row: &TokenRow) {
    if let Some(token) = KnownToken::of_row(row.clone()) {
        held(&state.tokens).insert(token);
    }
}

pub(crate) fn view(row: TokenRow) -> Token {
    KnownToken::of_row(row)
        .expect("our own rows hold a hash")
        .view()
}

fn stored(state: &State, id: &str) -> Result<TokenRow, Error> {
    let tokens = held(&state.tokens);
    let token = tokens.get(id).ok_or(Error::TokenNotFound)?;
    if token.from_env {
        return Err(Error::ManagedByEnvironment);
    }
    Ok(token.row.clone())
}

/// Fails unless `caller` may let somebody have a token like this one: nobody hands out more than
/// they have.
fn check_hand_out(
    caller: &Principal,
    scopes: &Scopes,
    expires_at: Option<Timestamp>,
    bound: Option<&str>,
) -> Result<(), Error> {
    let own = match caller {
        Principal::User(user) if user.admin => return Ok(()),
        Principal::User(_) => return Err(Error::NotAdmin),
        Principal::Token(own) => own,
    };
    let missing: Vec<Scope> = own.scopes.missing_for(scopes);
    if !missing.is_empty() {
        return Err(Error::MissingScopes(missing));
    }
    if own.bound_agent.is_some() && own.bound_agent.as_deref() != bound {
        return Err(Error::AgentMismatch);
    }
    match (own.expires_at, expires_at) {
        (Some(own_end), Some(end)) if end <= own_end => Ok(()),
        (Some(_), _) => Err(Error::ExpiryBeyondOwn),
        (None, _) => Ok(()),
    }
}

fn bound_agent(caller: &Principal) -> Option<&str> {
    match caller {
        Principal::Token(TokenHolder { bound_agent, .. }) => bound_agent.as_deref(),
        Principal::User(_) => None,
    }
}

fn expiry(
    caller: &Principal,
    expires_in: Option<Duration>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    match (expires_in, caller) {
        (Some(life), _) if (SHORTEST_LIFE..=LONGEST_LIFE).contains(&life) => Ok(Some(now + life)),
        (Some(_), _) => Err(Error::ExpiryOutOfRange),
        (None, Principal::Token(own)) => Ok(own.expires_at),
        (None, Principal::User(_)) => Ok(None),
    }
}

fn token_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.chars().count() > MAX_NAME {
        return Err(Error::NameTooLong(MAX_NAME));
    }
    Ok(if name.is_empty() { DEFAULT_NAME } else { name }.to_owned())
}
