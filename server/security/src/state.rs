//! What the area knows, and how it is loaded and changed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use pulse_model::{Clock, Entropy};
use pulse_store::{Reader, Scan, Store, Table, Writer};
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, watch};

use crate::account::{self, Account, Accounts};
use crate::counters::Counters;
use crate::csrf::CsrfTokens;
use crate::identity::TrustedProxies;
use crate::lockout::Lockouts;
use crate::proof::Agents;
use crate::rate::Limiter;
use crate::session::{Session, SessionKey, Sessions};
use crate::setup::Bootstrap;
use crate::tables::{ACCOUNTS, AGENTS, SERVER, SERVER_ID, SESSIONS, TOKENS};
use crate::token::{self, KnownToken, Tokens};
use crate::{Error, Options, digest};

/// Password comparisons at a time: they are the one thing here that takes long.
const CONCURRENT_HASHES: usize = 2;

pub(crate) struct State {
    pub store: Store,
    pub data_dir: PathBuf,
    pub clock: Clock,
    pub entropy: Entropy,
    pub hash_cost: u32,
    pub server_id: String,
    pub proxies: TrustedProxies,
    pub accounts: Mutex<Accounts>,
    pub sessions: Mutex<Sessions>,
    pub csrf: Mutex<CsrfTokens>,
    pub tokens: Mutex<Tokens>,
    pub agents: Mutex<Agents>,
    /// Held while runs of agents begin; who waits for it is written together.
    pub beginning: tokio::sync::Mutex<()>,
    pub lockouts: Mutex<Lockouts>,
    pub limiter: Mutex<Limiter>,
    pub bootstrap: Mutex<Option<Bootstrap>>,
    pub epoch: watch::Sender<u64>,
    pub set_up: watch::Sender<bool>,
    pub hashing: Arc<Semaphore>,
    pub counters: Counters,
    /// One change at a time, from reading what is stored to bringing memory in line.
    turn: Mutex<()>,
}

/// Takes a lock; what a panicking holder left is whole, because every step is small.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub fn load(options: Options) -> Result<Self, Error> {
        let now = options.clock.now();
        let server_id = load_server_id(&options.store, &options.entropy)?;
        let proxies = TrustedProxies::parse(&options.trusted_proxies)?;
        let stored = options.store.read_now(Stored::read)?;
        let mut accounts = stored.accounts;
        if let Some(account) = account::from_env(&options.env, options.bcrypt_cost, now)? {
            accounts.insert(account);
        }
        let mut tokens = stored.tokens;
        for (index, value) in options.env.api_tokens.iter().enumerate() {
            tokens.insert(token::from_env(value, index + 1, now)?);
        }
        let state = Self {
            store: options.store,
            data_dir: options.data_dir,
            clock: options.clock,
            entropy: options.entropy,
            hash_cost: options.bcrypt_cost,
            server_id,
            proxies,
            accounts: Mutex::new(accounts),
            sessions: Mutex::new(stored.sessions),
            csrf: Mutex::default(),
            tokens: Mutex::new(tokens),
            agents: Mutex::new(stored.agents),
            beginning: tokio::sync::Mutex::default(),
            lockouts: Mutex::default(),
            limiter: Mutex::new(Limiter::over(options.limits)),
            bootstrap: Mutex::default(),
            epoch: watch::Sender::new(0),
            set_up: watch::Sender::new(false),
            hashing: Arc::new(Semaphore::new(CONCURRENT_HASHES)),
            counters: Counters::default(),
            turn: Mutex::default(),
        };
        state.set_up.send_replace(state.has_credentials());
        Ok(state)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whether anybody but an agent can get in.
    pub fn has_credentials(&self) -> bool {
        !held(&self.accounts).is_empty() || held(&self.tokens).has_credentials()
    }

    /// Commits what `decide` does and then lets `apply` bring memory in line with it.
    ///
    /// Changes take turns, so memory follows the disk in the same order.
    pub fn change<T>(
        &self,
        decide: impl FnOnce(&mut Writer) -> Result<T, Error>,
        apply: impl FnOnce(&T),
    ) -> Result<T, Error> {
        let _turn = held(&self.turn);
        let decided = self.store.transact_now(decide)?;
        apply(&decided);
        Ok(decided)
    }

    /// Tells everybody who holds a principal to look again.
    pub fn bump_epoch(&self) {
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    /// Forgets sessions in memory, after they were removed from disk.
    pub fn forget_sessions(&self, keys: &[SessionKey]) {
        if keys.is_empty() {
            return;
        }
        for &key in keys {
            held(&self.sessions).remove(key);
            held(&self.csrf).end_session(key);
        }
        self.bump_epoch();
    }
}

/// What a start finds on disk.
struct Stored {
    accounts: Accounts,
    sessions: Sessions,
    tokens: Tokens,
    agents: Agents,
}

impl Stored {
    fn read(tables: &Reader) -> Result<Self, pulse_store::Error> {
        let mut accounts = Accounts::default();
        let scan = tables.scan(&ACCOUNTS, "")?;
        accounts.damaged = scan.damaged.len();
        for (_, row) in readable(&ACCOUNTS, scan) {
            accounts.insert(Account {
                row,
                from_env: false,
            });
        }
        let mut sessions = Sessions::default();
        for (key, row) in readable(&SESSIONS, tables.scan(&SESSIONS, "")?) {
            if let Some(key) = SessionKey::from_hex(&key) {
                sessions.insert(key, Session::of_row(row));
            }
        }
        let mut tokens = Tokens::default();
        for (_, row) in readable(&TOKENS, tables.scan(&TOKENS, "")?) {
            if let Some(token) = KnownToken::of_row(row) {
                tokens.insert(token);
            }
        }
        let mut agents = Agents::default();
        for (id, row) in readable(&AGENTS, tables.scan(&AGENTS, "")?) {
            agents.insert(id, row);
        }
        Ok(Self {
            accounts,
            sessions,
            tokens,
            agents,
        })
    }
}

/// Returns the good rows and reports the others.
fn readable<V: DeserializeOwned>(table: &Table<V>, scan: Scan<V>) -> Vec<(String, V)> {
    for damage in &scan.damaged {
        tracing::error!(table = table.name(), error = %damage.error, "security record unusable");
    }
    scan.rows
}

fn load_server_id(store: &Store, entropy: &Entropy) -> Result<String, Error> {
    let id = store.write_now(|tables| {
        if let Some(id) = tables.get(&SERVER, SERVER_ID)? {
            return Ok(id);
        }
        let id = digest::random_uuid(entropy);
        tables.put(&SERVER, SERVER_ID, &id)?;
        Ok(id)
    })?;
    Ok(id)
}
