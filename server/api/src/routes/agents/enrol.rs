//! Letting an agent in.

use axum::extract::State;
use http::{HeaderMap, StatusCode};

use pulse_model::{Clock, Secret};
use pulse_protocol::bytes::PublicKey;
use pulse_protocol::enrol::{EnrolAnswer, EnrolClaim as WireClaim, EnrolRequest as WireRequest};
use pulse_protocol::envelope::{Envelope, payload_type, read_signed};
use pulse_protocol::ids::AgentRef;
use pulse_protocol::token::Token;
use pulse_security::{EnrolClaim, EnrolRequest, Error, Handle, OfferedKey, ProvenKey};

use crate::body::Raw;
use crate::error::ApiError;
use crate::routes::security::api_error;

const REPORT_INTERVAL: &str = "30s";

/// Trades a one-use enrolment code, and a key of the agent's own, for a token bound to it.
pub(super) async fn enrol(
    State(security): State<Handle>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<axum::Json<EnrolAnswer>, ApiError> {
    let code =
        code(&headers).ok_or_else(|| ApiError::unauthorized("An enrolment code is needed."))?;
    let wire = WireRequest::from_json(&body).map_err(|error| {
        ApiError::bad_request(
            "invalid_json",
            format!("The enrolment cannot be read: {error}."),
        )
    })?;
    if wire.hostname.trim().is_empty() {
        return Err(ApiError::bad_request(
            "invalid_enrolment",
            "The enrolment has no host name.",
        ));
    }
    let key = match (wire.public_key, &wire.proof) {
        (None, None) => None,
        (Some(public), Some(proof)) => Some(offered(&public, proof)?),
        _ => return Err(no_proof()),
    };
    let request = EnrolRequest {
        hostname: wire.hostname,
        machine_id: wire.machine_id,
        agent_version: wire.agent_version,
        key,
    };
    let enrolment = security.enrol(code, request).await.map_err(refused)?;
    Ok(axum::Json(EnrolAnswer {
        agent_id: enrolment.agent_id,
        runtime_token: Token::new(enrolment.runtime_token.expose()),
        runtime_token_id: enrolment.runtime_token_id,
        report_interval: REPORT_INTERVAL.to_owned(),
        server_id: security.server_id().to_owned(),
        server_time: Some(clock.now()),
        keyset: None,
        agent_ref: enrolment.key_sha256.as_ref().map(AgentRef::from_digest),
    }))
}

fn code(headers: &HeaderMap) -> Option<Secret> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let code = text("x-api-token").or(bearer)?.trim();
    (!code.is_empty()).then(|| Secret::new(code))
}

fn offered(public: &PublicKey, proof: &Envelope) -> Result<OfferedKey, ApiError> {
    let [signature] = proof.signatures.as_slice() else {
        return Err(no_proof());
    };
    if proof.payload_type != payload_type::ENROL {
        return Err(no_proof());
    }
    let key = ProvenKey::verify(&public.0, &proof.signed_bytes(), &signature.sig.0);
    let key = key.map_err(|_| no_proof())?;
    let claim: WireClaim = read_signed(&proof.payload).map_err(|_| no_proof())?;
    let claim = EnrolClaim {
        server_id: claim.server_id,
        token_sha256: claim.token_sha256.0,
        nonce: claim.nonce.0,
        hostname: claim.hostname,
        machine_id: claim.machine_id,
    };
    Ok(OfferedKey { key, claim })
}

fn no_proof() -> ApiError {
    ApiError::bad_request(
        "invalid_proof",
        "The enrolment's key comes without a proof that holds.",
    )
}

fn refused(error: Error) -> ApiError {
    match error {
        Error::EnrolmentRefused => {
            let text = "This enrolment code is unknown, expired or used.";
            ApiError::new(StatusCode::UNAUTHORIZED, "enrolment_refused", text)
        }
        Error::ProofInvalid => no_proof(),
        other => api_error(other),
    }
}
