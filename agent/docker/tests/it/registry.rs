//! Registries that are invented: what is asked, with what proof, and what comes of it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::AUTHORIZATION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use pulse_agent_docker::{Engines, Settings};
use pulse_protocol::report::docker::ContainerUpdate;
use serde_json::json;
use tokio::net::TcpListener;

use crate::daemon::{Daemon, Reply, read};

/// What a registry answers: status, headers, body.
type Answer = (u16, Vec<(&'static str, String)>, String);

type Script = Arc<dyn Fn(&str, &str) -> Answer + Send + Sync>;

/// A registry on this machine, without TLS as such are.
struct Registry {
    address: String,
    /// `METHOD path authorization`
    seen: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    /// Answers as `script` says, which is given `METHOD path` and the proof.
    async fn answering(script: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script: Script = Arc::new(script);
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&shared));
                let service = service_fn(move |request| {
                    answer(request, Arc::clone(&script), Arc::clone(&seen))
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().expect("what was seen"))
    }
}

async fn answer(
    request: Request<Incoming>,
    script: Script,
    seen: Arc<Mutex<Vec<String>>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let asked = format!("{} {}", request.method(), request.uri());
    let proof = request.headers().get(AUTHORIZATION);
    let proof = proof
        .map_or("", |proof| proof.to_str().expect("a text"))
        .to_owned();
    seen.lock()
        .expect("what was seen")
        .push(format!("{asked} {proof}").trim().to_owned());
    let (status, headers, body) = script(&asked, &proof);
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response
        .body(Full::new(Bytes::from(body)))
        .expect("a response"))
}

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn manifest(digit: char) -> Answer {
    (
        200,
        vec![("docker-content-digest", digest(digit))],
        "{}".to_owned(),
    )
}

/// An engine with one container whose image has the digest `local` in that registry.
fn engine(registry: &Registry, local: char) -> Daemon {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let image = format!("{}/shop/web", registry.address);
    {
        let mut world = daemon.world();
        world.containers[0]["Image"] = json!(format!("{image}:1"));
        let images =
            json!([{"Id":"sha256:i1","RepoDigests":[format!("{image}@{}", digest(local))]}]);
        world
            .instead
            .insert("/images/json".to_owned(), Reply::Json(images));
    }
    daemon
}

async fn status(engines: &mut Engines) -> Option<ContainerUpdate> {
    read(engines).await.report.containers[0]
        .update_status
        .clone()
}

/// What is known once the registry has been asked.
async fn settled(engines: &mut Engines) -> ContainerUpdate {
    assert_eq!(status(engines).await, None, "nothing is claimed before");
    engines.updates_settled().await;
    status(engines).await.expect("a status")
}

#[tokio::test]
async fn a_tag_is_asked_for_once_and_by_its_head_only() {
    let registry = Registry::answering(|_, _| manifest('a')).await;
    let daemon = engine(&registry, 'a');
    let mut engines = daemon.engines_with(Settings::default());
    let update = settled(&mut engines).await;
    assert_eq!(
        (update.update_available, update.error.as_str()),
        (false, "")
    );
    assert_eq!(update.latest_digest, digest('a'));
    for _ in 0..5 {
        assert_eq!(
            status(&mut engines).await,
            Some(update.clone()),
            "nothing changes without a new answer"
        );
    }
    assert_eq!(registry.seen(), ["HEAD /v2/shop/web/manifests/1"]);
    engines.checker().check().await;
    assert_eq!(registry.seen().len(), 1, "asked again on demand");
}

#[tokio::test]
async fn a_platform_of_the_list_is_up_to_date_and_anything_else_is_an_update() {
    let list = json!({"manifests":[{"digest":digest('b')},{"digest":digest('c')}]}).to_string();
    let script = move |asked: &str, _: &str| {
        let body = if asked.starts_with("GET") {
            list.clone()
        } else {
            String::new()
        };
        (200, vec![("docker-content-digest", digest('a'))], body)
    };
    let registry = Registry::answering(script).await;
    let update = settled(&mut engine(&registry, 'c').engines_with(Settings::default())).await;
    assert!(!update.update_available);
    let update = settled(&mut engine(&registry, 'd').engines_with(Settings::default())).await;
    assert!(update.update_available);
    assert_eq!(
        (update.current_digest, update.latest_digest),
        (digest('d'), digest('a'))
    );
}

/// Wants a token, and the right login for it if `login` is one.
async fn guarded(login: Option<&'static str>) -> Registry {
    let own: Arc<Mutex<BTreeMap<&str, String>>> = Arc::default();
    let shared = Arc::clone(&own);
    let registry = Registry::answering(move |asked, proof| {
        let address = shared.lock().expect("the address")["own"].clone();
        if asked.starts_with("GET /token") {
            let wanted = login.map(|login| format!("Basic {}", STANDARD.encode(login)));
            return match wanted {
                Some(wanted) if proof != wanted => (401, vec![], String::new()),
                _ => (200, vec![], r#"{"token":"t0k3n"}"#.to_owned()),
            };
        }
        if proof == "Bearer t0k3n" {
            return manifest('a');
        }
        let challenge = format!(r#"Bearer realm="http://{address}/token",service="reg",scope="repository:shop/web:pull""#);
        (401, vec![("www-authenticate", challenge)], String::new())
    })
    .await;
    own.lock()
        .expect("the address")
        .insert("own", registry.address.clone());
    registry
}

#[tokio::test]
async fn a_registry_that_wants_a_token_is_given_one() {
    let registry = guarded(None).await;
    let update = settled(&mut engine(&registry, 'a').engines_with(Settings::default())).await;
    assert_eq!(
        (update.update_available, update.error.as_str()),
        (false, "")
    );
    let expected = [
        "HEAD /v2/shop/web/manifests/1",
        "GET /token?service=reg&scope=repository%3Ashop%2Fweb%3Apull",
        "HEAD /v2/shop/web/manifests/1 Bearer t0k3n",
    ];
    assert_eq!(registry.seen(), expected);
}

#[tokio::test]
async fn a_stored_login_is_used_for_its_registry_and_only_if_it_may_be() {
    let registry = guarded(Some("me:hunter2")).await;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("config.json");
    let logins = json!({"auths":{&registry.address:{"auth":STANDARD.encode("me:hunter2")}}});
    #[expect(
        clippy::disallowed_methods,
        reason = "what an operator would have there"
    )]
    std::fs::write(&file, logins.to_string()).expect("a file");
    let settings = Settings {
        login_files: vec![file],
        ..Settings::default()
    };
    let update = settled(&mut engine(&registry, 'a').engines_with(settings.clone())).await;
    assert_eq!(update.error, "");
    registry.seen();
    let careful = Settings {
        credentials: false,
        ..settings
    };
    let update = settled(&mut engine(&registry, 'a').engines_with(careful)).await;
    assert_eq!(
        (update.update_available, update.error.as_str()),
        (false, "authentication required")
    );
    assert!(!registry.seen().iter().any(|asked| asked.contains("Basic")));
}

#[tokio::test]
async fn what_a_registry_refuses_is_the_reason() {
    let text = |text: &str| text.to_owned();
    for (answer, reason) in [
        ((404, vec![], text("")), "image not found"),
        ((403, vec![], text("")), "authentication required"),
        ((401, vec![], text("")), "authentication required"),
        (
            (
                401,
                vec![("www-authenticate", text("Bearer realm=\"ftp://x\""))],
                text(""),
            ),
            "auth: tokens would travel unencrypted",
        ),
        ((500, vec![], text("")), "registry error: 500"),
        (
            (
                302,
                vec![("location", text("http://127.0.0.1:1/"))],
                text(""),
            ),
            "registry error: 302",
        ),
        (
            (429, vec![("retry-after", text("5"))], text("")),
            "rate limited",
        ),
    ] {
        let registry = Registry::answering(move |_, _| answer.clone()).await;
        let update = settled(&mut engine(&registry, 'a').engines_with(Settings::default())).await;
        assert_eq!(
            (update.update_available, update.error.as_str()),
            (false, reason)
        );
        assert!(update.last_checked.is_some());
    }
}

#[tokio::test]
async fn a_registry_nobody_runs_is_named_and_without_a_header_the_body_is_the_digest() {
    let gone = Registry {
        address: "127.0.0.1:1".to_owned(),
        seen: Arc::default(),
    };
    let update = settled(&mut engine(&gone, 'a').engines_with(Settings::default())).await;
    assert!(
        update.error.starts_with("registry unreachable"),
        "{}",
        update.error
    );

    let registry = Registry::answering(|_, _| (200, vec![], "{}".to_owned())).await;
    let update = settled(&mut engine(&registry, 'a').engines_with(Settings::default())).await;
    let of_body = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(
        (update.update_available, update.latest_digest.as_str()),
        (true, of_body)
    );
}

#[tokio::test]
async fn switched_off_no_registry_is_asked() {
    let registry = Registry::answering(|_, _| manifest('a')).await;
    let daemon = engine(&registry, 'a');
    let mut engines = daemon.engines();
    for _ in 0..3 {
        assert_eq!(status(&mut engines).await, None);
    }
    engines.checker().check().await;
    assert_eq!(registry.seen(), Vec::<String>::new());
}
