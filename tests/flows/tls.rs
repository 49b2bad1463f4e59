//! TLS with the operator's own certificate, read again when it changes.

use std::path::Path;
use std::time::Duration;

use pulse_net::Fingerprint;
use pulse_server::config::{Config, Tls};
use pulse_tests::Site;

/// Writes a fresh self-signed pair into `dir`; returns where, and the certificate's fingerprint.
fn write_certificate(dir: &Path) -> (Tls, Fingerprint) {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let tls = Tls {
        look_every: Duration::from_millis(20),
        ..Tls::new(dir.join("cert.pem"), dir.join("key.pem"))
    };
    let write = |path: &Path, text: String| {
        let mut file = std::fs::File::create(path).expect("a file");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    };
    write(&tls.certificate, made.cert.pem());
    write(&tls.key, made.signing_key.serialize_pem());
    (tls, Fingerprint::of(made.cert.der()))
}

/// Asks `site` for its health, believing only the certificate with that fingerprint.
async fn ask_pinned(site: &Site, fingerprint: &Fingerprint) -> bool {
    let options = pulse_net::Options {
        trust: pulse_net::Trust::Pinned(fingerprint.clone()),
        proxies: false,
        ..pulse_net::Options::default()
    };
    let client = pulse_net::client(&options).expect("a client");
    client
        .get(format!("{}/api/health", site.url()))
        .send()
        .await
        .is_ok()
}

#[tokio::test]
async fn a_changed_certificate_is_served_without_a_restart() {
    let dir = tempfile::tempdir().expect("a directory");
    let (tls, first) = write_certificate(dir.path());
    let site = Site::start_with(|config: &mut Config| config.tls = Some(tls)).await;
    assert!(ask_pinned(&site, &first).await);
    let (_, second) = write_certificate(dir.path());
    let served = async { while !ask_pinned(&site, &second).await {} };
    tokio::time::timeout(Duration::from_secs(30), served)
        .await
        .expect("the new one is served");
    assert!(!ask_pinned(&site, &first).await);
}

#[tokio::test]
async fn cookies_on_tls_belong_to_this_host_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let (tls, _) = write_certificate(dir.path());
    let site = Site::start_with(|config: &mut Config| config.tls = Some(tls)).await;
    assert!(site.url().starts_with("https://"));
    let admin = site.do_set_up().await;
    assert_eq!(admin.get("/api/state").await.status, 200);
    let answer = site.try_sign_in(pulse_tests::PASSWORD).await;
    let cookies: Vec<_> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|c| c.to_str().ok())
        .collect();
    let session = cookies
        .iter()
        .find(|cookie| cookie.contains("pulse_session="))
        .expect("a session");
    assert!(
        session.starts_with("__Host-pulse_session=")
            && session.contains("; Secure")
            && session.contains("; HttpOnly")
    );
    assert!(answer.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_stops_the_start_with_a_sentence() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut config = Config::for_tests(dir.path().join("data"));
    let nothing = dir.path().join("nothing.pem");
    config.tls = Some(Tls::new(nothing.clone(), nothing));
    let text = pulse_server::start(config)
        .await
        .err()
        .expect("refused")
        .to_string();
    assert!(!text.contains('\n'), "{text}");
}
