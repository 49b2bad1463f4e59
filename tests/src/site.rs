//! A server of its own for one test: real listener, real files, thrown away at the end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use pulse_server::Running;
use pulse_server::config::Config;

use crate::answer::Answer;
use crate::person::Person;
use crate::reporter::Reporter;

/// The administrator's password on every site.
pub const PASSWORD: &str = "correct horse battery";

/// A running server and what belongs to it.
pub struct Site {
    running: Option<Running>,
    url: String,
    dir: TempDir,
    pub(crate) http: reqwest::Client,
}

impl Site {
    /// Starts a server that has not been set up.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server with changes to its configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        pulse_net::install_crypto();
        let dir = tempfile::tempdir().expect("a directory");
        let options = pulse_net::Options {
            trust: pulse_net::Trust::DangerouslyAnybody,
            timeout: Duration::from_secs(30),
            proxies: false,
            ..pulse_net::Options::default()
        };
        let http = pulse_net::client(&options).expect("a client");
        let mut site = Self {
            running: None,
            url: String::new(),
            dir,
            http,
        };
        site.boot(change).await;
        site
    }

    /// Starts a server and sets it up.
    pub async fn set_up() -> (Self, Person) {
        let site = Self::start().await;
        let admin = site.do_set_up().await;
        (site, admin)
    }

    async fn boot(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::for_tests(self.data_dir());
        change(&mut config);
        let running = pulse_server::start(config)
            .await
            .expect("the server starts");
        self.url = running.url();
        self.running = Some(running);
    }

    /// Stops the server in order and starts it again on the same data. Its port changes.
    pub async fn restart(&mut self) {
        self.restart_with(|_| {}).await;
    }

    /// The same with changes to its configuration.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.stop().await;
        self.boot(change).await;
    }

    /// Stops the server in order.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Returns the server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the directory the server keeps everything in.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Returns a directory for an agent's state.
    pub fn agent_dir(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Reads a private file of the server.
    pub fn data_file(&self, name: &str) -> String {
        read(&self.data_dir().join(name))
    }

    /// Makes the administrator with the token from the file, and signs in.
    pub async fn do_set_up(&self) -> Person {
        let body = json!({
            "username": "admin",
            "password": PASSWORD,
            "setupToken": self.data_file(".bootstrap_token").trim(),
        });
        let answer = self.nobody().post("/api/security/quick-setup", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.nobody().with_cookies(&answer)
    }

    /// Returns somebody without credentials.
    pub fn nobody(&self) -> Person {
        Person::new(self.http.clone(), self.url.clone())
    }

    /// Returns a machine that will report as `hostname` with an API token of its own.
    pub async fn machine(&self, admin: &Person, hostname: &str) -> Reporter {
        let (token, _) = admin.mint(&["agent:report"]).await;
        Reporter::new(self.nobody().with_token(&token), hostname)
    }

    /// Signs the administrator in, for when the site was started again.
    pub async fn sign_in(&self) -> Person {
        let answer = self.try_sign_in(PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.nobody().with_cookies(&answer)
    }

    /// Tries to sign in with `password`.
    pub async fn try_sign_in(&self, password: &str) -> Answer {
        self.nobody()
            .post(
                "/api/login",
                &json!({"username": "admin", "password": password}),
            )
            .await
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
