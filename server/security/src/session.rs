//! Sessions: what a browser's cookie stands for.
//!
//! Stored under the hash of the cookie. Use slides the end; the slide is written to disk in
//! batches, so a crash shortens a session by some minutes at worst.

use std::collections::HashMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::digest::{self, Hash};
use crate::tables::SessionRow;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// However much a session is used, it ends this long after login.
const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);
const MAX_PER_USER: usize = 10;
const MAX_USER_AGENT: usize = 256;
const COOKIE_LENGTH: usize = 64;

/// Identifies a session within the server: the hash of its cookie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey(pub(crate) Hash);

impl SessionKey {
    /// Returns the key of the session `cookie` would stand for, if it has the form of one.
    pub(crate) fn of_cookie(cookie: &str) -> Option<Self> {
        let has_form = cookie.len() == COOKIE_LENGTH
            && cookie
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        has_form.then(|| Self(digest::sha256(cookie)))
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        digest::read_hash(text).map(Self)
    }

    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionKey({}…)", hex::encode(&self.0[..4]))
    }
}

/// A session in memory; `row.expires_at` may be ahead of what is on disk.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub row: SessionRow,
    written_expiry: Timestamp,
}

impl Session {
    pub fn of_row(row: SessionRow) -> Self {
        Self {
            written_expiry: row.expires_at,
            row,
        }
    }

    fn is_live(&self, now: Timestamp) -> bool {
        now < self.row.expires_at
    }

    fn slide(&mut self, now: Timestamp) {
        let lifetime = SignedDuration::from_secs(self.row.lifetime_seconds);
        self.row.expires_at = (now + lifetime).min(self.row.created_at + LONGEST);
    }
}

pub(crate) fn lifetime(remember: bool) -> SignedDuration {
    if remember { REMEMBERED } else { DAY }
}

pub(crate) fn fresh_row(
    user: &str,
    remember: bool,
    ip: std::net::IpAddr,
    user_agent: &str,
    now: Timestamp,
) -> SessionRow {
    SessionRow {
        user: user.to_owned(),
        created_at: now,
        expires_at: now + lifetime(remember),
        lifetime_seconds: lifetime(remember).as_secs(),
        ip: ip.to_string(),
        user_agent: user_agent.chars().take(MAX_USER_AGENT).collect(),
    }
}

/// The live sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions(HashMap<SessionKey, Session>);

impl Sessions {
    /// Returns whose session it is and slides its end.
    pub fn touch(&mut self, key: SessionKey, now: Timestamp) -> Option<&str> {
        let session = self
            .0
            .get_mut(&key)
            .filter(|session| session.is_live(now))?;
        session.slide(now);
        Some(&session.row.user)
    }

    /// Returns whose session it is.
    pub fn user_of(&self, key: SessionKey, now: Timestamp) -> Option<&str> {
        self.0
            .get(&key)
            .filter(|session| session.is_live(now))
            .map(|s| s.row.user.as_str())
    }

    pub fn insert(&mut self, key: SessionKey, session: Session) {
        self.0.insert(key, session);
    }

    pub fn remove(&mut self, key: SessionKey) -> bool {
        self.0.remove(&key).is_some()
    }

    pub fn of_user(&self, user: &str) -> Vec<SessionKey> {
        let theirs = self
            .0
            .iter()
            .filter(|(_, s)| s.row.user.eq_ignore_ascii_case(user));
        theirs.map(|(key, _)| *key).collect()
    }

    /// Returns the sessions that end when `user` opens another: `leaving`, and the oldest of those
    /// beyond the bound.
    pub fn to_end(&self, user: &str, leaving: Option<SessionKey>) -> Vec<SessionKey> {
        let mut staying = self.of_user(user);
        staying.retain(|key| Some(*key) != leaving);
        staying.sort_by_key(|key| (self.0[key].row.created_at, *key));
        staying.truncate((staying.len() + 1).saturating_sub(MAX_PER_USER));
        staying.extend(leaving.filter(|key| self.0.contains_key(key)));
        staying
    }

    pub fn expired(&self, now: Timestamp) -> Vec<SessionKey> {
        self.0
            .iter()
            .filter(|(_, s)| !s.is_live(now))
            .map(|(key, _)| *key)
            .collect()
    }

    /// Returns the sessions whose end on disk lags behind.
    pub fn unwritten(&self) -> Vec<(SessionKey, SessionRow)> {
        let due = self
            .0
            .iter()
            .filter(|(_, s)| s.row.expires_at != s.written_expiry);
        due.map(|(key, session)| (*key, session.row.clone()))
            .collect()
    }

    pub fn mark_written(&mut self, key: SessionKey, expiry: Timestamp) {
        if let Some(session) = self.0.get_mut(&key) {
            session.written_expiry = expiry;
        }
    }

    pub fn keys(&self) -> Vec<SessionKey> {
        self.0.keys().copied().collect()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}
