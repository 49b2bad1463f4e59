//! Taking a report.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use sha2::{Digest, Sha256};

use pulse_protocol::envelope::{payload_type, signed_bytes};
use pulse_protocol::proof::{HEADER, Proof};
use pulse_protocol::report::docker::DockerReportAnswer;
use pulse_protocol::report::host::HostReportAnswer;
use pulse_security::{Handle, Principal, ReportPass, ReportProof, Trust};
use pulse_sources::Error;
use pulse_sources::agent::{Body, Ingest, Sender};
use pulse_sources::port::NotTaken;

use crate::app::Caller;
use crate::body::Raw;
use crate::error::ApiError;
use crate::routes::security::api_error;

/// Takes a host report.
///
/// A signed report carries the proof of its agent's key. What an agent should send again is
/// answered with 503, what it should drop with 400 or 413: an agent must never be sent into a
/// circle.
pub(super) async fn host(
    State(security): State<Handle>,
    State(ingest): State<Ingest>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Result<axum::Json<HostReportAnswer>, ApiError> {
    let taken = HostReportAnswer {
        success: true,
        ..HostReportAnswer::default()
    };
    let Some((pass, sender, body)) = admit(&security, caller, &uri, &headers, bytes).await? else {
        return Ok(axum::Json(taken));
    };
    let is_ours = sender.keyed;
    match ingest.host(sender, body).await {
        Ok(answer) => {
            pass.keep();
            Ok(axum::Json(answer))
        }
        Err(error) => refused(error, is_ours, taken),
    }
}

/// Takes a Docker report. As with hosts, what an agent should keep and send again is answered with 503.
pub(super) async fn docker(
    State(security): State<Handle>,
    State(ingest): State<Ingest>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Result<axum::Json<DockerReportAnswer>, ApiError> {
    let taken = DockerReportAnswer {
        success: true,
        ..DockerReportAnswer::default()
    };
    let Some((pass, sender, body)) = admit(&security, caller, &uri, &headers, bytes).await? else {
        return Ok(axum::Json(taken));
    };
    let is_ours = sender.keyed;
    match ingest.docker(sender, body).await {
        Ok(answer) => {
            pass.keep();
            Ok(axum::Json(answer))
        }
        Err(error) => refused(error, is_ours, taken),
    }
}

/// Finds out who sends. `None` is a report that came before: sent twice is taken once, and telling the agent so would make
/// it send for ever. A replaced run is a copy of the agent, or a replay, which learns nothing from us: it is counted and
/// logged.
async fn admit(
    security: &Handle,
    caller: Caller,
    uri: &Uri,
    headers: &HeaderMap,
    bytes: Bytes,
) -> Result<Option<(ReportPass, Sender, Body)>, ApiError> {
    let principal = caller
        .principal
        .ok_or_else(|| ApiError::unauthorized("Present an API token."))?;
    let proof = proof(security, headers, uri.path(), &bytes)?;
    let pass = match security.check_report(&principal, proof.as_ref()).await {
        Err(pulse_security::Error::Replayed { .. } | pulse_security::Error::RunReplaced) => {
            return Ok(None);
        }
        pass => pass.map_err(proof_refused)?,
    };
    let sender = Sender {
        token_id: match &principal {
            Principal::Token(token) => Some(token.id.clone()),
            Principal::User(_) => None,
        },
        bound_agent_id: pass.agent().map(str::to_owned),
        keyed: pass.trust() == Trust::Keyed,
    };
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.to_str().unwrap_or("?").to_owned());
    Ok(Some((pass, sender, Body { encoding, bytes })))
}

/// Reads the proof of key, if there is one. One that cannot be read is no proof, not none.
fn proof(
    security: &Handle,
    headers: &HeaderMap,
    path: &str,
    body: &Bytes,
) -> Result<Option<ReportProof>, ApiError> {
    let Some(header) = headers.get(HEADER) else {
        return Ok(None);
    };
    let proof: Option<Proof> = header.to_str().ok().and_then(|text| text.parse().ok());
    let proof = proof.ok_or_else(|| {
        ApiError::bad_request("invalid_proof", "The proof of key cannot be read.")
    })?;
    let digest: [u8; 32] = Sha256::digest(body).into();
    let payload = proof.claim(security.server_id(), path, &digest).payload();
    Ok(Some(ReportProof {
        key_id: proof.key.to_string(),
        boot: proof.boot.0,
        sequence: proof.sequence,
        signed: signed_bytes(payload_type::REPORT, payload.as_bytes()),
        signature: proof.signature.0,
    }))
}

fn proof_refused(error: pulse_security::Error) -> ApiError {
    match error {
        pulse_security::Error::ProofInvalid => ApiError::forbidden(
            "invalid_proof",
            "The proof of key does not hold for this report.",
        ),
        other => api_error(other),
    }
}

/// Says why a report was not taken; `taken` is what agents are told that would send it again for ever.
fn refused<T>(error: Error, is_ours: bool, taken: T) -> Result<axum::Json<T>, ApiError> {
    let text = error.to_string();
    Err(match error {
        Error::TooLarge { dimension, limit } => {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "report_too_large", text)
                .detail("dimension", dimension)
                .detail("limitBytes", limit.to_string())
        }
        Error::Encoding => ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            text,
        ),
        Error::Compression => ApiError::bad_request("invalid_compression", text),
        Error::Json(cause) => ApiError::bad_request("invalid_json", format!("{text}: {cause}")),
        Error::Poison | Error::NotTaken(NotTaken::Quarantined) if is_ours => {
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "report_dropped", text)
        }
        // The original's agents would send it again for ever; for them it is taken.
        Error::Poison | Error::NotTaken(NotTaken::Quarantined) => {
            return Ok(axum::Json(taken));
        }
        Error::NotTaken(NotTaken::Busy) => {
            ApiError::unavailable("busy", "Too much at once; send it again.")
                .header(header::RETRY_AFTER, HeaderValue::from_static("2"))
        }
        Error::NotTaken(NotTaken::Full(reason)) => {
            let wait = HeaderValue::from_static("60");
            ApiError::unavailable("no_room", reason).header(header::RETRY_AFTER, wait)
        }
        Error::NotTaken(NotTaken::KeyRequired(reason)) => {
            ApiError::forbidden("key_required", reason)
        }
        Error::NotTaken(NotTaken::Invalid(reason)) => {
            ApiError::bad_request("invalid_report", reason)
        }
    })
}
