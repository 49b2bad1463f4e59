//! Who is asking.

use jiff::Timestamp;

use crate::digest::Hash;
use crate::scope::{Scope, Scopes};
use crate::session::SessionKey;

/// An authenticated caller.
#[derive(Clone, Debug)]
pub enum Principal {
    /// A person.
    User(User),
    /// A program with an API token.
    Token(TokenHolder),
}

/// A person with an account.
#[derive(Clone, Debug)]
pub struct User {
    /// The account's name.
    pub name: String,
    /// Whether the person may do everything.
    pub admin: bool,
    /// The session, unless name and password came with the request itself.
    pub session: Option<SessionKey>,
    /// Changes whenever the account's password does.
    pub(crate) password_mark: Hash,
}

/// The holder of an API token.
#[derive(Clone, Debug)]
pub struct TokenHolder {
    /// The token's id.
    pub id: String,
    /// The name its maker gave it.
    pub name: String,
    /// What it allows.
    pub scopes: Scopes,
    /// The only agent it may speak for, if it is bound to one.
    pub bound_agent: Option<String>,
    /// The organisation it belongs to.
    pub org: String,
    /// When it was made; not known of one that the environment sets.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    pub(crate) hash: Hash,
}

impl Principal {
    /// Tells whether the caller has `scope`. Administrators have all of them.
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            Self::User(user) => user.admin,
            Self::Token(token) => token.scopes.allows(scope),
        }
    }

    /// Tells whether the caller passes for an administrator: a token does, within its scopes.
    pub fn is_admin(&self) -> bool {
        match self {
            Self::User(user) => user.admin,
            Self::Token(_) => true,
        }
    }

    /// Returns the session, if the caller came with one.
    pub fn session(&self) -> Option<SessionKey> {
        match self {
            Self::User(user) => user.session,
            Self::Token(_) => None,
        }
    }

    /// Returns what to call the caller in logs.
    pub fn label(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::Token(token) => &token.id,
        }
    }
}
