//! A server of its own for the measurement: a fresh data directory, set up the way a person does it.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use pulse_net::Options;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::process::Measured;
use crate::command::command;

/// Enough for twice the hosts any phase has.
const FLEET_TOKENS: usize = 10;

/// A running, set-up server.
#[derive(Debug)]
pub struct Site {
    /// The server's process.
    pub server: Measured,
    /// Its address, such as `http://127.0.0.1:40123`.
    pub base: String,
    /// Its data directory, gone with the site.
    pub data: TempDir,
    /// A token that may do everything.
    pub token: String,
    /// Tokens for agents: one serves a thousand hosts at most.
    pub fleet: Vec<String>,
    client: Client,
}

impl Site {
    /// Starts `pulse` and sets it up with the bootstrap token it wrote.
    ///
    /// # Errors
    /// When it does not become healthy, or refuses the set-up.
    pub async fn start(pulse: &Path) -> Result<Self> {
        let data = tempfile::tempdir().context("make a data directory")?;
        let listen = format!("127.0.0.1:{}", free_port()?);
        let server = command(&pulse.to_string_lossy())
            .args(["serve", "--listen", &listen, "--data-dir"])
            .arg(data.path())
            .envs([("PULSE_RATE_LIMITS", "off"), ("LOG_LEVEL", "error")])
            .stdin(Stdio::null())
            .spawn()
            .context("start the server")?;
        let client = pulse_net::client(&Options {
            proxies: false,
            ..Options::default()
        })?;
        let base = format!("http://{listen}");
        let mut site = Self {
            server: Measured(server),
            base,
            data,
            token: String::new(),
            fleet: Vec::new(),
            client,
        };
        site.wait_until_healthy().await?;
        site.set_up().await?;
        Ok(site)
    }

    /// Answers of a GET with the site's token, uncompressed.
    ///
    /// # Errors
    /// When the answer is not 2xx.
    pub async fn get(&self, path: &str) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let response = self
            .client
            .get(url)
            .header("X-API-Token", &self.token)
            .send()
            .await?;
        ensure!(
            response.status().is_success(),
            "GET {path}: {}",
            response.status()
        );
        Ok(response)
    }

    /// Puts `body` at `path` with the site's token.
    ///
    /// # Errors
    /// When the answer is not 2xx; the text says which.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Response> {
        let request = self.client.put(format!("{}{path}", self.base));
        let headers = [("X-API-Token", self.token.as_str())];
        self.send(request, path, body, &headers).await
    }

    async fn wait_until_healthy(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let url = format!("{}/api/health", self.base);
        loop {
            if self
                .client
                .get(&url)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return Ok(());
            }
            if let Some(status) = self.server.0.try_wait()? {
                bail!("the server ended: {status}");
            }
            ensure!(
                Instant::now() < deadline,
                "the server did not become healthy in 30 s"
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The first run: bootstrap token, administrator, and tokens minted with that session.
    async fn set_up(&mut self) -> Result<()> {
        let path = self.data.path().join(".bootstrap_token");
        let bootstrap =
            std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let administrator = json!({
            "username": "bench", "password": "only for this measurement", "setupToken": bootstrap.trim(),
            "enableNotifications": false, "darkMode": true, "force": false,
        });
        let signed_in = self
            .post("/api/security/quick-setup", &administrator, &[])
            .await?;
        let session = cookie(&signed_in, "pulse_session").context("set-up gave no session")?;
        let csrf = cookie(&signed_in, "pulse_csrf").context("set-up gave no CSRF token")?;
        let cookies = format!("pulse_session={session}; pulse_csrf={csrf}");
        let headers = [
            ("Cookie", cookies.as_str()),
            ("X-CSRF-Token", csrf.as_str()),
        ];
        self.token = self.mint(&json!({ "name": "bench" }), &headers).await?;
        for _ in 0..FLEET_TOKENS {
            let wanted = json!({ "name": "fleet", "scopes": ["agent:report"] });
            let token = self.mint(&wanted, &headers).await?;
            self.fleet.push(token);
        }
        Ok(())
    }

    async fn mint(&self, wanted: &Value, headers: &[(&str, &str)]) -> Result<String> {
        let minted = self.post("/api/security/tokens", wanted, headers).await?;
        let minted: Value = serde_json::from_slice(&minted.bytes().await?)?;
        let token = minted["token"].as_str();
        Ok(token.context("the server minted no token")?.to_owned())
    }

    async fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Response> {
        let request = self.client.post(format!("{}{path}", self.base));
        self.send(request, path, body, headers).await
    }

    async fn send(
        &self,
        request: RequestBuilder,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Result<Response> {
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let response = request
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .send()
            .await?;
        let status = response.status();
        if !status.is_success() {
            bail!(
                "{path}: {status}: {}",
                String::from_utf8_lossy(&response.bytes().await?)
            );
        }
        Ok(response)
    }
}

/// The value of a cookie the answer sets.
fn cookie(response: &Response, name: &str) -> Option<String> {
    let set = response.headers().get_all("set-cookie").into_iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='));
    pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
        .next()
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())?
        .port())
}
