//! A place to keep things: a storage of a Proxmox node, a pool, a dataset, a datastore.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use super::zfs::ZfsPool;
use crate::units::Percent;

/// How bad something is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// Nothing is wrong.
    #[default]
    Healthy,
    /// Worth watching.
    Monitor,
    /// Something is wrong.
    Warning,
    /// Things may be lost.
    Critical,
}

facts! {
    /// What is known of a storage.
    pub struct Storage {
        told {
            /// Whether several nodes see it.
            shared: bool,
            /// Whether it is meant to be used.
            enabled: bool,
            /// Whether it can be.
            active: bool,
            /// Whether Ceph keeps it.
            is_ceph: bool,
            /// Whether ZFS keeps it.
            is_zfs: bool,
        }
        maybe {
            /// `dir`, `lvmthin`, `zfspool`, `rbd`, `nfs`, `pbs` …
            #[serde(rename = "type")]
            kind: String,
            /// What may be kept, as Proxmox writes it.
            content: String,
            /// The platform it belongs to.
            platform: String,
            /// `pool`, `dataset`, `datastore`, `array`, `disk`.
            topology: String,
            /// How its devices are put together.
            vdev_layout: String,
            /// What protects it: `mirror`, `raidz1`, `replica-3`, `none`.
            protection: String,
            /// What threatens it.
            risk: StorageRisk,
            /// The same in a sentence.
            risk_summary: String,
            /// How many things are kept on it.
            consumer_count: u64,
            /// What its loss would hit, in a sentence.
            consumer_impact_summary: String,
            /// How it stands, in a sentence.
            posture_summary: String,
            /// Whether less protects it than should.
            protection_reduced: bool,
            /// The same in a sentence.
            protection_summary: String,
            /// Whether it is being made whole.
            rebuild_in_progress: bool,
            /// The same in a sentence.
            rebuild_summary: String,
            /// What its provider says of its health.
            pool_health: PoolHealth,
            /// The pool it is of.
            pool: String,
            /// Where it is.
            path: String,
            /// The ZFS pool in full.
            zfs_pool: ZfsPool,
            /// Its state.
            zfs_pool_state: String,
            /// Its errors reading.
            zfs_read_errors: u64,
            /// Its errors writing.
            zfs_write_errors: u64,
            /// Its damaged blocks.
            zfs_checksum_errors: u64,
            /// State of an Unraid array.
            array_state: String,
            /// What runs on it.
            sync_action: String,
            /// How far that is.
            sync_progress: Percent,
            /// Protected disks of it.
            num_protected: u64,
            /// Disabled disks of it.
            num_disabled: u64,
            /// Invalid disks of it.
            num_invalid: u64,
            /// Missing disks of it.
            num_missing: u64,
        }
        some {
            /// What may be kept, word by word.
            content_types: Vec<String>,
            /// The nodes that see it.
            nodes: Vec<String>,
            /// What kinds of thing are kept on it.
            consumer_types: Vec<String>,
            /// The largest of them.
            top_consumers: Vec<StorageConsumer>,
        }
    }

    /// What threatens something that keeps things.
    pub struct StorageRisk {
        told {
            /// How bad it is.
            level: RiskLevel,
        }
        some {
            /// Why.
            reasons: Vec<RiskReason>,
        }
    }

    /// One reason to worry.
    pub struct RiskReason {
        told {
            /// Its stable word.
            code: String,
            /// How bad it is.
            severity: RiskLevel,
            /// For people.
            summary: String,
        }
    }

    /// Something kept on a storage.
    pub struct StorageConsumer {
        told {
            /// What it is.
            resource_type: String,
            /// Its name.
            name: String,
        }
        maybe {
            /// Its id.
            resource_id: String,
            /// How many disks of it are there.
            disk_count: u64,
        }
    }

    /// What the provider of a pool says of its health.
    pub struct PoolHealth {
        told {
            /// `pool`, `cluster`, `array`.
            scope: String,
            /// `zfs`, `ceph`, `mdraid` …
            provider: String,
            /// `healthy`, `degraded`, `faulted`, `unknown`.
            canonical_state: String,
            /// How bad that is.
            severity: RiskLevel,
        }
        maybe {
            /// The provider's id of it.
            native_id: String,
            /// The provider's word for its state.
            native_state: String,
            /// For people.
            summary: String,
            /// What to do.
            recommendation: String,
            /// Who says so.
            source: String,
            /// When it was seen.
            observed_at: Timestamp,
        }
        some {
            /// What it was told by.
            evidence_codes: Vec<String>,
        }
    }
}
