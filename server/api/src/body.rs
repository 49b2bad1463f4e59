//! Bodies: read within bounds and time, JSON read strictly with an error that names the member; and
//! answers whose JSON is encoded already.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use crate::error::ApiError;

/// A sender that makes no progress for this long, or takes longer than that in all, is let go.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_IN_ALL: Duration = Duration::from_secs(60);

/// Bytes of all bodies that are on their way at one moment; a sender that finds no room sends again later.
const MOST_AT_ONCE: usize = 256 << 20;
/// Room is taken in steps of so many bytes.
const STEP: usize = 16 << 10;

/// Room for the bodies that are on their way. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self::of(MOST_AT_ONCE)
    }
}

impl Room {
    fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / STEP)))
    }
}

/// The largest body of the matched row, and where it finds room; put there by the gate.
#[derive(Clone, Debug)]
pub(crate) struct BodyLimit {
    pub most: usize,
    pub room: Room,
}

/// A body, whole.
pub(crate) struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let Some(BodyLimit { most, room }) = request.extensions().get().cloned() else {
            return Err(too_large(0));
        };
        let announced = request.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let whole = read(request.into_body(), most, &room);
        let whole = tokio::time::timeout(PATIENCE_IN_ALL, whole).await;
        whole.unwrap_or_else(|_| Err(too_slow())).map(Self)
    }
}

async fn read(body: Body, most: usize, room: &Room) -> Result<Bytes, ApiError> {
    let mut body = Limited::new(body, most);
    let (mut bytes, mut taken) = (Vec::new(), Vec::new());
    loop {
        let frame = tokio::time::timeout(PATIENCE, body.frame()).await;
        let frame = frame.map_err(|_| too_slow())?;
        match frame {
            None => return Ok(bytes.into()),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    while taken.len() * STEP < bytes.len() + data.len() {
                        taken.push(room.0.try_acquire().map_err(|_| no_room())?);
                    }
                    bytes.extend_from_slice(&data);
                }
            }
            Some(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(too_large(most));
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

fn no_room() -> ApiError {
    ApiError::unavailable("busy", "Too much is being sent at once; send it again.")
        .header(header::RETRY_AFTER, HeaderValue::from_static("2"))
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
    // A list would be read as the members in the order they happen to be declared.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::bad_request(
            "invalid_json",
            "Send an object, not a list.",
        ));
    }
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

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[tokio::test]
    async fn bodies_on_their_way_find_room_together_and_give_it_back() {
        let room = Room::of(3 * STEP);
        let piece = || Ok::<_, std::io::Error>(Bytes::from(vec![0; 2 * STEP]));
        let half_sent = stream::iter([piece()]);
        let half_sent = Body::from_stream(half_sent.chain(stream::pending()));
        let mut waiting = Box::pin(read(half_sent, 1 << 20, &room));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        let refused = read(Body::from(vec![0; 2 * STEP]), 1 << 20, &room).await;
        let refused = refused.err().map(|error| error.into_response().status());
        assert_eq!(refused, Some(StatusCode::SERVICE_UNAVAILABLE));
        assert!(
            read(Body::from(vec![0; STEP]), 1 << 20, &room)
                .await
                .is_ok()
        );
        drop(waiting);
        assert!(
            read(Body::from(vec![0; 3 * STEP]), 1 << 20, &room)
                .await
                .is_ok()
        );
    }

    #[test]
    fn a_list_is_no_object() {
        #[derive(serde::Deserialize)]
        struct Named {
            #[serde(rename = "name")]
            _name: String,
        }
        assert!(parse::<Named>(br#" ["x"]"#).is_err());
        assert!(parse::<Named>(br#" {"name":"x"}"#).is_ok());
    }
}
