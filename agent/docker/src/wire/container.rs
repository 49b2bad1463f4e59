//! `/containers/json` and `/containers/{id}/json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Texts;

/// One container as it is listed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) names: Option<Vec<String>>,
    pub(crate) image: Option<String>,
    #[serde(rename = "ImageID")]
    pub(crate) image_id: Option<String>,
    pub(crate) created: Option<i64>,
    pub(crate) ports: Option<Vec<Port>>,
    pub(crate) labels: Option<Texts>,
    pub(crate) state: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) network_settings: Option<Attached>,
    pub(crate) mounts: Option<Vec<MountPoint>>,
}

/// One port.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Port {
    #[serde(rename = "IP")]
    pub(crate) ip: Option<String>,
    pub(crate) private_port: Option<u32>,
    pub(crate) public_port: Option<u32>,
    #[serde(rename = "Type")]
    pub(crate) protocol: Option<String>,
}

/// Networks a container is attached to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Attached {
    pub(crate) networks: Option<BTreeMap<String, Option<Attachment>>>,
}

/// Addresses in one network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Attachment {
    #[serde(rename = "IPAddress")]
    pub(crate) ip_address: Option<String>,
    #[serde(rename = "GlobalIPv6Address")]
    pub(crate) ipv6_address: Option<String>,
}

/// One mount.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct MountPoint {
    #[serde(rename = "Type")]
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) destination: Option<String>,
    pub(crate) driver: Option<String>,
    pub(crate) mode: Option<String>,
    #[serde(rename = "RW")]
    pub(crate) rw: Option<bool>,
    pub(crate) propagation: Option<String>,
}

/// One container in detail.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Inspected {
    pub(crate) created: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) restart_count: Option<i64>,
    pub(crate) state: Option<State>,
    pub(crate) config: Option<Config>,
    pub(crate) host_config: Option<HostConfig>,
    pub(crate) network_settings: Option<Attached>,
    pub(crate) mounts: Option<Vec<MountPoint>>,
    /// Podman's pod.
    pub(crate) pod: Option<String>,
    /// Podman: whether it only holds the pod together.
    pub(crate) is_infra: Option<bool>,
}

/// How its last run went.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct State {
    pub(crate) exit_code: Option<i64>,
    #[serde(rename = "OOMKilled")]
    pub(crate) oom_killed: Option<bool>,
    pub(crate) started_at: Option<String>,
    pub(crate) finished_at: Option<String>,
    #[serde(alias = "Healthcheck")]
    pub(crate) health: Option<Health>,
}

/// Verdict of its health check.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Health {
    pub(crate) status: Option<String>,
}

/// What it was made from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Config {
    pub(crate) image: Option<String>,
    pub(crate) env: Option<Vec<String>>,
    pub(crate) healthcheck: Option<Healthcheck>,
}

/// Its health check.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Healthcheck {
    pub(crate) test: Option<Vec<String>>,
}

/// Its limits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct HostConfig {
    pub(crate) memory: Option<i64>,
    pub(crate) userns_mode: Option<String>,
}

/// One line of `/events`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    #[serde(rename = "Type")]
    pub(crate) kind: Option<String>,
    #[serde(rename = "Action")]
    pub(crate) action: Option<String>,
    #[serde(rename = "Actor")]
    pub(crate) actor: Option<Actor>,
}

/// What an event is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Actor {
    #[serde(rename = "ID")]
    pub(crate) id: Option<String>,
}
