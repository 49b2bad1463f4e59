//! ZFS pools: how they are, how full they are, and which disks belong to them.
//!
//! Datasets share the space of their pool, so a report has one entry per pool among its file
//! systems in place of one per mounted dataset.

mod space;
mod status;

use std::collections::BTreeMap;
use std::time::Duration;

use pulse_protocol::report::host::{Availability, Disk, HostReport, SmartPart, ZfsPool};

use crate::block::{self, LastingNames};
use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::pattern::any_matches;
use crate::tools::Tool;

/// Pools change slowly, and a machine may have many thousand datasets.
const EVERY: Duration = Duration::from_secs(60);

/// Longest run: the three questions below.
const BUDGET: Duration = Duration::from_secs(40);

/// Limits of a question about pools.
const POOLS: Limits = Limits {
    time: Duration::from_secs(10),
    output: 1024 * 1024,
};

/// Limits of the question about datasets.
const DATASETS: Limits = Limits {
    time: Duration::from_secs(15),
    output: 4 * 1024 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Zfs)
}

struct Zfs;

impl Collector for Zfs {
    fn name(&self) -> &'static str {
        "zfs"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(BUDGET)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let zpool = Tool::find(cx.roots, "zpool")?;
        let pools = space::pools(&zpool.text(&space::POOLS, POOLS)?);
        if pools.is_empty() {
            return Err(Error::Absent("a ZFS pool"));
        }
        let datasets = Tool::find(cx.roots, "zfs")
            .and_then(|zfs| zfs.text(&space::DATASETS, DATASETS))
            .map(|text| space::datasets(&text));
        let states = zpool.text(&["status", "-P"], POOLS);
        let mut states = states.and_then(|text| match status::parse(&text) {
            states if states.is_empty() => Err(Error::Format("the state of the pools")),
            states => Ok(states),
        });
        if let Ok(states) = &mut states {
            let names = LastingNames::read(cx.roots);
            find_disks(states, &names);
        }
        let trouble = [datasets.as_ref().err(), states.as_ref().err()];
        let remark = trouble.into_iter().flatten().next().map(Error::to_string);
        let datasets = datasets.unwrap_or_default();
        let found = Found {
            disks: space::disks(&pools, datasets),
            states: states.unwrap_or_default(),
            exclude: cx.settings.disk_exclude.clone(),
        };
        let reading = Reading::new(move |report| found.fill(report));
        Ok(reading.with_remark(remark.unwrap_or_default()))
    }
}

/// Names the disk each device is on: devices are paths of partitions, often by a lasting name.
fn find_disks(states: &mut [ZfsPool], names: &LastingNames) {
    let devices = states.iter_mut().flat_map(|pool| &mut pool.devices);
    for device in devices.filter(|device| device.kind == "disk") {
        device.disk = block::whole(names.device(&device.name)).to_owned();
    }
}

struct Found {
    disks: Vec<Disk>,
    states: Vec<ZfsPool>,
    exclude: Vec<String>,
}

impl Found {
    fn fill(&self, report: &mut HostReport) {
        let is_pool = |name: &str| self.disks.iter().any(|pool| pool.device == name);
        report.disks.retain(|disk| {
            let pool = disk.device.split('/').next().unwrap_or_default();
            disk.filesystem != "zfs" || !is_pool(pool)
        });
        let wanted = |disk: &&Disk| !any_matches(&self.exclude, &[&disk.device, &disk.mountpoint]);
        report
            .disks
            .extend(self.disks.iter().filter(wanted).cloned());
        report.disks.sort_by(|a, b| a.mountpoint.cmp(&b.mountpoint));
        report.zfs_pools.clone_from(&self.states);
        self.name_pools(report);
    }

    /// Notes with each disk that tells of its health which pool it belongs to.
    fn name_pools(&self, report: &mut HostReport) {
        let mut pools: BTreeMap<&str, &str> = BTreeMap::new();
        for pool in &self.states {
            for device in &pool.devices {
                pools.insert(&device.disk, &pool.name);
            }
        }
        for disk in &mut report.sensors.smart {
            let Some(pool) = pools.get(disk.device.as_str()) else {
                continue;
            };
            disk.pool = (*pool).to_owned();
            if let Some(collection) = &mut disk.collection {
                collection.pool = SmartPart {
                    state: Availability::Available,
                    source: "zpool".to_owned(),
                    reason: String::new(),
                };
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
