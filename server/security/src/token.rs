//! API tokens as they are kept in memory: found by the hash of what is presented.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use pulse_model::{Entropy, Secret};

use crate::Error;
use crate::digest::{self, Hash};
use crate::principal::TokenHolder;
use crate::scope::Scopes;
use crate::tables::TokenRow;

pub(crate) const DEFAULT_ORG: &str = "default";
/// Metadata of a token that may speak for one agent only.
pub(crate) const BOUND_AGENT: &str = "bound_agent_id";
pub(crate) const BOUND_HOSTNAME: &str = "bound_hostname";
pub(crate) const OWNER: &str = "owner_user_id";
/// Longer ones are no tokens of ours, and are not worth hashing.
pub(crate) const MAX_LENGTH: usize = 512;
const NEVER: i64 = i64::MIN;

/// What may be shown of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// First characters of the text.
    pub prefix: String,
    /// Last characters of the text.
    pub suffix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What it allows.
    pub scopes: Scopes,
    /// The organisation it belongs to.
    pub org: String,
    /// The user who made it.
    pub owner: Option<String>,
    /// The only agent it may speak for.
    pub bound_agent: Option<String>,
    /// Whether it is set by the environment, and can only be removed there.
    pub from_environment: bool,
}

#[derive(Debug)]
pub(crate) struct KnownToken {
    pub row: TokenRow,
    pub hash: Hash,
    pub from_env: bool,
    /// Unix seconds.
    last_used: AtomicI64,
    last_written: AtomicI64,
}

impl KnownToken {
    /// Returns `None` if the stored hash is no hash.
    pub fn of_row(row: TokenRow) -> Option<Self> {
        let hash = digest::read_hash(&row.hash)?;
        let last_used = row.last_used_at.map_or(NEVER, Timestamp::as_second);
        Some(Self {
            row,
            hash,
            from_env: false,
            last_used: AtomicI64::new(last_used),
            last_written: AtomicI64::new(last_used),
        })
    }

    pub fn holder(&self) -> TokenHolder {
        TokenHolder {
            id: self.row.id.clone(),
            name: self.row.name.clone(),
            scopes: self.row.scopes.clone(),
            bound_agent: self.row.metadata.get(BOUND_AGENT).cloned(),
            org: self.row.org.clone(),
            created_at: (!self.from_env).then_some(self.row.created_at),
            expires_at: self.row.expires_at,
            hash: self.hash,
        }
    }

    pub fn view(&self) -> Token {
        let row = self.row_as_used();
        Token {
            owner: row.metadata.get(OWNER).cloned(),
            bound_agent: row.metadata.get(BOUND_AGENT).cloned(),
            from_environment: self.from_env,
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            suffix: row.suffix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            scopes: row.scopes,
            org: row.org,
        }
    }

    /// Tells whether it is somebody's way in, rather than one agent's.
    pub fn is_credential(&self) -> bool {
        !self.row.metadata.contains_key(BOUND_AGENT)
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        self.row.expires_at.is_none_or(|end| now < end)
    }

    fn row_as_used(&self) -> TokenRow {
        let last_used_at = Timestamp::from_second(self.last_used.load(Ordering::Relaxed)).ok();
        TokenRow {
            last_used_at,
            ..self.row.clone()
        }
    }
}

/// All tokens, by the hash of their text and by id.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    by_hash: HashMap<Hash, Arc<KnownToken>>,
    by_id: HashMap<String, Hash>,
}

impl Tokens {
    /// Returns the live token with this hash, and notes its use.
    pub fn present(&self, hash: &Hash, now: Timestamp) -> Option<Arc<KnownToken>> {
        let token = self.by_hash.get(hash).filter(|token| token.is_live(now))?;
        token
            .last_used
            .fetch_max(now.as_second(), Ordering::Relaxed);
        Some(token.clone())
    }

    pub fn get(&self, id: &str) -> Option<&Arc<KnownToken>> {
        self.by_hash.get(self.by_id.get(id)?)
    }

    pub fn has_hash(&self, hash: &Hash) -> bool {
        self.by_hash.contains_key(hash)
    }

    pub fn insert(&mut self, token: KnownToken) {
        self.remove(&token.row.id);
        self.by_id.insert(token.row.id.clone(), token.hash);
        self.by_hash.insert(token.hash, Arc::new(token));
    }

    pub fn remove(&mut self, id: &str) {
        if let Some(hash) = self.by_id.remove(id) {
            self.by_hash.remove(&hash);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<KnownToken>> {
        self.by_hash.values()
    }

    pub fn has_credentials(&self) -> bool {
        self.iter().any(|token| token.is_credential())
    }

    /// Returns the rows whose last use on disk lags behind.
    pub fn unwritten(&self) -> Vec<TokenRow> {
        let is_due = |token: &&Arc<KnownToken>| {
            let used = token.last_used.load(Ordering::Relaxed);
            !token.from_env && used != token.last_written.load(Ordering::Relaxed)
        };
        self.iter()
            .filter(is_due)
            .map(|token| token.row_as_used())
            .collect()
    }

    pub fn mark_written(&self, id: &str, last_used: Option<Timestamp>) {
        if let (Some(token), Some(at)) = (self.get(id), last_used) {
            token.last_written.store(at.as_second(), Ordering::Relaxed);
        }
    }

    pub fn len(&self) -> usize {
        self.by_hash.len()
    }
}

/// Returns the first and last characters of `text`, of which a short one shows less.
pub(crate) fn hints(text: &str) -> (String, String) {
    if text.chars().count() < 24 {
        return (text.chars().take(2).collect(), String::new());
    }
    let prefix = text.chars().take(10).collect();
    let last: Vec<char> = text.chars().rev().take(4).collect();
    (prefix, last.into_iter().rev().collect())
}

/// Returns the row of a token with the text `raw`.
pub(crate) fn row_for(
    raw: &Secret,
    name: &str,
    scopes: Scopes,
    now: Timestamp,
    entropy: &Entropy,
) -> TokenRow {
    let (prefix, suffix) = hints(raw.expose());
    TokenRow {
        id: digest::random_uuid(entropy),
        name: name.to_owned(),
        hash: hex::encode(digest::sha3(raw.expose())),
        prefix,
        suffix,
        created_at: now,
        last_used_at: None,
        expires_at: None,
        scopes,
        org: DEFAULT_ORG.to_owned(),
        metadata: std::collections::BTreeMap::new(),
    }
}

/// Reads one value of `API_TOKENS`: `sha3:` announces a hash, `raw:` a token, 64 hex digits alone
/// are a hash and anything else is a token.
pub(crate) fn from_env(value: &Secret, number: usize, now: Timestamp) -> Result<KnownToken, Error> {
    let text = value.expose().trim();
    let as_hash = |digits: &str| {
        let hash = digest::read_hash(digits)?;
        Some((hash, String::new(), String::new()))
    };
    let as_token = |raw: &str| {
        let (prefix, suffix) = hints(raw);
        (digest::sha3(raw), prefix, suffix)
    };
    let (hash, prefix, suffix) = if let Some(digits) = text.strip_prefix("sha3:") {
        as_hash(digits).ok_or(Error::Environment(
            "an API token after sha3: has 64 hex digits",
        ))?
    } else if let Some(raw) = text.strip_prefix("raw:") {
        as_token(raw)
    } else {
        as_hash(text).unwrap_or_else(|| as_token(text))
    };
    if text.is_empty() || text == "raw:" || text.len() > MAX_LENGTH {
        return Err(Error::Environment("an API token has 1 to 512 characters"));
    }
    let row = TokenRow {
        id: format!("env-{}", &hex::encode(hash)[..12]),
        name: format!("Environment token {number}"),
        hash: hex::encode(hash),
        prefix,
        suffix,
        created_at: now,
        last_used_at: None,
        expires_at: None,
        scopes: Scopes::everything(),
        org: DEFAULT_ORG.to_owned(),
        metadata: std::collections::BTreeMap::new(),
    };
    let (last_used, last_written) = (AtomicI64::new(NEVER), AtomicI64::new(NEVER));
    Ok(KnownToken {
        row,
        hash,
        from_env: true,
        last_used,
        last_written,
    })
}
