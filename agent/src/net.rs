//! The server, as the agent reaches it: its address, what may travel there, and the client.

use std::net::IpAddr;

use pulse_net::Options;
use pulse_protocol::token::Token;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, RequestBuilder};
use url::{Host, Url};

use crate::config::Config;
use crate::error::Error;

/// Endings of names that are only ever given on one's own network.
const PRIVATE_ENDINGS: [&str; 5] = [".local", ".lan", ".home", ".home.arpa", ".internal"];

/// A server to post to.
pub(crate) struct Server {
    base: Url,
    client: Client,
}

impl Server {
    /// Checks the address and sets up the client.
    pub(crate) async fn open(config: &Config) -> Result<Self, Error> {
        let base = parse(&config.url)?;
        if base.scheme() == "http" && !config.allow_plaintext_http && !is_private(&base).await {
            return Err(Error::Address(format!(
                "{base} is not known to be on your own network, and plain HTTP shows the token to \
                 everybody on the way: use https, or say --allow-plaintext-http"
            )));
        }
        let options = Options {
            trust: config.trust.resolve()?,
            // A proxy cannot reach this machine's own loopback.
            proxies: !is_loopback(&base),
            user_agent: Some(format!("pulse-agent/{}", pulse_protocol::version::OWN)),
            ..Options::default()
        };
        let client = pulse_net::client(&options).map_err(Error::Client)?;
        Ok(Self { base, client })
    }

    /// Returns the address without anything secret in it; there is nothing secret in it.
    pub(crate) fn address(&self) -> &Url {
        &self.base
    }

    /// Starts a request that carries the token both ways servers look for it.
    pub(crate) fn post(&self, path: &str, token: &Token) -> RequestBuilder {
        let request = self.client.post(self.url(path));
        let mut headers = reqwest::header::HeaderMap::new();
        for (name, text) in [
            (AUTHORIZATION, format!("Bearer {}", token.expose())),
            (
                reqwest::header::HeaderName::from_static("x-api-token"),
                token.expose().to_owned(),
            ),
        ] {
            // Tokens are checked when they are read, so every one of them makes a header.
            if let Ok(mut value) = HeaderValue::from_str(&text) {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        request.headers(headers)
    }

    /// Appends to the path the operator gave, which a proxy may need.
    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url
    }
}

/// Reads a server address: HTTP or HTTPS, and no more than a host, a port and a path.
fn parse(text: &str) -> Result<Url, Error> {
    let wrong = |why: &str| Error::Address(format!("the server address {why}"));
    let url = Url::parse(text.trim())
        .map_err(|_| wrong("cannot be read; it looks like https://pulse.example.org"))?;
    if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
        return Err(wrong("must start with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not hold a user or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must not hold a question mark or a hash"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Tells whether an address lies on one's own network, looking a name up where it does not say.
async fn is_private(url: &Url) -> bool {
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return is_private_address(address.into()),
        Some(Host::Ipv6(address)) => return is_private_address(address.into()),
        Some(Host::Domain(name)) => name.trim_end_matches('.'),
        None => return false,
    };
    if is_private_name(name) {
        return true;
    }
    let port = url.port_or_known_default().unwrap_or(80);
    let Ok(addresses) = tokio::net::lookup_host((name, port)).await else {
        return false;
    };
    let addresses: Vec<IpAddr> = addresses.map(|address| address.ip()).collect();
    !addresses.is_empty() && addresses.into_iter().all(is_private_address)
}

fn is_private_name(name: &str) -> bool {
    !name.contains('.') || PRIVATE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_private_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_carrier_grade = first == 100 && (64..128).contains(&second);
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || is_carrier_grade
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_a_port_and_a_path() {
        for text in [
            "https://pulse.example.org",
            "http://[::1]:7655/",
            " https://x/pulse ",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "pulse",
            "ftp://x",
            "https://",
            "https://me@x",
            "https://me:pw@x",
            "https://x?y",
            "https://x#y",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        let error = parse("https://me:hunter2@x")
            .expect_err("refused")
            .to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_path_in_front_is_kept() {
        for (base, expected) in [
            ("https://x", "https://x/api/health"),
            ("https://x/", "https://x/api/health"),
            ("https://x/pulse/", "https://x/pulse/api/health"),
        ] {
            let options = Options::default();
            let client = pulse_net::client(&options).expect("a client");
            let server = Server {
                base: parse(base).expect("an address"),
                client,
            };
            assert_eq!(server.url("/api/health").as_str(), expected);
        }
    }

    #[test]
    fn addresses_of_ones_own_network_are_told_from_public_ones() {
        for (text, expected) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("172.31.0.1", true),
            ("172.32.0.1", false),
            ("192.168.0.9", true),
            ("169.254.1.1", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("8.8.8.8", false),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
            ("::ffff:10.0.0.1", true),
            ("::ffff:8.8.8.8", false),
        ] {
            let address = text.parse().expect("an address");
            assert_eq!(is_private_address(address), expected, "{text}");
        }
    }

    #[test]
    fn names_of_ones_own_network_are_told_from_public_ones() {
        for name in [
            "nas",
            "localhost",
            "pulse.lan",
            "a.b.home.arpa",
            "x.local",
            "y.internal",
        ] {
            assert!(is_private_name(name), "{name}");
        }
        for name in ["pulse.example.org", "lan.example", "local.net"] {
            assert!(!is_private_name(name), "{name}");
        }
    }
}
