//! The space an engine uses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::Bytes;

facts! {
    /// Space the engine uses, by sort.
    pub struct DockerStorageUsage {
        maybe {
            /// Images.
            images: DockerStorageShare,
            /// Writable layers.
            containers: DockerStorageShare,
            /// Volumes.
            volumes: DockerStorageShare,
            /// Build cache.
            build_cache: DockerStorageShare,
        }
    }

    /// Space one sort uses.
    pub struct DockerStorageShare {
        maybe {
            /// How many there are.
            total_count: u64,
            /// How many are in use.
            active_count: u64,
            /// Their size.
            total_size_bytes: Bytes,
            /// What could be freed.
            reclaimable_bytes: Bytes,
        }
    }
}
