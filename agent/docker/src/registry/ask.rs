//! One question to a registry: HEAD, a token if it wants one, the list of platforms if need be.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::challenge::Challenge;
use super::credentials::Logins;
use super::reference::{Reference, is_digest};
use crate::error::chain;

/// Every form a manifest comes in, lists first.
const FORMS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// Largest manifest that is read.
const MANIFEST: usize = 4 * 1024 * 1024;

/// Largest token answer that is read.
const TOKEN: usize = 64 * 1024;

/// Longest a registry is left alone because it asks for it.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 60 * 60);

/// Platforms of one list that are kept.
const PLATFORMS: usize = 256;

/// What a tag stands for today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Latest {
    /// Digest of the list or of the only manifest.
    pub(crate) digest: String,
    /// Digests of the manifests in the list, if they had to be read.
    pub(crate) platforms: Vec<String>,
}

/// Why nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The registry wants to be left alone that long, if it said so.
    RateLimited(Option<Duration>),
    /// Anything else, in the words reports use.
    Because(String),
}

/// Asks registries.
pub(crate) struct Asker {
    client: Client,
    logins: Option<Logins>,
}

/// How a registry is spoken to once it is known.
struct Way {
    url: Url,
    proof: Option<Proof>,
}

enum Proof {
    Bearer(String),
    Basic(super::credentials::Login),
}

impl Asker {
    /// Sets up the client. Without `logins` nothing stored is used.
    pub(crate) fn new(logins: Option<Logins>) -> Result<Self, pulse_net::Error> {
        let options = pulse_net::Options {
            user_agent: Some(format!("pulse-agent/{}", pulse_protocol::version::OWN)),
            ..pulse_net::Options::default()
        };
        let client = pulse_net::client(&options)?;
        Ok(Self { client, logins })
    }

    /// Asks what the tag stands for. The platforms are read only when none of `local` is the
    /// digest of the whole: many tools keep the digest of their platform instead.
    pub(crate) async fn ask(
        &self,
        reference: &Reference,
        is_secure: bool,
        local: &[String],
    ) -> Result<Latest, Refusal> {
        let (mut way, response) = self.first(reference, is_secure).await?;
        let response = self.convinced(&mut way, reference, response).await?;
        let digest = header_digest(response.headers());
        if let Some(digest) = digest.as_ref().filter(|digest| local.contains(digest)) {
            return Ok(Latest {
                digest: digest.clone(),
                platforms: Vec::new(),
            });
        }
        let response = self.send(Method::GET, &way).await?;
        let response = judged(response)?;
        let body = pulse_net::read_capped(response, MANIFEST).await;
        let body = body.map_err(|error| Refusal::Because(chain(&error)))?;
        let digest =
            digest.unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(&body))));
        Ok(Latest {
            digest,
            platforms: platforms(&body),
        })
    }

    /// Asks the first time: over TLS, and on this machine or where the engine was told so, without.
    async fn first(
        &self,
        reference: &Reference,
        is_secure: bool,
    ) -> Result<(Way, Response), Refusal> {
        let url = |scheme: &str| {
            let Reference {
                repository, tag, ..
            } = reference;
            Url::parse(&format!(
                "{scheme}://{}/v2/{repository}/manifests/{tag}",
                reference.host()
            ))
        };
        let no_address = |_| Refusal::Because("no such registry".to_owned());
        let mut way = Way {
            url: url("https").map_err(no_address)?,
            proof: None,
        };
        match self.send(Method::HEAD, &way).await {
            Err(_) if !is_secure || reference.is_loopback() => {
                way.url = url("http").map_err(no_address)?;
                let response = self.send(Method::HEAD, &way).await?;
                Ok((way, response))
            }
            Ok(response) => Ok((way, response)),
            Err(refusal) => Err(refusal),
        }
    }

    /// Proves who is asking, if the registry wants that, and asks again.
    async fn convinced(
        &self,
        way: &mut Way,
        reference: &Reference,
        response: Response,
    ) -> Result<Response, Refusal> {
        if response.status() != StatusCode::UNAUTHORIZED {
            return judged(response);
        }
        let header = response.headers().get(WWW_AUTHENTICATE);
        let challenge = header.and_then(|header| Challenge::read(header.to_str().ok()?));
        let login = self
            .logins
            .as_ref()
            .and_then(|logins| logins.find(&reference.registry));
        let required = || Refusal::Because("authentication required".to_owned());
        way.proof = Some(match challenge.ok_or_else(required)? {
            Challenge::Basic => Proof::Basic(login.ok_or_else(required)?),
            Challenge::Bearer {
                realm,
                service,
                scope,
            } => {
                let url = token_url(&realm, &service, &scope, reference, &way.url)?;
                Proof::Bearer(self.token(url, login).await?)
            }
        });
        judged(self.send(Method::HEAD, way).await?)
    }

    async fn token(
        &self,
        url: Url,
        login: Option<super::credentials::Login>,
    ) -> Result<String, Refusal> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Answer {
            token: Option<String>,
            access_token: Option<String>,
        }
        let mut request = self.client.get(url);
        if let Some(login) = login {
            request = request.basic_auth(login.name, Some(login.password));
        }
        let response = request
            .send()
            .await
            .map_err(|error| auth(&chain(&error.without_url())))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(Refusal::Because("authentication required".to_owned()));
            }
            StatusCode::TOO_MANY_REQUESTS => return Err(limited(&response)),
            status => return Err(auth(&status.as_u16().to_string())),
        }
        let body = pulse_net::read_capped(response, TOKEN).await;
        let body = body.map_err(|error| auth(&chain(&error)))?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| auth("no token in the answer"))?;
        let token = answer
            .token
            .or(answer.access_token)
            .filter(|token| !token.is_empty());
        token.ok_or_else(|| auth("no token in the answer"))
    }

    async fn send(&self, method: Method, way: &Way) -> Result<Response, Refusal> {
        let request: RequestBuilder = self
            .client
            .request(method, way.url.clone())
            .header(ACCEPT, FORMS);
        let request = match &way.proof {
            Some(Proof::Bearer(token)) => request.bearer_auth(token),
            Some(Proof::Basic(login)) => request.basic_auth(&login.name, Some(&login.password)),
            None => request,
        };
        let unreachable = |error: reqwest::Error| {
            Refusal::Because(format!(
                "registry unreachable: {}",
                chain(&error.without_url())
            ))
        };
        request.send().await.map_err(unreachable)
    }
}

/// A token is fetched over TLS, or where the registry itself does without.
fn token_url(
    realm: &str,
    service: &str,
    scope: &str,
    reference: &Reference,
    registry: &Url,
) -> Result<Url, Refusal> {
    let mut url = Url::parse(realm).map_err(|_| auth("no address for tokens"))?;
    if url.scheme() != "https" && url.scheme() != registry.scheme() {
        return Err(auth("tokens would travel unencrypted"));
    }
    let scope = if scope.is_empty() {
        format!("repository:{}:pull", reference.repository)
    } else {
        scope.to_owned()
    };
    url.query_pairs_mut()
        .append_pair("service", service)
        .append_pair("scope", &scope);
    Ok(url)
}

fn auth(why: &str) -> Refusal {
    Refusal::Because(format!("auth: {why}"))
}

fn judged(response: Response) -> Result<Response, Refusal> {
    let because = |why: &str| Err(Refusal::Because(why.to_owned()));
    match response.status() {
        status if status.is_success() => Ok(response),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => because("authentication required"),
        StatusCode::NOT_FOUND => because("image not found"),
        StatusCode::TOO_MANY_REQUESTS => Err(limited(&response)),
        status => because(&format!("registry error: {}", status.as_u16())),
    }
}

fn limited(response: &Response) -> Refusal {
    let asked = response.headers().get(RETRY_AFTER);
    let asked = asked.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Refusal::RateLimited(asked.map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE)))
}

fn header_digest(headers: &HeaderMap) -> Option<String> {
    let digest = headers.get("docker-content-digest")?.to_str().ok()?;
    is_digest(digest).then(|| digest.to_owned())
}

/// Returns the digests in a list of platforms; none for a manifest of one.
fn platforms(body: &[u8]) -> Vec<String> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct List {
        manifests: Option<Vec<Manifest>>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Manifest {
        digest: String,
    }
    let list: List = serde_json::from_slice(body).unwrap_or_default();
    let manifests = list.manifests.unwrap_or_default().into_iter();
    let digests = manifests.map(|manifest| manifest.digest);
    digests
        .filter(|digest| is_digest(digest))
        .take(PLATFORMS)
        .collect()
}
