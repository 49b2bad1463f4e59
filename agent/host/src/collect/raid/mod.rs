//! Linux software RAID, from `/proc/mdstat` and the arrays' own files.
//!
//! Where the kernel does not tell an array's id, `mdadm` is asked once: it reads the members, which
//! would wake them from sleep every time.

mod detail;
mod mdstat;

use std::collections::BTreeMap;
use std::time::Duration;

use pulse_protocol::report::host::RaidArray;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::roots::{Roots, read_line};
use crate::tools::Tool;
use detail::Detail;

/// Limits of the question about one array.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 64 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Raid::default())
}

/// What `mdadm` said, by device; nothing where it was asked in vain.
#[derive(Default)]
struct Raid {
    details: BTreeMap<String, Option<Detail>>,
}

impl Collector for Raid {
    fn name(&self) -> &'static str {
        "raid"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let text = crate::roots::read_text(&cx.roots.proc.join("mdstat"), "software RAID")?;
        let mut arrays = mdstat::parse(&text);
        if arrays.is_empty() {
            return Err(Error::Absent("software RAID"));
        }
        self.details
            .retain(|device, _| arrays.iter().any(|array| array.device == *device));
        // One a report: a question may take long, and none of this is urgent.
        let unknown = arrays
            .iter()
            .find(|array| !self.details.contains_key(&array.device));
        if let Some(array) = unknown {
            let detail = ask(cx.roots, array);
            self.details.insert(array.device.clone(), detail);
        }
        for array in &mut arrays {
            if let Some(Some(detail)) = self.details.get(&array.device) {
                detail.add_to(array);
            }
        }
        Ok(Reading::new(move |report| report.raid.clone_from(&arrays)))
    }
}

fn ask(roots: &Roots, array: &RaidArray) -> Option<Detail> {
    let name = array.device.trim_start_matches("/dev/");
    let uuid = read_line(&roots.sys.join("block").join(name).join("md/uuid"));
    if let Some(uuid) = uuid {
        return Some(Detail {
            uuid,
            ..Detail::default()
        });
    }
    let mdadm = Tool::find(roots, "mdadm").ok()?;
    let text = mdadm.text(&["--detail", &array.device], LIMITS).ok()?;
    Some(detail::parse(&text))
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use pulse_protocol::Time;
    use pulse_protocol::report::host::HostReport;

    use super::*;
    use crate::collector::{Pause, Settings};
    use crate::hwmon::tests::write;
    use crate::tools::tests::plant;

    #[test]
    fn mdadm_is_asked_once_for_what_the_kernel_does_not_tell() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        let mdstat = "md0 : active raid1 sdb1[1] sda1[0]\n  8 blocks [2/2] [UU]\n";
        write(&roots.proc.join("mdstat"), mdstat);
        let asked = root.path().join("asked");
        let script = format!(
            "echo x >> {}; echo ' UUID : ab:cd'; echo ' Name : nas:0  (local)'",
            asked.display()
        );
        plant(&roots, "mdadm", &script);
        let settings = Settings::default();
        let cx = Context {
            roots: &roots,
            settings: &settings,
            now: Time::UNIX_EPOCH,
            deadline: Instant::now() + LIMITS.time,
            pause: &Pause::default(),
        };
        let mut raid = Raid::default();
        let mut report = HostReport::default();
        for _ in 0..3 {
            raid.collect(&cx).expect("an array").fill(&mut report);
        }
        assert_eq!(report.raid[0].uuid, "ab:cd");
        assert_eq!(report.raid[0].name, "nas:0");
        assert_eq!(std::fs::read_to_string(asked).expect("a log"), "x\n");
    }
}
