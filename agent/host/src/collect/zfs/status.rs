//! Reads what `zpool status` prints.
//!
//! Per pool: lines `  name: text`, some of which go on below, and under `config:` a tree whose depth
//! is its indentation.

use pulse_protocol::report::host::{ZfsDevice, ZfsPool, ZfsScan};

/// Parts of one pool beyond this are left out.
const LIMIT: usize = 512;

/// Headings in the tree, for what does not hold the pool itself.
const ROLES: [&str; 5] = ["logs", "cache", "spares", "special", "dedup"];

pub(super) fn parse(text: &str) -> Vec<ZfsPool> {
    let mut pools: Vec<Part> = Vec::new();
    for line in text.lines() {
        match line.trim().split_once(':') {
            Some(("pool", name)) => pools.push(Part::new(name.trim())),
            _ => {
                if let Some(part) = pools.last_mut() {
                    part.add(line);
                }
            }
        }
    }
    pools.into_iter().map(Part::finish).collect()
}

/// A pool as far as its lines were read.
#[derive(Default)]
struct Part {
    pool: ZfsPool,
    /// Name of the text that goes on.
    section: String,
    errors: String,
    role: String,
    /// Indentation and name of what the next line may be part of.
    above: Vec<(usize, String)>,
}

impl Part {
    fn new(name: &str) -> Self {
        Self {
            pool: ZfsPool {
                name: name.to_owned(),
                ..ZfsPool::default()
            },
            ..Self::default()
        }
    }

    fn add(&mut self, line: &str) {
        const NAMES: [&str; 8] = [
            "state", "status", "action", "see", "scan", "scrub", "config", "errors",
        ];
        let heading = line.trim_start().split_once(':');
        if let Some((name, rest)) = heading
            && NAMES.contains(&name)
        {
            self.section = name.replace("scrub", "scan");
            if !rest.trim().is_empty() {
                self.go_on(rest.trim());
            }
        } else if self.section == "config" {
            self.add_device(line);
        } else if !line.trim().is_empty() {
            self.go_on(line.trim());
        }
    }

    fn go_on(&mut self, text: &str) {
        let place = match self.section.as_str() {
            "state" => &mut self.pool.state,
            "status" => &mut self.pool.message,
            "scan" => &mut self.pool.scan,
            // The files that are damaged are not listed: they may be many and are private.
            "errors" if self.errors.is_empty() => &mut self.errors,
            _ => return,
        };
        if !place.is_empty() {
            place.push(' ');
        }
        place.push_str(text);
    }

    fn add_device(&mut self, line: &str) {
        let depth = line.len() - line.trim_start().len();
        let mut words = line.split_ascii_whitespace();
        let Some(name) = words.next().filter(|name| *name != "NAME") else {
            return;
        };
        if ROLES.contains(&name) {
            name.clone_into(&mut self.role);
            self.above.clear();
            return;
        }
        let Some(state) = words.next() else {
            return;
        };
        while self.above.last().is_some_and(|(above, _)| *above >= depth) {
            self.above.pop();
        }
        let parent = self.above.last().map(|(_, name)| name.clone());
        self.above.push((depth, name.to_owned()));
        let mut counts = [None; 3];
        let rest: Vec<&str> = words.collect();
        for (count, word) in counts.iter_mut().zip(&rest) {
            *count = parse_count(word);
        }
        let told = counts.iter().take_while(|count| count.is_some()).count();
        let device = ZfsDevice {
            name: name.to_owned(),
            kind: kind(name).to_owned(),
            state: state.to_owned(),
            role: self.role.clone(),
            parent: parent.unwrap_or_default(),
            message: rest[told.min(rest.len())..].join(" "),
            read_errors: counts[0],
            write_errors: counts[1],
            checksum_errors: counts[2],
            ..ZfsDevice::default()
        };
        if self.pool.devices.len() < LIMIT {
            self.pool.devices.push(device);
        }
    }

    fn finish(self) -> ZfsPool {
        let mut pool = self.pool;
        // The first line of the tree is the pool itself.
        if pool
            .devices
            .first()
            .is_some_and(|device| device.name == pool.name)
        {
            let whole = pool.devices.remove(0);
            let name = &pool.name;
            let top = pool
                .devices
                .iter_mut()
                .filter(|device| device.parent == *name);
            top.for_each(|device| device.parent.clear());
            let total = |own: Option<u64>, of: fn(&ZfsDevice) -> Option<u64>| {
                let parts = pool.devices.iter().filter(|device| device.kind == "disk");
                own.max(parts.filter_map(of).reduce(u64::saturating_add))
            };
            pool.read_errors = total(whole.read_errors, |device| device.read_errors);
            pool.write_errors = total(whole.write_errors, |device| device.write_errors);
            pool.checksum_errors = total(whole.checksum_errors, |device| device.checksum_errors);
        }
        if !self.errors.is_empty() && !self.errors.starts_with("No known") {
            let gap = if pool.message.is_empty() { "" } else { " " };
            pool.message = format!("{}{gap}{}", pool.message, self.errors);
        }
        pool.scan_details = scan(&pool.scan);
        pool
    }
}

/// Tells what a part is by its name: `mirror-0`, `raidz2-1`, anything else is a disk.
fn kind(name: &str) -> &str {
    let kinds = ["mirror", "raidz", "draid", "spare", "replacing"];
    match name.rsplit_once('-') {
        Some((kind, number))
            if number.bytes().all(|b| b.is_ascii_digit())
                && kinds.iter().any(|known| kind.starts_with(known)) =>
        {
            kind.split(':').next().unwrap_or(kind)
        }
        _ if name == "mirror" || name == "raidz1" || name == "raidz2" || name == "raidz3" => name,
        _ => "disk",
    }
}

/// `17`, or `1.2K` of a thousand and more.
fn parse_count(word: &str) -> Option<u64> {
    if let Ok(count) = word.parse() {
        return Some(count);
    }
    let unit = word.chars().last()?;
    let factor = match unit {
        'K' => 1e3,
        'M' => 1e6,
        'G' => 1e9,
        _ => return None,
    };
    let figure: f64 = word.strip_suffix(unit)?.parse().ok()?;
    (figure >= 0.0).then_some((figure * factor) as u64)
}

/// Reads the sentence about the last or running scan.
fn scan(text: &str) -> Option<ZfsScan> {
    let function = if text.contains("resilver") {
        "resilver"
    } else if text.contains("scrub") {
        "scrub"
    } else {
        return None;
    };
    let state = if text.contains("in progress") {
        "scanning"
    } else if text.contains("canceled") {
        "canceled"
    } else if text.contains("paused") {
        "paused"
    } else {
        "finished"
    };
    let words: Vec<&str> = text
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let before = |after: &str| {
        let at = words.iter().position(|word| *word == after)?;
        words.get(at.checked_sub(1)?).copied()
    };
    let left = words
        .windows(3)
        .find(|part| part[1] == "to" && part[2] == "go");
    Some(ZfsScan {
        function: function.to_owned(),
        state: state.to_owned(),
        percentage: before("done").and_then(|word| word.strip_suffix('%')?.parse().ok()),
        errors: before("errors").and_then(parse_count),
        seconds_remaining: left.and_then(|part| seconds(part[0])),
    })
}

/// `01:02:03`.
fn seconds(clock: &str) -> Option<u64> {
    let parts: Vec<u64> = clock
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    match parts.as_slice() {
        &[hours, minutes, seconds] if hours < 1_000_000 => {
            Some(hours * 3_600 + minutes * 60 + seconds)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEGRADED: &str = "  pool: tank\n state: DEGRADED\n\
status: One or more devices has been removed by the administrator.\n\
\tSufficient replicas exist for the pool to continue.\n\
action: Online the device.\n  \
scan: resilver in progress since Sun Nov  1 10:00:00 2026\n\
\t1.2T / 2.4T scanned, 600G issued at 150M/s\n\
\t300G resilvered, 25.50% done, 01:02:03 to go\n\
config:\n\n\
\tNAME                                  STATE     READ WRITE CKSUM\n\
\ttank                                  DEGRADED     0     0     0\n\
\t  mirror-0                            DEGRADED     0     0     0\n\
\t    /dev/disk/by-id/ata-A-part1       ONLINE       0     0 1.50K\n\
\t    replacing-1                       DEGRADED     0     0     0\n\
\t      /dev/sdb1                       REMOVED      3     1     0  was /dev/sdb1\n\
\t      /dev/sdc1                       ONLINE       0     0     0  (resilvering)\n\
\tlogs\n\
\t  /dev/nvme0n1p2                      ONLINE       0     0     0\n\
\tspares\n\
\t  /dev/sdd                            AVAIL\n\n\
errors: 3 data errors, use '-v' for a list\n";

    #[test]
    fn the_tree_is_read_with_its_parents_roles_and_errors() {
        let pools = parse(DEGRADED);
        let [tank] = pools.as_slice() else {
            panic!("{pools:?}")
        };
        assert_eq!(tank.state, "DEGRADED");
        assert!(
            tank.message.contains("to continue. 3 data errors"),
            "{}",
            tank.message
        );
        let parts: Vec<_> = tank
            .devices
            .iter()
            .map(|device| {
                (
                    device.kind.as_str(),
                    device.parent.as_str(),
                    device.role.as_str(),
                )
            })
            .collect();
        let expected = [
            ("mirror", "", ""),
            ("disk", "mirror-0", ""),
            ("replacing", "mirror-0", ""),
            ("disk", "replacing-1", ""),
            ("disk", "replacing-1", ""),
            ("disk", "", "logs"),
            ("disk", "", "spares"),
        ];
        assert_eq!(parts, expected);
        assert_eq!(tank.checksum_errors, Some(1_500));
        assert_eq!((tank.read_errors, tank.write_errors), (Some(3), Some(1)));
        assert_eq!(tank.devices[3].message, "was /dev/sdb1");
        assert_eq!(tank.devices[6].state, "AVAIL");
        assert_eq!(tank.devices[6].read_errors, None);
    }

    #[test]
    fn a_running_scan_is_read_in_figures() {
        let scan = parse(DEGRADED).remove(0).scan_details.expect("a scan");
        assert_eq!(
            (scan.function.as_str(), scan.state.as_str()),
            ("resilver", "scanning")
        );
        assert_eq!(
            (scan.percentage, scan.seconds_remaining),
            (Some(25.5), Some(3_723))
        );
        let done = super::scan("scrub repaired 0B in 00:19:47 with 2 errors on Tue Aug 16");
        let done = done.expect("a scan");
        assert_eq!((done.state.as_str(), done.errors), ("finished", Some(2)));
        assert_eq!(super::scan("none requested"), None);
    }

    #[test]
    fn other_texts_hold_no_pool() {
        assert!(parse("no pools available\n").is_empty());
        assert!(parse("\u{fffd}\0").is_empty());
        let bare = parse("  pool: x\nconfig:\n   \n\tNAME\n\t  y\n");
        assert_eq!((bare.len(), bare[0].devices.len()), (1, 0));
    }

    #[test]
    fn captured_pools_read() {
        let Some(text) = crate::captures::read("zfs/jc/zpool-status-v.out") else {
            return;
        };
        let pools = parse(&text);
        assert_eq!(pools.len(), 3);
        assert_eq!(
            (pools[0].name.as_str(), pools[0].state.as_str()),
            ("zhgstera6", "ONLINE")
        );
        assert_eq!(pools[0].devices.len(), 1);
        let text = crate::captures::read("zfs/jc/zpool-status-v3.out").expect("beside the first");
        let tank = parse(&text).remove(0);
        assert_eq!(
            (tank.state.as_str(), tank.read_errors),
            ("UNAVAIL", Some(4))
        );
        assert!(!tank.message.contains("/tank/data"), "{}", tank.message);
    }
}
