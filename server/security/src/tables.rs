//! What is stored, and under which names.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pulse_store::Table;
use serde::{Deserialize, Serialize};

use crate::scope::Scopes;

/// Key: user name in lower case.
pub(crate) const ACCOUNTS: Table<AccountRow> = Table::new("accounts", 1);
/// Key: SHA-256 of the cookie, in hex.
pub(crate) const SESSIONS: Table<SessionRow> = Table::new("sessions", 1);
/// Key: id.
pub(crate) const TOKENS: Table<TokenRow> = Table::new("tokens", 1);
/// Key: SHA-256 of the enrolment token, in hex.
pub(crate) const ENROLMENTS: Table<EnrolmentRow> = Table::new("enrolments", 1);
/// Key: agent id.
pub(crate) const AGENTS: Table<AgentRow> = Table::new("agents", 1);
/// Single values under fixed keys.
pub(crate) const SERVER: Table<String> = Table::new("server", 1);
/// Key in [`SERVER`].
pub(crate) const SERVER_ID: &str = "id";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub name: String,
    pub password_hash: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Admin,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SessionRow {
    pub user: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Use slides the end to this long from now.
    pub lifetime_seconds: i64,
    pub ip: String,
    pub user_agent: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TokenRow {
    pub id: String,
    pub name: String,
    /// SHA3-256 of the token, in hex.
    pub hash: String,
    pub prefix: String,
    pub suffix: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub scopes: Scopes,
    pub org: String,
    pub metadata: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EnrolmentRow {
    pub created_at: Timestamp,
    /// `None` only for the token of this machine's own agent, which lies in a private file.
    pub expires_at: Option<Timestamp>,
    pub used: Option<Use>,
}

/// Who used an enrolment token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Use {
    pub at: Timestamp,
    pub agent_id: String,
    pub public_key: Option<String>,
    /// Of the claims it was used with, in hex.
    #[serde(default)]
    pub nonces: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AgentRow {
    pub hostname: String,
    pub machine_id: String,
    pub agent_version: String,
    /// In hex.
    pub public_key: Option<String>,
    pub enrolled_at: Timestamp,
    pub runtime_token_id: String,
    /// Enrolled with the token in this server's own data directory.
    pub local: bool,
    #[serde(default)]
    pub runs: Runs,
}

/// Which reports of an agent were accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Runs {
    /// The agent's present run, in hex.
    pub current: Option<String>,
    /// Highest number accepted from it.
    pub accepted: u64,
    /// Runs that were replaced, oldest first.
    pub replaced: Vec<String>,
}
