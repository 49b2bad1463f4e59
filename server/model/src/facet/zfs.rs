//! ZFS pools with their devices and scans.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use crate::units::{Bytes, Percent, Seconds};

facts! {
    /// A ZFS pool.
    pub struct ZfsPool {
        told {
            /// Its name.
            name: String,
            /// `ONLINE`, `DEGRADED`, `FAULTED` …
            state: String,
            /// What ZFS says of it.
            status: String,
            /// The last or running scan as text.
            scan: String,
            /// Errors reading.
            read_errors: u64,
            /// Errors writing.
            write_errors: u64,
            /// Damaged blocks.
            checksum_errors: u64,
            /// What it is made of.
            devices: Vec<ZfsDevice>,
        }
        maybe {
            /// The scan in numbers.
            scan_details: ZfsScan,
        }
        some {
            /// What it holds.
            datasets: Vec<ZfsDataset>,
        }
    }

    /// A member of a pool.
    pub struct ZfsDevice {
        told {
            /// Its name.
            name: String,
            /// `disk`, `mirror`, `raidz`, `raidz2`, `raidz3`, `spare`, `log`, `cache`, `special`.
            #[serde(rename = "type")]
            kind: String,
            /// `ONLINE`, `DEGRADED`, `FAULTED`, `OFFLINE`, `REMOVED`, `UNAVAIL`.
            state: String,
            /// Errors reading.
            read_errors: u64,
            /// Errors writing.
            write_errors: u64,
            /// Damaged blocks.
            checksum_errors: u64,
        }
        maybe {
            /// What it does in the pool.
            role: String,
            /// What it is part of.
            parent: String,
            /// Its id.
            guid: String,
            /// The disk it is.
            disk: String,
            /// Its path.
            path: String,
            /// What ZFS says of it.
            message: String,
        }
        some {
            /// Whether it is gone.
            missing: bool,
        }
    }

    /// A scrub or a resilver.
    pub struct ZfsScan {
        maybe {
            /// `scrub` or `resilver`.
            function: String,
            /// `scanning`, `finished`, `canceled`.
            state: String,
            /// How far it is.
            percentage: Percent,
            /// Errors it found.
            errors: u64,
            /// How much it looked at.
            bytes_examined: Bytes,
            /// How much there is.
            bytes_to_process: Bytes,
            /// How long it still takes.
            total_seconds_remaining: Seconds,
            /// When it started.
            started_at: Timestamp,
            /// When it ended.
            ended_at: Timestamp,
        }
    }

    /// A dataset of a pool.
    pub struct ZfsDataset {
        told {
            /// Its name.
            name: String,
        }
        maybe {
            /// What it holds.
            used: Bytes,
            /// What it has left.
            available: Bytes,
            /// What it refers to.
            referenced: Bytes,
            /// Where it is mounted.
            mountpoint: String,
        }
    }
}
