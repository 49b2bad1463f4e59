//! An agent is let in once, with a token that is good for nothing else.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use pulse_model::Secret;
use pulse_security::{
    EnrolClaim, EnrolRequest, Enrolment, Error, OfferedKey, Principal, ProvenKey, Scope,
};
use sha2::Digest;

use crate::server::{MINUTE, Server};

static NONCES: AtomicU64 = AtomicU64::new(0);
const LOCAL: &str = "local-agent.token";

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// A request with a nonce of its own, as an agent makes it.
pub fn request(token: &Secret, hostname: &str, seed: u8) -> EnrolRequest {
    let claim = EnrolClaim {
        server_id: None,
        token_sha256: sha2::Sha256::digest(token.expose()).into(),
        nonce: u128::from(NONCES.fetch_add(1, Ordering::Relaxed)).to_be_bytes(),
        hostname: hostname.into(),
        machine_id: "machine".into(),
    };
    let (key, signed) = (key(seed), b"the claim as sent");
    let signature = key.sign(signed).to_bytes();
    let proven = ProvenKey::verify(&key.verifying_key().to_bytes(), signed, &signature).unwrap();
    EnrolRequest {
        hostname: hostname.into(),
        machine_id: "machine".into(),
        agent_version: "0.1.0".into(),
        key: Some(OfferedKey { key: proven, claim }),
    }
}

impl Server {
    pub async fn enrol(&self, token: &Secret, host: &str, seed: u8) -> Result<Enrolment, Error> {
        self.handle
            .enrol(Secret::new(token.expose()), request(token, host, seed))
            .await
    }

    pub async fn code(&self) -> Secret {
        let life = MINUTE * 15;
        self.handle
            .issue_enrolment_token(&self.admin().await, life)
            .await
            .unwrap()
            .token
    }
}

#[tokio::test]
async fn this_machines_agent_finds_its_token_in_a_private_file() {
    let mut server = Server::set_up().await;
    let path = server.path(LOCAL);
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let token = server.token_file(LOCAL);
    server.restart();
    assert_eq!(
        server.token_file(LOCAL).expose(),
        token.expose(),
        "a restart keeps it"
    );
    std::fs::remove_file(&path).unwrap();
    server.restart();
    let second = server.token_file(LOCAL);
    assert!(matches!(
        server.enrol(&token, "web01", 1).await,
        Err(Error::EnrolmentRefused)
    ));
    let enrolment = server.enrol(&second, "web01", 1).await.unwrap();
    assert_eq!(enrolment.agent_id, "agent-web01");
    let digest: [u8; 32] = sha2::Sha256::digest(key(1).verifying_key().to_bytes()).into();
    assert_eq!(enrolment.key_sha256, Some(digest));
    server.hands.advance(MINUTE * 10);
    server.handle.sweep().await;
    server.restart();
    assert!(!path.exists(), "an enrolled agent needs none");
}

#[tokio::test]
async fn once_its_token_is_revoked_this_machines_agent_may_enrol_again() {
    let mut server = Server::set_up().await;
    let first = server
        .enrol(&server.token_file(LOCAL), "web01", 1)
        .await
        .unwrap();
    server.hands.advance(MINUTE * 10);
    server.handle.sweep().await;
    let admin = server.admin().await;
    server
        .handle
        .revoke_token(&admin, &first.runtime_token_id)
        .await
        .unwrap();
    server.restart();
    let again = server
        .enrol(&server.token_file(LOCAL), "web01", 1)
        .await
        .unwrap();
    assert_eq!(again.agent_id, first.agent_id);
}

#[tokio::test]
async fn the_agents_own_token_reports_and_does_nothing_else() {
    let mut server = Server::set_up().await;
    let enrolment = server
        .enrol(&server.token_file(LOCAL), "web01", 1)
        .await
        .unwrap();
    for _ in 0..2 {
        let raw = enrolment.runtime_token.expose();
        let Principal::Token(holder) = server.by_token(raw).await.unwrap() else {
            panic!("it is a token");
        };
        assert_eq!(holder.id, enrolment.runtime_token_id);
        assert_eq!(holder.bound_agent.as_deref(), Some("agent-web01"));
        let allowed: Vec<_> = Scope::ALL
            .iter()
            .filter(|&&scope| holder.scopes.allows(scope))
            .collect();
        let expected = [
            &Scope::DockerReport,
            &Scope::KubernetesReport,
            &Scope::AgentReport,
            &Scope::AgentConfigRead,
        ];
        assert_eq!(allowed, expected);
        server.restart();
    }
}

#[tokio::test]
async fn an_enrolment_token_is_no_api_token_and_does_not_count_as_set_up() {
    let server = Server::fresh();
    let token = server.token_file(LOCAL);
    assert!(matches!(
        server.by_token(token.expose()).await,
        Err(Error::InvalidToken)
    ));
    let hash = hex::encode(sha2::Sha256::digest(token.expose()));
    assert!(matches!(
        server.by_token(&hash).await,
        Err(Error::InvalidToken)
    ));
    server.enrol(&token, "web01", 1).await.unwrap();
    assert!(!server.handle.is_set_up());
    assert!(matches!(
        server.by_token(token.expose()).await,
        Err(Error::InvalidToken)
    ));
}

#[tokio::test]
async fn of_64_agents_with_one_token_exactly_one_gets_in() {
    let server = Server::set_up().await;
    let token = server.code().await;
    let racers: Vec<_> = (0..64)
        .map(|seed| {
            let (handle, request) = (server.handle.clone(), request(&token, "web01", seed));
            let token = Secret::new(token.expose());
            tokio::spawn(async move { handle.enrol(token, request).await })
        })
        .collect();
    let mut winners = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(_) => winners += 1,
            Err(Error::EnrolmentRefused) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(server.handle.figures().agents, 1);
    assert_eq!(server.handle.figures().enrolments_refused, 63);
}

#[tokio::test]
async fn an_agent_that_lost_the_answer_may_ask_again_with_the_same_key() {
    let mut server = Server::set_up().await;
    let token = server.code().await;
    let first = server.enrol(&token, "web01", 1).await.unwrap();
    server.hands.advance(MINUTE * 9);
    server.restart();
    let again = server.enrol(&token, "web01", 1).await.unwrap();
    assert_eq!(again.agent_id, first.agent_id);
    assert!(
        server.by_token(first.runtime_token.expose()).await.is_err(),
        "the first is revoked"
    );
    server.by_token(again.runtime_token.expose()).await.unwrap();
    let other_key = server.enrol(&token, "web01", 2).await;
    assert!(matches!(other_key, Err(Error::EnrolmentRefused)));
    server.hands.advance(MINUTE);
    assert!(matches!(
        server.enrol(&token, "web01", 1).await,
        Err(Error::EnrolmentRefused)
    ));
}

#[tokio::test]
async fn an_enrolment_seen_on_the_wire_and_sent_again_is_refused() {
    let mut server = Server::set_up().await;
    let token = server.code().await;
    let send = async |server: &Server, request: &EnrolRequest| {
        let token = Secret::new(token.expose());
        server.handle.enrol(token, request.clone()).await
    };
    let first = request(&token, "web01", 1);
    send(&server, &first).await.unwrap();
    let second = request(&token, "web01", 1);
    let enrolment = send(&server, &second).await.unwrap();
    for _ in 0..2 {
        for seen in [&first, &second] {
            let refused = send(&server, seen).await;
            assert!(matches!(refused, Err(Error::EnrolmentRefused)));
        }
        let own = enrolment.runtime_token.expose();
        server.by_token(own).await.unwrap();
        server.restart();
    }
}

#[tokio::test]
async fn tries_with_one_token_are_bounded() {
    let server = Server::set_up().await;
    let token = server.code().await;
    for _ in 0..64 {
        server.enrol(&token, "web01", 1).await.unwrap();
    }
    let refused = server.enrol(&token, "web01", 1).await;
    assert!(matches!(refused, Err(Error::EnrolmentRefused)));
}

#[tokio::test]
async fn without_a_key_there_is_no_second_try() {
    let server = Server::set_up().await;
    let token = server.code().await;
    let keyless = || EnrolRequest {
        key: None,
        ..request(&token, "web01", 1)
    };
    let again = || Secret::new(token.expose());
    let first = server.handle.enrol(again(), keyless()).await.unwrap();
    assert_eq!(first.key_sha256, None);
    let second = server.handle.enrol(again(), keyless()).await;
    assert!(matches!(second, Err(Error::EnrolmentRefused)));
    server.by_token(first.runtime_token.expose()).await.unwrap();
}

#[tokio::test]
async fn unknown_expired_and_foreign_tokens_are_refused_alike() {
    let server = Server::set_up().await;
    let expired = server.code().await;
    server.hands.advance(MINUTE * 15);
    let api_token = server.mint(&[Scope::AgentEnroll]).await.raw;
    let texts = [
        "",
        "pulse_enrol_",
        &"0".repeat(76),
        expired.expose(),
        api_token.expose(),
    ];
    for text in texts {
        let refused = server.enrol(&Secret::new(text), "web01", 1).await;
        assert!(
            matches!(refused, Err(Error::EnrolmentRefused)),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_claim_made_for_something_else_is_refused_and_uses_nothing_up() {
    let server = Server::set_up().await;
    let token = server.code().await;
    let twist = |change: fn(&mut EnrolClaim)| {
        let mut request = request(&token, "web01", 1);
        change(&mut request.key.as_mut().unwrap().claim);
        request
    };
    let twisted = [
        twist(|claim| claim.server_id = Some("another server".into())),
        twist(|claim| claim.token_sha256[0] ^= 1),
        twist(|claim| claim.hostname = "web02".into()),
        twist(|claim| claim.machine_id = "other".into()),
    ];
    for request in twisted {
        let refused = server
            .handle
            .enrol(Secret::new(token.expose()), request)
            .await;
        assert!(matches!(refused, Err(Error::ProofInvalid)));
    }
    let mut ours = request(&token, "web01", 1);
    ours.key.as_mut().unwrap().claim.server_id = Some(server.handle.server_id().into());
    server.handle.enrol(token, ours).await.unwrap();
}

#[test]
fn a_key_is_proven_only_by_its_own_signature() {
    let (ours, theirs) = (key(1), key(2));
    let public = ours.verifying_key().to_bytes();
    let good = ours.sign(b"claim").to_bytes();
    assert!(ProvenKey::verify(&public, b"claim", &good).is_ok());
    assert!(ProvenKey::verify(&public, b"claim.", &good).is_err());
    assert!(ProvenKey::verify(&public, b"claim", &theirs.sign(b"claim").to_bytes()).is_err());
    assert!(
        ProvenKey::verify(&[0; 32], b"claim", &[0; 64]).is_err(),
        "a weak key"
    );
    assert!(
        ProvenKey::verify(&[0xff; 32], b"claim", &good).is_err(),
        "not a key"
    );
}

#[tokio::test]
async fn a_reinstalled_agent_that_kept_its_key_keeps_its_id() {
    let server = Server::set_up().await;
    let before = server
        .enrol(&server.code().await, "web01", 1)
        .await
        .unwrap();
    let after = server
        .enrol(&server.code().await, "renamed", 1)
        .await
        .unwrap();
    assert_eq!(after.agent_id, before.agent_id);
    assert!(
        server
            .by_token(before.runtime_token.expose())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn two_hosts_of_one_name_and_machine_id_are_two_agents() {
    let server = Server::set_up().await;
    let one = server
        .enrol(&server.code().await, "web01", 1)
        .await
        .unwrap();
    let two = server
        .enrol(&server.code().await, "web01", 2)
        .await
        .unwrap();
    assert_ne!(one.agent_id, two.agent_id);
    server.by_token(one.runtime_token.expose()).await.unwrap();
    server.by_token(two.runtime_token.expose()).await.unwrap();
}

#[tokio::test]
async fn issuing_needs_the_scope_and_a_short_life() {
    let server = Server::set_up().await;
    let reporter = server.token_with(&[Scope::AgentReport]).await;
    let refused = server.handle.issue_enrolment_token(&reporter, MINUTE).await;
    assert!(matches!(refused, Err(Error::MissingScopes(_))));
    let enroller = server.token_with(&[Scope::AgentEnroll]).await;
    server
        .handle
        .issue_enrolment_token(&enroller, MINUTE)
        .await
        .unwrap();
    for life in [Duration::from_secs(59), MINUTE * 60 * 24 + MINUTE] {
        let refused = server.handle.issue_enrolment_token(&enroller, life).await;
        assert!(matches!(refused, Err(Error::ExpiryOutOfRange)));
    }
}

#[tokio::test]
async fn the_server_keeps_its_id() {
    let mut server = Server::fresh();
    let id = server.handle.server_id().to_owned();
    assert_eq!(id.len(), 36);
    server.restart();
    assert_eq!(server.handle.server_id(), id);
}
