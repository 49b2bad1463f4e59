//! Temperatures of a node, sensor by sensor.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts;
use crate::units::Celsius;

facts! {
    /// What a node's sensors read.
    pub struct Temperature {
        told {
            /// Each core.
            cores: Vec<CoreTemperature>,
            /// Each graphics card.
            gpu: Vec<GpuTemperature>,
            /// Each NVMe disk.
            nvme: Vec<NvmeTemperature>,
            /// Each disk that tells by SMART.
            smart: Vec<DiskTemperature>,
            /// Whether there is any reading.
            available: bool,
            /// Whether there are readings of the processor.
            #[serde(rename = "hasCPU")]
            has_cpu: bool,
            /// Whether there are readings of graphics cards.
            #[serde(rename = "hasGPU")]
            has_gpu: bool,
            /// Whether there are readings of NVMe disks.
            #[serde(rename = "hasNVMe")]
            has_nvme: bool,
            /// Whether there are readings by SMART.
            #[serde(rename = "hasSMART")]
            has_smart: bool,
        }
        maybe {
            /// The package sensor.
            cpu_package: Celsius,
            /// The hottest core.
            cpu_max: Celsius,
            /// The lowest since the server watches.
            cpu_min: Celsius,
            /// The highest since the server watches.
            cpu_max_record: Celsius,
            /// When the lowest was read.
            min_recorded: Timestamp,
            /// When the highest was read.
            max_recorded: Timestamp,
            /// When this was read.
            last_update: Timestamp,
        }
        some {
            /// Whether it came from the old output of `sensors`.
            legacy_sensors_format: bool,
        }
    }

    /// A core.
    pub struct CoreTemperature {
        told {
            /// Which.
            core: u32,
            /// How hot.
            temp: Celsius,
        }
    }

    /// A graphics card.
    pub struct GpuTemperature {
        told {
            /// Which.
            device: String,
        }
        maybe {
            /// Its edge.
            edge: Celsius,
            /// Its hottest point.
            junction: Celsius,
            /// Its memory.
            mem: Celsius,
        }
    }

    /// An NVMe disk.
    pub struct NvmeTemperature {
        told {
            /// Which.
            device: String,
            /// How hot.
            temp: Celsius,
        }
    }

    /// A disk that tells by SMART.
    pub struct DiskTemperature {
        told {
            /// Which.
            device: String,
        }
        maybe {
            /// Its serial number.
            serial: String,
            /// Its world wide name.
            wwn: String,
            /// Its model.
            model: String,
            /// `nvme`, `sata`, `sas`.
            #[serde(rename = "type")]
            kind: String,
            /// How hot.
            temperature: Celsius,
            /// When it was read.
            last_updated: Timestamp,
        }
        some {
            /// Whether it was left asleep.
            standby_skipped: bool,
        }
    }
}
