//! How full the file systems of running Proxmox system containers are, as `pct` tells. Nothing
//! outside a container knows that where its volumes are thin.

use std::time::{Duration, Instant};

use pulse_protocol::report::host::{Disk, ProxmoxLxc, ProxmoxLxcInventory};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Every container costs the start of a tool.
const EVERY: Duration = Duration::from_secs(300);

/// Longest run; containers that were not reached are left out.
const BUDGET: Duration = Duration::from_secs(90);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 256 * 1024,
};

/// Containers beyond this are left out.
const CONTAINERS: usize = 128;

/// File systems of one container beyond this are left out: a root and 256 mounts.
const DISKS: usize = 257;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Lxc)
}

struct Lxc;

impl Collector for Lxc {
    fn name(&self) -> &'static str {
        "proxmox-lxc-filesystems"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(BUDGET)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let pct = Tool::named(cx.settings.pct.as_deref(), cx.roots, "pct")?;
        let list = pct.text(&["list"], LIMITS)?;
        if !list.trim().is_empty() && !list.contains("VMID") {
            return Err(Error::Format("the list of containers"));
        }
        let running = running(&list);
        let count = running.len();
        let mut containers = Vec::new();
        let mut remark = String::new();
        for (vmid, name) in running {
            if Instant::now() >= cx.deadline {
                remark = format!("{} of {count} containers read in time", containers.len());
                break;
            }
            match pct.text(&["df", &vmid.to_string()], LIMITS) {
                Ok(text) => containers.push(ProxmoxLxc {
                    vmid,
                    name,
                    disks: text.lines().filter_map(disk).take(DISKS).collect(),
                }),
                Err(error) if remark.is_empty() => remark = format!("container {vmid}: {error}"),
                Err(_) => {}
            }
        }
        let inventory = ProxmoxLxcInventory {
            containers,
            collected_at: Some(cx.now),
        };
        let reading = Reading::new(move |report| report.proxmox_lxc = Some(inventory.clone()));
        Ok(reading.with_remark(remark))
    }
}

/// Reads `VMID Status [Lock] Name`, keeping what runs.
fn running(text: &str) -> Vec<(i64, String)> {
    let rows = text.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let (vmid, status, name) = (words.first()?, words.get(1)?, words.last()?);
        let vmid = vmid.parse().ok()?;
        (*status == "running").then(|| (vmid, (*name).to_owned()))
    });
    rows.take(CONTAINERS).collect()
}

/// Reads `MP Volume Size Used Avail Use% Path`.
fn disk(line: &str) -> Option<Disk> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let &[_, volume, size, used, free, _, ref path @ ..] = words.as_slice() else {
        return None;
    };
    let (total, used, free) = (bytes(size)?, bytes(used)?, bytes(free)?);
    let mountpoint = path.join(" ");
    (total > 0 && mountpoint.starts_with('/')).then(|| Disk {
        device: volume.to_owned(),
        mountpoint,
        total_bytes: Some(total),
        used_bytes: Some(used),
        free_bytes: Some(free),
        usage: Some((used as f64 / total as f64 * 100.0).min(100.0)),
        ..Disk::default()
    })
}

/// Reads `834.2M`: units of 1024.
fn bytes(text: &str) -> Option<u64> {
    let power = match text.chars().last()? {
        'K' => 1,
        'M' => 2,
        'G' => 3,
        'T' => 4,
        'P' => 5,
        'B' | '0'..='9' => 0,
        _ => return None,
    };
    let figure: f64 = text.trim_end_matches(char::is_alphabetic).parse().ok()?;
    (figure >= 0.0).then(|| (figure * 1024_f64.powi(power)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_containers_are_found_with_and_without_a_lock() {
        let text = "VMID       Status     Lock         Name\n\
            101        running                 web\n\
            102        stopped                 old\n\
            103        running    backup       files\n";
        assert_eq!(
            running(text),
            [(101, "web".to_owned()), (103, "files".to_owned())]
        );
    }

    #[test]
    fn file_systems_are_read_in_bytes() {
        let text = "MP     Volume                  Size   Used Avail Use% Path\n\
            rootfs local-lvm:vm-101-disk-0 8.0G   2.0G  6.0G  0.2 /\n\
            mp0    tank:subvol-101-disk-1  1.0T 512.5M  1.0T  0.0 /srv/my files\n\
            mp1    broken                  -    -       -    -    /x\n";
        let disks: Vec<Disk> = text.lines().filter_map(disk).collect();
        assert_eq!(disks.len(), 2);
        assert_eq!(disks[0].total_bytes, Some(8 << 30));
        assert_eq!(disks[0].usage, Some(25.0));
        assert_eq!(
            (disks[1].mountpoint.as_str(), disks[1].used_bytes),
            ("/srv/my files", Some(537_395_200))
        );
    }
}
