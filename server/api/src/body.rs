//! Bodies: read within bounds and time, JSON read strictly with an error that names the member; and
//! answers whose JSON is encoded already.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// A sender that makes no progress for this long, or takes longer than that in all, is let go.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_IN_ALL: Duration = Duration::from_secs(60);

/// The largest body of the matched row; put there by the gate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimit(pub usize);

/// A body, whole.
pub(crate) struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let limit = request
            .extensions()
            .get::<BodyLimit>()
            .map_or(0, |limit| limit.0);
        let announced = request.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        let whole = tokio::time::timeout(PATIENCE_IN_ALL, read(request.into_body(), limit)).await;
        whole.unwrap_or_else(|_| Err(too_slow())).map(Self)
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut body = Limited::new(body, limit);
    let mut bytes = Vec::new();
    loop {
        let frame = tokio::time::timeout(PATIENCE, body.frame()).await;
        let frame = frame.map_err(|_| too_slow())?;
        match frame {
            None => return Ok(bytes.into()),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    bytes.extend_from_slice(&data);
                }
            }
            Some(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(too_large(limit));
            }
            Some(Err(_)) => {
                return Err(ApiError::bad_request(
                    "body_cut_off",
                    "The body was cut off.",
                ));
            }
        }
    }
}

fn too_slow() -> ApiError {
    ApiError::new(
        StatusCode::REQUEST_TIMEOUT,
        "body_timeout",
        "The body did not come in time.",
    )
}

fn too_large(limit: usize) -> ApiError {
    let text = format!("The body is larger than the {limit} bytes this route takes.");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", text)
        .detail("limitBytes", limit.to_string())
}

/// Returns an answer of JSON that is encoded already.
pub(crate) fn json_answer(body: impl Into<Body>) -> Response {
    let mut response = body.into().into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A JSON body. Anything after the document, and a content type other than JSON, is refused; the
/// error says which member was wrong.
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let text = "Send the body as application/json.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "unsupported_media_type", text));
        }
        let Raw(bytes) = Raw::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// A JSON body that may be missing altogether.
pub(crate) struct OptionalJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(request.headers());
        let Raw(bytes) = Raw::from_request(request, state).await?;
        if bytes.is_empty() || !is_json {
            Ok(Self(T::default()))
        } else {
            parse(&bytes).map(Self)
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // Where it is wrong, not what it says: a value may be a secret in the wrong place.
        let inner = error.inner();
        let place = format!("line {}, column {}", inner.line(), inner.column());
        let own = inner.to_string();
        let problem = match inner.classify() {
            serde_json::error::Category::Data if own.starts_with("missing field") => own.as_str(),
            serde_json::error::Category::Data => "a member is unknown or of another type",
            _ => "it is not well formed",
        };
        ApiError::bad_request(
            "invalid_json",
            format!("The JSON cannot be read, {problem}: {place}."),
        )
        .detail("member", error.path().to_string())
    })?;
    let rest = reader.end();
    rest.map_err(|_| ApiError::bad_request("invalid_json", "There is something after the JSON."))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
