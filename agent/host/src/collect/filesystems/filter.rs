//! Which mounts are somebody's storage.
//!
//! The agent leaves out what the kernel makes up, what containers stack, images that are full by
//! nature and what lies on another machine. The operator's patterns come before all of that:
//! excluding beats including, and including only lifts this automatic choice.

use super::Mount;
use super::usage::Usage;
use crate::collector::Settings;
use crate::pattern::any_matches;

/// Images that are full by nature; parts of type names.
const READ_ONLY: [&str; 8] = [
    "erofs",
    "squashfs",
    "squash-fs",
    "iso9660",
    "cdfs",
    "udf",
    "cramfs",
    "romfs",
];

/// Made up by the kernel; whole type names.
const VIRTUAL: [&str; 23] = [
    "tmpfs",
    "devtmpfs",
    "cgroup",
    "cgroup2",
    "sysfs",
    "proc",
    "devpts",
    "securityfs",
    "debugfs",
    "tracefs",
    "fusectl",
    "configfs",
    "pstore",
    "hugetlbfs",
    "mqueue",
    "bpf",
    "overlay",
    "overlayfs",
    "autofs",
    "fdescfs",
    "devfs",
    "linprocfs",
    "linsysfs",
];

/// On another machine; parts of type names. Plain `fuse` is not among them: mergerfs is local.
const NETWORK: [&str; 5] = ["sshfs", "9p", "nfs", "cifs", "smb"];

/// Directories of the system, with all that is below them.
const SYSTEM_TREES: [&str; 10] = [
    "/dev",
    "/proc",
    "/sys",
    "/run",
    "/var/run",
    "/var/lib/docker",
    "/var/lib/containers",
    "/snap",
    "/System/Volumes",
    "/Library/Developer/CoreSimulator/Volumes",
];

/// Directories of the system, without what is below them.
const SYSTEM_MOUNTS: [&str; 3] = ["/boot/efi", "/boot/firmware", "/etc/pve"];

/// The operator's say.
pub(super) struct Patterns<'a> {
    exclude: &'a [String],
    include: &'a [String],
}

impl<'a> Patterns<'a> {
    pub(super) fn of(settings: &'a Settings) -> Self {
        Self {
            exclude: &settings.disk_exclude,
            include: &settings.disk_include,
        }
    }
}

/// Tells whether a mount is reported; knowing its size can only turn a yes into a no.
pub(super) fn is_ours(mount: &Mount, usage: Option<Usage>, patterns: &Patterns<'_>) -> bool {
    let device = mount.device.as_str();
    let name = device.strip_prefix("/dev/").unwrap_or_default();
    let subjects = [mount.mountpoint.as_str(), device, name];
    if any_matches(patterns.exclude, &subjects) {
        return false;
    }
    any_matches(patterns.include, &subjects) || !is_uninteresting(mount, usage)
}

fn is_uninteresting(mount: &Mount, usage: Option<Usage>) -> bool {
    let kind = mount.kind.to_lowercase();
    let has_part = |parts: &[&str]| parts.iter().any(|part| kind.contains(part));
    let is_full = usage.is_some_and(|usage| usage.used >= usage.total);
    has_part(&READ_ONLY)
        || VIRTUAL.contains(&kind.as_str())
        || has_part(&NETWORK)
        || (kind.contains("overlay") && is_full)
        || is_of_the_system(&mount.mountpoint)
        || is_container_layer(&mount.mountpoint)
}

fn is_of_the_system(path: &str) -> bool {
    let is_within = |tree: &str| {
        path.strip_prefix(tree)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    SYSTEM_TREES.iter().any(|tree| is_within(tree))
        || SYSTEM_MOUNTS.contains(&path)
        || path.contains("System Reserved")
}

fn is_container_layer(path: &str) -> bool {
    let has_any = |parts: &[&str]| parts.iter().any(|part| path.contains(part));
    let is_layer = has_any(&["/overlay2/", "/overlay/", "/diff/", "/merged"]);
    (has_any(&["/containers/", "/container_tmp/"]) && is_layer)
        || path.starts_with("/mnt/.ix-apps/docker/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_kept(device: &str, mountpoint: &str, kind: &str, settings: &Settings) -> bool {
        let mount = Mount {
            device: device.to_owned(),
            mountpoint: mountpoint.to_owned(),
            kind: kind.to_owned(),
        };
        is_ours(&mount, None, &Patterns::of(settings))
    }

    #[test]
    fn storage_is_kept() {
        for (mountpoint, kind) in [
            ("/", "ext4"),
            ("/boot", "ext2"),
            ("/home", "btrfs"),
            ("/mnt/pool", "fuse.mergerfs"),
            ("/tank", "zfs"),
            ("/snapshots", "xfs"),
            ("/devel", "xfs"),
            ("/srv/containers/files", "xfs"),
            ("C:", "NTFS"),
            ("/etc/pve-backup", "ext4"),
        ] {
            assert!(
                is_kept("/dev/sda1", mountpoint, kind, &Settings::default()),
                "{mountpoint}"
            );
        }
    }

    #[test]
    fn everything_else_is_left_out() {
        for (mountpoint, kind) in [
            ("/tmp", "tmpfs"),
            ("/x", "overlay"),
            ("/x", "squashfs"),
            ("/x", "fuse.squashfuse-squash-fs"),
            ("/media/cd", "iso9660"),
            ("/mnt/nas", "nfs4"),
            ("/mnt/nas", "CIFS"),
            ("/mnt/nas", "fuse.sshfs"),
            ("/mnt/nas", "smb3"),
            ("/mnt/host", "9p"),
            ("/dev/shm", "ext4"),
            ("/run/user/1000", "ext4"),
            ("/var/run", "ext4"),
            ("/var/run/x", "ext4"),
            ("/var/lib/docker/btrfs", "btrfs"),
            ("/snap/core/1", "ext4"),
            ("/boot/efi", "vfat"),
            ("/boot/firmware", "vfat"),
            ("/etc/pve", "fuse"),
            ("/System/Volumes/Data", "apfs"),
            ("E:\\System Reserved", "ntfs"),
            ("/srv/containers/1/overlay2/abc", "ext4"),
            ("/srv/container_tmp/x/merged", "ext4"),
            ("/mnt/.ix-apps/docker/zfs", "zfs"),
        ] {
            let kept = is_kept("/dev/sda1", mountpoint, kind, &Settings::default());
            assert!(!kept, "{mountpoint} {kind}");
        }
    }

    #[test]
    fn an_overlay_of_another_name_is_left_out_once_it_is_full() {
        let mount = Mount {
            kind: "fuse.fuse-overlayfs".to_owned(),
            ..Mount::default()
        };
        let settings = Settings::default();
        let patterns = Patterns::of(&settings);
        let with = |used| {
            Some(Usage {
                total: 10,
                used,
                available: 10 - used,
            })
        };
        assert!(is_ours(&mount, with(9), &patterns));
        assert!(!is_ours(&mount, with(10), &patterns));
    }

    #[test]
    fn the_operator_decides_first_and_excluding_beats_including() {
        let settings = Settings {
            disk_exclude: vec!["sdb*".to_owned(), "/mnt/scratch".to_owned()],
            disk_include: vec!["/mnt/*".to_owned()],
            ..Settings::default()
        };
        assert!(is_kept("nas:/export", "/mnt/nas", "nfs4", &settings));
        assert!(!is_kept("/dev/sdb1", "/mnt/disk", "ext4", &settings));
        assert!(!is_kept("/dev/sdc1", "/mnt/scratch", "ext4", &settings));
        assert!(is_kept("/dev/sdc1", "/srv", "ext4", &settings));
    }
}
