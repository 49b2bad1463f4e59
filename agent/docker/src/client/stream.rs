//! Opens the byte stream an engine is spoken to over.

use std::io;
use std::sync::Arc;

use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Anything bytes can be read from and written to.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Endpoint {
    /// Connects.
    pub(crate) async fn connect(&self) -> Result<Box<dyn Stream>, Error> {
        self.dial().await.map_err(|source| Error::Connect {
            address: self.to_string(),
            source,
        })
    }

    async fn dial(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Socket(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
            #[cfg(windows)]
            Self::Socket(path) => {
                let pipe = tokio::net::windows::named_pipe::ClientOptions::new().open(path)?;
                Ok(Box::new(pipe))
            }
            Self::Tcp { host, port } => Ok(Box::new(tcp(host, *port).await?)),
            Self::Tls { host, port, tls } => {
                let name = ServerName::try_from(host.clone());
                let name =
                    name.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
                let stream = tcp(host, *port).await?;
                let connector = TlsConnector::from(Arc::clone(tls));
                Ok(Box::new(connector.connect(name, stream).await?))
            }
        }
    }
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
