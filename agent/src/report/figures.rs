//! What the machine is doing, as its engines' reports repeat it.

use pulse_protocol::report::docker::DockerReport;
use pulse_protocol::report::host::{Disk, HostReport, MemoryMetric, NetworkInterface};

/// The machine's figures of the last host report.
#[derive(Clone, Debug, Default)]
pub(crate) struct MachineFigures {
    uptime_seconds: Option<u64>,
    cpu_usage_percent: Option<f64>,
    load_average: Vec<f64>,
    memory: MemoryMetric,
    disks: Vec<Disk>,
    network: Vec<NetworkInterface>,
}

impl MachineFigures {
    /// Takes them from a host report.
    pub(crate) fn of(report: &HostReport) -> Self {
        Self {
            uptime_seconds: report.host.uptime_seconds,
            cpu_usage_percent: report.metrics.cpu_usage_percent,
            load_average: report.host.load_average.clone(),
            memory: report.metrics.memory.clone(),
            disks: report.disks.clone(),
            network: report.network.clone(),
        }
    }

    /// Writes them into a report of an engine.
    pub(crate) fn fill(&self, report: &mut DockerReport) {
        let host = &mut report.host;
        host.uptime_seconds = self.uptime_seconds;
        host.cpu_usage_percent = self.cpu_usage_percent;
        host.load_average.clone_from(&self.load_average);
        host.memory.clone_from(&self.memory);
        host.disks.clone_from(&self.disks);
        host.network.clone_from(&self.network);
    }
}
