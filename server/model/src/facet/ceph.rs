//! A Ceph cluster.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use super::storage::PoolHealth;
use crate::units::{Bytes, Percent};

facts! {
    /// How a Ceph cluster is.
    pub struct Ceph {
        told {
            /// `HEALTH_OK`, `HEALTH_WARN` or `HEALTH_ERR`.
            health_status: String,
            /// Monitors.
            num_mons: u32,
            /// Managers.
            num_mgrs: u32,
            /// Object storage daemons.
            num_osds: u32,
            /// Those that run.
            num_osds_up: u32,
            /// Those that keep data.
            num_osds_in: u32,
            /// Placement groups.
            #[serde(rename = "numPGs")]
            num_pgs: u32,
        }
        maybe {
            /// Its own id.
            fsid: String,
            /// What is wrong, in a sentence.
            health_message: String,
            /// Its health in words every pool shares.
            pool_health: PoolHealth,
            /// Raw capacity.
            total_bytes: Bytes,
            /// Raw capacity in use.
            used_bytes: Bytes,
            /// Raw capacity left.
            available_bytes: Bytes,
            /// When it was read.
            last_updated: Timestamp,
        }
        some {
            /// What is wrong, check by check.
            health_checks: Vec<CephCheck>,
            /// Its pools.
            pools: Vec<CephPool>,
            /// Its daemons by type.
            services: Vec<CephDaemons>,
        }
    }

    /// A failing check.
    pub struct CephCheck {
        told {
            /// Its word.
            code: String,
        }
        maybe {
            /// How bad it is.
            severity: String,
            /// For people.
            summary: String,
        }
    }

    /// A pool.
    pub struct CephPool {
        told {
            /// Its number.
            id: i64,
            /// Its name.
            name: String,
            /// What it keeps.
            stored_bytes: Bytes,
            /// What it has left.
            available_bytes: Bytes,
            /// Its objects.
            objects: u64,
            /// How full it is.
            percent_used: Percent,
        }
    }

    /// Daemons of one type.
    pub struct CephDaemons {
        told {
            /// `mon`, `mgr`, `osd`, `mds`, `rgw`.
            #[serde(rename = "type")]
            kind: String,
            /// Those that run.
            running: u32,
            /// Those there are.
            total: u32,
        }
        maybe {
            /// What is to say of them.
            message: String,
        }
    }
}
