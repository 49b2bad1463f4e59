//! The way to the cluster, and as whom it is asked.

use std::path::PathBuf;
use std::sync::Arc;

use pulse_agent_kubernetes::{Places, Settings};
use rcgen::{CertifiedKey, KeyPair};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::fake::node;
use crate::setting::{Setting, now};

type Identity = CertifiedKey<KeyPair>;

fn identity() -> Identity {
    rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate")
}

/// Listens with a certificate and passes on to the API; wants that of `client`, if there is one.
async fn listen(setting: &Setting, server: &Identity, client: Option<&Identity>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let acceptor = acceptor(server, client);
    let behind = setting.api.address();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut api = TcpStream::connect(behind).await.expect("the API");
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = copy_bidirectional(&mut stream, &mut api).await;
                }
            });
        }
    });
    port
}

fn acceptor(server: &Identity, client: Option<&Identity>) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.signing_key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions");
    let config = match client {
        None => config.with_no_client_auth(),
        Some(client) => {
            let mut roots = RootCertStore::empty();
            roots.add(client.cert.der().clone()).expect("a root");
            let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            config.with_client_cert_verifier(clients.build().expect("a verifier"))
        }
    };
    let config = config.with_single_cert(vec![server.cert.der().clone()], key);
    TlsAcceptor::from(Arc::new(config.expect("a server configuration")))
}

/// A kubeconfig for an address behind TLS.
fn secure(port: u16, cluster: Value, user: Value) -> String {
    let mut cluster = cluster;
    cluster["server"] = json!(format!("https://127.0.0.1:{port}"));
    json!({
        "current-context": "fake",
        "contexts": [{"name": "fake", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
    })
    .to_string()
}

async fn outcome(setting: &Setting, places: Places) -> Result<usize, String> {
    let reading = setting
        .cluster_at(places, Settings::default())
        .collect(now())
        .await;
    let nodes = reading.map(|reading| reading.report.nodes.len());
    nodes.map_err(|error| {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    })
}

async fn with_node() -> Setting {
    let setting = Setting::start().await;
    setting.add("/api/v1/nodes", node("n1"));
    setting
}

#[tokio::test]
async fn a_pod_reads_its_own_cluster_and_notices_a_new_token() {
    let setting = with_node().await;
    let server = identity();
    let port = listen(&setting, &server, None).await;
    setting.put("ca.crt", &server.cert.pem());
    setting.put("token", "first\n");
    setting.api.world().token = Some("first".to_owned());
    let places = Places {
        in_cluster: Some(("127.0.0.1".to_owned(), port.to_string())),
        service_account: setting.directory.path().to_owned(),
        usual: vec![setting.path("config")],
        ..Places::default()
    };
    let mut cluster = setting.cluster_at(places, Settings::default());
    let report = cluster.collect(now()).await.expect("a reading").report;
    assert_eq!(
        (report.nodes.len(), report.cluster.context.as_str()),
        (1, "in-cluster")
    );
    assert_eq!(report.cluster.server, format!("https://127.0.0.1:{port}"));
    // The old one ends at once, sooner than anybody would have read the file again.
    setting.put("token", "second\n");
    setting.api.world().token = Some("second".to_owned());
    let report = cluster.collect(now()).await.expect("a reading").report;
    assert_eq!(report.nodes.len(), 1);
}

#[tokio::test]
async fn the_apis_certificate_is_checked() {
    let setting = with_node().await;
    let (server, other) = (identity(), identity());
    let port = listen(&setting, &server, None).await;
    for (cluster, expected) in [
        (json!({"certificate-authority": "own.pem"}), true),
        (json!({"certificate-authority": "other.pem"}), false),
        (json!({}), false),
        (json!({"insecure-skip-tls-verify": true}), true),
    ] {
        setting.put("own.pem", &server.cert.pem());
        setting.put("other.pem", &other.cert.pem());
        setting.put(
            "config",
            &secure(port, cluster.clone(), json!({"token": "t"})),
        );
        let outcome = outcome(&setting, setting.places()).await;
        assert_eq!(outcome.is_ok(), expected, "{cluster}: {outcome:?}");
        if let Err(error) = outcome {
            assert!(
                error.contains("cannot reach the API at https://127.0.0.1"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_client_certificate_opens_what_asks_for_one() {
    let setting = with_node().await;
    let (server, client) = (identity(), identity());
    let port = listen(&setting, &server, Some(&client)).await;
    setting.put("ca.pem", &server.cert.pem());
    setting.put("client.pem", &client.cert.pem());
    setting.put("client.key", &client.signing_key.serialize_pem());
    let ca = json!({"certificate-authority": "ca.pem"});
    let user = json!({"client-certificate": "client.pem", "client-key": "client.key"});
    setting.put("config", &secure(port, ca.clone(), user));
    assert_eq!(outcome(&setting, setting.places()).await, Ok(1));
    setting.put("config", &secure(port, ca.clone(), json!({})));
    outcome(&setting, setting.places())
        .await
        .expect_err("no certificate");
    // A program may give one too.
    let status = json!({
        "clientCertificateData": client.cert.pem(),
        "clientKeyData": client.signing_key.serialize_pem(),
    });
    *setting.programs.answer.lock().expect("an answer") = json!({"status": status}).to_string();
    let exec =
        json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "give"}});
    setting.put("config", &secure(port, ca, exec));
    assert_eq!(outcome(&setting, setting.places()).await, Ok(1));
}

fn given(token: &str, expires: &str) -> String {
    json!({"kind": "ExecCredential", "status": {"token": token, "expirationTimestamp": expires}})
        .to_string()
}

#[tokio::test]
async fn a_program_gives_the_token_and_is_asked_again_when_it_ends() {
    let setting = with_node().await;
    let user = json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "give-token",
        "args": ["--cluster", "a b"],
        "env": [{"name": "PROFILE", "value": "prod"}],
        "interactiveMode": "Never",
    }});
    setting.put("config", &setting.api.kubeconfig_of(&user));
    let say = |answer: String| *setting.programs.answer.lock().expect("an answer") = answer;
    let asked = || setting.programs.asked.lock().expect("a list").len();
    say(given("one", "2026-01-02T04:00:00Z"));
    setting.api.world().token = Some("one".to_owned());
    let places = Places {
        home: Some(PathBuf::from("/home/me")),
        ..setting.places()
    };
    let mut cluster = setting.cluster_at(places, Settings::default());
    for _ in 0..2 {
        cluster.collect(now()).await.expect("a reading");
    }
    assert_eq!(asked(), 1, "a token that is good is kept");
    let invocation = setting.programs.asked.lock().expect("a list")[0].clone();
    assert_eq!(invocation.program, "give-token");
    assert_eq!(invocation.arguments, ["--cluster", "a b"]);
    let variable = |name: &str| {
        let mut all = invocation.environment.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(variable("PROFILE").as_deref(), Some("prod"));
    assert_eq!(variable("HOME").as_deref(), Some("/home/me"));
    assert!(variable("KUBERNETES_EXEC_INFO").is_some_and(|asked| asked.contains("ExecCredential")));
    // An hour later it has ended.
    say(given("two", "2026-01-02T09:00:00Z"));
    setting.api.world().token = Some("two".to_owned());
    let later = "2026-01-02T04:00:01Z".parse().expect("a time");
    cluster.collect(later).await.expect("a reading");
    assert_eq!(asked(), 2);
}

#[tokio::test]
async fn a_program_that_gives_nothing_is_named_and_its_output_is_not() {
    let setting = with_node().await;
    let user = json!({"exec": {"command": "/opt/bin/give-token"}});
    setting.put("config", &setting.api.kubeconfig_of(&user));
    for (answer, expected) in [
        ("fails: it failed (exit status: 1)", "it failed"),
        ("s3cret but no JSON", "no ExecCredential"),
        (r#"{"status": {}}"#, "neither a token nor a certificate"),
        (r#"{"kind": "ExecCredential"}"#, "no status"),
    ] {
        *setting.programs.answer.lock().expect("an answer") = answer.to_owned();
        let error = outcome(&setting, setting.places())
            .await
            .expect_err("no reading");
        assert!(error.contains("give-token gives no credentials"), "{error}");
        assert!(
            error.contains(expected) && !error.contains("s3cret"),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_kubeconfig_others_can_change_neither_runs_programs_nor_names_files_to_hand_over() {
    use std::os::unix::fs::PermissionsExt;

    let setting = with_node().await;
    setting.put("token", "t");
    let mode = |mode| {
        let path = setting.places().kubeconfig.expect("a kubeconfig");
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("a mode");
    };
    for user in [
        json!({"exec": {"command": "give"}}),
        json!({"tokenFile": "token"}),
    ] {
        setting.put("config", &setting.api.kubeconfig_of(&user));
        mode(0o622);
        let error = outcome(&setting, setting.places()).await;
        let error = error.expect_err("no reading");
        assert!(error.contains("can change it"), "{error}");
    }
    assert!(setting.programs.asked.lock().expect("a list").is_empty());
    mode(0o644);
    assert_eq!(outcome(&setting, setting.places()).await, Ok(1));
    setting.put("config", &setting.api.kubeconfig());
    mode(0o666);
    assert_eq!(outcome(&setting, setting.places()).await, Ok(1));
}

#[tokio::test]
async fn a_kubeconfig_that_leads_nowhere_says_why() {
    let setting = with_node().await;
    let url = setting.api.url();
    for (config, expected) in [
        ("current-context: [".to_owned(), "kubeconfig"),
        (String::new(), "current context"),
        (
            setting
                .api
                .kubeconfig()
                .replace(r#""current-context":"fake""#, r#""current-context":"x""#),
            "context",
        ),
        (
            setting.api.kubeconfig().replace(&url, "ftp://a"),
            "not an http",
        ),
        (
            setting.api.kubeconfig().replace(&url, "not an address"),
            "not an http",
        ),
        (
            setting
                .api
                .kubeconfig_of(&json!({"auth-provider": {"name": "gcp", "config": {}}})),
            "use exec",
        ),
        (
            setting
                .api
                .kubeconfig_of(&json!({"exec": {"command": "x", "interactiveMode": "Always"}})),
            "a person",
        ),
        (
            setting
                .api
                .kubeconfig_of(&json!({"tokenFile": "/nonexistent/token"})),
            "token",
        ),
        (
            setting.api.kubeconfig().replace(&url, "http://127.0.0.1:1"),
            "cannot reach the API",
        ),
    ] {
        setting.put("config", &config);
        let error = outcome(&setting, setting.places())
            .await
            .expect_err("no reading");
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(!error.contains("t0ken"), "{error}");
    }
    let missing = Places {
        kubeconfig: Some(setting.path("none")),
        ..Places::default()
    };
    let error = outcome(&setting, missing).await.expect_err("no reading");
    assert!(error.starts_with("cannot read /"), "{error}");
    let nowhere = Places {
        usual: vec![setting.path("none")],
        ..Places::default()
    };
    let error = outcome(&setting, nowhere).await.expect_err("no reading");
    assert!(error.starts_with("no cluster is known"), "{error}");
}

#[tokio::test]
async fn the_usual_kubeconfig_is_taken_last_and_a_context_can_be_chosen() {
    let setting = with_node().await;
    let other = setting
        .api
        .kubeconfig()
        .replace("fake", "other")
        .replace(r#""u""#, r#""v""#);
    setting.put("other", &other);
    let usual = vec![
        setting.path("none"),
        setting.path("config"),
        setting.path("other"),
    ];
    let places = Places {
        usual,
        ..Places::default()
    };
    let context = |places: Places| async {
        let mut cluster = setting.cluster_at(places, Settings::default());
        cluster
            .collect(now())
            .await
            .expect("a reading")
            .report
            .cluster
    };
    let usual = context(places.clone()).await;
    assert_eq!(usual.context, "fake");
    let chosen = context(Places {
        context: Some("other".to_owned()),
        ..places
    })
    .await;
    assert_eq!(chosen.context, "other");
    assert_ne!(usual.id, chosen.id);
}
