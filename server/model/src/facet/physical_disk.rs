//! A disk: what it is, how it is, what it did.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use super::storage::StorageRisk;
use crate::units::{Bytes, Celsius};

facts! {
    /// A disk.
    pub struct PhysicalDisk {
        told {
            /// Its device.
            dev_path: String,
            /// `nvme`, `sata`, `sas`.
            disk_type: String,
            /// `PASSED`, `FAILED` or `UNKNOWN`.
            health: String,
        }
        maybe {
            /// Its model.
            model: String,
            /// Who made it.
            vendor: String,
            /// Its serial number.
            serial: String,
            /// Its world wide name.
            wwn: String,
            /// The controller it hangs on.
            controller: String,
            /// Its address behind that.
            target: String,
            /// Its size.
            size_bytes: Bytes,
            /// Percent of its life that is left.
            wearout: i32,
            /// How hot it is.
            temperature: Celsius,
            /// How hot it was over time.
            temperature_aggregate: TemperatureAggregate,
            /// Revolutions per minute; 0 of what does not turn.
            rpm: u32,
            /// What it is used for.
            used: String,
            /// What it does in its group.
            storage_role: String,
            /// The pool, volume group or array it is in.
            storage_group: String,
            /// How it is there.
            storage_state: String,
            /// Whether it sleeps.
            spun_down: bool,
            /// Reads, as an Unraid array counts.
            read_count: u64,
            /// Writes, as an Unraid array counts.
            write_count: u64,
            /// Errors, as an Unraid array counts.
            error_count: u64,
            /// Its counters.
            io: DiskIo,
            /// How well each part could be read.
            collection: DiskCollection,
            /// What it counts of itself.
            smart: SmartAttributes,
            /// What threatens it.
            risk: StorageRisk,
        }
    }

    /// How hot a disk was over time.
    pub struct TemperatureAggregate {
        maybe {
            /// The lowest.
            min: Celsius,
            /// The highest.
            max: Celsius,
            /// The mean.
            avg: Celsius,
        }
    }

    /// Counters of a disk since its machine started.
    pub struct DiskIo {
        told {
            /// Which disk.
            device: String,
        }
        maybe {
            /// Read.
            read_bytes: Bytes,
            /// Written.
            write_bytes: Bytes,
            /// Reads.
            read_ops: u64,
            /// Writes.
            write_ops: u64,
            /// Milliseconds reading.
            read_time_ms: u64,
            /// Milliseconds writing.
            write_time_ms: u64,
            /// Milliseconds with anything in flight.
            io_time_ms: u64,
        }
    }

    /// How well each part of a disk's record could be read.
    pub struct DiskCollection {
        maybe {
            /// The serial number.
            serial: CollectedPart,
            /// The temperature.
            temperature: CollectedPart,
            /// The counters.
            io: CollectedPart,
            /// The controller.
            controller: CollectedPart,
            /// The pool.
            pool: CollectedPart,
        }
    }

    /// How one part was read.
    pub struct CollectedPart {
        told {
            /// `available`, `unavailable`, `unsupported`, `missing`.
            state: String,
        }
        maybe {
            /// Where it came from.
            source: String,
            /// Why it is missing.
            reason: String,
        }
    }

    /// What a disk counts of itself.
    pub struct SmartAttributes {
        maybe {
            /// Hours it ran.
            power_on_hours: i64,
            /// Times it was switched on.
            power_cycles: i64,
            /// Sectors it replaced.
            reallocated_sectors: i64,
            /// Sectors it could not read and has not replaced.
            pending_sectors: i64,
            /// Sectors it could not repair while idle.
            offline_uncorrectable: i64,
            /// Transfers that arrived damaged.
            udma_crc_errors: i64,
            /// Percent of its rated life that is used.
            percentage_used: i64,
            /// Percent of its spare blocks that is left.
            available_spare: i64,
            /// Errors of its medium.
            media_errors: i64,
            /// Times it lost power without notice.
            unsafe_shutdowns: i64,
        }
    }
}
