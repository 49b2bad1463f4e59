//! Who gets through and who does not.

use pulse_net::{Fingerprint, Options, Trust, client};

use crate::server;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

fn trusting(trust: Trust) -> reqwest::Client {
    client(&Options {
        trust,
        proxies: false,
        ..Options::default()
    })
    .expect("a client")
}

#[tokio::test]
async fn the_pinned_certificate_is_accepted() {
    let identity = server::certificate();
    let url = server::tls(&identity, OK).await;
    let pin = Fingerprint::of(identity.cert.der());
    let answer = trusting(Trust::Pinned(pin))
        .get(url)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn another_certificate_for_the_same_name_is_refused() {
    let url = server::tls(&server::certificate(), OK).await;
    let pin = Fingerprint::of(server::certificate().cert.der());
    assert!(trusting(Trust::Pinned(pin)).get(url).send().await.is_err());
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_without_a_reason_to_trust_it() {
    let url = server::tls(&server::certificate(), OK).await;
    assert!(trusting(Trust::System).get(url).send().await.is_err());
}

#[tokio::test]
async fn an_extra_authority_is_trusted() {
    let identity = server::certificate();
    let url = server::tls(&identity, OK).await;
    let trust = Trust::SystemAnd(identity.cert.pem().into_bytes());
    assert!(trusting(trust).get(url).send().await.is_ok());
}

#[tokio::test]
async fn skipping_verification_takes_anybody() {
    let url = server::tls(&server::certificate(), OK).await;
    assert!(
        trusting(Trust::DangerouslyAnybody)
            .get(url)
            .send()
            .await
            .is_ok()
    );
}

#[test]
fn an_authority_file_without_a_certificate_is_an_error() {
    for pem in [
        "",
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
    ] {
        let trust = Trust::SystemAnd(pem.as_bytes().to_vec());
        assert!(
            client(&Options {
                trust,
                ..Options::default()
            })
            .is_err(),
            "{pem}"
        );
    }
}
