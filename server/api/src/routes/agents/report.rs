//! Taking a report.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, OriginalUri, Request, State};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use pulse_protocol::envelope::{payload_type, signed_bytes};
use pulse_protocol::proof::{HEADER, Proof};
use pulse_protocol::report::docker::DockerReportAnswer;
use pulse_protocol::report::host::HostReportAnswer;
use pulse_protocol::report::kubernetes::KubernetesReportAnswer;
use pulse_security::{Handle, Principal, ReportPass, ReportProof, Trust};
use pulse_sources::Error;
use pulse_sources::agent::{Body, Ingest, Sender};
use pulse_sources::port::NotTaken;

use super::config;
use crate::app::{App, Caller};
use crate::body::Raw;
use crate::error::ApiError;
use crate::routes::security::api_error;

/// Takes a host report.
pub(super) async fn host(
    State(ingest): State<Ingest>,
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    arrival: Arrival,
) -> Result<axum::Json<HostReportAnswer>, ApiError> {
    let taken = HostReportAnswer {
        success: true,
        ..HostReportAnswer::default()
    };
    let hand_over = async |sender, body| {
        let mut answer = ingest.host(sender, body).await?;
        let principal = caller.principal.as_ref();
        answer.config =
            principal.and_then(|principal| config::for_report(&app, principal, &answer.agent_id));
        Ok(answer)
    };
    arrival.answer(taken, hand_over).await
}

/// Takes a Docker report.
pub(super) async fn docker(
    State(ingest): State<Ingest>,
    arrival: Arrival,
) -> Result<axum::Json<DockerReportAnswer>, ApiError> {
    let taken = DockerReportAnswer {
        success: true,
        ..DockerReportAnswer::default()
    };
    let hand_over = async |sender, body| ingest.docker(sender, body).await;
    arrival.answer(taken, hand_over).await
}

/// Takes a Kubernetes report.
pub(super) async fn kubernetes(
    State(ingest): State<Ingest>,
    arrival: Arrival,
) -> Result<axum::Json<KubernetesReportAnswer>, ApiError> {
    let taken = KubernetesReportAnswer {
        success: true,
        ..KubernetesReportAnswer::default()
    };
    let hand_over = async |sender, body| ingest.kubernetes(sender, body).await;
    arrival.answer(taken, hand_over).await
}

/// A report that has arrived. None is one that was taken before; a replaced run is a copy of the agent, or a replay, which
/// learns nothing from us: it is counted and logged.
pub(super) struct Arrival(Option<Fresh>);

/// A report to be taken, and from whom. A signed one carried the proof of its agent's key.
struct Fresh {
    pass: ReportPass,
    sender: Sender,
    body: Body,
}

impl FromRequest<App> for Arrival {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let security = Handle::from_ref(app);
        let caller = request.extensions().get::<Caller>().cloned();
        let path = request.extensions().get::<OriginalUri>();
        let path = path.map_or(request.uri(), |uri| &uri.0).path().to_owned();
        let headers = request.headers().clone();
        let Raw(bytes) = Raw::from_request(request, app).await?;
        let principal = caller
            .and_then(|caller| caller.principal)
            .ok_or_else(|| ApiError::unauthorized("Present an API token."))?;
        let proof = proof(&security, &headers, &path, &bytes)?;
        let pass = match security.check_report(&principal, proof.as_ref()).await {
            Err(pulse_security::Error::Replayed { .. } | pulse_security::Error::RunReplaced) => {
                return Ok(Self(None));
            }
            pass => pass.map_err(proof_refused)?,
        };
        let token = match &principal {
            Principal::Token(token) => Some(token),
            Principal::User(_) => None,
        };
        let sender = Sender {
            token_id: token.map(|token| token.id.clone()),
            token_made_at: token.and_then(|token| token.created_at),
            bound_agent_id: pass.agent().map(str::to_owned),
            keyed: pass.trust() == Trust::Keyed,
        };
        let encoding = headers
            .get(header::CONTENT_ENCODING)
            .map(|value| value.to_str().unwrap_or("?").to_owned());
        let body = Body { encoding, bytes };
        Ok(Self(Some(Fresh { pass, sender, body })))
    }
}

impl Arrival {
    /// Hands the report over and answers. What an agent should send again is answered with 503, what it should drop with
    /// 400 or 413: an agent must never be sent into a circle. `taken` is what it is told that would be.
    async fn answer<T>(
        self,
        taken: T,
        hand_over: impl AsyncFnOnce(Sender, Body) -> Result<T, Error>,
    ) -> Result<axum::Json<T>, ApiError> {
        let Some(Fresh { pass, sender, body }) = self.0 else {
            return Ok(axum::Json(taken));
        };
        let is_ours = sender.keyed;
        match hand_over(sender, body).await {
            Ok(answer) => {
                pass.keep();
                Ok(axum::Json(answer))
            }
            Err(error) => refused(error, is_ours, taken),
        }
    }
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
