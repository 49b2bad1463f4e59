//! The one error shape every route answers with, and the only place that knows status codes.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use pulse_estate::{Error, LinkError, NotKept};

/// An error as it goes out. The layer that knows the request's id writes the body.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    text: String,
    details: BTreeMap<&'static str, String>,
    members: serde_json::Map<String, serde_json::Value>,
    headers: HeaderMap,
}

/// The error shape.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What happened, for people.
    pub error: String,
    /// What happened, for programs; stable.
    pub code: String,
    /// The status once more.
    pub status_code: u16,
    /// Unix seconds.
    pub timestamp: i64,
    /// The request's id, as in `X-Request-ID`.
    pub request_id: String,
    /// Further facts.
    pub details: BTreeMap<String, String>,
    /// What some errors say beside that.
    #[serde(flatten)]
    #[schema(value_type = ErrorMembers)]
    pub members: serde_json::Map<String, serde_json::Value>,
}

/// What some errors say beside the usual, where clients of old look for it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what `ApiError::member` adds")]
struct ErrorMembers {
    /// What happened, in a sentence, where `error` is a word.
    message: Option<String>,
    /// The scope the caller lacks.
    required_scope: Option<String>,
    /// The scopes the caller lacks, when there are several.
    required_scopes: Option<Vec<String>>,
    /// Sign-ins that failed in a row.
    attempts: Option<u32>,
    /// Sign-ins left before the account is locked.
    remaining: Option<u32>,
    /// Sign-ins that may fail in a row.
    max_attempts: Option<u32>,
    /// Whether this failure locked the account.
    locked: Option<bool>,
    /// For how long it is locked.
    lockout_duration: Option<String>,
    /// Until when it is locked.
    locked_until: Option<Timestamp>,
    /// Minutes until then.
    remaining_minutes: Option<u64>,
}

impl ApiError {
    /// Makes an error with a text for people.
    pub fn new(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            text: text.into(),
            details: BTreeMap::new(),
            members: serde_json::Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// 400: the request does not make sense.
    pub fn bad_request(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, text)
    }

    /// 401: no usable credential.
    pub fn unauthorized(text: impl Into<String>) -> Self {
        let bearer = HeaderValue::from_static("Bearer");
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", text)
            .header(http::header::WWW_AUTHENTICATE, bearer)
    }

    /// 403: known, and not allowed.
    pub fn forbidden(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, text)
    }

    /// 404: there is a route, and nothing under that id.
    pub fn not_found(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, text)
    }

    /// 500: ours. The cause goes to the log, never to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something went wrong on this server; its log has the request id.",
        )
    }

    /// 503: not now; the caller keeps what it has and tries again.
    pub fn unavailable(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, text)
    }

    /// Adds a fact.
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.details.insert(name, value.into());
        self
    }

    /// Adds a member beside the usual ones, where a client of old looks for it.
    pub fn member(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the answer with its body, now that the request's id is known.
    pub(crate) fn render(self, request_id: &str, timestamp: i64) -> Response {
        let parts = *self.0;
        let details = parts
            .details
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let body = ErrorBody {
            error: parts.text,
            code: parts.code.to_owned(),
            status_code: parts.status.as_u16(),
            timestamp,
            request_id: request_id.to_owned(),
            details: details.collect(),
            members: parts.members,
        };
        let mut response = (parts.status, axum::Json(body)).into_response();
        response.headers_mut().extend(parts.headers);
        response
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::Link(LinkError::Unknown { .. }) => {
                Self::not_found("resource_not_found", "Resource not found")
            }
            Error::Link(LinkError::NothingToUndo { .. }) => {
                Self::not_found("decision_not_found", text)
            }
            Error::Link(LinkError::AlreadyLinked | LinkError::AlreadyApart) => {
                Self::new(StatusCode::CONFLICT, "already_decided", text)
            }
            Error::Link(LinkError::Full { .. }) => {
                Self::new(StatusCode::CONFLICT, "too_many_links", text)
            }
            Error::Link(_) => Self::bad_request("invalid_link", text),
            Error::NotSaved => disk_refuses(text),
            Error::Closed => Self::unavailable("stopping", "This server is stopping."),
            other => Self::internal(other),
        }
    }
}

impl From<NotKept> for ApiError {
    fn from(error: NotKept) -> Self {
        let text = error.to_string();
        match error {
            NotKept::Full { .. } => Self::new(StatusCode::CONFLICT, "too_many_records", text),
            NotKept::Store(cause) => disk_refuses(cause.to_string()),
            NotKept::Stopping => Self::unavailable("stopping", "This server is stopping."),
        }
    }
}

impl From<pulse_fleet::Error> for ApiError {
    fn from(error: pulse_fleet::Error) -> Self {
        use pulse_fleet::Error;
        let text = error.to_string();
        match error {
            Error::Unknown => Self::not_found("agent_not_found", text),
            Error::Busy { id, .. } => {
                Self::new(StatusCode::CONFLICT, "command_active", text).detail("commandId", id)
            }
            Error::Full { .. } => Self::new(StatusCode::CONFLICT, "too_many_records", text),
            Error::NotSaved(cause) => disk_refuses(cause.to_string()),
            Error::Stopping => Self::unavailable("stopping", "This server is stopping."),
        }
    }
}

fn disk_refuses(cause: String) -> ApiError {
    tracing::error!(
        error = cause,
        "what somebody decided or added could not be written"
    );
    let text = "This server cannot write to its disk at the moment.";
    ApiError::unavailable("storage_unavailable", text)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Returns the words for a status the framework answered by itself.
pub(crate) fn for_status(status: StatusCode) -> ApiError {
    let (code, text) = match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "This path does not answer that method.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "body_too_large",
            "The body is larger than this route takes.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "Send application/json."),
        StatusCode::BAD_REQUEST => ("bad_request", "The request could not be read."),
        StatusCode::UPGRADE_REQUIRED => ("upgrade_required", "This route speaks WebSocket only."),
        StatusCode::NOT_FOUND => ("route_not_found", "There is no such route."),
        status if status.is_server_error() => {
            ("internal_error", "Something went wrong on this server.")
        }
        _ => ("refused", "The request was refused."),
    };
    ApiError::new(status, code, text)
}

/// The answer to a path nobody serves, the same with or without credentials.
pub(crate) fn route_not_found() -> ApiError {
    for_status(StatusCode::NOT_FOUND)
}
