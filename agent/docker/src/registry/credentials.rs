//! Logins this machine's engines have stored, for registries that want one.
//!
//! Read from `config.json` of Docker and `auth.json` of Podman, each time they are needed and only
//! for the registry they were stored for. Helpers that keep them elsewhere are not run.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// Largest file that is read.
const LIMIT: u64 = 1024 * 1024;

/// Where logins are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logins {
    /// Files, the first that knows a registry counts.
    pub files: Vec<PathBuf>,
}

/// A name and a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(***)")
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    auths: Option<BTreeMap<String, Entry>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

impl Logins {
    /// Finds the login for a registry.
    pub(crate) fn find(&self, registry: &str) -> Option<Login> {
        self.files
            .iter()
            .find_map(|file| read(file)?.find(registry))
    }
}

fn read(path: &Path) -> Option<File> {
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

impl File {
    fn find(&self, registry: &str) -> Option<Login> {
        let is_asked = |key: &str| {
            let host = key
                .strip_prefix("https://")
                .or_else(|| key.strip_prefix("http://"));
            let host = host.unwrap_or(key).split('/').next().unwrap_or_default();
            host == registry || (registry == "docker.io" && host == "index.docker.io")
        };
        let (_, entry) = self.auths.as_ref()?.iter().find(|(key, _)| is_asked(key))?;
        entry.login()
    }
}

impl Entry {
    fn login(&self) -> Option<Login> {
        if let (Some(name), Some(password)) = (&self.username, &self.password) {
            return Some(Login {
                name: name.clone(),
                password: password.clone(),
            });
        }
        let text = STANDARD.decode(self.auth.as_deref()?).ok()?;
        let text = String::from_utf8(text).ok()?;
        let (name, password) = text.split_once(':')?;
        Some(Login {
            name: name.to_owned(),
            password: password.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(json: &str) -> File {
        serde_json::from_str(json).expect("a file")
    }

    #[test]
    fn a_login_is_for_its_own_registry_only() {
        let stored = file(
            r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6aHVudGVyMg=="},
            "ghcr.io":{"username":"you","password":"x"},"empty.io":{}},"credsStore":"desktop"}"#,
        );
        let found = |registry: &str| {
            stored
                .find(registry)
                .map(|login| (login.name, login.password))
        };
        assert_eq!(
            found("docker.io"),
            Some(("me".to_owned(), "hunter2".to_owned()))
        );
        assert_eq!(found("ghcr.io"), Some(("you".to_owned(), "x".to_owned())));
        for registry in ["quay.io", "empty.io", "evil-ghcr.io", "ghcr.io.evil"] {
            assert_eq!(found(registry), None, "{registry}");
        }
    }

    #[test]
    fn a_login_is_never_shown() {
        let login = file(r#"{"auths":{"x":{"auth":"bWU6aHVudGVyMg=="}}}"#).find("x");
        assert_eq!(format!("{login:?}"), "Some(Login(***))");
    }

    #[test]
    fn what_is_no_such_file_holds_no_login() {
        let directory = tempfile::tempdir().expect("a directory");
        let missing = Logins {
            files: vec![directory.path().join("none"), directory.path().to_owned()],
        };
        assert_eq!(missing.find("docker.io"), None);
        assert!(
            file(r#"{"auths":{"x":{"auth":"%%%"}}}"#)
                .find("x")
                .is_none()
        );
    }
}
