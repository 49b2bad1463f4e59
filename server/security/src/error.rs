//! Refusals and failures of this area.

use std::time::Duration;

use jiff::Timestamp;

use crate::scope::Scope;

/// Why something was refused, or could not be done.
///
/// The texts are for operators' logs; none of them repeats what the caller sent as a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Wrong user name or password; which of the two is not said.
    #[error("wrong user name or password")]
    InvalidCredentials {
        /// Failures counted so far.
        attempts: u32,
        /// Failures left before the lock.
        remaining: u32,
        /// Failures that lock.
        max: u32,
    },
    /// Wrong user name or password, and one time too many.
    #[error("wrong user name or password, now locked")]
    LockedNow {
        /// How long the lock lasts.
        lasts: Duration,
    },
    /// Too many failures before; the password was not looked at.
    #[error("locked after too many failures until {until}")]
    AccountLocked {
        /// When the lock ends.
        until: Timestamp,
        /// Whole minutes until then, rounded up.
        remaining_minutes: u64,
    },
    /// A token was presented that is unknown, expired, revoked or of another kind.
    #[error("unknown, expired or revoked token")]
    InvalidToken,
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The caller is known but no administrator.
    #[error("needs an administrator")]
    NotAdmin,
    /// The caller is a token, where a person is asked for.
    #[error("not open to tokens")]
    NotForTokens,
    /// The caller lacks scopes.
    #[error("missing scope {}", join(.0))]
    MissingScopes(Vec<Scope>),
    /// A new password breaks a rule.
    #[error("password rejected: {0}")]
    PasswordRejected(#[from] PasswordProblem),
    /// A user name breaks the rules.
    #[error("user names have 1 to 128 letters, digits and . _ - + @")]
    UsernameRejected,
    /// The current password given to change it is wrong.
    #[error("wrong current password")]
    WrongCurrentPassword,
    /// The account or token comes from the environment and is changed there.
    #[error("set by the environment and can only be changed there")]
    ManagedByEnvironment,
    /// A list of scopes that is there but empty.
    #[error("a token needs at least one scope")]
    ScopesEmpty,
    /// A scope nobody knows.
    #[error("unknown scope {0:?}")]
    ScopeUnknown(String),
    /// `*` next to other scopes.
    #[error("the scope * stands alone")]
    ScopesMixed,
    /// A token's name is too long.
    #[error("a token's name has at most {0} characters")]
    NameTooLong(usize),
    /// A token's life is too short or too long.
    #[error("expiry out of range")]
    ExpiryOutOfRange,
    /// A token tried to make one that outlives it.
    #[error("a token cannot make one that outlives it")]
    ExpiryBeyondOwn,
    /// A chosen token is one that exists already.
    #[error("this token exists already")]
    TokenInUse,
    /// No token of that id.
    #[error("no such token")]
    TokenNotFound,
    /// A bound on what is stored is reached.
    #[error("too many {what}, at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// No set-up token was given.
    #[error("set-up token missing")]
    SetupTokenMissing,
    /// The set-up token is wrong.
    #[error("set-up token wrong")]
    SetupTokenWrong,
    /// No set-up token is active: set-up is done.
    #[error("no set-up token is active")]
    SetupTokenInactive,
    /// Set-up was done before, perhaps a moment ago by somebody else.
    #[error("already set up")]
    AlreadySetUp,
    /// Too many tries; the only limit this area applies by itself.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The enrolment token is unknown, expired or used; which is not said.
    #[error("enrolment refused")]
    EnrolmentRefused,
    /// The enrolment or report carries a key or signature that does not hold.
    #[error("proof of key does not hold")]
    ProofInvalid,
    /// This agent has a key, so a report without proof of it is not from it.
    #[error("report without proof of the agent's key")]
    KeyRequired,
    /// The token belongs to another agent.
    #[error("token is bound to another agent")]
    AgentMismatch,
    /// A report with this number, or a later one, was accepted before.
    #[error("report was accepted before")]
    Replayed {
        /// The highest number accepted from this run of the agent.
        accepted: u64,
    },
    /// The report is from a run of the agent that a later run has replaced.
    #[error("report is from a run that was replaced")]
    RunReplaced,
    /// A trusted proxy range that is no range, or the whole Internet.
    #[error("trusted proxy {range:?} {problem}")]
    ProxyRange {
        /// The text of the setting.
        range: String,
        /// What is wrong with it, as the rest of a sentence.
        problem: &'static str,
    },
    /// Credentials in the environment that cannot be used.
    #[error("{0}")]
    Environment(&'static str),
    /// bcrypt failed.
    #[error("cannot hash the password")]
    Hashing(#[source] bcrypt::BcryptError),
    /// Storage failed.
    #[error("cannot keep security state")]
    Store(#[from] pulse_store::Error),
    /// The operation panicked or the server is stopping.
    #[error("operation interrupted")]
    Interrupted,
}

impl Error {
    /// Returns the text with those of all causes, for the log: the last one is often the one to act
    /// on, such as a full disk.
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let next = error.to_string();
            // Some repeat their cause in their own words already.
            if !text.ends_with(&next) {
                text = format!("{text}: {next}");
            }
            cause = error.source();
        }
        text
    }
}

/// Which rule a new password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer characters than required.
    #[error("needs at least {} characters", crate::password::MIN_CHARS)]
    TooShort,
    /// More bytes than bcrypt looks at.
    #[error("has more than {} bytes", crate::password::MAX_BYTES)]
    TooLong,
    /// A NUL character, at which bcrypt's key repeats.
    #[error("contains a NUL character")]
    HasNul,
}

fn join(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| scope.name())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_in_the_log() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failed = pulse_store::Error::Io {
            doing: "write",
            path: "/data/pulse.redb".into(),
            source: full,
        };
        assert_eq!(
            Error::from(failed).with_causes(),
            "cannot keep security state: cannot write /data/pulse.redb: no storage space"
        );
    }
}
