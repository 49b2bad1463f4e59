//! Where an API is, how it is connected to, and as whom it is asked.

use std::io;
use std::sync::Arc;

use hyper::header::HeaderValue;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::error::Error;

/// Anything bytes can be read from and written to.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One API. Never printed: it holds a secret.
pub(crate) struct Endpoint {
    host: String,
    port: u16,
    /// The name its certificate must have, when it is spoken to over TLS.
    tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    /// What stands before every path.
    pub(crate) prefix: String,
    /// What the header `Host` says.
    pub(crate) authority: HeaderValue,
    /// What says who asks.
    pub(crate) authorization: Option<HeaderValue>,
}

impl Endpoint {
    /// Reads an address; `name` stands in for its host in certificates.
    pub(crate) fn of(
        server: &str,
        tls: Arc<ClientConfig>,
        name: Option<&str>,
        authorization: Option<HeaderValue>,
    ) -> Result<Self, Error> {
        let unusable = || Error::Unusable("the API's address is not an http(s) address".to_owned());
        let url = Url::parse(server).map_err(|_| unusable())?;
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(unusable()),
        };
        let shown = url.host_str().ok_or_else(unusable)?;
        let host = shown
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = url.port_or_known_default().ok_or_else(unusable)?;
        let authority = HeaderValue::from_str(&format!("{shown}:{port}"));
        let name = name.map_or(host.clone(), str::to_owned);
        let name = ServerName::try_from(name).map_err(|_| unusable())?;
        Ok(Self {
            tls: is_secure.then_some((tls, name)),
            prefix: url.path().trim_end_matches('/').to_owned(),
            authority: authority.map_err(|_| unusable())?,
            authorization,
            host,
            port,
        })
    }

    /// Connects.
    pub(crate) async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some((tls, name)) => {
                let connector = TlsConnector::from(Arc::clone(tls));
                Ok(Box::new(connector.connect(name.clone(), stream).await?))
            }
        }
    }
}
