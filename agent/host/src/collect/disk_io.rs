//! What each whole disk has read and written since boot.

use pulse_protocol::report::host::DiskIo;

use crate::block::LastingNames;
use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::roots::Roots;

/// Devices made of other devices or of memory; what they move is counted below them, or nowhere.
const MADE_UP: [&str; 5] = ["dm-", "loop", "ram", "zd", "zram"];

/// The kernel counts in sectors of this size, whatever the disk's own are.
const SECTOR: u64 = 512;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(DiskCounters)
}

struct DiskCounters;

impl Collector for DiskCounters {
    fn name(&self) -> &'static str {
        "disk_io"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let text = crate::roots::read_text(&cx.roots.proc.join("diskstats"), "disk counters")?;
        let names = LastingNames::read(cx.roots);
        let exclude = &cx.settings.disk_exclude;
        let disks = parse(&text, |name| names.any_matches(exclude, name));
        Ok(Reading::new(move |report| {
            report.disk_io.clone_from(&disks)
        }))
    }
}

/// Reads `/proc/diskstats`, keeping whole disks that have done something.
///
/// A device that never moved a byte is an empty card reader or an unused network block device: the
/// kernel reads every real disk when it looks for partitions.
fn parse(text: &str, is_excluded: impl Fn(&str) -> bool) -> Vec<DiskIo> {
    let all: Vec<DiskIo> = lines(text).collect();
    let is_partition = |name: &str| all.iter().any(|disk| is_part_of(name, &disk.device));
    let wanted = |disk: &&DiskIo| {
        let name = disk.device.as_str();
        !MADE_UP.iter().any(|start| name.starts_with(start))
            && (disk.read_bytes, disk.write_bytes) != (Some(0), Some(0))
            && !is_partition(name)
            && !is_excluded(name)
    };
    all.iter().filter(wanted).cloned().collect()
}

fn lines(text: &str) -> impl Iterator<Item = DiskIo> {
    text.lines().filter_map(parse_line)
}

/// Returns the counters of every device; none where the kernel has no such list.
pub(super) fn counters(roots: &Roots) -> Vec<DiskIo> {
    let text = crate::roots::read_text(&roots.proc.join("diskstats"), "disk counters");
    text.map(|text| lines(&text).collect()).unwrap_or_default()
}

/// Fields: major minor name, then reads, merged, sectors, ms; writes, merged, sectors, ms; in
/// flight, ms busy.
fn parse_line(line: &str) -> Option<DiskIo> {
    let mut fields = line.split_ascii_whitespace().skip(2);
    let device = fields.next()?.to_owned();
    let mut counts = [0_u64; 10];
    for count in &mut counts {
        *count = fields.next()?.parse().ok()?;
    }
    let [
        read_ops,
        _,
        sectors_read,
        read_ms,
        write_ops,
        _,
        sectors_written,
        write_ms,
        _,
        busy_ms,
    ] = counts;
    Some(DiskIo {
        device,
        read_bytes: Some(sectors_read.saturating_mul(SECTOR)),
        write_bytes: Some(sectors_written.saturating_mul(SECTOR)),
        read_ops: Some(read_ops),
        write_ops: Some(write_ops),
        read_time_ms: Some(read_ms),
        write_time_ms: Some(write_ms),
        io_time_ms: Some(busy_ms),
    })
}

/// `sda1` is part of `sda`; `nvme0n1p2`, whose disk ends in a digit, of `nvme0n1`.
fn is_part_of(name: &str, disk: &str) -> bool {
    let Some(rest) = name.strip_prefix(disk) else {
        return false;
    };
    let number = if disk.ends_with(|c: char| c.is_ascii_digit()) {
        rest.strip_prefix('p').unwrap_or_default()
    } else {
        rest
    };
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, exclude: &[&str]) -> Vec<String> {
        let exclude: Vec<String> = exclude.iter().map(|&pattern| pattern.to_owned()).collect();
        let names = LastingNames::default();
        parse(text, |name| names.any_matches(&exclude, name))
            .into_iter()
            .map(|disk| disk.device)
            .collect()
    }

    fn lines(names: &[&str]) -> String {
        names
            .iter()
            .map(|name| format!("8 0 {name} 1 0 8 1 1 0 8 1 0 1 1\n"))
            .collect()
    }

    #[test]
    fn counters_are_bytes_operations_and_milliseconds() {
        let disks = parse(" 8 0 sda 10 1 100 7 20 2 200 9 3 55 66\n", |_| false);
        let expected = DiskIo {
            device: "sda".to_owned(),
            read_bytes: Some(51_200),
            write_bytes: Some(102_400),
            read_ops: Some(10),
            write_ops: Some(20),
            read_time_ms: Some(7),
            write_time_ms: Some(9),
            io_time_ms: Some(55),
        };
        assert_eq!(disks, [expected]);
    }

    #[test]
    fn only_whole_disks_are_kept() {
        let text = lines(&[
            "sda",
            "sda1",
            "sda12",
            "sdab",
            "sdab1",
            "nvme0n1",
            "nvme0n1p1",
            "nvme0n10",
            "mmcblk0",
            "mmcblk0p2",
            "vda",
            "vda1",
            "xvdb1",
            "dm-0",
            "loop3",
            "ram1",
            "zd16",
            "zram0",
            "md0",
            "md0p1",
            "md01",
        ]);
        let kept = [
            "sda", "sdab", "nvme0n1", "nvme0n10", "mmcblk0", "vda", "xvdb1", "md0", "md01",
        ];
        assert_eq!(names(&text, &[]), kept);
    }

    #[test]
    fn excluded_and_untouched_disks_are_left_out() {
        let text = lines(&["sda", "sdb", "sdc"]) + "11 0 sr0 0 0 0 0 0 0 0 0 0 0 0\n";
        assert_eq!(names(&text, &["/dev/sda", "*db*"]), ["sdc"]);
    }

    #[test]
    fn broken_lines_are_left_out() {
        assert_eq!(
            names(
                "8 0 sda 1 2 3\n\nrubbish\n8 0 sdb x 0 8 1 1 0 8 1 0 1 1\n",
                &[]
            )
            .len(),
            0
        );
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/diskstats") else {
            return;
        };
        let kept = ["sda", "mmcblk0", "fd0", "vda", "nvme0n1", "sdb", "sdc"];
        assert_eq!(names(&text, &[]), kept);
    }
}
