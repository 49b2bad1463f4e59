//! Readings with more to them than a name and a number.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facet::facts;
use crate::facet::physical_disk::{DiskCollection, DiskIo, SmartAttributes};
use crate::units::{Bytes, Celsius, Percent};

facts! {
    /// One value the operator defined.
    pub struct CustomSensor {
        told {
            /// Stable id.
            id: String,
            /// Name to show.
            name: String,
            /// How it is doing.
            status: String,
        }
        maybe {
            /// Group it belongs to.
            group: String,
            /// Group within the group.
            subgroup: String,
            /// What the value is.
            kind: String,
            /// Unit of the value.
            unit: String,
            /// The value.
            value: f64,
            /// When it was read.
            observed_at: Timestamp,
            /// Time the value stands for.
            event_at: Timestamp,
            /// Why it could not be read.
            error: String,
        }
        some {
            /// Whether an error should alert.
            alert_on_error: bool,
            /// Whether the value is an old one.
            stale: bool,
        }
    }

    /// One graphics card.
    pub struct GpuSensor {
        maybe {
            /// Stable id.
            id: String,
            /// Name to show.
            name: String,
            /// Temperature.
            temperature_celsius: Celsius,
            /// Use, 0 to 100.
            utilization_percent: Percent,
            /// Memory used.
            memory_used_bytes: Bytes,
            /// Memory installed.
            memory_total_bytes: Bytes,
        }
    }

    /// Thermal pressure as macOS tells it.
    pub struct ThermalState {
        maybe {
            /// `pmset`.
            source: String,
            /// `nominal`, `constrained` or `unknown`.
            pressure: String,
            /// Warning level of the system.
            thermal_warning_level: i64,
            /// Performance warning level.
            performance_warning_level: i64,
            /// Processor power state.
            cpu_power_status: i64,
        }
        some {
            /// Limits in force, by name.
            limits_percent: BTreeMap<String, i64>,
        }
    }

    /// Health of one physical disk.
    pub struct DiskSmart {
        told {
            /// Device, such as `sda`.
            device: String,
        }
        maybe {
            /// How hot it is.
            temperature: Celsius,
            /// Model.
            model: String,
            /// Serial number.
            serial: String,
            /// World wide name.
            wwn: String,
            /// `sata`, `sas` or `nvme`.
            #[serde(rename = "type")]
            kind: String,
            /// Controller it hangs on.
            controller: String,
            /// Address behind the controller.
            target: String,
            /// Size.
            size_bytes: Bytes,
            /// Verdict of the disk.
            health: String,
            /// ZFS pool it belongs to.
            pool: String,
            /// Its counters.
            io: DiskIo,
            /// How well each part could be read.
            collection: DiskCollection,
            /// Wear and error counts.
            attributes: SmartAttributes,
        }
        some {
            /// Whether it sleeps and was left alone.
            standby: bool,
        }
    }
}
