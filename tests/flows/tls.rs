//! TLS with the operator's own certificate, read again when it changes.

use std::path::Path;

use pulse_server::config::Config;
use pulse_tests::Site;

fn write_certificate(dir: &Path) -> pulse_server::config::Tls {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let made = made.expect("a certificate");
    let paths = (dir.join("cert.pem"), dir.join("key.pem"));
    for (path, text) in [
        (&paths.0, made.cert.pem()),
        (&paths.1, made.signing_key.serialize_pem()),
    ] {
        std::io::Write::write_all(
            &mut std::fs::File::create(path).expect("a file"),
            text.as_bytes(),
        )
        .expect("written");
    }
    pulse_server::config::Tls {
        certificate: paths.0,
        key: paths.1,
    }
}

#[tokio::test]
async fn cookies_on_tls_belong_to_this_host_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let tls = write_certificate(dir.path());
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
    config.tls = Some(pulse_server::config::Tls {
        certificate: nothing.clone(),
        key: nothing,
    });
    let text = pulse_server::start(config)
        .await
        .err()
        .expect("refused")
        .to_string();
    assert!(!text.contains('\n'), "{text}");
}
