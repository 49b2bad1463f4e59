//! Reads `/proc/mdstat`.
//!
//! An array is a line `md0 : active raid1 sdb1[1] sda1[0](F)` and the indented lines below it: its
//! size with `[wanted/working]`, and perhaps the progress of a rebuild.

use pulse_protocol::report::host::{RaidArray, RaidDevice, RaidDeviceState};

/// Returns the arrays in the order of the text.
pub(super) fn parse(text: &str) -> Vec<RaidArray> {
    let mut arrays: Vec<Found> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_ascii_whitespace()) {
            if let Some(found) = arrays.last_mut() {
                found.add_detail(line);
            }
        } else if let Some(found) = Found::parse(line) {
            arrays.push(found);
        }
    }
    arrays.into_iter().map(Found::finish).collect()
}

/// An array as far as its lines were read.
struct Found {
    array: RaidArray,
    is_active: bool,
    /// Devices the array wants and has working, where the level has a notion of it.
    wanted: Option<(i64, i64)>,
}

impl Found {
    fn parse(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once(" : ")?;
        let mut words = rest.split_ascii_whitespace().peekable();
        let is_active = match words.next()? {
            "active" => true,
            "inactive" => false,
            _ => return None,
        };
        while words.next_if(|word| word.starts_with('(')).is_some() {}
        // An inactive array may have no level: its first word is a device then.
        let level = words
            .next_if(|word| !word.contains('['))
            .unwrap_or_default();
        let array = RaidArray {
            device: format!("/dev/{}", name.trim()),
            name: name.trim().to_owned(),
            level: level.to_owned(),
            devices: words.filter_map(parse_device).collect(),
            ..RaidArray::default()
        };
        Some(Self {
            array,
            is_active,
            wanted: None,
        })
    }

    fn add_detail(&mut self, line: &str) {
        if let Some(counts) = line.split_ascii_whitespace().find_map(parse_counts) {
            self.wanted = Some(counts);
        }
        for operation in ["recovery", "resync", "check", "reshape"] {
            let Some((_, rest)) = line.split_once(operation) else {
                continue;
            };
            let Some(rest) = rest.trim_start().strip_prefix('=') else {
                continue;
            };
            self.array.operation = operation.to_owned();
            let percent = rest
                .trim_start()
                .split_once('%')
                .and_then(|(p, _)| p.parse().ok());
            self.array.rebuild_percent = percent.unwrap_or(0.0);
            let speed = line
                .split_ascii_whitespace()
                .find_map(|word| word.strip_prefix("speed="));
            self.array.rebuild_speed = speed.unwrap_or_default().to_owned();
        }
    }

    fn finish(self) -> RaidArray {
        let Self {
            mut array,
            is_active,
            wanted,
        } = self;
        let count = |state| {
            array
                .devices
                .iter()
                .filter(|device| device.state == state)
                .count()
        };
        let [active, spare, failed] = [
            RaidDeviceState::Active,
            RaidDeviceState::Spare,
            RaidDeviceState::Faulty,
        ]
        .map(|state| i64::try_from(count(state)).unwrap_or(i64::MAX));
        let (slots, working) = wanted.unwrap_or((active, active));
        for device in &mut array.devices {
            // Numbers past the slots belong to spares and to replaced members.
            if device.state != RaidDeviceState::Active || device.slot >= slots {
                device.slot = -1;
            }
        }
        array.total_devices = slots;
        array.active_devices = if is_active { working } else { 0 };
        array.working_devices = array.active_devices + spare;
        array.failed_devices = failed;
        array.spare_devices = spare;
        array.state = state(is_active, slots > working, &array.operation);
        array
    }
}

/// Words the state as the tools of the kernel do.
fn state(is_active: bool, is_degraded: bool, operation: &str) -> String {
    if !is_active {
        return "inactive".to_owned();
    }
    let activity = match operation {
        "recovery" => ", recovering",
        "resync" => ", resyncing",
        "check" => ", checking",
        "reshape" => ", reshaping",
        _ => "",
    };
    format!(
        "clean{}{activity}",
        if is_degraded { ", degraded" } else { "" }
    )
}

/// `sda1[0]`, `sdb1[2](F)`, `sdc1[3](S)`.
fn parse_device(word: &str) -> Option<RaidDevice> {
    let (name, rest) = word.split_once('[')?;
    let (number, flags) = rest.split_once(']')?;
    let state = if flags.contains("(F)") {
        RaidDeviceState::Faulty
    } else if flags.contains("(S)") {
        RaidDeviceState::Spare
    } else {
        RaidDeviceState::Active
    };
    Some(RaidDevice {
        device: format!("/dev/{name}"),
        state,
        slot: number.parse().ok()?,
    })
}

/// `[4/3]`: wanted and working.
fn parse_counts(word: &str) -> Option<(i64, i64)> {
    let (wanted, working) = word.strip_prefix('[')?.strip_suffix(']')?.split_once('/')?;
    Some((wanted.parse().ok()?, working.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> RaidArray {
        let mut arrays = parse(text);
        assert_eq!(arrays.len(), 1);
        arrays.remove(0)
    }

    #[test]
    fn a_degraded_mirror_that_recovers_says_so() {
        let array = one("Personalities : [raid1]\n\
            md6 : active raid1 sdb2[2](F) sdc[1](S) sda2[0]\n      \
            195310144 blocks [2/1] [U_]\n      \
            [=>......]  recovery =  8.5% (16775552/195310144) finish=17.0min speed=259783K/sec\n\n\
            unused devices: <none>\n");
        assert_eq!(array.device, "/dev/md6");
        assert_eq!(array.state, "clean, degraded, recovering");
        assert_eq!((array.total_devices, array.active_devices), (2, 1));
        assert_eq!(
            (
                array.working_devices,
                array.failed_devices,
                array.spare_devices
            ),
            (2, 1, 1)
        );
        assert_eq!(array.operation, "recovery");
        assert_eq!(
            (array.rebuild_percent, array.rebuild_speed.as_str()),
            (8.5, "259783K/sec")
        );
        let slots: Vec<_> = array.devices.iter().map(|device| device.slot).collect();
        assert_eq!(slots, [-1, -1, 0]);
    }

    #[test]
    fn a_striped_set_has_no_redundancy_to_lose() {
        let array =
            one("md12 : active raid0 sdc2[0] sdd2[1]\n      3886394368 blocks 512k chunks\n");
        assert_eq!((array.state.as_str(), array.total_devices), ("clean", 2));
    }

    #[test]
    fn an_inactive_array_has_nothing_active() {
        let array = one("md219 : inactive sdb[2](S) sdc[1](S) sda[0](S)\n  7932 blocks\n");
        assert_eq!(
            (array.state.as_str(), array.level.as_str()),
            ("inactive", "")
        );
        assert_eq!((array.active_devices, array.spare_devices), (0, 3));
    }

    #[test]
    fn a_waiting_rebuild_is_no_progress() {
        let array = one(
            "md9 : active raid1 sdc2[0] sdd2[1]\n 523968 blocks [2/2] [UU]\n  resync=DELAYED\n",
        );
        assert_eq!(array.rebuild_percent, 0.0);
        assert_eq!(array.operation, "resync");
    }

    #[test]
    fn other_texts_hold_no_array() {
        for text in [
            "",
            "Personalities : \nunused devices: <none>\n",
            "md0 : \n",
            " [2/1]\n",
        ] {
            assert!(parse(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/mdstat") else {
            return;
        };
        let arrays = parse(&text);
        assert_eq!(arrays.len(), 17);
        let md7 = arrays
            .iter()
            .find(|array| array.name == "md7")
            .expect("md7");
        assert_eq!(
            (md7.level.as_str(), md7.total_devices, md7.active_devices),
            ("raid6", 4, 3)
        );
        assert_eq!(md7.state, "clean, degraded");
        let md101 = arrays
            .iter()
            .find(|array| array.name == "md101")
            .expect("md101");
        assert_eq!((md101.level.as_str(), md101.devices.len()), ("raid0", 3));
    }
}
