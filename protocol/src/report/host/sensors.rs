//! Temperatures, fans, power, graphics cards and operator-defined sensors.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::DiskSmart;
use crate::presence::{absent, unmeasured};
use crate::readings;
use crate::time;
use crate::words::words;

/// Everything the machine measures about itself. Keys name the sensor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Sensors {
    /// Main temperatures: `cpu_package`, `cpu_core_N`, drives, graphics cards.
    #[serde(with = "readings", skip_serializing_if = "absent")]
    pub temperature_celsius: BTreeMap<String, f64>,
    /// Fan speeds.
    #[serde(with = "readings", skip_serializing_if = "absent")]
    pub fan_rpm: BTreeMap<String, f64>,
    /// Power draw: `cpu_package`, `cpu_core`, `dram`.
    #[serde(with = "readings", skip_serializing_if = "absent")]
    pub power_watts: BTreeMap<String, f64>,
    /// Other temperatures, of memory modules or the board.
    #[serde(with = "readings", skip_serializing_if = "absent")]
    pub additional: BTreeMap<String, f64>,
    /// Sensors the operator defined.
    #[serde(skip_serializing_if = "absent")]
    pub custom: Vec<CustomSensor>,
    /// Graphics cards.
    #[serde(skip_serializing_if = "absent")]
    pub gpu: Vec<GpuSensor>,
    /// Thermal pressure, on macOS.
    #[serde(skip_serializing_if = "absent")]
    pub thermal_state: Option<ThermalState>,
    /// Health of physical disks.
    #[serde(skip_serializing_if = "absent")]
    pub smart: Vec<DiskSmart>,
}

words! {
    /// What the value of a custom sensor is.
    pub enum SensorKind {
        Number = "number",
        Boolean = "boolean",
        Timestamp = "timestamp",
    }
}

words! {
    /// How a custom sensor is doing.
    pub enum SensorStatus {
        Ok = "ok",
        Warning = "warning",
        Critical = "critical",
        Error = "error",
    }
}

/// One value the operator defined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CustomSensor {
    /// Stable id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Group it belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub group: String,
    /// Group within the group.
    #[serde(skip_serializing_if = "absent")]
    pub subgroup: String,
    /// What the value is.
    #[serde(skip_serializing_if = "absent")]
    pub kind: SensorKind,
    /// Unit of the value.
    #[serde(skip_serializing_if = "absent")]
    pub unit: String,
    /// The value.
    #[serde(skip_serializing_if = "unmeasured")]
    pub value: Option<f64>,
    /// How it is doing.
    pub status: SensorStatus,
    /// When it was read.
    #[serde(with = "time::required")]
    pub observed_at: Option<Timestamp>,
    /// Time the value stands for.
    #[serde(with = "time::optional", skip_serializing_if = "absent")]
    pub event_at: Option<Timestamp>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "absent")]
    pub error: String,
    /// Whether an error should alert.
    #[serde(skip_serializing_if = "absent")]
    pub alert_on_error: bool,
    /// Whether the value is an old one.
    #[serde(skip_serializing_if = "absent")]
    pub stale: bool,
}

/// One graphics card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct GpuSensor {
    /// Stable id.
    #[serde(skip_serializing_if = "absent")]
    pub id: String,
    /// Name to show.
    #[serde(skip_serializing_if = "absent")]
    pub name: String,
    /// Temperature.
    #[serde(skip_serializing_if = "unmeasured")]
    pub temperature_celsius: Option<f64>,
    /// Use, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub utilization_percent: Option<f64>,
    /// Memory used.
    #[serde(skip_serializing_if = "absent")]
    pub memory_used_bytes: Option<u64>,
    /// Memory installed.
    #[serde(skip_serializing_if = "absent")]
    pub memory_total_bytes: Option<u64>,
}

/// Thermal pressure as macOS tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ThermalState {
    /// `pmset`.
    #[serde(skip_serializing_if = "absent")]
    pub source: String,
    /// `nominal`, `constrained` or `unknown`.
    #[serde(skip_serializing_if = "absent")]
    pub pressure: String,
    /// Warning level of the system.
    #[serde(skip_serializing_if = "absent")]
    pub thermal_warning_level: Option<i64>,
    /// Performance warning level.
    #[serde(skip_serializing_if = "absent")]
    pub performance_warning_level: Option<i64>,
    /// Processor power state.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_power_status: Option<i64>,
    /// Limits in force, by name.
    #[serde(skip_serializing_if = "absent")]
    pub limits_percent: BTreeMap<String, i64>,
}

/// Sensors of a sibling node, read by this agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterNodeSensors {
    /// Node name, in lower case.
    pub node_name: String,
    /// Its sensors.
    pub sensors: Sensors,
    /// When they were read.
    #[serde(skip_serializing_if = "absent")]
    pub collected_at: String,
}
