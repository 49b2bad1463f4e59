//! Every collector at once, on a machine whose tools misbehave: the report goes out.

use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::{CollectorState, HostReport, SmartHealth};

use super::*;
use crate::block::tests::plant as plant_disk;
use crate::collector::Settings;
use crate::hwmon::tests::write;
use crate::roots::Roots;
use crate::tools::tests::plant as plant_tool;
use crate::workers::Workers;

const TOOLS: [&str; 13] = [
    "smartctl",
    "zpool",
    "zfs",
    "ceph",
    "nvidia-smi",
    "virsh",
    "xe",
    "pct",
    "mdcmd",
    "mdadm",
    "apt-get",
    "pmset",
    "sysctl",
];

const FAR: Duration = Duration::from_secs(120);

/// Plants a machine that has something for every collector, and tools that all do the same.
fn machine(script: &str) -> (tempfile::TempDir, Workers) {
    let directory = tempfile::tempdir().expect("a directory");
    let roots = Roots::under(directory.path());
    for tool in TOOLS {
        plant_tool(&roots, tool, script);
    }
    plant_disk(&roots, "sda", &[], &[]);
    let meminfo = "MemTotal: 4096 kB\nMemFree: 1024 kB\nMemAvailable: 3072 kB\n";
    let mdstat = "md0 : active raid1 sdb1[1] sda1[0]\n  8 blocks [2/2] [UU]\n";
    for (path, text) in [
        ("etc/ceph/ceph.conf", ""),
        ("etc/xensource-inventory", "INSTALLATION_UUID='h-1'\n"),
        ("run/libvirt/x", ""),
        ("var/local/emhttp/disks.ini", ""),
        ("proc/meminfo", meminfo),
        ("proc/mdstat", mdstat),
    ] {
        write(&directory.path().join(path), text);
    }
    let workers = Workers::start(ALL, roots, Settings::default()).expect("workers");
    (directory, workers)
}

fn report(workers: &mut Workers) -> HostReport {
    let mut report = HostReport::default();
    workers.collect(Time::UNIX_EPOCH, &mut report);
    report
}

/// Names the collectors in one of `states`.
fn names(workers: &Workers, state: &CollectorState) -> Vec<String> {
    let all = workers.collectors().into_iter();
    let found = all.filter(|collector| collector.state == *state);
    found.map(|collector| collector.name).collect()
}

#[test]
fn tools_that_fail_print_rubbish_or_without_end_cost_their_own_part() {
    for script in [
        "exit 1",
        "kill -9 $$",
        "head -c 100000 /dev/urandom",
        "printf '\\377\\000{[\\n: =\\t'",
        "yes 2>/dev/null | head -c 100000000",
    ] {
        let (_directory, mut workers) = machine(script);
        report(&mut workers);
        workers.settle(Time::UNIX_EPOCH, FAR);
        let report = report(&mut workers);
        assert!(report.metrics.memory.total_bytes.is_some(), "{script}");
        assert_eq!(report.raid.len(), 1, "{script}");
        assert_eq!(
            report.sensors.smart[0].health,
            SmartHealth::NotStated,
            "{script}"
        );
        let nothing = (
            report.ceph,
            report.libvirt,
            report.xcpng,
            report.proxmox_lxc,
        );
        assert_eq!(nothing, (None, None, None, None), "{script}");
        assert!(
            report.zfs_pools.is_empty() && report.sensors.gpu.is_empty(),
            "{script}"
        );
        let failing = names(&workers, &CollectorState::Failing);
        for name in ["ceph", "nvidia", "libvirt", "xcp-ng", "unraid"] {
            assert!(
                failing.iter().any(|failing| failing == name),
                "{script}: {failing:?}"
            );
        }
        let errors = workers
            .collectors()
            .into_iter()
            .map(|collector| collector.last_error);
        let panics: Vec<_> = errors.filter(|error| error.contains("panicked")).collect();
        assert!(panics.is_empty(), "{script}");
    }
}

#[test]
fn tools_that_hang_do_not_hold_the_report_up() {
    let (_directory, mut workers) = machine("exec sleep 60");
    let started = Instant::now();
    let report = report(&mut workers);
    assert!(report.metrics.memory.total_bytes.is_some());
    // Those that are asked for every report hold it up for the five seconds a tool gets.
    assert!(started.elapsed() < Duration::from_secs(30));
    let starting = names(&workers, &CollectorState::Starting);
    for name in ["smart", "ceph", "libvirt", "packages"] {
        assert!(
            starting.iter().any(|starting| starting == name),
            "{starting:?}"
        );
    }
}

#[test]
fn names_are_told_apart() {
    let mut names = super::names();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
