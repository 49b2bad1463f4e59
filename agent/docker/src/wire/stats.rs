//! `/containers/{id}/stats`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One read of a container's counters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stats {
    pub(crate) cpu_stats: Option<CpuStats>,
    pub(crate) memory_stats: Option<MemoryStats>,
    pub(crate) networks: Option<BTreeMap<String, InterfaceStats>>,
    pub(crate) blkio_stats: Option<BlockStats>,
}

/// Processor counters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CpuStats {
    pub(crate) cpu_usage: Option<CpuUsage>,
    pub(crate) system_cpu_usage: Option<u64>,
    pub(crate) online_cpus: Option<u32>,
    /// Podman: use since the container started, in percent of one core. Not what it uses now.
    #[serde(rename = "cpu")]
    _since_start: Option<serde::de::IgnoredAny>,
}

/// Time used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CpuUsage {
    pub(crate) total_usage: Option<u64>,
    pub(crate) percpu_usage: Option<Vec<u64>>,
}

/// Memory.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MemoryStats {
    pub(crate) usage: Option<u64>,
    pub(crate) limit: Option<u64>,
    pub(crate) stats: Option<BTreeMap<String, serde_json::Number>>,
    /// Windows.
    pub(crate) privateworkingset: Option<u64>,
}

/// One interface.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InterfaceStats {
    pub(crate) rx_bytes: Option<u64>,
    pub(crate) tx_bytes: Option<u64>,
}

/// Block devices.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockStats {
    pub(crate) io_service_bytes_recursive: Option<Vec<BlockCounter>>,
}

/// One counter of one device.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockCounter {
    pub(crate) op: Option<String>,
    pub(crate) value: Option<u64>,
}
