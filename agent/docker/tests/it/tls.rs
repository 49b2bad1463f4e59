//! An engine over TCP, in plain and over TLS: bytes are passed on to one that is behind a socket.

use std::path::Path;
use std::sync::Arc;

use pulse_agent_docker::{Engines, Places};
use rcgen::{CertifiedKey, KeyPair};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsAcceptor;

use crate::daemon::{Daemon, now, quiet, socket};

type Identity = CertifiedKey<KeyPair>;

fn identity() -> Identity {
    rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate")
}

/// Listens, and passes on to `daemon`; over TLS it wants the certificate of `client`.
async fn listen(daemon: &Daemon, tls: Option<(&Identity, &Identity)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("tcp://{}", listener.local_addr().expect("an address"));
    let behind = socket(daemon.root(), "var/run/docker.sock");
    let acceptor = tls.map(|(server, client)| acceptor(server, client));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (behind, acceptor) = (behind.clone(), acceptor.clone());
            tokio::spawn(async move {
                let mut engine = UnixStream::connect(behind).await.expect("the engine");
                let _ = match acceptor {
                    None => copy_bidirectional(&mut stream, &mut engine).await,
                    Some(acceptor) => match acceptor.accept(stream).await {
                        Ok(mut stream) => copy_bidirectional(&mut stream, &mut engine).await,
                        Err(error) => Err(error),
                    },
                };
            });
        }
    });
    address
}

fn acceptor(server: &Identity, client: &Identity) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(client.cert.der().clone()).expect("a root");
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.signing_key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(clients.build().expect("a verifier"))
        .with_single_cert(vec![server.cert.der().clone()], key)
        .expect("a server configuration");
    TlsAcceptor::from(Arc::new(config))
}

/// Writes the files Docker's client would have.
#[expect(
    clippy::disallowed_methods,
    reason = "what an operator would put there"
)]
fn files(directory: &Path, server: &Identity, client: Option<&Identity>) {
    let write =
        |name: &str, text: String| std::fs::write(directory.join(name), text).expect("a file");
    write("ca.pem", server.cert.pem());
    if let Some(client) = client {
        write("cert.pem", client.cert.pem());
        write("key.pem", client.signing_key.serialize_pem());
    }
}

async fn outcome(address: String, certificates: Option<&Path>) -> Result<usize, String> {
    let places = Places {
        docker_host: Some(address),
        cert_path: certificates.map(Path::to_owned),
        root: "/nonexistent".into(),
        ..Places::default()
    };
    let mut engines = Engines::in_places(&places, quiet()).expect("places");
    let mut outcomes = engines.collect(now()).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    let reading = outcomes.remove(0).reading;
    reading.map(|reading| reading.report.containers.len())
}

#[tokio::test]
async fn an_engine_is_read_over_tcp() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let address = listen(&daemon, None).await;
    assert_eq!(outcome(address, None).await, Ok(1));
    let gone = outcome("tcp://127.0.0.1:1".to_owned(), None).await;
    let error = gone.expect_err("nobody is there");
    assert!(
        error.starts_with("cannot reach the engine at tcp://127.0.0.1:1"),
        "{error}"
    );
}

#[tokio::test]
async fn over_tls_both_sides_have_to_be_who_they_should_be() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let (server, client, stranger) = (identity(), identity(), identity());
    let address = listen(&daemon, Some((&server, &client))).await;
    let directory = tempfile::tempdir().expect("a directory");
    let read = async |ca: &Identity, own: Option<&Identity>| {
        files(directory.path(), ca, own);
        outcome(address.clone(), Some(directory.path())).await
    };
    let error = read(&server, None)
        .await
        .expect_err("no certificate of its own");
    assert!(
        error.contains("cannot reach the engine") || error.contains("broke off"),
        "{error}"
    );
    assert_eq!(read(&server, Some(&client)).await, Ok(1));
    read(&server, Some(&stranger))
        .await
        .expect_err("a certificate the engine does not know");
    let error = read(&stranger, Some(&client))
        .await
        .expect_err("an engine nobody vouches for");
    assert!(
        error.starts_with("cannot reach the engine") && error.contains("certificate"),
        "{error}"
    );
}
