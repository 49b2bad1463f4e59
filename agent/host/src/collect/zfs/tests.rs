//! Invented `zpool` and `zfs`, and what a report is made of what they say.

use std::time::Instant;

use pulse_protocol::Time;
use pulse_protocol::report::host::{DiskSmart, SmartCollection};

use super::*;
use crate::block::tests::plant as plant_disk;
use crate::collector::{Pause, Settings};
use crate::roots::Roots;
use crate::tools::tests::plant;

fn collect(roots: &Roots) -> Result<(HostReport, String), Error> {
    let settings = Settings::default();
    let cx = Context {
        roots,
        settings: &settings,
        now: Time::UNIX_EPOCH,
        deadline: Instant::now() + BUDGET,
        pause: &Pause::default(),
    };
    let reading = Zfs.collect(&cx)?;
    let dataset = |device: &str, mountpoint: &str, kind: &str| Disk {
        device: device.to_owned(),
        mountpoint: mountpoint.to_owned(),
        filesystem: kind.to_owned(),
        ..Disk::default()
    };
    let mut report = HostReport {
        disks: vec![
            dataset("/dev/sda1", "/", "ext4"),
            dataset("tank/media", "/tank/media", "zfs"),
            dataset("of-a-container/x", "/x", "zfs"),
        ],
        ..HostReport::default()
    };
    report.sensors.smart = vec![DiskSmart {
        device: "sdb".to_owned(),
        collection: Some(SmartCollection::default()),
        ..DiskSmart::default()
    }];
    reading.fill(&mut report);
    Ok((report, reading.remark().to_owned()))
}

const ZPOOL: &str = "case $1 in\nlist) printf 'tank\\t400\\t200\\n';;\n\
    status) printf '  pool: tank\\n state: ONLINE\\nconfig:\\n\\n\\tNAME STATE READ WRITE CKSUM\\n\
    \\ttank ONLINE 0 0 0\\n\\t  /dev/disk/by-id/ata-B-part1 ONLINE 0 0 0\\n';;\nesac";

#[test]
fn a_pool_takes_the_place_of_its_datasets_and_names_its_disks() {
    let root = tempfile::tempdir().expect("a directory");
    let roots = Roots::under(root.path());
    plant_disk(&roots, "sdb1", &[], &["ata-B-part1"]);
    plant(&roots, "zpool", ZPOOL);
    plant(
        &roots,
        "zfs",
        "printf 'tank\\tfilesystem\\t/tank\\t150\\t150\\t10\\n'",
    );
    let (report, remark) = collect(&roots).expect("pools");
    assert_eq!(remark, "");
    let places: Vec<_> = report
        .disks
        .iter()
        .map(|disk| disk.mountpoint.as_str())
        .collect();
    assert_eq!(places, ["/", "/tank", "/x"]);
    assert_eq!(report.disks[1].total_bytes, Some(300));
    assert_eq!(report.zfs_pools[0].state, "ONLINE");
    assert_eq!(report.zfs_pools[0].devices[0].disk, "sdb");
    assert_eq!(report.sensors.smart[0].pool, "tank");
}

#[test]
fn without_datasets_the_pools_are_told_all_the_same() {
    let root = tempfile::tempdir().expect("a directory");
    let roots = Roots::under(root.path());
    assert!(matches!(collect(&roots), Err(Error::Absent("zpool"))));
    plant(&roots, "zpool", ZPOOL);
    plant(&roots, "zfs", "exit 1");
    let (report, remark) = collect(&roots).expect("pools");
    assert!(remark.contains("zfs failed"), "{remark}");
    assert!(
        report
            .disks
            .iter()
            .any(|disk| disk.mountpoint == "zpool:tank")
    );
    plant(&roots, "zpool", "echo 'no pools available' >&2");
    assert!(matches!(collect(&roots), Err(Error::Absent("a ZFS pool"))));
}
