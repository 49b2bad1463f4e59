//! Accounts: people with a password.

use std::collections::HashMap;

use jiff::Timestamp;
use pulse_model::Secret;

use crate::digest::{self, Hash};
use crate::tables::{AccountRow, Role};
use crate::{EnvCredentials, Error, password};

/// An account in memory.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub row: AccountRow,
    pub from_env: bool,
}

impl Account {
    pub fn is_admin(&self) -> bool {
        self.row.role == Role::Admin
    }

    /// Returns a value that changes with the password.
    pub fn password_mark(&self) -> Hash {
        digest::sha256(&self.row.password_hash)
    }
}

/// Accounts by name in lower case.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    by_name: HashMap<String, Account>,
    /// Records that are there but unreadable: somebody did set this server up.
    pub damaged: usize,
}

impl Accounts {
    pub fn get(&self, name: &str) -> Option<&Account> {
        self.by_name.get(&key(name))
    }

    pub fn insert(&mut self, account: Account) {
        self.by_name.insert(key(&account.row.name), account);
    }

    /// Forgets all but those of the environment.
    pub fn clear_stored(&mut self) {
        self.by_name.retain(|_, account| account.from_env);
    }

    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty() && self.damaged == 0
    }

    pub fn has_env_account(&self) -> bool {
        self.by_name.values().any(|account| account.from_env)
    }

    /// Returns the cost of the hashes in use, so that unknown names take as long.
    pub fn hash_cost(&self) -> Option<u32> {
        let costs = self
            .by_name
            .values()
            .filter_map(|a| password::cost_of(&a.row.password_hash));
        costs.max()
    }
}

/// Returns the key `name` is stored under.
pub(crate) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub(crate) fn admin(name: &str, password_hash: String, now: Timestamp) -> AccountRow {
    AccountRow {
        name: name.to_owned(),
        password_hash,
        role: Role::Admin,
        created_at: now,
        changed_at: now,
    }
}

/// Returns the account the environment asks for, hashing its password if it is a plain one.
pub(crate) fn from_env(
    env: &EnvCredentials,
    cost: u32,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let given = |secret: &Option<Secret>| secret.as_ref().is_some_and(|s| !s.is_empty());
    let name = env
        .user
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let (name, secret) = match (name, &env.password) {
        (Some(name), Some(secret)) if !secret.is_empty() => (name, secret.expose()),
        (None, secret) if !given(secret) => return Ok(None),
        _ => {
            return Err(Error::Environment(
                "user name and password must be set together",
            ));
        }
    };
    if !password::is_valid_name(name) {
        return Err(Error::UsernameRejected);
    }
    let password_hash = if password::is_hash(secret) {
        secret.to_owned()
    } else {
        password::check_rules(secret)?;
        password::hash(secret, cost)?
    };
    Ok(Some(Account {
        row: admin(name, password_hash, now),
        from_env: true,
    }))
}
