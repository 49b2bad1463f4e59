//! `/version`, `/info` and `/system/df`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{DiskVolume, ImageListed};

/// Which engine it is and what it speaks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Version {
    pub(crate) version: Option<String>,
    pub(crate) api_version: Option<String>,
    #[serde(rename = "MinAPIVersion")]
    pub(crate) min_api_version: Option<String>,
    pub(crate) components: Option<Vec<Component>>,
}

/// One part of the engine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Component {
    pub(crate) name: Option<String>,
}

/// The engine and its machine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct About {
    #[serde(rename = "ID")]
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) server_version: Option<String>,
    pub(crate) operating_system: Option<String>,
    pub(crate) kernel_version: Option<String>,
    pub(crate) architecture: Option<String>,
    #[serde(rename = "NCPU")]
    pub(crate) cpus: Option<i64>,
    pub(crate) mem_total: Option<i64>,
    pub(crate) plugins: Option<Plugins>,
    pub(crate) registry_config: Option<RegistryConfig>,
    pub(crate) swarm: Option<Swarm>,
}

/// Its plug-ins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Plugins {
    pub(crate) authorization: Option<Vec<String>>,
}

/// What it knows of registries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct RegistryConfig {
    index_configs: Option<BTreeMap<String, IndexConfig>>,
}

/// One registry the engine was told of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct IndexConfig {
    secure: Option<bool>,
}

/// Its part in a swarm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Swarm {
    #[serde(rename = "NodeID")]
    pub(crate) node_id: Option<String>,
    pub(crate) local_node_state: Option<String>,
    pub(crate) control_available: Option<bool>,
    pub(crate) error: Option<String>,
    pub(crate) cluster: Option<Cluster>,
}

/// The swarm itself; managers know it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Cluster {
    #[serde(rename = "ID")]
    pub(crate) id: Option<String>,
    pub(crate) spec: Option<ClusterSpec>,
}

/// Its name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ClusterSpec {
    pub(crate) name: Option<String>,
}

/// Space the engine uses. From version 1.52 on the lists lie one level deeper.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DiskUsage {
    pub(crate) layers_size: Option<i64>,
    images: Option<Vec<ImageListed>>,
    containers: Option<Vec<SizedContainer>>,
    volumes: Option<Vec<DiskVolume>>,
    build_cache: Option<Vec<CacheRecord>>,
    image_usage: Option<Items<ImageListed>>,
    container_usage: Option<Items<SizedContainer>>,
    volume_usage: Option<Items<DiskVolume>>,
    build_cache_usage: Option<Items<CacheRecord>>,
}

/// One of those lists.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Items<T> {
    items: Option<Vec<T>>,
    total_size: Option<i64>,
}

/// Sizes of one container.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SizedContainer {
    pub(crate) id: String,
    pub(crate) state: Option<String>,
    pub(crate) size_rw: Option<i64>,
    pub(crate) size_root_fs: Option<i64>,
}

/// One record of the build cache.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct CacheRecord {
    pub(crate) in_use: Option<bool>,
    pub(crate) shared: Option<bool>,
    pub(crate) size: Option<i64>,
}

impl About {
    /// Tells whether a registry has to be spoken to over TLS, as the operator told the engine.
    pub(crate) fn is_secure(&self, registry: &str) -> bool {
        let registries = self.registry_config.as_ref();
        let told =
            registries.and_then(|config| config.index_configs.as_ref()?.get(registry)?.secure);
        told.unwrap_or(true)
    }
}

impl DiskUsage {
    /// Returns the images.
    pub(crate) fn images(&self) -> &[ImageListed] {
        either(&self.images, &self.image_usage)
    }

    /// Returns the containers.
    pub(crate) fn containers(&self) -> &[SizedContainer] {
        either(&self.containers, &self.container_usage)
    }

    /// Returns the volumes.
    pub(crate) fn volumes(&self) -> &[DiskVolume] {
        either(&self.volumes, &self.volume_usage)
    }

    /// Returns the build cache.
    pub(crate) fn build_cache(&self) -> &[CacheRecord] {
        either(&self.build_cache, &self.build_cache_usage)
    }

    /// Returns the size of all images together, shared layers once.
    pub(crate) fn images_size(&self) -> Option<i64> {
        let deeper = self.image_usage.as_ref().and_then(|usage| usage.total_size);
        self.layers_size.or(deeper)
    }
}

fn either<'a, T>(list: &'a Option<Vec<T>>, deeper: &'a Option<Items<T>>) -> &'a [T] {
    let deeper = deeper.as_ref().and_then(|items| items.items.as_deref());
    list.as_deref().or(deeper).unwrap_or_default()
}
