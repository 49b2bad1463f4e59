//! What an invented estate consists of, and what everything in it shares.

use std::time::Duration;

use jiff::Timestamp;

use pulse_model::{Observation, Seconds};

use super::config::MockConfig;
use super::curve::Curves;
use super::{appliance, docker, kubernetes, machine, proxmox};

/// The tag on everything that is invented.
pub const MARK: &str = "mock";
/// A gibibyte.
pub(super) const GIB: u64 = 1 << 30;
/// Counters began here.
const BEGINNING: i64 = 1_700_000_000;

/// An invented estate.
#[derive(Clone, Debug)]
pub struct World {
    /// How large it is.
    pub config: MockConfig,
    /// Its figures.
    pub curves: Curves,
    /// How often everything in it is seen.
    pub interval: Duration,
}

/// One thing that reports by itself.
#[derive(Clone, Copy, Debug)]
enum System {
    Proxmox(usize),
    Docker(usize),
    Machine(usize),
    Kubernetes(usize),
    Appliances,
}

impl World {
    /// Invents an estate from `seed`.
    pub fn new(config: MockConfig, seed: u64) -> Self {
        let interval = match config.resources() {
            0..=3_000 => 10,
            3_001..=30_000 => 30,
            _ => 120,
        };
        Self {
            curves: Curves::new(seed, config.random_metrics),
            interval: Duration::from_secs(interval),
            config,
        }
    }

    /// Returns how many systems report.
    pub fn systems(&self) -> usize {
        self.all().count()
    }

    /// Returns what the `index`-th system reports at `at`.
    pub fn observe(&self, index: usize, at: Timestamp) -> Vec<Observation> {
        match self.all().nth(index) {
            Some(System::Proxmox(cluster)) => proxmox::observe(self, cluster, at),
            Some(System::Docker(host)) => docker::observe(self, host, at),
            Some(System::Machine(host)) => vec![machine::observe(self, host, at)],
            Some(System::Kubernetes(cluster)) => kubernetes::observe(self, cluster, at),
            Some(System::Appliances) => appliance::observe(self, at),
            None => Vec::new(),
        }
    }

    fn all(&self) -> impl Iterator<Item = System> {
        let config = &self.config;
        let clusters = config.node_count.div_ceil(proxmox::NODES_PER_CLUSTER);
        let proxmox = (0..clusters).map(System::Proxmox);
        let docker = (0..config.docker_host_count).map(System::Docker);
        let machines = (0..config.generic_host_count).map(System::Machine);
        let kubernetes = (0..config.k8s_cluster_count).map(System::Kubernetes);
        proxmox
            .chain(docker)
            .chain(machines)
            .chain(kubernetes)
            .chain([System::Appliances])
    }

    /// Returns how busy `name` is, percent.
    pub(super) fn busy(&self, name: &str, at: Timestamp) -> f64 {
        let load = self.curves.load(name, "cpu", at);
        let is_high = self.config.high_load_nodes.iter().any(|high| high == name);
        100.0 * if is_high { 0.82 + 0.17 * load } else { load }
    }

    /// Returns how full `key` is, 0 to 1: it grows over weeks, and some of it is nearly full.
    pub(super) fn fill(&self, key: &str, at: Timestamp) -> f64 {
        let start = 0.15 + 0.6 * self.curves.share(key, "fill");
        let weeks = (at.as_second().rem_euclid(8 * 604_800)) as f64 / 604_800.0;
        let crowded = if self.curves.share(key, "crowded") < 0.05 {
            0.2
        } else {
            0.0
        };
        (start + crowded + 0.012 * weeks).min(0.985)
    }

    /// Returns what `what` of `key` has counted so far at about `per_second`.
    pub(super) fn counted(&self, key: &str, what: &str, at: Timestamp, per_second: f64) -> u64 {
        let since = Timestamp::from_second(BEGINNING).unwrap_or_default();
        self.curves.counted(key, what, since, at, per_second)
    }

    /// Returns how long `name` has been up.
    pub(super) fn uptime(&self, name: &str, at: Timestamp) -> Seconds {
        let period = self.curves.between(name, "period", 400_000, 9_000_000);
        let shift = self.curves.fixed(name, "boot") % period;
        let now = u64::try_from(at.as_second()).unwrap_or_default();
        Seconds((now + shift) % period)
    }

    /// Tells whether the workload `key` runs.
    pub(super) fn runs(&self, key: &str, at: Timestamp) -> bool {
        let config = &self.config;
        self.curves
            .runs(key, config.stopped_percent, config.churn, at)
    }
}
