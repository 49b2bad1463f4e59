//! A Ceph cluster as the tools of a machine tell it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::{Bytes, Percent};

facts! {
    /// State of the cluster.
    pub struct HostCeph {
        told {
            /// Cluster id.
            fsid: String,
            /// Overall health.
            health: HostCephHealth,
            /// Monitors.
            mon_map: HostCephMonitors,
            /// Managers.
            mgr_map: HostCephMgrMap,
            /// Object storage daemons.
            osd_map: HostCephOsds,
            /// Placement groups and capacity.
            pg_map: HostCephGroups,
            /// When this was read.
            collected_at: String,
        }
        some {
            /// Pools.
            pools: Vec<HostCephPool>,
            /// Daemons by type.
            services: Vec<HostCephDaemons>,
        }
    }

    /// Overall health.
    pub struct HostCephHealth {
        told {
            /// `HEALTH_OK`, `HEALTH_WARN` or `HEALTH_ERR`.
            status: String,
        }
        some {
            /// Failing checks by name.
            checks: BTreeMap<String, HostCephCheck>,
            /// Summary lines.
            summary: Vec<HostCephSummary>,
        }
    }

    /// One failing check.
    pub struct HostCephCheck {
        told {
            /// Severity.
            severity: String,
        }
        maybe {
            /// What is wrong.
            message: String,
        }
        some {
            /// Further lines.
            detail: Vec<String>,
        }
    }

    /// One line of the health summary.
    pub struct HostCephSummary {
        told {
            /// Severity.
            severity: String,
            /// Text.
            message: String,
        }
    }

    /// Monitors.
    pub struct HostCephMonitors {
        told {
            /// Map epoch.
            epoch: u64,
            /// Number of monitors.
            num_mons: u64,
        }
        some {
            /// The monitors.
            monitors: Vec<HostCephMonitor>,
        }
    }

    /// One monitor.
    pub struct HostCephMonitor {
        told {
            /// Name.
            name: String,
            /// Rank.
            rank: u64,
        }
        maybe {
            /// Address.
            addr: String,
            /// State.
            status: String,
        }
    }

    /// Managers.
    pub struct HostCephMgrMap {
        told {
            /// Whether one is active.
            available: bool,
            /// Number of managers.
            num_mgrs: u64,
            /// Managers standing by.
            standbys: u64,
        }
        maybe {
            /// The active one.
            active_mgr: String,
        }
    }

    /// Object storage daemons.
    pub struct HostCephOsds {
        told {
            /// Map epoch.
            epoch: u64,
            /// Known daemons.
            num_osds: u64,
            /// Daemons that run.
            num_up: u64,
            /// Daemons that hold data.
            num_in: u64,
        }
        maybe {
            /// Daemons that do not run.
            num_down: i64,
            /// Daemons taken out.
            num_out: i64,
        }
    }

    /// Placement groups and capacity.
    pub struct HostCephGroups {
        told {
            /// Placement groups.
            num_pgs: u64,
            /// Raw capacity.
            bytes_total: Bytes,
            /// Raw space used.
            bytes_used: Bytes,
            /// Raw space available.
            bytes_available: Bytes,
            /// Used share, 0 to 100.
            usage_percent: Percent,
        }
        maybe {
            /// Data stored.
            data_bytes: Bytes,
            /// Degraded share of objects.
            degraded_ratio: f64,
            /// Misplaced share of objects.
            misplaced_ratio: f64,
            /// Client reads.
            read_bytes_per_sec: u64,
            /// Client writes.
            write_bytes_per_sec: u64,
            /// Client read operations.
            read_ops_per_sec: u64,
            /// Client write operations.
            write_ops_per_sec: u64,
        }
    }

    /// One pool.
    pub struct HostCephPool {
        told {
            /// Pool number.
            id: u64,
            /// Pool name.
            name: String,
            /// Space used.
            bytes_used: Bytes,
            /// Space available.
            bytes_available: Bytes,
            /// Objects stored.
            objects: u64,
            /// Used share.
            percent_used: Percent,
        }
    }

    /// Daemons of one type.
    pub struct HostCephDaemons {
        told {
            /// `mon`, `mgr`, `osd`, `mds`, ….
            #[serde(rename = "type")]
            kind: String,
            /// Daemons that run.
            running: u64,
            /// Daemons known.
            total: u64,
        }
        some {
            /// Their names.
            daemons: Vec<String>,
        }
    }
}
