//! Signing in and out, and changing a password.

use std::net::IpAddr;
use std::time::Duration;

use pulse_model::Secret;
use pulse_store::Writer;

use crate::account::{self, Account};
use crate::lockout::{LOCK, MAX_FAILURES, Subject};
use crate::session::{self, Session, SessionKey};
use crate::state::{State, held};
use crate::tables::{ACCOUNTS, SESSIONS, SessionRow};
use crate::{Error, Principal, User, digest, password};

/// Where a request comes from and with what.
#[derive(Clone, Debug)]
pub struct Client {
    /// The client's address, proxies seen through.
    pub ip: IpAddr,
    /// Its `User-Agent`.
    pub user_agent: String,
}

/// Somebody trying to sign in.
#[derive(Debug)]
pub struct LoginAttempt {
    /// The name given.
    pub username: String,
    /// The password given.
    pub password: Secret,
    /// Whether to stay signed in for a month.
    pub remember: bool,
    /// The session cookie the browser sent, whose session ends.
    pub previous_session: Option<Secret>,
    /// Where it comes from.
    pub client: Client,
}

/// A fresh session: what goes into the cookies.
#[derive(Debug)]
pub struct LoggedIn {
    /// Value of the session cookie; not kept anywhere.
    pub session: Secret,
    /// Value of the CSRF cookie.
    pub csrf: Secret,
    /// `Max-Age` of both.
    pub max_age: Duration,
    /// Who signed in.
    pub principal: Principal,
}

/// A session that is decided on but not stored yet.
pub(crate) struct Opening {
    cookie: Secret,
    key: SessionKey,
    row: SessionRow,
    ends: Vec<SessionKey>,
}

/// Checks name and password, counting failures. Blocks for as long as bcrypt takes.
pub(crate) fn check_password(
    state: &State,
    name: &str,
    secret: &Secret,
    ip: IpAddr,
) -> Result<Account, Error> {
    let mut subjects = vec![Subject::network(ip)];
    if password::is_valid_name(name) {
        // Other names belong to nobody, and would fill the book with whatever is typed.
        subjects.push(Subject::user(name));
    }
    let remaining = held(&state.lockouts).remaining(&subjects, state.clock.monotonic());
    if let Some(remaining) = remaining {
        state.counters.logins_locked.add();
        return Err(Error::AccountLocked {
            until: state.now() + remaining,
            remaining_minutes: remaining.as_secs().div_ceil(60),
        });
    }
    let (account, nobodys_cost) = {
        let accounts = held(&state.accounts);
        (
            accounts.get(name).cloned(),
            accounts.hash_cost().unwrap_or(state.hash_cost),
        )
    };
    let hash = match &account {
        Some(account) => account.row.password_hash.clone(),
        None => password::nobodys_hash(nobodys_cost),
    };
    state.counters.password_checks.add();
    let matches = password::verify(secret.expose(), &hash);
    match account.filter(|_| matches) {
        Some(account) => {
            held(&state.lockouts).clear(&subjects);
            Ok(account)
        }
        None => Err(count_failure(state, &subjects)),
    }
}

pub(crate) fn count_failure(state: &State, subjects: &[Subject]) -> Error {
    state.counters.logins_failed.add();
    let attempts = held(&state.lockouts).fail(subjects, state.clock.monotonic());
    if attempts == MAX_FAILURES {
        tracing::warn!("login locked after repeated failures");
        return Error::LockedNow { lasts: LOCK };
    }
    Error::InvalidCredentials {
        attempts,
        remaining: MAX_FAILURES - attempts,
        max: MAX_FAILURES,
    }
}

pub(crate) fn login(state: &State, attempt: &LoginAttempt) -> Result<LoggedIn, Error> {
    let account = check_password(
        state,
        &attempt.username,
        &attempt.password,
        attempt.client.ip,
    )?;
    let previous = attempt.previous_session.as_ref();
    let leaving = previous.and_then(|cookie| SessionKey::of_cookie(cookie.expose()));
    let opened = state.change(
        |tables| {
            check_unchanged(state, &account)?;
            let opening =
                Opening::prepare(state, &account, attempt.remember, &attempt.client, leaving);
            opening.store(tables)?;
            Ok(opening)
        },
        |opening| opening.apply(state),
    )?;
    state.counters.logins.add();
    Ok(opened.finish(state, &account))
}

/// Fails if the password was changed since it was compared.
fn check_unchanged(state: &State, compared: &Account) -> Result<(), Error> {
    let accounts = held(&state.accounts);
    let current = accounts.get(&compared.row.name).map(Account::password_mark);
    if current == Some(compared.password_mark()) {
        Ok(())
    } else {
        Err(Error::NotSignedIn)
    }
}

impl Opening {
    pub fn prepare(
        state: &State,
        account: &Account,
        remember: bool,
        client: &Client,
        leaving: Option<SessionKey>,
    ) -> Self {
        let cookie = digest::random_hex::<32>(&state.entropy, "");
        let key = SessionKey(digest::sha256(cookie.expose()));
        let name = &account.row.name;
        let row = session::fresh_row(name, remember, client.ip, &client.user_agent, state.now());
        let ends = held(&state.sessions).to_end(name, leaving);
        Self {
            cookie,
            key,
            row,
            ends,
        }
    }

    pub fn store(&self, tables: &mut Writer) -> Result<(), Error> {
        for key in &self.ends {
            tables.remove(&SESSIONS, &key.to_hex())?;
        }
        Ok(tables.put(&SESSIONS, &self.key.to_hex(), &self.row)?)
    }

    pub fn apply(&self, state: &State) {
        state.forget_sessions(&self.ends);
        held(&state.sessions).insert(self.key, Session::of_row(self.row.clone()));
    }

    pub fn finish(self, state: &State, account: &Account) -> LoggedIn {
        LoggedIn {
            csrf: issue_csrf(state, self.key),
            session: self.cookie,
            max_age: Duration::from_secs(self.row.lifetime_seconds.unsigned_abs()),
            principal: Principal::User(user(account, Some(self.key))),
        }
    }
}

pub(crate) fn user(account: &Account, session: Option<SessionKey>) -> User {
    User {
        name: account.row.name.clone(),
        admin: account.is_admin(),
        session,
        password_mark: account.password_mark(),
    }
}

pub(crate) fn issue_csrf(state: &State, session: SessionKey) -> Secret {
    let token = digest::random_base64(&state.entropy);
    let hash = digest::sha256(token.expose());
    held(&state.csrf).add(session, hash, state.clock.monotonic());
    token
}

/// Ends sessions on disk and in memory; returns how many there were.
pub(crate) fn end_sessions(state: &State, keys: &[SessionKey]) -> Result<usize, Error> {
    state.change(
        |tables| {
            let mut ended = 0;
            for key in keys {
                ended += usize::from(tables.remove(&SESSIONS, &key.to_hex())?);
            }
            Ok(ended)
        },
        |_| state.forget_sessions(keys),
    )
}

pub(crate) fn change_password(
    state: &State,
    caller: &Principal,
    current: &Secret,
    wanted: &Secret,
    ip: IpAddr,
) -> Result<(), Error> {
    let Principal::User(User { name, .. }) = caller else {
        return Err(Error::NotForTokens);
    };
    let account = check_password(state, name, current, ip).map_err(|error| match error {
        Error::InvalidCredentials { .. } | Error::LockedNow { .. } => Error::WrongCurrentPassword,
        other => other,
    })?;
    if account.from_env {
        return Err(Error::ManagedByEnvironment);
    }
    password::check_rules(wanted.expose())?;
    let password_hash = password::hash(wanted.expose(), state.hash_cost)?;
    state.change(
        |tables| {
            check_unchanged(state, &account)?;
            let mut row = account.row.clone();
            row.password_hash = password_hash;
            row.changed_at = state.now();
            tables.put(&ACCOUNTS, &account::key(&row.name), &row)?;
            let ended = held(&state.sessions).of_user(&row.name);
            for key in &ended {
                tables.remove(&SESSIONS, &key.to_hex())?;
            }
            Ok((row, ended))
        },
        |(row, ended)| {
            held(&state.accounts).insert(Account {
                row: row.clone(),
                from_env: false,
            });
            state.forget_sessions(ended);
            state.bump_epoch();
        },
    )?;
    Ok(())
}
