//! Somebody who calls the API: nobody in particular, a browser with cookies, a program with a token.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::live::Live;

/// Somebody with an address to call and credentials to show.
#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    url: String,
    headers: HeaderMap,
}

impl Person {
    pub(crate) fn new(http: reqwest::Client, url: String) -> Self {
        Self {
            http,
            url,
            headers: HeaderMap::new(),
        }
    }

    /// Returns the same person with one more header.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Returns the same person with an API token.
    pub fn with_token(self, token: &str) -> Self {
        self.with("x-api-token", token)
    }

    /// Returns the same person with the cookies an answer set.
    pub fn with_cookies(self, answer: &Answer) -> Self {
        let session = answer.cookie("pulse_session").expect("a session");
        let csrf = answer.cookie("pulse_csrf").expect("a CSRF token");
        let cookies =
            format!("pulse_session={session}; __Host-pulse_session={session}; pulse_csrf={csrf}");
        self.with("cookie", &cookies).with("x-csrf-token", &csrf)
    }

    /// Asks for a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.at(path))).await
    }

    /// Posts JSON to a path.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .http
            .post(self.at(path))
            .header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .http
            .put(self.at(path))
            .header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    /// Posts bytes to a path, saying how they are encoded.
    pub async fn post_bytes(&self, path: &str, encoding: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = self
            .http
            .post(self.at(path))
            .header("content-type", "application/json");
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        self.send(request.body(body)).await
    }

    /// Deletes a path.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.http.delete(self.at(path))).await
    }

    /// Makes an API token; returns its text and its id.
    pub async fn mint(&self, scopes: &[&str]) -> (String, String) {
        let answer = self
            .post(
                "/api/security/tokens",
                &json!({"name": "flow", "scopes": scopes}),
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let minted = answer.json();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(&minted["token"]), text(&minted["record"]["id"]))
    }

    /// Opens the live socket; `query` without its question mark.
    pub async fn live(&self, query: &str) -> Live {
        self.try_live(query).await.expect("the socket opens")
    }

    /// Tries to open the live socket; a refusal is its status.
    pub async fn try_live(&self, query: &str) -> Result<Live, u16> {
        Live::open(&self.url, query, &self.headers).await
    }

    /// Returns one figure of the server's own, by the start of its line.
    pub async fn figure(&self, line: &str) -> f64 {
        let page = self.get("/metrics").await.text();
        let found = page
            .lines()
            .find(|found| found.starts_with(line) && found[line.len()..].starts_with(' '));
        let value = found.and_then(|found| found.rsplit(' ').next()?.parse().ok());
        value.unwrap_or_else(|| panic!("no figure {line} in\n{page}"))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.headers(self.headers.clone()).send().await;
        Answer::read(response.expect("the server answers")).await
    }
}
