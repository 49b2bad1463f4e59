//! Whether a report is really from the agent it says, and has not been here before.

use ed25519_dalek::Signer;
use pulse_security::{Error, Principal, ReportPass, ReportProof, Scope, Trust};

use crate::enrolment::key;
use crate::server::Server;

struct Agent {
    principal: Principal,
    id: String,
}

impl Server {
    async fn agent(&self, host: &str, seed: u8) -> Agent {
        let enrolment = self.enrol(&self.code().await, host, seed).await.unwrap();
        let principal = self
            .by_token(enrolment.runtime_token.expose())
            .await
            .unwrap();
        Agent {
            principal,
            id: enrolment.agent_id,
        }
    }

    async fn check(&self, agent: &Agent, proof: Option<&ReportProof>) -> Result<ReportPass, Error> {
        self.handle.check_report(&agent.principal, proof).await
    }

    /// Takes a report in, as the ingest does.
    async fn take_in(&self, agent: &Agent, proof: Option<ReportProof>) -> Result<Trust, Error> {
        let pass = self.check(agent, proof.as_ref()).await?;
        pass.check_agent(&agent.id)?;
        let trust = pass.trust();
        pass.keep();
        Ok(trust)
    }
}

fn proof(seed: u8, boot: u8, sequence: u64) -> ReportProof {
    use sha2::Digest;
    let key = key(seed);
    let signed = format!("a report of run {boot}, number {sequence}").into_bytes();
    let digest = sha2::Sha256::digest(key.verifying_key().to_bytes());
    ReportProof {
        key_id: hex::encode(&digest[..16]),
        boot: [boot; 8],
        sequence,
        signature: key.sign(&signed).to_bytes(),
        signed,
    }
}

#[tokio::test]
async fn a_report_with_proof_of_key_is_taken_in_once() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    assert_eq!(
        server.take_in(&agent, Some(proof(1, 1, 5))).await.unwrap(),
        Trust::Keyed
    );
    for stale in [5, 4, 0] {
        let refused = server.take_in(&agent, Some(proof(1, 1, stale))).await;
        assert!(
            matches!(refused, Err(Error::Replayed { accepted: 5 })),
            "{stale}"
        );
    }
    server.take_in(&agent, Some(proof(1, 1, 9))).await.unwrap();
}

#[tokio::test]
async fn a_stolen_token_without_the_key_reports_nothing() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    assert!(matches!(
        server.take_in(&agent, None).await,
        Err(Error::KeyRequired)
    ));
    let forged = ReportProof {
        signature: [7; 64],
        ..proof(1, 1, 1)
    };
    let changed = ReportProof {
        signed: b"another report".to_vec(),
        ..proof(1, 1, 1)
    };
    for bad in [forged, changed, proof(2, 1, 1)] {
        assert!(matches!(
            server.take_in(&agent, Some(bad)).await,
            Err(Error::ProofInvalid)
        ));
    }
    assert_eq!(server.handle.figures().reports_refused, 4);
    server.take_in(&agent, Some(proof(1, 1, 1))).await.unwrap();
}

#[tokio::test]
async fn a_general_token_does_not_speak_for_an_agent_with_a_key() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    let general = Agent {
        principal: server.token_with(&[Scope::AgentReport]).await,
        id: agent.id,
    };
    assert!(matches!(
        server.take_in(&general, None).await,
        Err(Error::KeyRequired)
    ));
    let theirs = Some(proof(2, 1, 1));
    assert!(matches!(
        server.take_in(&general, theirs).await,
        Err(Error::KeyRequired)
    ));
    assert_eq!(
        server
            .take_in(&general, Some(proof(1, 1, 1)))
            .await
            .unwrap(),
        Trust::Keyed
    );
    let other = Agent {
        id: "some-other-host".into(),
        ..general
    };
    assert_eq!(server.take_in(&other, None).await.unwrap(), Trust::Token);
    let mixed_up = server.take_in(&other, Some(proof(1, 1, 2))).await;
    assert!(matches!(mixed_up, Err(Error::AgentMismatch)));
}

#[tokio::test]
async fn an_agents_token_speaks_for_no_other() {
    let server = Server::set_up().await;
    let (one, two) = (
        server.agent("web01", 1).await,
        server.agent("web02", 2).await,
    );
    let crossed = Agent { id: two.id, ..one };
    let refused = server.take_in(&crossed, Some(proof(1, 1, 1))).await;
    assert!(matches!(refused, Err(Error::AgentMismatch)));
}

#[tokio::test]
async fn a_report_that_could_not_be_taken_in_may_be_sent_again() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    server.take_in(&agent, Some(proof(1, 1, 1))).await.unwrap();
    let report = proof(1, 2, 1);
    let pass = server.check(&agent, Some(&report)).await.unwrap();
    assert_eq!(pass.agent(), Some(agent.id.as_str()));
    drop(pass);
    let before = server.take_in(&agent, Some(proof(1, 1, 2))).await;
    assert!(
        matches!(before, Err(Error::RunReplaced)),
        "the run has begun"
    );
    server.take_in(&agent, Some(report)).await.unwrap();
}

#[tokio::test]
async fn of_two_equal_reports_at_once_one_is_taken_in() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    let first = server.check(&agent, Some(&proof(1, 1, 1))).await.unwrap();
    let second = server.check(&agent, Some(&proof(1, 1, 1))).await;
    assert!(matches!(second, Err(Error::Replayed { .. })));
    first.keep();
}

#[tokio::test]
async fn a_giving_up_pass_does_not_undo_a_later_report() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    let slow = server.check(&agent, Some(&proof(1, 1, 1))).await.unwrap();
    server.take_in(&agent, Some(proof(1, 1, 2))).await.unwrap();
    drop(slow);
    let replayed = server.take_in(&agent, Some(proof(1, 1, 2))).await;
    assert!(matches!(replayed, Err(Error::Replayed { accepted: 2 })));
}

#[tokio::test]
async fn a_replaced_run_is_over() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    server
        .take_in(&agent, Some(proof(1, 1, 100)))
        .await
        .unwrap();
    server.take_in(&agent, Some(proof(1, 2, 1))).await.unwrap();
    let ghost = server.take_in(&agent, Some(proof(1, 1, 101))).await;
    assert!(matches!(ghost, Err(Error::RunReplaced)));
    server.take_in(&agent, Some(proof(1, 2, 2))).await.unwrap();
}

#[tokio::test]
async fn report_numbers_survive_a_restart_once_written() {
    let mut server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    server.take_in(&agent, Some(proof(1, 1, 1))).await.unwrap();
    server.take_in(&agent, Some(proof(1, 2, 7))).await.unwrap();
    server.handle.flush().await;
    server.restart();
    let replayed = server.take_in(&agent, Some(proof(1, 2, 7))).await;
    assert!(matches!(replayed, Err(Error::Replayed { accepted: 7 })));
    assert!(matches!(
        server.take_in(&agent, Some(proof(1, 1, 2))).await,
        Err(Error::RunReplaced)
    ));
    assert!(matches!(
        server.take_in(&agent, None).await,
        Err(Error::KeyRequired)
    ));
    server.take_in(&agent, Some(proof(1, 2, 8))).await.unwrap();
}

#[tokio::test]
async fn after_a_crash_a_replay_of_the_run_before_does_not_end_the_present_one() {
    let mut server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    for (run, number) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        let report = Some(proof(1, run, number));
        server.take_in(&agent, report).await.unwrap();
    }
    server.restart();
    for replayed in [1, 2, 3] {
        let refused = server.take_in(&agent, Some(proof(1, 1, replayed))).await;
        assert!(matches!(refused, Err(Error::RunReplaced)), "{replayed}");
    }
    server.take_in(&agent, Some(proof(1, 2, 3))).await.unwrap();
}

#[tokio::test]
async fn runs_that_begin_at_once_are_all_on_disk_before_their_reports_are_let_in() {
    let mut server = Server::set_up().await;
    let mut agents = Vec::new();
    for seed in 1..=40 {
        agents.push(server.agent(&format!("web{seed}"), seed).await);
    }
    let first_reports: Vec<_> = (1..=40)
        .zip(&agents)
        .map(|(seed, agent)| {
            let (handle, caller) = (server.handle.clone(), agent.principal.clone());
            tokio::spawn(async move {
                let pass = handle.check_report(&caller, Some(&proof(seed, 7, 1))).await;
                pass.unwrap().keep();
            })
        })
        .collect();
    for report in first_reports {
        report.await.unwrap();
    }
    for (seed, agent) in (1..=40).zip(&agents) {
        let again = server.take_in(agent, Some(proof(seed, 7, 1))).await;
        assert!(matches!(again, Err(Error::Replayed { accepted: 1 })));
        server
            .take_in(agent, Some(proof(seed, 8, 1)))
            .await
            .unwrap();
    }
    server.restart();
    for (seed, agent) in (1..=40).zip(&agents) {
        let replayed = server.take_in(agent, Some(proof(seed, 7, 1))).await;
        assert!(matches!(replayed, Err(Error::RunReplaced)));
    }
}

#[tokio::test]
async fn what_is_not_taken_in_is_counted_by_its_reason() {
    let server = Server::set_up().await;
    let agent = server.agent("web01", 1).await;
    server.take_in(&agent, Some(proof(1, 1, 1))).await.unwrap();
    server.take_in(&agent, Some(proof(1, 2, 1))).await.unwrap();
    let _ = server.take_in(&agent, Some(proof(1, 2, 1))).await;
    for _ in 0..2 {
        let _ = server.take_in(&agent, Some(proof(1, 1, 2))).await;
    }
    let figures = server.handle.figures();
    assert_eq!((figures.reports_replayed, figures.runs_replaced), (1, 2));
    assert_eq!(figures.reports_refused, 0);
}

#[tokio::test]
async fn an_agent_without_a_key_is_known_by_its_token() {
    let server = Server::set_up().await;
    let token = server.code().await;
    let request = pulse_security::EnrolRequest {
        key: None,
        ..crate::enrolment::request(&token, "old01", 1)
    };
    let enrolment = server.handle.enrol(token, request).await.unwrap();
    let principal = server
        .by_token(enrolment.runtime_token.expose())
        .await
        .unwrap();
    let agent = Agent {
        principal,
        id: enrolment.agent_id,
    };
    assert_eq!(server.take_in(&agent, None).await.unwrap(), Trust::Token);
    let elsewhere = Agent {
        id: "agent-web01".into(),
        ..agent
    };
    assert!(matches!(
        server.take_in(&elsewhere, None).await,
        Err(Error::AgentMismatch)
    ));
}
