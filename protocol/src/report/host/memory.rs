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
    /// Memory and swap.
    pub memory: MemoryMetric,
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
