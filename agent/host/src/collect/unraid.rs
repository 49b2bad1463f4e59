//! The Unraid array, from the files its own web interface is drawn from.

use std::time::Duration;

use pulse_protocol::report::host::{UnraidDisk, UnraidStorage};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::roots::read_text;
use crate::tools::Tool;

/// Limits of the question about the array.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 1024 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Unraid)
}

struct Unraid;

impl Collector for Unraid {
    fn name(&self) -> &'static str {
        "unraid"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let path = cx.roots.root.join("var/local/emhttp/disks.ini");
        let disks = disks(&read_text(&path, "an Unraid array")?);
        let told = Tool::find(cx.roots, "mdcmd").and_then(|tool| tool.text(&["status"], LIMITS));
        // The tool shows what the kernel keeps here.
        let told = told.or_else(|_| read_text(&cx.roots.proc.join("mdstat"), "an Unraid array"))?;
        let mut storage = array(&told).ok_or(Error::Format("the state of the array"))?;
        storage.disks = disks;
        Ok(Reading::new(move |report| {
            // Unraid sends disks to sleep itself and knows better than a question could tell.
            for disk in storage.disks.iter().filter(|disk| disk.spun_down) {
                let smart = report.sensors.smart.iter_mut();
                for smart in smart.filter(|smart| smart.device == disk.device) {
                    smart.standby = true;
                    smart.temperature = 0;
                }
            }
            report.unraid = Some(storage.clone());
        }))
    }
}

/// Reads `name=value` lines about the array.
fn array(text: &str) -> Option<UnraidStorage> {
    let value = |name: &str| {
        let found = text
            .lines()
            .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        found
            .map(|value| value.trim().trim_matches('"'))
            .unwrap_or_default()
    };
    let number = |name: &str| value(name).parse::<i64>().ok();
    let state = value("mdState").to_lowercase();
    let (size, position) = (number("mdResync"), number("mdResyncPos"));
    let progress = match (size, position) {
        (Some(size), Some(position)) if size > 0 => Some(position as f64 / size as f64 * 100.0),
        _ => None,
    };
    (!state.is_empty()).then(|| UnraidStorage {
        array_started: state == "started",
        array_state: value("mdState").to_owned(),
        sync_action: match progress {
            Some(_) => value("mdResyncAction").to_owned(),
            None => String::new(),
        },
        sync_progress: progress.map(|percent| percent.clamp(0.0, 100.0)),
        sync_errors: number("sbSyncErrs"),
        num_protected: number("mdNumProtected"),
        num_disabled: number("mdNumDisabled"),
        num_invalid: number("mdNumInvalid"),
        num_missing: number("mdNumMissing"),
        ..UnraidStorage::default()
    })
}

/// Reads sections `["disk1"]` of lines `name="value"`.
fn disks(text: &str) -> Vec<UnraidDisk> {
    let mut sections: Vec<Vec<(&str, &str)>> = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            sections.push(Vec::new());
        } else if let (Some(section), Some((name, value))) =
            (sections.last_mut(), line.split_once('='))
        {
            section.push((name.trim(), value.trim().trim_matches('"')));
        }
    }
    sections
        .iter()
        .filter_map(|section| disk(section))
        .collect()
}

fn disk(section: &[(&str, &str)]) -> Option<UnraidDisk> {
    let value = |name: &str| {
        let found = section.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value).unwrap_or_default()
    };
    let number = |name: &str| value(name).parse::<i64>().ok();
    let bytes = |name: &str| value(name).parse::<u64>().ok()?.checked_mul(1024);
    let (name, device, status) = (value("name"), value("device"), value("status"));
    // A slot nothing was ever put into.
    if name.is_empty() || (device.is_empty() && (status == "DISK_NP" || status.is_empty())) {
        return None;
    }
    let (model, serial) = value("id").rsplit_once('_').unwrap_or((value("id"), ""));
    let is_asleep = value("spundown") == "1" || value("color").ends_with("-blink");
    Some(UnraidDisk {
        name: name.to_owned(),
        device: device.to_owned(),
        role: value("type").to_lowercase(),
        status: folded(status).to_owned(),
        raw_status: status.to_owned(),
        model: model.replace('_', " "),
        serial: serial.to_owned(),
        filesystem: value("fsType").to_owned(),
        transport: value("transport").to_owned(),
        size_bytes: bytes("size").filter(|size| *size > 0),
        used_bytes: bytes("fsUsed"),
        free_bytes: bytes("fsFree"),
        temperature: number("temp").filter(|degrees| !is_asleep && (1..150).contains(degrees)),
        spun_down: is_asleep,
        read_count: number("numReads"),
        write_count: number("numWrites"),
        error_count: number("numErrors"),
        slot: number("idx"),
    })
}

fn folded(status: &str) -> &'static str {
    match status {
        "DISK_OK" => "online",
        "DISK_NEW" => "new",
        "DISK_WRONG" => "wrong",
        "DISK_INVALID" => "invalid",
        _ if status.starts_with("DISK_NP") => "missing",
        _ if status.starts_with("DISK_DSBL") => "disabled",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISKS: &str = "[\"parity\"]\nidx=\"0\"\nname=\"parity\"\ndevice=\"sdb\"\n\
        id=\"WDC_WD80EFAX-68LHPN0_7SGABC\"\ntransport=\"ata\"\nsize=\"7814026532\"\nstatus=\"DISK_OK\"\n\
        temp=\"*\"\nnumReads=\"10\"\nnumWrites=\"20\"\nnumErrors=\"0\"\ntype=\"Parity\"\nspundown=\"1\"\n\
        [\"disk1\"]\nidx=\"1\"\nname=\"disk1\"\ndevice=\"sdc\"\nstatus=\"DISK_DSBL\"\ntemp=\"33\"\n\
        type=\"Data\"\nfsType=\"xfs\"\nfsUsed=\"100\"\nfsFree=\"50\"\n\
        [\"disk2\"]\nidx=\"2\"\nname=\"disk2\"\ndevice=\"\"\nstatus=\"DISK_NP\"\n\
        [\"disk3\"]\nname=\"disk3\"\ndevice=\"\"\nstatus=\"DISK_NP_DSBL\"\n";

    #[test]
    fn disks_are_read_with_their_state_and_empty_slots_are_not() {
        let disks = disks(DISKS);
        let names: Vec<_> = disks
            .iter()
            .map(|disk| (disk.name.as_str(), disk.status.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("parity", "online"),
                ("disk1", "disabled"),
                ("disk3", "missing")
            ]
        );
        let parity = &disks[0];
        assert!(parity.spun_down && parity.temperature.is_none());
        assert_eq!(
            (parity.model.as_str(), parity.serial.as_str()),
            ("WDC WD80EFAX-68LHPN0", "7SGABC")
        );
        assert_eq!(
            (disks[1].used_bytes, disks[1].temperature),
            (Some(102_400), Some(33))
        );
    }

    #[test]
    fn the_array_tells_its_state_and_how_far_a_check_is() {
        let array = array(
            "mdState=STARTED\nmdNumDisabled=1\nmdNumInvalid=0\nmdNumMissing=0\nmdResync=1000\n\
             mdResyncPos=250\nmdResyncAction=check P\nsbSyncErrs=2\n",
        )
        .expect("an array");
        assert!(array.array_started);
        assert_eq!(
            (array.sync_progress, array.sync_action.as_str()),
            (Some(25.0), "check P")
        );
        assert_eq!((array.num_disabled, array.sync_errors), (Some(1), Some(2)));
        let idle = super::array("mdState=STOPPED\nmdResync=0\nmdResyncAction=check P\n");
        let idle = idle.expect("an array");
        assert_eq!(super::array("\u{fffd}"), None);
        assert_eq!((idle.array_started, idle.sync_progress), (false, None));
        assert_eq!(idle.sync_action, "");
    }
}
