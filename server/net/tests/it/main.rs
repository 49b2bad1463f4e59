//! The client factory against a real TLS listener on this machine.

mod bodies;
mod trust;

/// A server that answers every connection with one prepared text.
mod server {
    use std::sync::Arc;

    use rcgen::{CertifiedKey, KeyPair};
    use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    pub(crate) fn certificate() -> CertifiedKey<KeyPair> {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
    }

    pub(crate) async fn tls(identity: &CertifiedKey<KeyPair>, answer: &'static str) -> String {
        pulse_net::install_crypto();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(
            identity.signing_key.serialize_der(),
        ));
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![identity.cert.der().clone()], key)
            .expect("a server configuration");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, answer).await;
                }
            }
        });
        format!("https://localhost:{port}/")
    }

    pub(crate) async fn plain(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream, answer).await;
            }
        });
        format!("http://127.0.0.1:{port}/")
    }

    async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => return,
            }
        }
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}
