//! The agent's key: what it *is*, wherever it reports from and whatever the machine is called.

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use pulse_protocol::bytes::{FixedBytes, PublicKey, SignatureBytes};
use pulse_protocol::enrol::EnrolClaim;
use pulse_protocol::envelope::{self, Envelope, Signature, payload_type};
use pulse_protocol::ids::{BootId, Digest, KeyId};
use pulse_protocol::proof::Claim;
use pulse_protocol::token::Token;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::random;
use crate::state::{self, StateDir};

/// Signs as this agent.
pub(crate) struct Key {
    signing: SigningKey,
    id: KeyId,
}

impl Key {
    /// Reads the key, or makes one at the first start.
    pub(crate) fn open(state: &StateDir) -> Result<Self, Error> {
        let damaged = || Error::StateContent {
            path: state.file(state::KEY),
            why: "is damaged; restore it, or remove it and enrol this agent again",
        };
        let seed: [u8; 32] = match state.read(state::KEY, 32)? {
            Some(bytes) => bytes.try_into().map_err(|_| damaged())?,
            None => {
                let seed = random::bytes()?;
                state.create(state::KEY, &seed)?;
                seed
            }
        };
        let signing = SigningKey::from_bytes(&seed);
        let id = KeyId::from_digest(&sha256(signing.verifying_key().as_bytes()));
        Ok(Self { signing, id })
    }

    /// Returns the public half.
    pub(crate) fn public(&self) -> PublicKey {
        FixedBytes(self.signing.verifying_key().to_bytes())
    }

    /// Returns where in the report interval this agent reports, so that many spread out.
    pub(crate) fn phase(&self) -> u64 {
        let digest = sha256(self.signing.verifying_key().as_bytes());
        let [a, b, c, d, ..] = digest;
        u64::from(u32::from_be_bytes([a, b, c, d]))
    }

    /// Proves, for an enrolment, that this key enrols with that token.
    pub(crate) fn enrol_proof(
        &self,
        token: &Token,
        now: Timestamp,
        hostname: &str,
        machine_id: &str,
    ) -> Result<Envelope, Error> {
        let claim = EnrolClaim {
            server_id: None,
            token_sha256: Digest(sha256(token.expose().as_bytes())),
            nonce: FixedBytes(random::bytes()?),
            issued_at: now,
            hostname: hostname.to_owned(),
            machine_id: machine_id.to_owned(),
        };
        let payload = serde_json::to_vec(&claim).expect("texts and numbers always make JSON");
        let sig = self.sign(payload_type::ENROL, &payload);
        Ok(Envelope {
            payload_type: payload_type::ENROL.to_owned(),
            payload,
            signatures: vec![Signature {
                keyid: self.id,
                sig,
            }],
        })
    }

    fn sign(&self, kind: &str, payload: &[u8]) -> SignatureBytes {
        FixedBytes(
            self.signing
                .sign(&envelope::signed_bytes(kind, payload))
                .to_bytes(),
        )
    }
}

/// Proves each report of one run of the agent to one server.
pub(crate) struct Prover {
    key: Arc<Key>,
    server_id: String,
    boot: BootId,
    sequence: u64,
}

impl Prover {
    /// Starts with the first report of a run.
    pub(crate) fn new(key: Arc<Key>, server_id: String) -> Result<Self, Error> {
        Ok(Self {
            key,
            server_id,
            boot: BootId(random::bytes()?),
            sequence: 0,
        })
    }

    /// Returns the header for one attempt at sending `body` to `path`; no two attempts share a
    /// number. A path in front of it is the business of proxies.
    pub(crate) fn header(&mut self, path: &str, body: &[u8], now: Timestamp) -> String {
        self.sequence += 1;
        let body_sha256 = sha256(body);
        let claim = Claim {
            server_id: &self.server_id,
            path,
            key: self.key.id,
            boot: self.boot,
            sequence: self.sequence,
            at_ms: now.as_millisecond(),
            body_sha256: &body_sha256,
        };
        let signature = self
            .key
            .sign(payload_type::REPORT, claim.payload().as_bytes());
        claim.signed(signature).to_string()
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Verifier, VerifyingKey};
    use pulse_protocol::paths::HOST_REPORT as REPORT_PATH;
    use pulse_protocol::proof::Proof;

    use super::*;

    fn key_in(path: &std::path::Path) -> Key {
        Key::open(&StateDir::open(path).expect("a state directory")).expect("a key")
    }

    fn verify(public: PublicKey, kind: &str, payload: &[u8], signature: SignatureBytes) -> bool {
        let key = VerifyingKey::from_bytes(&public.0).expect("a key");
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify(&envelope::signed_bytes(kind, payload), &signature)
            .is_ok()
    }

    #[test]
    fn the_key_is_made_once() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(
            key_in(directory.path()).public(),
            key_in(directory.path()).public()
        );
    }

    #[test]
    fn a_damaged_key_is_not_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(directory.path()).expect("a state directory");
        state.create(state::KEY, b"short").expect("written");
        assert!(Key::open(&state).is_err());
        assert_eq!(
            state.read(state::KEY, 32).expect("read").as_deref(),
            Some(&b"short"[..])
        );
    }

    #[test]
    fn an_enrolment_is_proven_for_one_token() {
        let directory = tempfile::tempdir().expect("a directory");
        let key = key_in(directory.path());
        let token = Token::new("bootstrap");
        let proof = key
            .enrol_proof(&token, Timestamp::UNIX_EPOCH, "web1", "m")
            .expect("a proof");
        let [signature] = &proof.signatures[..] else {
            panic!("one signature")
        };
        assert!(verify(
            key.public(),
            payload_type::ENROL,
            &proof.payload,
            signature.sig
        ));
        let claim: EnrolClaim = envelope::read_signed(&proof.payload).expect("a claim");
        assert_eq!(claim.token_sha256, Digest(sha256(b"bootstrap")));
        assert_eq!(
            (claim.hostname.as_str(), claim.machine_id.as_str()),
            ("web1", "m")
        );
    }

    #[test]
    fn every_attempt_at_a_report_is_proven_under_a_number_of_its_own() {
        let directory = tempfile::tempdir().expect("a directory");
        let key = key_in(directory.path());
        let public = key.public();
        let mut prover = Prover::new(Arc::new(key), "server-1".to_owned()).expect("a prover");
        let now = Timestamp::from_millisecond(1_700_000_000_123).expect("a time");
        for expected in 1..=2 {
            let proof: Proof = prover
                .header(REPORT_PATH, b"body", now)
                .parse()
                .expect("a proof");
            assert_eq!((proof.sequence, proof.at_ms), (expected, 1_700_000_000_123));
            let digest = sha256(b"body");
            let payload = proof.claim("server-1", REPORT_PATH, &digest).payload();
            assert!(verify(
                public,
                payload_type::REPORT,
                payload.as_bytes(),
                proof.signature
            ));
            let other = proof.claim("server-2", REPORT_PATH, &digest).payload();
            assert!(!verify(
                public,
                payload_type::REPORT,
                other.as_bytes(),
                proof.signature
            ));
        }
    }
}
