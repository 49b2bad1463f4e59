//! Where engines are looked for.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use url::Url;

use crate::client::tls;
use crate::error::Error;

/// What the operator and the environment say about where engines are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// `DOCKER_HOST`.
    pub docker_host: Option<String>,
    /// `CONTAINER_HOST`.
    pub container_host: Option<String>,
    /// `PODMAN_HOST`.
    pub podman_host: Option<String>,
    /// `DOCKER_CERT_PATH`: the directory with the files for TLS.
    pub cert_path: Option<PathBuf>,
    /// `DOCKER_TLS_VERIFY` is set.
    pub tls_verify: bool,
    /// `XDG_RUNTIME_DIR`: sockets of rootless engines are below it.
    pub runtime_dir: Option<PathBuf>,
    /// This user's number, for where that directory usually is.
    pub user: Option<u32>,
    /// Directory the system's sockets are under: `/`, something else in tests.
    pub root: PathBuf,
    /// Home directory: `.docker/certs` and `.docker/config.json` are below it.
    pub home: Option<PathBuf>,
}

/// The address of an engine.
#[derive(Clone)]
pub enum Endpoint {
    /// A Unix socket, or a named pipe on Windows.
    Socket(PathBuf),
    /// Plain HTTP.
    Tcp {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// HTTP over TLS.
    Tls {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
        /// How TLS is spoken.
        tls: Arc<ClientConfig>,
    },
}

impl Endpoint {
    /// Returns what goes into the `Host` header.
    pub(crate) fn host(&self) -> &str {
        match self {
            Self::Socket(_) => "localhost",
            Self::Tcp { host, .. } | Self::Tls { host, .. } => host,
        }
    }

    /// Tells whether it is worth connecting: a socket that is not there is not.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Self::Socket(path) => path.exists(),
            Self::Tcp { .. } | Self::Tls { .. } => true,
        }
    }

    /// Tells whether the address is Podman's by its name.
    pub(crate) fn looks_like_podman(&self) -> bool {
        matches!(self, Self::Socket(path) if path.to_string_lossy().contains("podman"))
    }

    /// Two names of one socket are one engine.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Socket(path) => {
                let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                real.display().to_string()
            }
            Self::Tcp { .. } | Self::Tls { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "{}", path.display()),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::Tls { host, port, .. } => write!(f, "tcp://{host}:{port} (TLS)"),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl Places {
    /// Lists where an engine may be: what was named first, Docker's usual places before Podman's.
    ///
    /// # Errors
    /// When an address that was named cannot be one.
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, Error> {
        let mut found: Vec<Endpoint> = Vec::new();
        let named = |text: &Option<String>| text.as_deref().map(|text| self.read(text)).transpose();
        let docker = [named(&self.docker_host)?, named(&self.container_host)?];
        let podman = named(&self.podman_host)?;
        found.extend(docker.into_iter().flatten());
        #[cfg(windows)]
        found.push(Endpoint::Socket(PathBuf::from(r"\\.\pipe\docker_engine")));
        found.push(self.system("var/run/docker.sock"));
        found.extend(self.rootless("docker.sock"));
        found.extend(podman);
        found.push(self.system("run/podman/podman.sock"));
        found.push(self.system("var/run/podman/podman.sock"));
        found.extend(self.rootless("podman/podman.sock"));
        let mut seen = Vec::new();
        found.retain(|endpoint| {
            let key = endpoint.key();
            let is_first = !seen.contains(&key);
            seen.push(key);
            is_first
        });
        Ok(found)
    }

    fn system(&self, path: &str) -> Endpoint {
        Endpoint::Socket(self.root.join(path))
    }

    fn rootless(&self, path: &str) -> Option<Endpoint> {
        let usual = || Some(self.root.join(format!("run/user/{}", self.user?)));
        let directory = self.runtime_dir.clone().or_else(usual)?;
        Some(Endpoint::Socket(directory.join(path)))
    }

    /// Reads an address as `DOCKER_HOST` holds it.
    fn read(&self, text: &str) -> Result<Endpoint, Error> {
        let text = text.trim();
        let wrong = |why: &str| Error::Address(format!("the engine's address {text:?} {why}"));
        for scheme in ["unix://", "npipe://"] {
            if let Some(path) = text.strip_prefix(scheme) {
                return Ok(Endpoint::Socket(PathBuf::from(path)));
            }
        }
        if Path::new(text).is_absolute() {
            return Ok(Endpoint::Socket(PathBuf::from(text)));
        }
        if text.starts_with("ssh://") {
            return Err(wrong("goes over SSH, which the agent does not speak"));
        }
        let url = match text.split_once("://") {
            Some(("tcp", rest)) => format!("http://{rest}"),
            Some(("http" | "https", _)) => text.to_owned(),
            _ => {
                return Err(wrong(
                    "starts with none of unix://, tcp://, http://, https://",
                ));
            }
        };
        let url = Url::parse(&url).map_err(|_| wrong("cannot be read"))?;
        let host = url.host_str().unwrap_or_default();
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if host.is_empty() || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("has to be a host and a port"));
        }
        // Docker's client speaks TLS as soon as it is told of certificates.
        let is_tls = text.starts_with("https:") || self.tls_verify || self.cert_path.is_some();
        if !is_tls {
            let port = url.port().unwrap_or(2375);
            return Ok(Endpoint::Tcp { host, port });
        }
        let port = url.port().unwrap_or(2376);
        let usual = self.home.as_ref().map(|home| home.join(".docker"));
        let directory = self.cert_path.clone().or(usual);
        let directory = directory.ok_or_else(|| {
            wrong("wants TLS: say where the certificates are with DOCKER_CERT_PATH")
        })?;
        let tls = tls::client(&directory)?;
        Ok(Endpoint::Tls { host, port, tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(places: &Places) -> Vec<String> {
        let endpoints = places.endpoints().expect("addresses");
        endpoints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_named_comes_before_the_usual_places_and_docker_before_podman() {
        let places = Places {
            docker_host: Some("tcp://10.0.0.2".to_owned()),
            podman_host: Some("unix:///srv/podman.sock".to_owned()),
            runtime_dir: Some("/run/user/7".into()),
            root: "/nowhere".into(),
            ..Places::default()
        };
        let expected = [
            "tcp://10.0.0.2:2375",
            "/nowhere/var/run/docker.sock",
            "/run/user/7/docker.sock",
            "/srv/podman.sock",
            "/nowhere/run/podman/podman.sock",
            "/nowhere/var/run/podman/podman.sock",
            "/run/user/7/podman/podman.sock",
        ];
        assert_eq!(shown(&places), expected);
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_socket_are_one_place() {
        let root = tempfile::tempdir().expect("a directory");
        let path = |name: &str| root.path().join(name);
        std::fs::create_dir_all(path("run/podman")).expect("a directory");
        std::fs::create_dir_all(path("var/run")).expect("a directory");
        let socket = path("run/podman/podman.sock");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        std::os::unix::fs::symlink(&socket, path("var/run/docker.sock")).expect("a link");
        std::os::unix::fs::symlink(path("run/podman"), path("var/run/podman")).expect("a link");
        let places = Places {
            root: root.path().to_owned(),
            ..Places::default()
        };
        assert_eq!(
            shown(&places),
            [path("var/run/docker.sock").display().to_string()]
        );
    }

    #[test]
    fn addresses_are_read_as_docker_writes_them() {
        let places = Places::default();
        for (text, expected) in [
            ("unix:///x.sock", "/x.sock"),
            (" /x.sock", "/x.sock"),
            ("tcp://nas:1234", "tcp://nas:1234"),
            ("http://nas:1234", "tcp://nas:1234"),
            ("tcp://[::1]:1234", "tcp://::1:1234"),
        ] {
            assert_eq!(places.read(text).expect(text).to_string(), expected);
        }
        for text in [
            "",
            "nas:2375",
            "ssh://nas",
            "tcp://",
            "tcp://me:pw@nas",
            "fd://",
        ] {
            let error = places.read(text).expect_err(text).to_string();
            assert!(error.starts_with("the engine's address"), "{error}");
        }
    }

    #[test]
    fn tls_without_certificates_is_refused_by_name() {
        let directory = tempfile::tempdir().expect("a directory");
        let places = Places {
            cert_path: Some(directory.path().to_owned()),
            ..Places::default()
        };
        let error = places
            .read("tcp://nas:2376")
            .expect_err("refused")
            .to_string();
        assert!(error.contains("ca.pem"), "{error}");
        let error = Places::default().read("https://nas").expect_err("refused");
        assert!(error.to_string().contains("DOCKER_CERT_PATH"), "{error}");
    }
}
