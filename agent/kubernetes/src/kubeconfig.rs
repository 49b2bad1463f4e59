//! The members of a kubeconfig that lead to a cluster.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;

/// Largest file that is read.
const LIMIT: u64 = 4 * 1024 * 1024;

/// One file. What it names by relative paths lies beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Kubeconfig {
    pub(crate) current_context: Option<String>,
    contexts: Option<Vec<NamedContext>>,
    clusters: Option<Vec<NamedCluster>>,
    users: Option<Vec<NamedUser>>,
    #[serde(skip)]
    path: PathBuf,
    /// Whether somebody besides root and the agent's user can change it.
    #[serde(skip)]
    is_open: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedContext {
    name: String,
    context: Option<Context>,
}

/// Which user asks which cluster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Context {
    pub(crate) cluster: String,
    pub(crate) user: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedCluster {
    name: String,
    cluster: Option<Cluster>,
}

/// Where an API is, and whom to believe to be it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Cluster {
    pub(crate) server: String,
    pub(crate) certificate_authority: Option<PathBuf>,
    pub(crate) certificate_authority_data: Option<String>,
    pub(crate) insecure_skip_tls_verify: Option<bool>,
    pub(crate) tls_server_name: Option<String>,
    pub(crate) proxy_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamedUser {
    name: String,
    user: Option<User>,
}

/// As whom an API is asked. Never printed: it holds secrets.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct User {
    pub(crate) token: Option<String>,
    #[serde(rename = "tokenFile")]
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) client_certificate: Option<PathBuf>,
    pub(crate) client_certificate_data: Option<String>,
    pub(crate) client_key: Option<PathBuf>,
    pub(crate) client_key_data: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) exec: Option<Exec>,
    pub(crate) auth_provider: Option<serde::de::IgnoredAny>,
    #[serde(rename = "as")]
    pub(crate) impersonate: Option<String>,
}

impl std::fmt::Debug for NamedUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// A program that gives credentials.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Exec {
    pub(crate) api_version: Option<String>,
    pub(crate) command: String,
    pub(crate) args: Option<Vec<String>>,
    pub(crate) env: Option<Vec<Variable>>,
    pub(crate) interactive_mode: Option<String>,
    pub(crate) provide_cluster_info: Option<bool>,
}

/// A variable of such a program.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Kubeconfig {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let file = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        let opened = File::open(path).map_err(file)?;
        let is_open = !is_private(&opened.metadata().map_err(file)?);
        let mut text = String::new();
        let mut bounded = opened.take(LIMIT + 1);
        bounded.read_to_string(&mut text).map_err(file)?;
        if text.len() as u64 > LIMIT {
            return Err(unusable(path, "it is too large for one"));
        }
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        // The parser's own words may repeat what the file holds.
        let read = serde_yaml_ng::from_str::<Self>(&text).map_err(|error| {
            let line = error.location().map_or(0, |place| place.line());
            unusable(path, &format!("line {line} cannot be understood"))
        })?;
        Ok(Self {
            path: path.to_owned(),
            is_open,
            ..read
        })
    }

    pub(crate) fn context(&self, name: &str) -> Option<Context> {
        let mut contexts = self.contexts.iter().flatten();
        contexts.find(|one| one.name == name)?.context.clone()
    }

    pub(crate) fn cluster(&self, name: &str) -> Option<Cluster> {
        let mut clusters = self.clusters.iter().flatten();
        let cluster = clusters.find(|one| one.name == name)?.cluster.clone()?;
        Some(Cluster {
            certificate_authority: self.beside(cluster.certificate_authority),
            ..cluster
        })
    }

    /// Returns who asks. What the agent is to run or to read and hand over for it is taken only from a file nobody else
    /// can change: the agent is likely to be root.
    pub(crate) fn user(&self, name: &str) -> Option<Result<User, Error>> {
        let user = self.named(name)?;
        let acts = user.exec.is_some() || user.token_file.is_some();
        let why = "it names a program or a token file, and others than root and the agent's user can change it";
        Some(match acts && self.is_open {
            true => Err(unusable(&self.path, why)),
            false => Ok(user),
        })
    }

    fn named(&self, name: &str) -> Option<User> {
        let mut users = self.users.iter().flatten();
        let user = users.find(|one| one.name == name)?.user.clone()?;
        Some(User {
            token_file: self.beside(user.token_file),
            client_certificate: self.beside(user.client_certificate),
            client_key: self.beside(user.client_key),
            exec: user.exec.map(|exec| self.placed(exec)),
            ..user
        })
    }

    fn beside(&self, path: Option<PathBuf>) -> Option<PathBuf> {
        let path = path.filter(|path| !path.as_os_str().is_empty())?;
        Some(
            self.path
                .parent()
                .map_or(path.clone(), |directory| directory.join(path)),
        )
    }

    /// A program named with a directory is a path, any other is looked for.
    fn placed(&self, mut exec: Exec) -> Exec {
        if exec.command.contains(['/', '\\']) {
            let path = self.beside(Some(PathBuf::from(&exec.command)));
            exec.command = path.unwrap_or_default().to_string_lossy().into_owned();
        }
        exec
    }
}

/// Tells whether nobody but its owner can change a file, and that is root or who runs the agent.
#[cfg(unix)]
pub(crate) fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    let is_ours = metadata.uid() == 0 || metadata.uid() == nix::unistd::geteuid().as_raw();
    is_ours && metadata.mode() & 0o022 == 0
}

#[cfg(not(unix))]
pub(crate) fn is_private(_: &Metadata) -> bool {
    true
}

/// Says why a kubeconfig leads to no cluster.
pub(crate) fn unusable(path: &Path, why: &str) -> Error {
    Error::Unusable(format!(
        "the kubeconfig {} leads to no cluster: {why}",
        path.display()
    ))
}
