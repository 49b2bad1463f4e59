//! Mounted file systems and how full they are.
//!
//! Only those that are somebody's storage: see [`filter`]. Asking a file system for its size can
//! hang for as long as its server is away, so it is done where hanging does no harm: see [`usage`].

mod filter;
mod mounts;
mod usage;

use pulse_protocol::report::host::Disk;

use crate::collector::{Collector, Context, Reading, Settings};
use crate::error::Error;
use filter::{Patterns, is_ours};
use usage::{Prober, Usage};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(FileSystems {
        prober: Prober::new(usage::measure),
    })
}

struct FileSystems {
    prober: Prober,
}

/// An entry of the mount table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) device: String,
    pub(crate) mountpoint: String,
    pub(crate) kind: String,
}

impl Collector for FileSystems {
    fn name(&self) -> &'static str {
        "filesystems"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let mounts = wanted(mounts(cx)?, cx.settings);
        let mut disks = Vec::new();
        for mount in mounts {
            if let Some(usage) = self.prober.usage(&mount.mountpoint, cx.deadline) {
                disks.push((mount, usage));
            }
        }
        let disks = finish(disks, cx.settings);
        Ok(Reading::new(move |report| report.disks.clone_from(&disks)))
    }
}

#[cfg(target_os = "linux")]
fn mounts(cx: &Context<'_>) -> Result<Vec<Mount>, Error> {
    let path = cx.roots.proc.join("self/mountinfo");
    Ok(mounts::parse(&crate::roots::read_text(
        &path,
        "a mount table",
    )?))
}

#[cfg(not(target_os = "linux"))]
fn mounts(_cx: &Context<'_>) -> Result<Vec<Mount>, Error> {
    crate::portable::mounts()
}

/// Keeps the mounts worth asking: the last one at each place, as it hides the others there.
fn wanted(mounts: Vec<Mount>, settings: &Settings) -> Vec<Mount> {
    let mut kept: Vec<Mount> = Vec::new();
    for mount in mounts {
        kept.retain(|earlier| earlier.mountpoint != mount.mountpoint);
        kept.push(mount);
    }
    kept.retain(|mount| is_ours(mount, None, &Patterns::of(settings)));
    kept
}

/// Drops what turned out to be empty or shown twice, and puts the rest in order.
fn finish(measured: Vec<(Mount, Usage)>, settings: &Settings) -> Vec<Disk> {
    let patterns = Patterns::of(settings);
    let mut kept: Vec<(Mount, Usage)> = Vec::new();
    for (mount, usage) in measured {
        if usage.total == 0 || !is_ours(&mount, Some(usage), &patterns) {
            continue;
        }
        // A device mounted at several places is one file system; its shortest path is its name.
        let twin = kept.iter_mut().find(|(other, total)| {
            !mount.device.is_empty() && other.device == mount.device && total.total == usage.total
        });
        match twin {
            Some(twin) if mount.mountpoint.len() < twin.0.mountpoint.len() => {
                *twin = (mount, usage)
            }
            Some(_) => {}
            None => kept.push((mount, usage)),
        }
    }
    kept.sort_by(|(a, _), (b, _)| a.mountpoint.cmp(&b.mountpoint));
    kept.into_iter()
        .map(|(mount, usage)| disk(mount, usage))
        .collect()
}

fn disk(mount: Mount, usage: Usage) -> Disk {
    Disk {
        device: mount.device,
        mountpoint: mount.mountpoint,
        filesystem: mount.kind.clone(),
        kind: mount.kind,
        total_bytes: Some(usage.total),
        used_bytes: Some(usage.used),
        free_bytes: Some(usage.available),
        usage: usage.percent(),
        ..Disk::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(device: &str, mountpoint: &str, kind: &str) -> Mount {
        Mount {
            device: device.to_owned(),
            mountpoint: mountpoint.to_owned(),
            kind: kind.to_owned(),
        }
    }

    fn full(total: u64) -> Usage {
        Usage {
            total,
            used: total / 2,
            available: total / 2,
        }
    }

    #[test]
    fn a_mount_over_another_hides_it() {
        let mounts = vec![
            mount("/dev/a", "/srv", "ext4"),
            mount("/dev/b", "/srv", "xfs"),
        ];
        let kept = wanted(mounts, &Settings::default());
        assert_eq!(kept, [mount("/dev/b", "/srv", "xfs")]);
    }

    #[test]
    fn one_device_at_several_places_is_one_file_system() {
        let measured = vec![
            (mount("/dev/a", "/srv/deep/bind", "ext4"), full(100)),
            (mount("/dev/a", "/srv", "ext4"), full(100)),
            (mount("/dev/b", "/home", "ext4"), full(100)),
            (mount("/dev/c", "/empty", "ext4"), full(0)),
        ];
        let disks = finish(measured, &Settings::default());
        let places: Vec<_> = disks.iter().map(|disk| disk.mountpoint.as_str()).collect();
        assert_eq!(places, ["/home", "/srv"]);
        assert_eq!(
            (disks[0].used_bytes, disks[0].usage),
            (Some(50), Some(50.0))
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_has_file_systems() {
        use std::time::{Duration, Instant};

        let (roots, pause) = (crate::Roots::default(), crate::Pause::default());
        let settings = Settings {
            disk_include: vec!["/*".to_owned()],
            ..Settings::default()
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        let cx = Context {
            roots: &roots,
            settings: &settings,
            now: pulse_protocol::Time::UNIX_EPOCH,
            deadline,
            pause: &pause,
        };
        let mut report = pulse_protocol::report::host::HostReport::default();
        new().collect(&cx).expect("file systems").fill(&mut report);
        assert!(
            report.disks.iter().any(|disk| disk.total_bytes > Some(0)),
            "{:?}",
            report.disks
        );
    }
}
