//! The way to the cluster: where its API is, and as whom it is asked.
//!
//! A kubeconfig the operator names goes first, then the service account of the pod the agent runs
//! in, then the kubeconfig other tools use. All of it is read anew for every connection.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderValue;
use jiff::SignedDuration;
use pulse_protocol::Time;
use sha2::{Digest, Sha256};
use url::Url;

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::kubeconfig::{Cluster, Kubeconfig, User, unusable};
use crate::plugin;
use crate::port::Programs;
use crate::tls::{self, Trust};

/// What a pod calls its own cluster.
const IN_CLUSTER: &str = "in-cluster";

/// Most bytes of a certificate, a key or a token.
const LIMIT: u64 = 1024 * 1024;

/// How long the token of a file is used before the file is read again.
const TOKEN: SignedDuration = SignedDuration::from_mins(10);

/// Where a cluster is looked for.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The kubeconfig the operator named.
    pub kubeconfig: Option<PathBuf>,
    /// The context to take of a kubeconfig, if not its current one.
    pub context: Option<String>,
    /// Host and port of the API, as a pod is told.
    pub in_cluster: Option<(String, String)>,
    /// Where a pod finds its service account.
    pub service_account: PathBuf,
    /// Kubeconfigs other tools use; the first to say something wins.
    pub usual: Vec<PathBuf>,
    /// The user's home, which programs that give credentials want to know.
    pub home: Option<PathBuf>,
}

/// Which cluster it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Address of the API, as it is configured.
    pub(crate) server: String,
    /// The context, or `in-cluster`.
    pub(crate) context: String,
}

impl Identity {
    /// Returns the id under which the cluster is known.
    pub(crate) fn id(&self) -> String {
        let Self { server, context } = self;
        // A cluster is named after its context.
        hex::encode(Sha256::digest(format!("{server}|{context}|{context}")))
    }

    /// Returns the address without a login in it.
    pub(crate) fn shown_server(&self) -> String {
        match Url::parse(&self.server) {
            Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
                let _ = url.set_username("");
                let _ = url.set_password(None);
                url.to_string()
            }
            _ => self.server.clone(),
        }
    }
}

/// A cluster that can be asked.
pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) identity: Identity,
    /// When the credentials end, if they said so.
    pub(crate) expires: Option<Time>,
}

/// Which API is to be asked, and as whom.
struct Way {
    context: String,
    cluster: Cluster,
    user: User,
}

impl Places {
    /// Finds the cluster and makes a client for it. Nothing is asked yet.
    pub(crate) async fn connect(
        &self,
        programs: &Arc<dyn Programs>,
        now: Time,
    ) -> Result<Link, Error> {
        let Way {
            context,
            cluster,
            user,
        } = self.way()?;
        let identity = Identity {
            server: cluster.server.clone(),
            context,
        };
        let credentials = self.credentials(&user, &cluster, programs, now).await?;
        let trust = trust(&cluster)?;
        let tls = tls::client(&trust, credentials.certificate)?;
        let name = cluster
            .tls_server_name
            .as_deref()
            .filter(|name| !name.is_empty());
        let endpoint = Endpoint::of(&cluster.server, tls, name, credentials.authorization)?;
        Ok(Link {
            client: Client::at(endpoint, identity.shown_server()),
            identity,
            expires: credentials.expires,
        })
    }

    fn way(&self) -> Result<Way, Error> {
        if let Some(path) = &self.kubeconfig {
            return self.by_kubeconfig(std::slice::from_ref(path));
        }
        if let (Some(address), None) = (&self.in_cluster, &self.context) {
            return Ok(self.by_service_account(address));
        }
        let usual: Vec<PathBuf> = self.usual.iter().filter(|p| p.exists()).cloned().collect();
        match usual.is_empty() {
            true => Err(Error::NoCluster),
            false => self.by_kubeconfig(&usual),
        }
    }

    fn by_service_account(&self, (host, port): &(String, String)) -> Way {
        let host = match host.contains(':') {
            true => format!("[{host}]"),
            false => host.clone(),
        };
        Way {
            context: IN_CLUSTER.to_owned(),
            cluster: Cluster {
                server: format!("https://{host}:{port}"),
                certificate_authority: Some(self.service_account.join("ca.crt")),
                ..Cluster::default()
            },
            user: User {
                token_file: Some(self.service_account.join("token")),
                ..User::default()
            },
        }
    }

    /// Of several files the first that says something wins.
    fn by_kubeconfig(&self, paths: &[PathBuf]) -> Result<Way, Error> {
        let files: Result<Vec<Kubeconfig>, Error> =
            paths.iter().map(|path| Kubeconfig::read(path)).collect();
        let files = files?;
        let unusable = |why: &str| unusable(&paths[0], why);
        let current = files.iter().find_map(|file| file.current_context.clone());
        let context = self
            .context
            .clone()
            .or(current)
            .filter(|name| !name.is_empty());
        let context = context.ok_or_else(|| unusable("it has no current context"))?;
        let chosen = files.iter().find_map(|file| file.context(&context));
        let chosen = chosen.ok_or_else(|| unusable("its context is not there"))?;
        let cluster = files.iter().find_map(|file| file.cluster(&chosen.cluster));
        let cluster = cluster.ok_or_else(|| unusable("its context's cluster is not there"))?;
        let user = chosen.user.filter(|user| !user.is_empty());
        let user = user.and_then(|user| files.iter().find_map(|file| file.user(&user)));
        let user = user.transpose()?.unwrap_or_default();
        if user.auth_provider.is_some() {
            return Err(unusable("its auth-provider is not spoken; use exec"));
        }
        if user.impersonate.is_some() {
            return Err(unusable("acting as somebody else is not supported"));
        }
        if cluster
            .proxy_url
            .as_ref()
            .is_some_and(|proxy| !proxy.is_empty())
        {
            return Err(unusable("its proxy-url is not supported"));
        }
        Ok(Way {
            context,
            cluster,
            user,
        })
    }

    /// Gathers what says who asks, in the order other tools do.
    async fn credentials(
        &self,
        user: &User,
        cluster: &Cluster,
        programs: &Arc<dyn Programs>,
        now: Time,
    ) -> Result<Credentials, Error> {
        let certificate = either(&user.client_certificate_data, &user.client_certificate)?;
        let key = either(&user.client_key_data, &user.client_key)?;
        let mut credentials = Credentials {
            certificate: certificate.zip(key),
            authorization: None,
            expires: None,
        };
        let given = user.token.clone().filter(|token| !token.is_empty());
        let authorization = if let (Some(name), Some(password)) = (&user.username, &user.password) {
            let login = STANDARD.encode(format!("{name}:{password}"));
            Some(format!("Basic {login}"))
        } else if let Some(token) = given {
            Some(format!("Bearer {token}"))
        } else if let Some(file) = &user.token_file {
            credentials.expires = now.checked_add(TOKEN).ok();
            let token = String::from_utf8(read(file)?).unwrap_or_default();
            Some(format!("Bearer {}", token.trim()))
        } else if let Some(exec) = &user.exec {
            let given = plugin::run(exec, cluster, self.home.as_deref(), programs).await?;
            credentials.expires = given.expires;
            credentials.certificate = given.certificate.or(credentials.certificate);
            given.token.map(|token| format!("Bearer {token}"))
        } else {
            None
        };
        if let Some(text) = authorization {
            let mut header = HeaderValue::from_str(&text)
                .map_err(|_| Error::Unusable("the token cannot be one".to_owned()))?;
            header.set_sensitive(true);
            credentials.authorization = Some(header);
        }
        Ok(credentials)
    }
}

/// What says who asks.
struct Credentials {
    certificate: Option<(Vec<u8>, Vec<u8>)>,
    authorization: Option<HeaderValue>,
    expires: Option<Time>,
}

fn trust(cluster: &Cluster) -> Result<Trust, Error> {
    if cluster.insecure_skip_tls_verify == Some(true) {
        return Ok(Trust::DangerouslyAnybody);
    }
    let data = &cluster.certificate_authority_data;
    let authorities = either(data, &cluster.certificate_authority)?;
    Ok(authorities.map_or(Trust::System, Trust::Only))
}

/// Returns what is given in base64, or else what lies in a file.
fn either(given: &Option<String>, file: &Option<PathBuf>) -> Result<Option<Vec<u8>>, Error> {
    if let Some(given) = given.as_ref().filter(|given| !given.is_empty()) {
        let decoded = STANDARD.decode(given.trim());
        let text = "a certificate or key in the kubeconfig is not base64";
        return decoded
            .map(Some)
            .map_err(|_| Error::Unusable(text.to_owned()));
    }
    file.as_deref().map(read).transpose()
}

/// Reads a small file.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LIMIT).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_keeps_its_id() {
        let identity = Identity {
            server: "https://10.0.0.1:6443".to_owned(),
            context: "ctx".to_owned(),
        };
        assert_eq!(
            identity.id(),
            "89049d3336c7b63883d31ac4c0f34f8700c39d6ce7799e6970dfe17f0300b440"
        );
    }

    #[test]
    fn a_login_in_the_address_is_not_shown() {
        let identity = Identity {
            server: "https://me:s3cret@k8s.lan:6443".to_owned(),
            context: "ctx".to_owned(),
        };
        assert_eq!(identity.shown_server(), "https://k8s.lan:6443/");
    }
}
