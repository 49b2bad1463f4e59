//! Arrays that are no file system: Unraid's, and the members of software RAID.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::units::{Bytes, Celsius, Percent};

facts! {
    /// The Unraid array and its disks.
    pub struct Unraid {
        told {
            /// Whether the array runs.
            array_started: bool,
        }
        maybe {
            /// State as Unraid words it.
            array_state: String,
            /// Running parity operation.
            sync_action: String,
            /// Its progress, 0 to 100.
            sync_progress: Percent,
            /// Errors it found.
            sync_errors: i64,
            /// Protected disks.
            num_protected: i64,
            /// Disabled disks.
            num_disabled: i64,
            /// Invalid disks.
            num_invalid: i64,
            /// Missing disks.
            num_missing: i64,
        }
        some {
            /// The disks.
            disks: Vec<UnraidDisk>,
        }
    }

    /// One disk of the array.
    pub struct UnraidDisk {
        told {
            /// Slot name.
            name: String,
        }
        maybe {
            /// Device.
            device: String,
            /// Parity, data, cache, ….
            role: String,
            /// Folded state.
            status: String,
            /// State as Unraid words it.
            raw_status: String,
            /// Model.
            model: String,
            /// Serial number.
            serial: String,
            /// File system.
            filesystem: String,
            /// How it is attached.
            transport: String,
            /// Size.
            size_bytes: Bytes,
            /// Used.
            used_bytes: Bytes,
            /// Free.
            free_bytes: Bytes,
            /// Degrees Celsius.
            temperature: Celsius,
            /// Reads.
            read_count: i64,
            /// Writes.
            write_count: i64,
            /// Errors.
            error_count: i64,
            /// Slot number.
            slot: i64,
        }
        some {
            /// Whether it sleeps.
            spun_down: bool,
        }
    }

    /// One member of an array.
    pub struct RaidMember {
        told {
            /// Device.
            device: String,
            /// What it does.
            state: String,
            /// Position, -1 without one.
            slot: i64,
        }
    }
}
