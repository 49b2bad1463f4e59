//! A client of the live socket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

/// The longest a flow waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open live socket.
pub struct Live(WebSocketStream<TcpStream>);

impl Live {
    pub(crate) async fn open(url: &str, query: &str, headers: &HeaderMap) -> Result<Self, u16> {
        let host = url.trim_start_matches("http://").to_owned();
        let mut request = format!("ws://{host}/ws?{query}")
            .into_client_request()
            .expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(name, value.clone());
        }
        if !headers.contains_key("x-api-token") && !headers.contains_key("origin") {
            request
                .headers_mut()
                .insert("origin", url.parse().expect("an origin"));
        }
        let stream = TcpStream::connect(&host).await.expect("the server listens");
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(refusal)) => Err(refusal.status().as_u16()),
            Err(error) => panic!("the socket failed: {error}"),
        }
    }

    /// Returns the next frame; nothing once the server has closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Returns the next frame of that type, passing over others.
    pub async fn expect(&mut self, kind: &str) -> Value {
        loop {
            let frame = self
                .next()
                .await
                .unwrap_or_else(|| panic!("closed before {kind}"));
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Waits until the resource with that id is as `wanted`, and returns it whole.
    pub async fn until(&mut self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut resource = Value::Null;
        loop {
            let frame = self
                .next()
                .await
                .unwrap_or_else(|| panic!("closed before {id} was as wanted"));
            let whole = frame["data"]["resources"].as_array();
            let delta = frame["data"]["resourceDelta"]["upserts"].as_array();
            for patch in whole
                .or(delta)
                .into_iter()
                .flatten()
                .filter(|patch| patch["id"] == id)
            {
                merge(&mut resource, patch);
            }
            if !resource.is_null() && wanted(&resource) {
                return resource;
            }
        }
    }

    /// Waits for the server to close, and returns the code it gives.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("a close in time");
            match message {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Sends a frame.
    pub async fn say(&mut self, frame: &Value) {
        self.0
            .send(Message::text(frame.to_string()))
            .await
            .expect("the server listens");
    }
}

/// Applies a merge patch (RFC 7386).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}
