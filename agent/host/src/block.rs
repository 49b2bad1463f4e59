//! Physical disks as the kernel lists them in `/sys/block`, and the names they go by.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::pattern::any_matches;
use crate::roots::{Roots, read_line, read_number};

/// Devices made of other devices, of memory or of another machine's disks; and those whose medium
/// comes and goes.
const NOT_DISKS: [&str; 15] = [
    "dm-", "drbd", "fd", "loop", "md", "nbd", "pmem", "ram", "rbd", "sr", "vd", "xvd", "zd",
    "zram", "bcache",
];

/// How the makers of virtual machines name their disks.
const VIRTUAL: [&str; 10] = [
    "qemu",
    "vmware",
    "vbox",
    "virtualbox",
    "virtual disk",
    "virtual-disk",
    "msft virtual",
    "hyper-v",
    "parallels",
    "virtio",
];

/// Names of whole disks that end in a number.
const NUMBERED: [&str; 8] = ["nvme", "mmcblk", "nbd", "md", "ada", "da", "nda", "nvd"];

/// Disks beyond this are not looked at.
const LIMIT: usize = 256;

/// The kernel counts in sectors of this size, whatever the disk's own are.
const SECTOR: u64 = 512;

/// A physical disk; texts are empty where the kernel does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PhysicalDisk {
    /// Kernel name, such as `sda`.
    pub(crate) name: String,
    pub(crate) model: String,
    pub(crate) serial: String,
    /// World wide name.
    pub(crate) wwn: String,
    pub(crate) size: Option<u64>,
    /// Whether it turns; what does not has nothing to spin up.
    pub(crate) is_rotational: bool,
    /// Driver and address of the controller.
    pub(crate) controller: String,
    /// Address on the controller.
    pub(crate) target: String,
}

/// Returns the physical disks, by name; empty where the kernel has no such list.
pub(crate) fn disks(roots: &Roots) -> Vec<PhysicalDisk> {
    let entries = fs::read_dir(roots.sys.join("block")).into_iter().flatten();
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_disk_name(name))
        .collect();
    names.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let disks = names.into_iter().filter_map(|name| read(roots, name));
    disks.take(LIMIT).collect()
}

fn is_disk_name(name: &str) -> bool {
    let is_made_up = NOT_DISKS.iter().any(|start| {
        name.strip_prefix(start)
            .is_some_and(|rest| *start != "fd" || rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    // The boot areas of a memory card are parts of it.
    let is_boot_area = name.starts_with("mmcblk") && name.contains("boot");
    !is_made_up && !is_boot_area
}

fn read(roots: &Roots, name: String) -> Option<PhysicalDisk> {
    let directory = roots.sys.join("block").join(&name);
    let text = |path: &str| read_line(&directory.join(path)).unwrap_or_default();
    let size: Option<u64> = read_number(&directory.join("size"));
    if size == Some(0) {
        return None;
    }
    let (vendor, model) = (text("device/vendor"), text("device/model"));
    let maker = format!("{vendor} {model}").to_lowercase();
    if VIRTUAL.iter().any(|token| maker.contains(token)) {
        return None;
    }
    let wwn = [text("device/wwid"), text("wwid")];
    let seat = fs::canonicalize(directory.join("device")).ok();
    let target = seat.as_deref().and_then(Path::file_name);
    let target = target.and_then(|name| name.to_str()).unwrap_or_default();
    Some(PhysicalDisk {
        model: if vendor.is_empty() || vendor == "ATA" || vendor.starts_with("0x") {
            model
        } else {
            format!("{vendor} {model}").trim().to_owned()
        },
        serial: text("device/serial"),
        wwn: wwn
            .into_iter()
            .find_map(|id| world_wide(&id))
            .unwrap_or_default(),
        size: size.map(|sectors| sectors.saturating_mul(SECTOR)),
        is_rotational: text("queue/rotational") != "0",
        controller: seat.as_deref().and_then(controller).unwrap_or_default(),
        target: if target.contains(':') {
            target.to_owned()
        } else {
            String::new()
        },
        name,
    })
}

/// Writes `naa.5000c500a1b2c3d4` the way tools print it; other ids are kept, texts of vendors not.
fn world_wide(id: &str) -> Option<String> {
    if let Some(digits) = id.strip_prefix("naa.") {
        return Some(format!("0x{digits}"));
    }
    id.starts_with("eui.").then(|| id.to_owned())
}

/// Finds the PCI device a disk hangs on: its driver and address.
fn controller(seat: &Path) -> Option<String> {
    let is_address = |name: &str| {
        let parts: Vec<&str> = name.split([':', '.']).collect();
        parts.len() == 4
            && parts
                .iter()
                .all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let card = seat.ancestors().find(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.len() == 12 && is_address(name))
    })?;
    let address = card.file_name()?.to_str()?;
    let driver = fs::canonicalize(card.join("driver")).ok();
    let driver = driver.as_deref().and_then(Path::file_name);
    Some(match driver.and_then(|name| name.to_str()) {
        Some(driver) => format!("{driver} {address}"),
        None => address.to_owned(),
    })
}

/// Directories of links below `/dev/disk` whose names outlast a restart.
const LASTING: [&str; 3] = ["by-id", "by-partuuid", "by-vdev"];

/// The lasting names of disks and partitions, by kernel name: the links below `/dev/disk`.
#[derive(Debug, Default)]
pub(crate) struct LastingNames(BTreeMap<String, Vec<String>>);

impl LastingNames {
    /// Reads the links.
    pub(crate) fn read(roots: &Roots) -> Self {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for kind in LASTING {
            let directory = roots.dev.join("disk").join(kind);
            let entries = fs::read_dir(directory).into_iter().flatten();
            for entry in entries.flatten().take(LIMIT * 16) {
                let Ok(target) = fs::read_link(entry.path()) else {
                    continue;
                };
                let device = target.file_name().and_then(|name| name.to_str());
                if let (Some(device), Ok(name)) = (device, entry.file_name().into_string()) {
                    let names = names.entry(device.to_owned()).or_default();
                    names.push(format!("/dev/disk/{kind}/{name}"));
                }
            }
        }
        Self(names)
    }

    /// Tells whether one of the operator's patterns names this device by any of its names.
    pub(crate) fn any_matches(&self, patterns: &[String], device: &str) -> bool {
        if patterns.is_empty() {
            return false;
        }
        let path = format!("/dev/{device}");
        if any_matches(patterns, &[device, &path]) {
            return true;
        }
        let names = self.0.get(device).map(Vec::as_slice).unwrap_or_default();
        names.iter().any(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            any_matches(patterns, &[name, path])
        })
    }

    /// Returns the kernel name of the device at `path`.
    pub(crate) fn device<'a>(&'a self, path: &'a str) -> &'a str {
        let has = |names: &Vec<String>| names.iter().any(|known| known == path);
        let found = self.0.iter().find(|(_, names)| has(names));
        let kernel = found.map(|(device, _)| device.as_str());
        kernel.unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default())
    }
}

/// Returns the disk a device is part of: `sda` for `sda1`, `nvme0n1` for `nvme0n1p2`.
pub(crate) fn whole(device: &str) -> &str {
    let without = device.trim_end_matches(|c: char| c.is_ascii_digit());
    if without.len() == device.len() {
        return device;
    }
    if let Some(before) = without.strip_suffix('p')
        && before.ends_with(|c: char| c.is_ascii_digit())
    {
        return before;
    }
    let is_numbered = NUMBERED.iter().any(|start| {
        let rest = device.strip_prefix(start);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    if is_numbered {
        return device;
    }
    without
}

#[cfg(all(test, unix))]
pub(crate) mod tests {
    use super::*;
    use crate::hwmon::tests::write;

    /// Plants a disk's files below `/sys`, and links to it below `/dev/disk/by-id`.
    pub(crate) fn plant(roots: &Roots, name: &str, files: &[(&str, &str)], ids: &[&str]) {
        let directory = roots.sys.join("block").join(name);
        write(&directory.join("size"), "2048\n");
        for (path, text) in files {
            write(&directory.join(path), text);
        }
        let links = roots.dev.join("disk/by-id");
        fs::create_dir_all(&links).expect("a directory");
        for id in ids {
            let target = format!("../../{name}");
            std::os::unix::fs::symlink(target, links.join(id)).expect("a link");
        }
    }

    #[test]
    fn physical_disks_are_told_from_made_up_and_virtual_ones() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        plant(
            &roots,
            "sdb",
            &[
                ("device/model", "ST4000VN008\n"),
                ("device/vendor", "ATA \n"),
            ],
            &[],
        );
        plant(
            &roots,
            "sda",
            &[("device/vendor", "QEMU\n"), ("device/model", "HARDDISK")],
            &[],
        );
        plant(
            &roots,
            "nvme0n1",
            &[("queue/rotational", "0\n"), ("wwid", "eui.01\n")],
            &[],
        );
        for name in [
            "dm-0",
            "loop1",
            "zram0",
            "vda",
            "sr0",
            "mmcblk0boot1",
            "md127",
        ] {
            plant(&roots, name, &[], &[]);
        }
        plant(&roots, "sdc", &[("size", "0\n")], &[]);
        let found = disks(&roots);
        let names: Vec<_> = found.iter().map(|disk| disk.name.as_str()).collect();
        assert_eq!(names, ["sdb", "nvme0n1"]);
        assert_eq!(
            (found[0].model.as_str(), found[0].size),
            ("ST4000VN008", Some(1024 * 1024))
        );
        assert!(found[0].is_rotational && !found[1].is_rotational);
        assert_eq!(found[1].wwn, "eui.01");
    }

    #[test]
    fn the_controller_is_the_pci_device_above_the_disk() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        let card = root.path().join("sys/devices/pci0000:00/0000:00:17.0");
        let seat = card.join("ata1/host0/target0:0:0/0:0:0:0");
        write(&seat.join("model"), "DISK\n");
        write(&root.path().join("sys/bus/drivers/ahci/x"), "");
        std::os::unix::fs::symlink(
            root.path().join("sys/bus/drivers/ahci"),
            card.join("driver"),
        )
        .expect("a link");
        write(&roots.sys.join("block/sda/size"), "8\n");
        std::os::unix::fs::symlink(&seat, roots.sys.join("block/sda/device")).expect("a link");
        let disk = disks(&roots).remove(0);
        assert_eq!(disk.controller, "ahci 0000:00:17.0");
        assert_eq!(disk.target, "0:0:0:0");
    }

    #[test]
    fn a_disk_is_excluded_by_any_of_its_names() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        plant(&roots, "sda", &[], &["ata-ST4000_ZGY0", "wwn-0x5000c500"]);
        let names = LastingNames::read(&roots);
        for pattern in [
            "sda",
            "/dev/sd*",
            "ata-ST4000_ZGY0",
            "/dev/disk/by-id/wwn-*",
            "*ZGY0*",
        ] {
            assert!(names.any_matches(&[pattern.to_owned()], "sda"), "{pattern}");
        }
        assert!(!names.any_matches(&["ata-ST4000_ZGY0".to_owned()], "sdb"));
        assert_eq!(names.device("/dev/disk/by-id/wwn-0x5000c500"), "sda");
        assert_eq!(names.device("/dev/sdb1"), "sdb1");
    }

    #[test]
    fn a_partition_belongs_to_its_disk() {
        for (device, disk) in [
            ("sda1", "sda"),
            ("sdab12", "sdab"),
            ("sda", "sda"),
            ("nvme0n1p2", "nvme0n1"),
            ("nvme0n1", "nvme0n1"),
            ("mmcblk0p1", "mmcblk0"),
            ("ada0p3", "ada0"),
            ("ada0", "ada0"),
            ("dasda1", "dasda"),
        ] {
            assert_eq!(whole(device), disk);
        }
    }
}
