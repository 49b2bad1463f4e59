//! Which disks to ask, and what to ask them with.

use serde_json::Value;

use super::LIMITS;
use crate::block::PhysicalDisk;
use crate::tools::Tool;

/// What `smartctl` is told to end with when the disk sleeps. No other end looks like it: the command
/// line cannot be wrong and the disk refuse to open at once.
pub(super) const ASLEEP: i32 = 3;
/// That word, for the command line.
const UNLESS_ASLEEP: &str = "standby,3";

/// Members of controllers beyond this are not asked.
const MEMBERS: usize = 256;

/// A disk `smartctl` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Name without `/dev/`.
    name: String,
    /// How to speak to it: `sat`, `nvme`, `megaraid,7`.
    kind: String,
}

/// A disk to ask.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) disk: PhysicalDisk,
    /// Which disk behind a controller it is, such as `megaraid,7`; empty for one that stands alone.
    pub(super) member: String,
    path: String,
}

impl Target {
    pub(super) fn key(&self) -> (String, String) {
        (self.disk.name.clone(), self.member.clone())
    }

    /// Names the disk in sentences.
    pub(super) fn name(&self) -> String {
        match self.member.as_str() {
            "" => self.disk.name.clone(),
            member => format!("{} ({member})", self.disk.name),
        }
    }

    /// What the operator may name it by, besides its device.
    pub(super) fn names(&self) -> [&str; 3] {
        [&self.member, &self.disk.serial, &self.disk.wwn]
    }

    pub(super) fn is_card(&self) -> bool {
        self.disk.name.starts_with("mmcblk")
    }

    /// Tells whether it can be asleep: what does not turn has nothing to spin up.
    pub(super) fn can_sleep(&self) -> bool {
        self.disk.is_rotational && !self.disk.name.starts_with("nvme")
    }

    /// Returns the arguments that ask it; `only_state` leaves its counters alone.
    pub(super) fn arguments(&self, only_state: bool) -> Vec<&str> {
        let mut arguments = Vec::new();
        if !self.member.is_empty() {
            arguments.extend(["-d", self.member.as_str()]);
        }
        if self.can_sleep() {
            arguments.extend(["-n", UNLESS_ASLEEP]);
        }
        arguments.push("-i");
        if !(only_state && self.can_sleep()) {
            arguments.extend(["-A", "-H"]);
        }
        arguments.push(&self.path);
        arguments
    }
}

/// Has `smartctl` look for disks; without it, those of the kernel are asked.
pub(super) fn scan(tool: &Tool) -> Vec<Scanned> {
    let answer = tool.json(&["--json=c", "--scan"], LIMITS, "a list of disks");
    answer.map(|answer| parse(&answer)).unwrap_or_default()
}

fn parse(answer: &Value) -> Vec<Scanned> {
    let devices = answer["devices"].as_array().map(Vec::as_slice);
    let devices = devices.unwrap_or_default().iter();
    let scanned = devices.filter_map(|device| {
        let name = device["name"].as_str()?;
        Some(Scanned {
            name: name.strip_prefix("/dev/").unwrap_or(name).to_owned(),
            kind: device["type"].as_str().unwrap_or_default().to_owned(),
        })
    });
    scanned.take(MEMBERS).collect()
}

/// Returns what to ask: the kernel's disks, or those found where the kernel tells of none, and the
/// members behind controllers.
pub(super) fn targets(
    disks: Vec<PhysicalDisk>,
    scanned: Vec<Scanned>,
    is_excluded: impl Fn(&Target) -> bool,
) -> Vec<Target> {
    let has_list = !disks.is_empty();
    let mut targets: Vec<Target> = disks.into_iter().map(alone).collect();
    for Scanned { name, kind } in scanned {
        let is_member = kind.contains(',') && !kind.starts_with("usb");
        if !is_member && has_list {
            continue;
        }
        let disk = PhysicalDisk {
            is_rotational: kind != "nvme",
            name,
            ..PhysicalDisk::default()
        };
        let mut target = alone(disk);
        if is_member {
            target.member = kind;
        }
        targets.push(target);
    }
    targets.retain(|target| !is_excluded(target));
    targets
}

fn alone(disk: PhysicalDisk) -> Target {
    Target {
        path: format!("/dev/{}", disk.name),
        disk,
        member: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(name: &str, is_rotational: bool) -> PhysicalDisk {
        PhysicalDisk {
            name: name.to_owned(),
            is_rotational,
            ..PhysicalDisk::default()
        }
    }

    #[test]
    fn members_of_controllers_are_asked_beside_the_kernels_disks() {
        let answer = serde_json::json!({"devices": [
            {"name": "/dev/sda", "type": "scsi"},
            {"name": "/dev/bus/0", "type": "megaraid,7"},
            {"name": "/dev/sdz", "type": "sat"},
            {"type": "sat"},
        ]});
        let targets = targets(vec![disk("sda", true)], parse(&answer), |_| false);
        let names: Vec<_> = targets.iter().map(Target::name).collect();
        assert_eq!(names, ["sda", "bus/0 (megaraid,7)"]);
        assert_eq!(
            targets[1].arguments(false),
            [
                "-d",
                "megaraid,7",
                "-n",
                "standby,3",
                "-i",
                "-A",
                "-H",
                "/dev/bus/0"
            ]
        );
    }

    #[test]
    fn where_the_kernel_has_no_list_the_scan_is_one() {
        let answer = serde_json::json!({"devices": [{"name": "/dev/ada0", "type": "atacam"}]});
        let found = targets(Vec::new(), parse(&answer), |_| false);
        assert_eq!(found[0].name(), "ada0");
        assert!(targets(Vec::new(), parse(&answer), |_| true).is_empty());
        assert!(parse(&serde_json::json!({"devices": 7})).is_empty());
    }

    #[test]
    fn only_what_turns_is_looked_at_with_care() {
        let target = alone(disk("sda", true));
        assert_eq!(
            target.arguments(true),
            ["-n", "standby,3", "-i", "/dev/sda"]
        );
        let target = alone(disk("sdb", false));
        assert_eq!(target.arguments(true), ["-i", "-A", "-H", "/dev/sdb"]);
    }
}
