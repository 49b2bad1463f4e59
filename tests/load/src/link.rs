//! One kept HTTP connection from one agent to the server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use url::Url;

/// Clients that come from one address: half of what a server takes from one.
const CLIENTS_PER_ADDRESS: usize = 1_000;

/// Where reports go.
#[derive(Debug, Clone)]
pub struct Target {
    /// `host:port` to connect to.
    pub authority: Arc<str>,
    report_path: Arc<str>,
}

impl Target {
    /// Reads the server's base URL.
    ///
    /// # Errors
    /// When it is no plain `http://` URL with a host.
    pub fn new(base: &str) -> Result<Self> {
        let url = Url::parse(base).with_context(|| format!("{base} is no URL"))?;
        ensure!(
            url.scheme() == "http",
            "the generator speaks plain HTTP only, not {}",
            url.scheme()
        );
        let host = url.host_str().context("the URL names no host")?;
        let port = url
            .port_or_known_default()
            .context("the URL names no port")?;
        let path = url.path().trim_end_matches('/');
        Ok(Self {
            authority: format!("{host}:{port}").into(),
            report_path: format!("{path}/api/agents/agent/report").into(),
        })
    }

    /// Opens client number `number`'s connection. A fleet has many addresses, and a server bounds what
    /// one of them may open, so on loopback every thousand clients take the next.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn connect(&self, number: usize) -> Result<TcpStream> {
        let to = lookup_host(&*self.authority).await?.next();
        let to = to.with_context(|| format!("{} has no address", self.authority))?;
        let stream = match to {
            SocketAddr::V4(v4) if v4.ip().is_loopback() => {
                let socket = TcpSocket::new_v4()?;
                socket.bind((source(number), 0).into())?;
                socket.connect(to).await
            }
            _ => TcpStream::connect(to).await,
        };
        let stream = stream.with_context(|| format!("connect to {}", self.authority))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn source(number: usize) -> Ipv4Addr {
    let place = (number / CLIENTS_PER_ADDRESS).min(250) as u8;
    Ipv4Addr::new(127, 0, place, 1)
}

/// A connection that is opened when first needed, and again after it broke.
#[derive(Debug)]
pub struct Link {
    target: Target,
    number: usize,
    host: HeaderValue,
    authorization: HeaderValue,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Link {
    /// Prepares client number `number`'s connection, which presents `token`.
    ///
    /// # Errors
    /// When the token cannot stand in a header.
    pub fn new(target: Target, number: usize, token: &str) -> Result<Self> {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {token}"))
            .context("the token has characters a header cannot carry")?;
        authorization.set_sensitive(true);
        let host =
            HeaderValue::from_str(&target.authority).context("the host is no header value")?;
        Ok(Self {
            target,
            number,
            host,
            authorization,
            sender: None,
        })
    }

    /// Posts one compressed report and waits for the answer.
    ///
    /// # Errors
    /// When there was no answer, or one that is not 2xx; the text says which.
    pub async fn post_report(&mut self, body: Bytes) -> Result<()> {
        let was_open = self.sender.is_some();
        let mut outcome = self.exchange(body.clone()).await;
        if was_open && outcome.is_err() {
            // The server may close an idle connection in the moment we take it up again. A report
            // carries its number in the stream, so sending it twice does no harm.
            self.sender = None;
            outcome = self.exchange(body).await;
        }
        let (status, answer) = outcome.inspect_err(|_| self.sender = None)?;
        if !status.is_success() {
            let shown = &answer[..answer.len().min(200)];
            bail!("{status}: {}", String::from_utf8_lossy(shown));
        }
        Ok(())
    }

    fn request(&self, body: Bytes) -> Result<Request<Full<Bytes>>> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(&*self.target.report_path)
            .header(HOST, &self.host)
            .header(AUTHORIZATION, &self.authorization)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "gzip")
            .header(
                USER_AGENT,
                concat!("pulse-agent/", env!("CARGO_PKG_VERSION")),
            );
        Ok(request.body(Full::new(body))?)
    }

    async fn exchange(&mut self, body: Bytes) -> Result<(StatusCode, Bytes)> {
        let request = self.request(body)?;
        let sender = match &mut self.sender {
            Some(sender) if !sender.is_closed() => sender,
            closed => closed.insert(open(&self.target, self.number).await?),
        };
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}

async fn open(target: &Target, number: usize) -> Result<SendRequest<Full<Bytes>>> {
    let stream = target.connect(number).await?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends by itself with the connection, whose failure the sender reports.
    tokio::spawn(connection);
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_of_a_server_behind_a_proxy_is_kept() {
        let target = Target::new("http://127.0.0.1:7655/pulse/").unwrap();
        assert_eq!(&*target.report_path, "/pulse/api/agents/agent/report");
        assert_eq!(&*target.authority, "127.0.0.1:7655");
    }

    #[test]
    fn anything_but_plain_http_is_refused_in_words() {
        let refused = Target::new("https://127.0.0.1").unwrap_err();
        assert!(refused.to_string().contains("plain HTTP"), "{refused}");
        assert!(Target::new("seven").is_err());
    }

    #[test]
    fn a_token_with_a_line_break_is_refused() {
        let target = Target::new("http://127.0.0.1:1").unwrap();
        assert!(Link::new(target, 0, "a\nb").is_err());
    }

    #[test]
    fn a_large_fleet_comes_from_several_addresses() {
        assert_eq!(source(999), Ipv4Addr::new(127, 0, 0, 1));
        assert_eq!(source(1_000), Ipv4Addr::new(127, 0, 1, 1));
        assert_eq!(source(usize::MAX), Ipv4Addr::new(127, 0, 250, 1));
    }
}
