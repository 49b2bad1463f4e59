//! What an image is called: `registry/repository:tag@digest`, with all that may be left out.

/// Registry of what names none.
const DOCKER_HUB: &str = "docker.io";

/// Longest reference that is read.
const LONGEST: usize = 512;

/// A name of an image, with everything filled in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reference {
    /// `docker.io`, `ghcr.io`, `localhost:5000`.
    pub(crate) registry: String,
    /// `library/nginx`.
    pub(crate) repository: String,
    /// `latest`, if nothing else was said.
    pub(crate) tag: String,
    /// The digest it is pinned to.
    pub(crate) digest: Option<String>,
}

impl Reference {
    /// Reads a reference; `None` for an id, and for what cannot be a name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST || is_id(text) {
            return None;
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) if is_digest(digest) => (name, Some(digest.to_owned())),
            Some(_) => return None,
            None => (text, None),
        };
        // A colon before the last slash belongs to the registry's port.
        let (path, tag) = match name.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, tag),
            _ => (name, "latest"),
        };
        let (registry, repository) = match path.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest.to_owned()),
            _ => (DOCKER_HUB, path.to_owned()),
        };
        let registry = match registry {
            "index.docker.io" | "registry-1.docker.io" => DOCKER_HUB,
            other => other,
        };
        let repository = if registry == DOCKER_HUB && !repository.contains('/') {
            format!("library/{repository}")
        } else {
            repository
        };
        let is_whole = is_repository(&repository) && is_tag(tag) && is_host(registry);
        is_whole.then(|| Self {
            registry: registry.to_owned(),
            repository,
            tag: tag.to_owned(),
            digest,
        })
    }

    /// Returns the host that answers for the registry.
    pub(crate) fn host(&self) -> &str {
        if self.registry == DOCKER_HUB {
            "registry-1.docker.io"
        } else {
            &self.registry
        }
    }

    /// Tells whether the registry is on this machine, where engines do without TLS.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.registry.trim_start_matches('[');
        host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("::1]")
    }

    /// Tells whether both name the same repository, whatever the tag.
    pub(crate) fn is_same_repository(&self, other: &Self) -> bool {
        self.registry == other.registry && self.repository == other.repository
    }
}

/// Tells whether a text is a digest that is in use.
pub(crate) fn is_digest(text: &str) -> bool {
    let digits = text
        .strip_prefix("sha256:")
        .or_else(|| text.strip_prefix("sha512:"));
    digits.is_some_and(|digits| {
        matches!(digits.len(), 64 | 128) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_id(text: &str) -> bool {
    text.starts_with("sha256:")
        || (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_registry(first: &str) -> bool {
    first.contains(['.', ':'])
        || first == "localhost"
        || first.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_host(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && text.bytes().all(is_plain)
}

fn is_repository(text: &str) -> bool {
    let is_plain = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b'_' | b'-' | b'/')
    };
    !text.is_empty()
        && text.bytes().all(is_plain)
        && text
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

fn is_tag(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&text.len()) && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(String, String, String)> {
        let reference = Reference::parse(text)?;
        Some((reference.registry, reference.repository, reference.tag))
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        for (text, registry, repository, tag) in [
            ("nginx", "docker.io", "library/nginx", "latest"),
            ("nginx:1.27", "docker.io", "library/nginx", "1.27"),
            ("docker.io/nginx", "docker.io", "library/nginx", "latest"),
            ("grafana/grafana", "docker.io", "grafana/grafana", "latest"),
            ("ghcr.io/a/b/c:v1", "ghcr.io", "a/b/c", "v1"),
            ("localhost:5000/web", "localhost:5000", "web", "latest"),
            ("localhost/web:x", "localhost", "web", "x"),
            (
                "quay.io:4443/coreos/etcd:v3",
                "quay.io:4443",
                "coreos/etcd",
                "v3",
            ),
            ("[::1]:5000/web", "[::1]:5000", "web", "latest"),
        ] {
            let expected = Some((registry.to_owned(), repository.to_owned(), tag.to_owned()));
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn ids_and_what_cannot_be_a_name_are_no_references() {
        let id = "a".repeat(64);
        for text in [
            "",
            ":",
            "/",
            "a//b",
            "../x",
            "x:",
            "x:a b",
            "X/..",
            "nginx\n",
            "a@b",
            "http://x/y",
            "x@sha256:12",
            "ghcr.io/../x",
            "a?b",
            &id,
            &format!("sha256:{id}"),
            &"x".repeat(600),
        ] {
            assert_eq!(Reference::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_digest_pins() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let pinned = Reference::parse(&format!("nginx:1@{digest}")).expect("a reference");
        assert_eq!((pinned.tag.as_str(), pinned.digest), ("1", Some(digest)));
    }

    #[test]
    fn registries_on_this_machine_are_told() {
        let is_loopback = |text: &str| Reference::parse(text).expect("a reference").is_loopback();
        assert!(
            is_loopback("localhost:5000/a")
                && is_loopback("127.0.0.1:5000/a")
                && is_loopback("[::1]:5000/a")
        );
        assert!(!is_loopback("nginx") && !is_loopback("registry.lan:5000/a"));
    }
}
