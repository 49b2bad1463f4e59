//! First set-up: the token that lies in the data directory, and the account it buys.

use std::net::IpAddr;
use std::path::PathBuf;

use pulse_model::Secret;
use pulse_store::{Writer, file};

use crate::account::{self, Account};
use crate::digest::{self, Hash};
use crate::login::{Client, LoggedIn, Opening};
use crate::mint::{self, TokenForm};
use crate::rate::{Caller, Category};
use crate::scope::{Scope, Scopes};
use crate::session::SessionKey;
use crate::state::{State, held};
use crate::tables::{ACCOUNTS, SESSIONS, TOKENS, TokenRow};
use crate::token::{self, Token};
use crate::{Error, Principal, password};

const FILE_NAME: &str = ".bootstrap_token";
const TOKEN_LENGTH: usize = 48;
const FIRST_TOKEN_NAME: &str = "Primary token";

/// The set-up token while it is active; its text is in the file only.
#[derive(Debug)]
pub(crate) struct Bootstrap {
    hash: Hash,
    pub path: PathBuf,
}

/// What a first set-up asks for.
#[derive(Debug)]
pub struct SetupRequest {
    /// The administrator's name.
    pub username: String,
    /// The administrator's password.
    pub password: Secret,
    /// The set-up token.
    pub setup_token: Option<Secret>,
    /// Text of an API token the caller has chosen.
    pub api_token: Option<Secret>,
    /// Whether to make an API token.
    pub generate_api_token: bool,
    /// Whether to replace what was set up before.
    pub force: bool,
    /// Where it comes from.
    pub client: Client,
}

/// How a set-up ended.
#[derive(Debug)]
pub enum SetupOutcome {
    /// It is done.
    Done(Box<SetupDone>),
    /// It was done before and nothing was to be forced.
    Skipped,
}

/// What a set-up leaves with the caller.
#[derive(Debug)]
pub struct SetupDone {
    /// The administrator's session.
    pub login: LoggedIn,
    /// The first API token, if there is one.
    pub token: Option<Token>,
    /// Its text, if the server made it.
    pub api_token: Option<Secret>,
}

/// Makes sure that the set-up token's file is there exactly while it is needed.
pub(crate) fn prepare(state: &State) -> Result<(), Error> {
    let path = state.data_dir.join(FILE_NAME);
    if state.has_credentials() {
        file::remove(&path)?;
        return Ok(());
    }
    let present = match file::read_secret(&path, 256) {
        Err(pulse_store::Error::TooLarge { .. }) => None,
        other => other?,
    };
    let kept = present
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(|text| Secret::new(text.trim()))
        .filter(|token| has_form(token.expose()));
    let token = match kept {
        Some(token) => token,
        None => {
            let token = digest::random_hex::<{ TOKEN_LENGTH / 2 }>(&state.entropy, "");
            let line = Secret::new(format!("{}\n", token.expose()));
            file::write_private(&path, line.expose().as_bytes())?;
            token
        }
    };
    let hash = digest::sha256(token.expose());
    *held(&state.bootstrap) = Some(Bootstrap { hash, path });
    Ok(())
}

fn has_form(token: &str) -> bool {
    token.len() == TOKEN_LENGTH && token.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Checks a set-up token without using it.
pub(crate) fn validate(state: &State, token: Option<&Secret>, ip: IpAddr) -> Result<(), Error> {
    if token.is_none_or(Secret::is_empty) {
        return Err(Error::SetupTokenMissing);
    }
    let verdict = held(&state.limiter).check(
        Category::Bootstrap,
        &Caller::of(None, ip),
        state.clock.monotonic(),
        state.now(),
    );
    if let Some(retry_after) = verdict.and_then(|verdict| verdict.retry_after) {
        return Err(Error::TooManyAttempts { retry_after });
    }
    check_token(state, token)
}

fn check_token(state: &State, token: Option<&Secret>) -> Result<(), Error> {
    let token = token
        .filter(|token| !token.is_empty())
        .ok_or(Error::SetupTokenMissing)?;
    let bootstrap = held(&state.bootstrap);
    let active = bootstrap.as_ref().ok_or(Error::SetupTokenInactive)?;
    if digest::same(&active.hash, &digest::sha256(token.expose().trim())) {
        return Ok(());
    }
    state.counters.setup_tokens_refused.add();
    Err(Error::SetupTokenWrong)
}

/// On whose authority a set-up runs.
#[derive(Clone, Copy, PartialEq)]
enum Authority {
    /// Nobody can get in yet; the set-up token proves access to the data directory.
    SetupToken,
    /// There are API tokens but no account, and one of them asks for the first.
    FirstAccount,
    /// An administrator replaces everything.
    Administrator,
}

/// Runs a set-up. Blocks for as long as bcrypt takes.
pub(crate) fn quick_setup(
    state: &State,
    caller: Option<&Principal>,
    request: &SetupRequest,
) -> Result<SetupOutcome, Error> {
    let Some(authority) = authorise(state, caller, request)? else {
        return Ok(SetupOutcome::Skipped);
    };
    if !password::is_valid_name(&request.username) {
        return Err(Error::UsernameRejected);
    }
    password::check_rules(request.password.expose())?;
    let (chosen, generated) = draw_api_token(state, request)?;
    let password_hash = password::hash(request.password.expose(), state.hash_cost)?;
    let row = account::admin(&request.username, password_hash, state.now());
    let account = Account {
        row,
        from_env: false,
    };
    let api_token = generated.as_ref().or(chosen);
    let done = state.change(
        |tables| {
            check_still_open(state, tables, authority, caller)?;
            let gone = match authority {
                Authority::Administrator => Some(clear(state, tables)?),
                Authority::SetupToken | Authority::FirstAccount => None,
            };
            tables.put(&ACCOUNTS, &account::key(&account.row.name), &account.row)?;
            let token = match api_token {
                Some(raw) => Some(store_api_token(state, tables, raw)?),
                None => None,
            };
            let opening = Opening::prepare(state, &account, false, &request.client, None);
            opening.store(tables)?;
            Ok(Changes {
                gone,
                token,
                opening,
            })
        },
        |changes| apply(state, &account, changes),
    )?;
    tracing::info!("set-up done");
    Ok(SetupOutcome::Done(Box::new(SetupDone {
        login: done.opening.finish(state, &account),
        token: done.token.map(mint::view),
        api_token: generated,
    })))
}

/// What a set-up changed.
struct Changes {
    gone: Option<Gone>,
    token: Option<TokenRow>,
    opening: Opening,
}

/// What a forced set-up removed.
struct Gone {
    tokens: Vec<String>,
    sessions: Vec<SessionKey>,
}

/// Returns by what right the set-up may run, or `None` if there is nothing to do.
fn authorise(
    state: &State,
    caller: Option<&Principal>,
    request: &SetupRequest,
) -> Result<Option<Authority>, Error> {
    if !state.has_credentials() {
        check_token(state, request.setup_token.as_ref())?;
        return Ok(Some(Authority::SetupToken));
    }
    let has_account = !held(&state.accounts).is_empty();
    match caller {
        None if request.setup_token.is_some() => Err(Error::AlreadySetUp),
        None => Err(Error::NotSignedIn),
        Some(Principal::User(user)) if !user.admin => Err(Error::NotAdmin),
        Some(Principal::Token(token)) if !token.scopes.allows(Scope::SettingsWrite) => {
            Err(Error::MissingScopes(vec![Scope::SettingsWrite]))
        }
        Some(Principal::Token(_)) if !has_account => Ok(Some(Authority::FirstAccount)),
        Some(_) if !request.force => Ok(None),
        // Replacing a password is not for tokens, whatever they may otherwise do.
        Some(Principal::Token(_)) => Err(Error::NotForTokens),
        Some(Principal::User(_)) => Ok(Some(Authority::Administrator)),
    }
}

/// Decides, inside the transaction, whether this set-up is still the one that may happen.
fn check_still_open(
    state: &State,
    tables: &Writer,
    authority: Authority,
    caller: Option<&Principal>,
) -> Result<(), Error> {
    if let Some(caller) = caller.filter(|_| authority != Authority::SetupToken) {
        state.check_current(caller)?;
    }
    let stored = tables.scan(&ACCOUNTS, "")?;
    let has_account = !stored.rows.is_empty() || !stored.damaged.is_empty();
    match authority {
        Authority::SetupToken if has_account || state.has_credentials() => Err(Error::AlreadySetUp),
        Authority::FirstAccount if has_account => Err(Error::AlreadySetUp),
        Authority::Administrator if held(&state.accounts).has_env_account() => {
            Err(Error::ManagedByEnvironment)
        }
        _ => Ok(()),
    }
}

/// Removes accounts, sessions and every token but those of agents, which did nothing wrong and
/// could not get a fresh one by themselves.
fn clear(state: &State, tables: &mut Writer) -> Result<Gone, Error> {
    for (key, _) in tables.scan(&ACCOUNTS, "")?.rows {
        tables.remove(&ACCOUNTS, &key)?;
    }
    let sessions = held(&state.sessions).keys();
    for key in &sessions {
        tables.remove(&SESSIONS, &key.to_hex())?;
    }
    let known = held(&state.tokens);
    let replaced = known
        .iter()
        .filter(|token| token.is_credential() && !token.from_env);
    let tokens: Vec<String> = replaced.map(|token| token.row.id.clone()).collect();
    drop(known);
    for id in &tokens {
        tables.remove(&TOKENS, id)?;
    }
    Ok(Gone { tokens, sessions })
}

fn apply(state: &State, account: &Account, changes: &Changes) {
    if let Some(gone) = &changes.gone {
        held(&state.accounts).clear_stored();
        for id in &gone.tokens {
            held(&state.tokens).remove(id);
        }
        state.forget_sessions(&gone.sessions);
        state.bump_epoch();
    }
    held(&state.accounts).insert(account.clone());
    if let Some(row) = &changes.token {
        mint::remember(state, row);
    }
    changes.opening.apply(state);
    state.set_up.send_replace(true);
    if let Some(bootstrap) = held(&state.bootstrap).take()
        && let Err(error) = file::remove(&bootstrap.path)
    {
        // Harmless: the token is used, and the next start removes the file.
        tracing::warn!(%error, "cannot remove the used set-up token");
    }
}

/// Returns the caller's API token and the one made here; at most one of them.
fn draw_api_token<'a>(
    state: &State,
    request: &'a SetupRequest,
) -> Result<(Option<&'a Secret>, Option<Secret>), Error> {
    let chosen = request.api_token.as_ref().filter(|token| !token.is_empty());
    if chosen.is_some_and(|token| token.expose().len() > token::MAX_LENGTH) {
        return Err(Error::InvalidToken);
    }
    let makes_one = chosen.is_none() && request.generate_api_token;
    Ok((
        chosen,
        makes_one.then(|| TokenForm::Prefixed.draw(&state.entropy)),
    ))
}

fn store_api_token(state: &State, tables: &mut Writer, raw: &Secret) -> Result<TokenRow, Error> {
    let scopes = Scopes::everything();
    let row = token::row_for(raw, FIRST_TOKEN_NAME, scopes, state.now(), &state.entropy);
    mint::store(state, tables, row)
}
