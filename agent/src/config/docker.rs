//! Settings of what reads container engines, and the variables engines themselves go by.

use std::path::{Path, PathBuf};

use pulse_agent_docker::{Places, Settings};
use pulse_protocol::report::docker::EngineRuntime;

use super::{Values, bad};
use crate::error::Error;

/// Whether and how containers are reported.
#[derive(Clone, Debug, Default)]
pub struct DockerConfig {
    /// What the operator said; without a word, containers are reported where there is an engine.
    pub enabled: Option<bool>,
    /// Where engines are looked for.
    pub places: Places,
    /// What is read of them.
    pub settings: Settings,
}

impl Values<'_> {
    pub(super) fn docker(&self) -> Result<DockerConfig, Error> {
        let variable = |name: &str| {
            let value = (self.env)(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let path = |name: &str| variable(name).map(PathBuf::from);
        let home = path("HOME").or_else(|| path("USERPROFILE"));
        let runtime_dir = path("XDG_RUNTIME_DIR");
        let of_docker = path("DOCKER_CONFIG").or_else(|| Some(home.as_ref()?.join(".docker")));
        let of_docker = of_docker.map(|directory| directory.join("config.json"));
        let of_podman = path("REGISTRY_AUTH_FILE")
            .or_else(|| Some(runtime_dir.as_ref()?.join("containers/auth.json")));
        Ok(DockerConfig {
            enabled: self.switch("enable-docker"),
            places: Places {
                docker_host: variable("DOCKER_HOST"),
                container_host: variable("CONTAINER_HOST"),
                podman_host: variable("PODMAN_HOST"),
                cert_path: path("DOCKER_CERT_PATH"),
                tls_verify: variable("DOCKER_TLS_VERIFY").is_some(),
                runtime_dir,
                user: user(),
                root: Path::new("/").to_owned(),
                home,
            },
            settings: Settings {
                runtime: self.runtime()?,
                states: self.list("docker-state"),
                exclude: self.list("docker-exclude"),
                disk_usage: !self.switch("disable-docker-disk-usage").unwrap_or(false),
                updates: !self.switch("disable-docker-update-checks").unwrap_or(false),
                credentials: !self.switch("disable-registry-credentials").unwrap_or(false),
                login_files: of_docker.into_iter().chain(of_podman).collect(),
            },
        })
    }

    fn runtime(&self) -> Result<Option<EngineRuntime>, Error> {
        let text = self.text("docker-runtime").unwrap_or_default();
        match text.to_lowercase().as_str() {
            "" | "auto" => Ok(None),
            "docker" => Ok(Some(EngineRuntime::Docker)),
            "podman" => Ok(Some(EngineRuntime::Podman)),
            _ => Err(bad("docker-runtime", "auto, docker or podman")),
        }
    }
}

#[cfg(unix)]
fn user() -> Option<u32> {
    Some(nix::unistd::geteuid().as_raw())
}

#[cfg(not(unix))]
fn user() -> Option<u32> {
    None
}
