//! What all typed operations share: identity, digest and the rules of their results.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::error::{Error, ensure};
use crate::ids::Digest;
use crate::limits;

/// Version of every operation's contract.
pub const CONTRACT_VERSION: u32 = 1;

/// A container engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Runtime {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
}

impl Runtime {
    /// Returns the engine's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }
}

/// What looking again after an operation showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// It is as it should be.
    Verified,
    /// It is not.
    Failed,
    /// It could not be told.
    Inconclusive,
}

/// A typed operation the server asks for.
pub trait TypedOperation {
    /// Seconds it may take when the request does not say.
    const DEFAULT_TIMEOUT: u32;
    /// Seconds a request may allow.
    const MAX_TIMEOUT: u32;

    /// Returns the ids of the request and of the action an operator approved.
    fn ids(&self) -> (&str, &str);
    /// Returns the digest the request carries.
    fn request_digest(&self) -> Digest;
    /// Returns the seconds the request allows.
    fn timeout(&self) -> Option<u32>;
    /// Returns the operation's name on the wire.
    fn operation(&self) -> &'static str;
    /// Returns the text whose SHA-256 the request's digest must be; callers compare.
    fn digest_text(&self) -> String;

    /// Returns the seconds the operation may take.
    fn allowed_seconds(&self) -> u32 {
        match self.timeout() {
            None | Some(0) => Self::DEFAULT_TIMEOUT,
            Some(seconds) => seconds,
        }
    }
}

/// Writes the text of a digest member by member, in the order the original hashes them.
pub(super) struct DigestText(String);

impl DigestText {
    pub(super) fn of(action_id: &str, operation: &str) -> Self {
        let mut text = String::from(r#"{"action_id":"#);
        canonical::write_text(&mut text, action_id);
        let text = Self(text).text("operation", operation);
        let Self(mut text) = text;
        canonical::write_member(&mut text, "operation_version");
        text.push_str(&CONTRACT_VERSION.to_string());
        Self(text)
    }

    pub(super) fn text(mut self, name: &str, value: &str) -> Self {
        canonical::write_member(&mut self.0, name);
        canonical::write_text(&mut self.0, value);
        self
    }

    pub(super) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Checks what every request must hold to.
pub(super) fn check_request<T: TypedOperation>(request: &T, version: u32) -> Result<(), Error> {
    let (request_id, action_id) = request.ids();
    check_ids(request_id, action_id)?;
    ensure(version == CONTRACT_VERSION, "operation version")?;
    ensure(
        request
            .timeout()
            .is_none_or(|seconds| seconds <= T::MAX_TIMEOUT),
        "timeout",
    )
}

/// Checks the ids of a request or a result.
pub(super) fn check_ids(request_id: &str, action_id: &str) -> Result<(), Error> {
    check_id(request_id, "request id")?;
    check_id(action_id, "action id")
}

/// Checks one id.
pub(super) fn check_id(id: &str, what: &'static str) -> Result<(), Error> {
    ensure(
        !id.trim().is_empty() && id.len() <= limits::CHANNEL_ID,
        what,
    )
}

/// Checks the parts of a result that say what went wrong.
pub(super) fn check_outcome(
    error: &str,
    reason_code: Option<&str>,
    mutation_started: bool,
) -> Result<(), Error> {
    ensure(error.len() <= limits::OPERATION_ERROR, "error text")?;
    let Some(code) = reason_code else {
        return Ok(());
    };
    check_reason(code)?;
    ensure(!mutation_started, "reason code after a mutation")
}

/// Checks the form of a refusal's code.
pub(super) fn check_reason(code: &str) -> Result<(), Error> {
    let is_word = code
        .bytes()
        .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    ensure(is_word && (1..=64).contains(&code.len()), "reason code")
}

/// Checks a container's id.
pub(super) fn check_container_id(id: &str) -> Result<(), Error> {
    let is_hex = id.bytes().all(|b| matches!(b, b'a'..=b'f' | b'0'..=b'9'));
    ensure(is_hex && (12..=64).contains(&id.len()), "container id")
}
