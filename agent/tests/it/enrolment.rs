//! A token that works once becomes a token of the agent's own, and its key becomes known.

use std::path::Path;

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use pulse_protocol::enrol::{EnrolClaim, EnrolRequest};
use pulse_protocol::envelope::{payload_type, read_signed, signed_bytes};
use pulse_protocol::proof::Proof;
use sha2::{Digest, Sha256};

use crate::agent::{Agent, token_file, write};
use crate::server::{Answer, ENROL, REPORT, Seen, Server};

const ENROLLED: &str = r#"{"agentId":"agent-web1","runtimeToken":"own-token","runtimeTokenId":"t1",
    "reportInterval":"30s","serverId":"server-1"}"#;

/// Enrols everybody and takes every report.
fn willing(seen: &Seen) -> Answer {
    if seen.path == ENROL {
        Answer::json(200, ENROLLED)
    } else {
        Answer::taken()
    }
}

fn is_signed(key: &VerifyingKey, kind: &str, payload: &[u8], signature: [u8; 64]) -> bool {
    key.verify(
        &signed_bytes(kind, payload),
        &Signature::from_bytes(&signature),
    )
    .is_ok()
}

/// Checks an enrolment as a server does, and returns the key it made known.
fn check_enrolment(seen: &Seen, token: &str) -> VerifyingKey {
    assert_eq!(
        (seen.path.as_str(), seen.header("x-api-token")),
        (ENROL, token)
    );
    assert_eq!(seen.header("content-encoding"), "");
    let request = EnrolRequest::from_json(&seen.body).expect("a request");
    assert_eq!(
        (request.hostname.as_str(), request.commands_enabled),
        ("web1", false)
    );
    let key = VerifyingKey::from_bytes(&request.public_key.expect("a key").0).expect("a key");
    let proof = request.proof.expect("a proof");
    let signature = proof.signatures[0].sig.0;
    assert!(is_signed(
        &key,
        payload_type::ENROL,
        &proof.payload,
        signature
    ));
    let claim: EnrolClaim = read_signed(&proof.payload).expect("a claim");
    assert_eq!(claim.token_sha256.0[..], Sha256::digest(token)[..]);
    assert_eq!(
        (&claim.hostname, &claim.machine_id),
        (&request.hostname, &request.machine_id)
    );
    key
}

/// Checks a report's proof as a server does, and returns it.
fn check_proof(seen: &Seen, key: &VerifyingKey) -> Proof {
    let proof: Proof = seen.header("pulse-proof").parse().expect("a proof");
    let digest: [u8; 32] = Sha256::digest(&seen.body).into();
    let payload = proof.claim("server-1", REPORT, &digest).payload();
    assert!(is_signed(
        key,
        payload_type::REPORT,
        payload.as_bytes(),
        proof.signature.0
    ));
    proof
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().expect("metadata").permissions().mode() & 0o777
}

#[tokio::test]
async fn an_agent_enrols_once_and_proves_its_key_from_then_on() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(willing).await;
    let token = token_file(state.path(), "bootstrap");
    let agent = Agent::start(&server.url, state.path(), "100ms", &[&token, "--enroll"]);
    let key = check_enrolment(&server.next().await, "bootstrap");
    let mut last = None;
    for _ in 0..3 {
        let seen = server.next().await;
        assert_eq!(seen.header("x-api-token"), "own-token");
        assert_eq!(seen.report().agent.id, "agent-web1");
        let proof = check_proof(&seen, &key);
        assert!(
            last.is_none_or(|last| last < proof.sequence),
            "strictly rising"
        );
        last = Some(proof.sequence);
    }
    agent.stop().await.expect("a clean end");
    server.rest();
    #[cfg(unix)]
    for name in ["runtime.token", "identity.key", "server-id", "agent-id"] {
        assert_eq!(mode(&state.path().join(name)), 0o600, "{name}");
    }

    let agent = Agent::start(&server.url, state.path(), "1h", &["--enroll"]);
    let seen = server.next().await;
    assert_eq!(
        (seen.path.as_str(), seen.header("x-api-token")),
        (REPORT, "own-token")
    );
    check_proof(&seen, &key);
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn while_the_server_is_not_set_up_reports_wait() {
    let state = tempfile::tempdir().expect("a directory");
    let mut not_yet = Answer::json(503, r#"{"error":"set up first","code":"setup_required"}"#);
    not_yet.headers.push(("retry-after", "1"));
    let mut server = Server::answering(move |_| not_yet.clone()).await;
    let token = token_file(state.path(), "bootstrap");
    let agent = Agent::start(&server.url, state.path(), "100ms", &[&token, "--enroll"]);
    check_enrolment(&server.next().await, "bootstrap");
    check_enrolment(&server.next().await, "bootstrap");
    server.answer(willing);
    let key = check_enrolment(&server.next().await, "bootstrap");
    let mut times = Vec::new();
    for expected in 1..=5 {
        let seen = server.next().await;
        check_proof(&seen, &key);
        let report = seen.report();
        assert!(
            report.sequence_id.ends_with(&format!(":{expected}")),
            "{}",
            report.sequence_id
        );
        assert_eq!(
            report.agent.id, "agent-web1",
            "also those made before it had that id"
        );
        times.push(report.timestamp.expect("a time"));
    }
    assert!(times.is_sorted());
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_token_that_is_not_for_enrolling_is_used_as_it_is() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|seen| match seen.path.as_str() {
        ENROL => Answer::json(
            403,
            r#"{"error":"missing_scope","requiredScope":"agent:enroll"}"#,
        ),
        _ => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "plain-token");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token, "--enroll"]);
    server.next().await;
    let seen = server.next().await;
    assert_eq!(
        (seen.path.as_str(), seen.header("x-api-token")),
        (REPORT, "plain-token")
    );
    assert_eq!(seen.header("pulse-proof"), "");
    agent.stop().await.expect("a clean end");
    assert!(!state.path().join("runtime.token").exists());
}

#[tokio::test]
async fn a_refused_token_ends_the_agent_with_one_sentence() {
    for (status, part) in [
        (400, "refused"),
        (401, "unknown, expired or used up"),
        (404, "is it a Pulse server"),
        (409, "used already"),
    ] {
        let state = tempfile::tempdir().expect("a directory");
        let refusal = Answer::json(status, r#"{"error":"because"}"#);
        let server = Server::answering(move |_| refusal.clone()).await;
        let token = token_file(state.path(), "bootstrap");
        let agent = Agent::start(&server.url, state.path(), "1h", &[&token, "--enroll"]);
        let error = agent.ended().await.expect_err("refused").to_string();
        assert!(error.contains(part) && error.contains("because"), "{error}");
        assert!(!error.contains("bootstrap"), "{error}");
    }
}

#[tokio::test]
async fn reports_made_before_a_refusal_are_kept() {
    let state = tempfile::tempdir().expect("a directory");
    let mut answers = [Answer::busy()].into_iter();
    let server = Server::answering(move |_| {
        let refusal = Answer::json(401, r#"{"error":"because"}"#);
        answers.next().unwrap_or(refusal)
    })
    .await;
    let token = token_file(state.path(), "bootstrap");
    let agent = Agent::start(&server.url, state.path(), "20ms", &[&token, "--enroll"]);
    agent.ended().await.expect_err("refused");
    assert!(state.path().join("report-buffer.json").exists());
}

#[tokio::test]
async fn a_token_file_may_come_later() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(willing).await;
    let file = state.path().join("later.token");
    let token = format!("--token-file={}", file.display());
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token, "--enroll"]);
    // The key exists before first contact, and tells that the agent has started.
    while !state.path().join("identity.key").exists() {
        tokio::task::yield_now().await;
    }
    write(&file, "bootstrap");
    check_enrolment(&server.next().await, "bootstrap");
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn an_original_server_enrols_without_knowing_keys() {
    let state = tempfile::tempdir().expect("a directory");
    let mut server = Server::answering(|seen| match seen.path.as_str() {
        ENROL => Answer::json(
            200,
            r#"{"agentId":"agent-web1","runtimeToken":"own","runtimeTokenId":"1"}"#,
        ),
        _ => Answer::taken(),
    })
    .await;
    let token = token_file(state.path(), "bootstrap");
    let agent = Agent::start(&server.url, state.path(), "1h", &[&token, "--enroll"]);
    server.next().await;
    let seen = server.next().await;
    assert_eq!(
        (seen.header("x-api-token"), seen.header("pulse-proof")),
        ("own", "")
    );
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn ids_that_cannot_be_ids_are_not_taken_over() {
    for no_id in ["../../x", "a b", r"a\u0000b", &"a".repeat(129)] {
        let state = tempfile::tempdir().expect("a directory");
        let enrolled =
            format!(r#"{{"agentId":"{no_id}","runtimeToken":"own","serverId":"{no_id}"}}"#);
        let taken = format!(r#"{{"success":true,"agentId":"{no_id}"}}"#);
        let mut server = Server::answering(move |seen| match seen.path.as_str() {
            ENROL => Answer::json(200, &enrolled),
            _ => Answer::json(200, &taken),
        })
        .await;
        let token = token_file(state.path(), "bootstrap");
        let agent = Agent::start(&server.url, state.path(), "50ms", &[&token, "--enroll"]);
        server.next().await;
        // The second report is sent after the answer to the first was heard.
        for _ in 0..2 {
            let seen = server.next().await;
            assert_eq!(
                (seen.header("x-api-token"), seen.header("pulse-proof")),
                ("own", "")
            );
            let own = "01234567-89ab-cdef-0123-456789abcdef";
            assert_eq!(seen.report().agent.id, own);
            let kept = std::fs::read_to_string(state.path().join("agent-id"));
            assert_eq!(kept.expect("an id").trim(), own);
        }
        assert!(!state.path().join("server-id").exists());
        agent.stop().await.expect("a clean end");
    }
}
