//! `/images/json`, `/volumes` and `/networks`.

use serde::Deserialize;

use super::Texts;

/// One image.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ImageListed {
    pub(crate) id: String,
    pub(crate) repo_tags: Option<Vec<String>>,
    pub(crate) repo_digests: Option<Vec<String>>,
    pub(crate) created: Option<i64>,
    pub(crate) size: Option<i64>,
    pub(crate) shared_size: Option<i64>,
    pub(crate) containers: Option<i64>,
    pub(crate) labels: Option<Texts>,
}

/// The answer of `/volumes`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Volumes {
    pub(crate) volumes: Option<Vec<DiskVolume>>,
}

/// One volume.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DiskVolume {
    pub(crate) name: String,
    pub(crate) driver: Option<String>,
    pub(crate) mountpoint: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) labels: Option<Texts>,
    pub(crate) options: Option<Texts>,
    pub(crate) usage_data: Option<VolumeUsage>,
}

/// Space and users of a volume.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct VolumeUsage {
    pub(crate) size: Option<i64>,
    pub(crate) ref_count: Option<i64>,
}

/// One network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NetworkListed {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) driver: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) created: Option<String>,
    #[serde(rename = "EnableIPv4")]
    pub(crate) enable_ipv4: Option<bool>,
    #[serde(rename = "EnableIPv6")]
    pub(crate) enable_ipv6: Option<bool>,
    pub(crate) internal: Option<bool>,
    pub(crate) attachable: Option<bool>,
    pub(crate) ingress: Option<bool>,
    pub(crate) config_only: Option<bool>,
    #[serde(rename = "IPAM")]
    pub(crate) ipam: Option<Ipam>,
    pub(crate) labels: Option<Texts>,
    pub(crate) options: Option<Texts>,
}

/// Its addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Ipam {
    pub(crate) config: Option<Vec<IpamRange>>,
}

/// One range.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct IpamRange {
    pub(crate) subnet: Option<String>,
    pub(crate) gateway: Option<String>,
}
