//! A server as a process of its own, on a port it chooses.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

/// Runs the binary with `arguments` to its end.
#[expect(clippy::disallowed_methods, reason = "these tests are about a process")]
pub fn pulse(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_pulse"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

/// A running server; killed without warning when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    http: reqwest::Client,
}

/// An answer: its status, its body, the cookies it sets.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub cookies: String,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "these tests are about a process")]
    pub fn start(data_dir: &Path) -> Self {
        pulse_net::install_crypto();
        let mut child = Command::new(env!("CARGO_BIN_EXE_pulse"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--rate-limits",
                "off",
                "--log-format",
                "json",
            ])
            .arg("--data-dir")
            .arg(data_dir)
            .env_clear()
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let address = lines.by_ref().find_map(|line| {
            let line: Value = serde_json::from_str(&line.ok()?).ok()?;
            line["address"].as_str().map(str::to_owned)
        });
        // The log is read on, or the server would wait for us.
        std::thread::spawn(move || lines.for_each(drop));
        let options = pulse_net::Options {
            proxies: false,
            ..pulse_net::Options::default()
        };
        let http = pulse_net::client(&options).expect("a client");
        Self {
            child,
            url: format!("http://{}", address.expect("it says where it listens")),
            http,
        }
    }

    /// Ends the process as a power cut does.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub async fn set_up(&self, data_dir: &Path) -> String {
        let token = std::fs::read_to_string(data_dir.join(".bootstrap_token")).expect("the token");
        let body = json!({"username": "admin", "password": PASSWORD, "setupToken": token.trim(), "generateApiToken": true});
        let answer = self.post("/api/security/quick-setup", "", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["apiToken"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(self.http.get(format!("{}{path}", self.url)), token)
            .await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request
            .header("content-type", "application/json")
            .body(body.to_string());
        self.send(request, token).await
    }

    async fn send(&self, mut request: reqwest::RequestBuilder, token: &str) -> Answer {
        if !token.is_empty() {
            request = request.header("x-api-token", token);
        }
        let response = request.send().await.expect("the server answers");
        let status = response.status().as_u16();
        let cookies = response.headers().get_all("set-cookie").iter();
        let cookies = cookies
            .filter_map(|cookie| cookie.to_str().ok())
            .collect::<Vec<_>>()
            .join("\n");
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status,
            body,
            cookies,
        }
    }

    /// Returns one figure of the server's own.
    pub async fn figure(&self, name: &str) -> f64 {
        let page = self.get("/metrics", "").await.body;
        let line = page
            .as_str()
            .and_then(|page| page.lines().find(|line| line.starts_with(name)));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok())
            .expect("a figure")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
