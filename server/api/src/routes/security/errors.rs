//! What the security area refuses, as answers.

use http::{HeaderValue, StatusCode, header};

use pulse_security::Error;

use crate::error::ApiError;

/// Returns the answer for a refusal or failure of the security area.
pub(crate) fn api_error(error: Error) -> ApiError {
    match error {
        Error::InvalidToken => ApiError::unauthorized("This token is unknown, expired or revoked."),
        Error::NotSignedIn => ApiError::unauthorized("Sign in first."),
        Error::InvalidCredentials {
            attempts,
            remaining,
            max,
        } => invalid_credentials()
            .member("attempts", attempts)
            .member("remaining", remaining)
            .member("maxAttempts", max),
        Error::LockedNow { lasts } => invalid_credentials().member("locked", true).member(
            "lockoutDuration",
            format!("{} minutes", lasts.as_secs().div_ceil(60)),
        ),
        Error::AccountLocked {
            until,
            remaining_minutes,
        } => ApiError::new(StatusCode::FORBIDDEN, "account_locked", "account_locked")
            .member(
                "message",
                format!("Too many failed attempts. Try again in {remaining_minutes} minutes."),
            )
            .member("lockedUntil", until.to_string())
            .member("remainingMinutes", remaining_minutes),
        Error::MissingScopes(scopes) => {
            let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
            let text = format!("This needs the scope {}.", names.join(", "));
            let error = ApiError::forbidden("missing_scope", text);
            match names.as_slice() {
                [one] => error.member("requiredScope", *one),
                _ => error.member("requiredScopes", names),
            }
        }
        Error::TooManyAttempts { retry_after } => {
            let text = format!("Rate limit exceeded. Please retry after {retry_after} seconds.");
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text)
                .header(header::RETRY_AFTER, HeaderValue::from(retry_after))
        }
        Error::Store(_) => {
            tracing::error!(
                error = error.with_causes(),
                "security state could not be written"
            );
            ApiError::unavailable(
                "storage_unavailable",
                "This server cannot write to its disk at the moment.",
            )
        }
        Error::Interrupted => ApiError::unavailable("stopping", "This server is stopping."),
        other => plain(&other),
    }
}

/// Returns the answer for what needs no more than its own words.
fn plain(error: &Error) -> ApiError {
    let text = sentence(error);
    match error {
        Error::NotAdmin => ApiError::forbidden("admin_required", text),
        Error::NotForTokens => ApiError::forbidden("session_required", text),
        Error::PasswordRejected(_) => ApiError::bad_request("invalid_password", text),
        Error::UsernameRejected => ApiError::bad_request("invalid_username", text),
        Error::WrongCurrentPassword => ApiError::unauthorized(text),
        Error::ScopesEmpty | Error::ScopeUnknown(_) | Error::ScopesMixed => {
            ApiError::bad_request("invalid_scopes", text)
        }
        Error::NameTooLong(_) => ApiError::bad_request("invalid_name", text),
        Error::ExpiryOutOfRange => ApiError::bad_request("invalid_expiry", text),
        Error::ExpiryBeyondOwn => ApiError::forbidden("expiry_beyond_own", text),
        Error::TokenNotFound => ApiError::not_found("token_not_found", text),
        Error::SetupTokenMissing => ApiError::bad_request("missing_setup_token", text),
        Error::SetupTokenWrong => {
            ApiError::new(StatusCode::UNAUTHORIZED, "invalid_setup_token", text)
        }
        Error::EnrolmentRefused | Error::ProofInvalid => {
            ApiError::new(StatusCode::UNAUTHORIZED, "enrolment_refused", text)
        }
        Error::KeyRequired => ApiError::forbidden("key_required", text),
        Error::AgentMismatch => ApiError::forbidden("agent_mismatch", text),
        Error::SetupTokenInactive | Error::AlreadySetUp => {
            ApiError::new(StatusCode::CONFLICT, "already_set_up", text)
        }
        Error::TokenInUse | Error::TooMany { .. } | Error::ManagedByEnvironment => {
            ApiError::new(StatusCode::CONFLICT, "conflict", text)
        }
        Error::Replayed { .. } | Error::RunReplaced => {
            ApiError::new(StatusCode::CONFLICT, "replayed", text)
        }
        cause => ApiError::internal(cause.with_causes()),
    }
}

fn invalid_credentials() -> ApiError {
    // The word stands where clients of old look for it; the sentence is beside it.
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "invalid_credentials",
        "invalid_credentials",
    )
    .member("message", "Wrong user name or password.")
}

/// Returns the area's own text as a sentence.
fn sentence(error: &Error) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|first| first.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
