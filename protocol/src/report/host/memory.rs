//! Processor and memory figures.

use serde::{Deserialize, Serialize};

use crate::presence::{absent, unmeasured};

/// Figures of the whole machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Metrics {
    /// Processor use, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_usage_percent: Option<f64>,
    /// Share of time processors waited for disks with nothing else to do, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_io_wait_percent: Option<f64>,
    /// Share of time the hypervisor gave to others, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_steal_percent: Option<f64>,
    /// Use of each logical processor, 0 to 100.
    #[serde(skip_serializing_if = "absent")]
    pub cpu_core_percent: Vec<f64>,
    /// How much work waits.
    #[serde(skip_serializing_if = "absent")]
    pub pressure: Option<Pressure>,
    /// Memory and swap.
    pub memory: MemoryMetric,
}

/// Shares of the last minute in which work waited, 0 to 100: some of it, or all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Pressure {
    /// Some for a processor.
    #[serde(skip_serializing_if = "unmeasured")]
    pub cpu_some_percent: Option<f64>,
    /// Some for memory.
    #[serde(skip_serializing_if = "unmeasured")]
    pub memory_some_percent: Option<f64>,
    /// All for memory.
    #[serde(skip_serializing_if = "unmeasured")]
    pub memory_full_percent: Option<f64>,
    /// Some for disks.
    #[serde(skip_serializing_if = "unmeasured")]
    pub io_some_percent: Option<f64>,
    /// All for disks.
    #[serde(skip_serializing_if = "unmeasured")]
    pub io_full_percent: Option<f64>,
}

/// Memory and swap. Used, cache and free add up to about the total.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct MemoryMetric {
    /// Installed memory.
    #[serde(skip_serializing_if = "absent")]
    pub total_bytes: Option<u64>,
    /// Used, without reclaimable cache.
    #[serde(skip_serializing_if = "absent")]
    pub used_bytes: Option<u64>,
    /// Truly free.
    #[serde(skip_serializing_if = "absent")]
    pub free_bytes: Option<u64>,
    /// Reclaimable cache.
    #[serde(skip_serializing_if = "absent")]
    pub cache_bytes: Option<u64>,
    /// Used share, 0 to 100.
    #[serde(skip_serializing_if = "unmeasured")]
    pub usage: Option<f64>,
    /// Swap space.
    #[serde(skip_serializing_if = "absent")]
    pub swap_total_bytes: Option<u64>,
    /// Swap used.
    #[serde(skip_serializing_if = "absent")]
    pub swap_used_bytes: Option<u64>,
}
