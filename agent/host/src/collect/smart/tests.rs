//! An invented `smartctl`, and what the collector makes of what it says.

use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::{Availability, SmartHealth};

use super::*;
use crate::block::tests::plant as plant_disk;
use crate::collector::{Pause, Settings};
use crate::hwmon::tests::write;
use crate::roots::Roots;
use crate::tools::tests::plant as plant_tool;

const HEALTHY: &str = r#"{"device":{"protocol":"ATA"},"model_name":"ST4000","serial_number":"ZGY0",
    "smart_status":{"passed":true},"temperature":{"current":31},"power_on_time":{"hours":100}}"#;

struct Machine {
    directory: tempfile::TempDir,
    roots: Roots,
    settings: Settings,
    collector: Smart,
}

impl Machine {
    fn with_disks(names: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(directory.path());
        for name in names {
            plant_disk(&roots, name, &[("device/model", "ST4000\n")], &[]);
        }
        Self {
            directory,
            roots,
            settings: Settings::default(),
            collector: Smart::default(),
        }
    }

    /// Plants a `smartctl` that answers a scan with nothing and everything else with `script`.
    fn smartctl(&self, script: &str) {
        let asked = self.directory.path().join("asked");
        let script = format!(
            "case \"$*\" in *--scan*) echo '{{}}'; exit 0;; esac\necho \"$*\" >> {}\n{script}",
            asked.display()
        );
        plant_tool(&self.roots, "smartctl", &script);
    }

    fn asked(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("asked")).unwrap_or_default()
    }

    fn counters(&self, text: &str) {
        write(&self.roots.proc.join("diskstats"), text);
    }

    fn collect(&mut self) -> Result<(HostReport, String), Error> {
        let cx = Context {
            roots: &self.roots,
            settings: &self.settings,
            now: Time::UNIX_EPOCH,
            deadline: Instant::now() + Duration::from_secs(60),
            pause: &Pause::default(),
        };
        let reading = self.collector.collect(&cx)?;
        let mut report = HostReport::default();
        reading.fill(&mut report);
        Ok((report, reading.remark().to_owned()))
    }

    fn disk(&mut self) -> DiskSmart {
        let (mut report, _) = self.collect().expect("disks");
        report.sensors.smart.remove(0)
    }
}

#[test]
fn a_sleeping_disk_stays_asleep_and_keeps_what_was_known() {
    let mut machine = Machine::with_disks(&["sda"]);
    machine.smartctl(&format!("cat <<'E'\n{HEALTHY}\nE"));
    let awake = machine.disk();
    assert_eq!((awake.temperature, awake.standby), (31, false));

    machine.smartctl("exit 3");
    let asleep = machine.disk();
    assert!(asleep.standby && asleep.temperature == 0);
    assert_eq!(asleep.serial, "ZGY0");
    assert_eq!(asleep.health, SmartHealth::Passed);
    assert!(asleep.attributes.is_some());
    let collection = asleep.collection.expect("states");
    assert_eq!(collection.temperature.reason, "the disk sleeps");
    assert!(
        machine
            .asked()
            .lines()
            .all(|line| line.contains("-n standby,3"))
    );
}

#[test]
fn a_disk_never_seen_awake_is_shown_with_what_the_kernel_knows() {
    let mut machine = Machine::with_disks(&["sda"]);
    machine.smartctl("exit 3");
    let disk = machine.disk();
    assert_eq!(
        (disk.model.as_str(), disk.size_bytes),
        ("ST4000", Some(1024 * 1024))
    );
    assert_eq!((disk.health, disk.standby), (SmartHealth::NotStated, true));
}

#[test]
fn an_idle_disk_is_not_kept_awake_by_reading_its_counters() {
    let mut machine = Machine::with_disks(&["sda"]);
    machine.smartctl(&format!("cat <<'E'\n{HEALTHY}\nE"));
    machine.counters("8 0 sda 10 1 100 7 20 2 200 9 3 55 66\n");
    machine.disk();
    machine.smartctl("echo '{\"serial_number\": \"ZGY0\"}'");
    let disk = machine.disk();
    assert_eq!(disk.temperature, 31, "as it was");
    machine.smartctl(&format!("cat <<'E'\n{HEALTHY}\nE"));
    machine.counters("8 0 sda 11 1 108 7 20 2 200 9 3 55 66\n");
    machine.disk();
    let asked = machine.asked();
    let whole: Vec<_> = asked.lines().map(|line| line.contains("-A -H")).collect();
    assert_eq!(whole, [true, false, true]);
}

#[test]
fn a_disk_that_cannot_be_read_is_named_and_the_others_are_shown() {
    let mut machine = Machine::with_disks(&["sda", "sdb"]);
    machine.smartctl(&format!(
        "case \"$*\" in *sdb) printf '\\377\\000{{'; exit 2;; esac\ncat <<'E'\n{HEALTHY}\nE"
    ));
    let (report, remark) = machine.collect().expect("disks");
    assert_eq!(
        remark,
        "1 of 2 disks cannot be read: sdb: smartctl ended with 2 and said nothing of use"
    );
    let [sda, sdb] = report.sensors.smart.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(sda.health, SmartHealth::Passed);
    assert_eq!(sdb.health, SmartHealth::NotStated);
    let collection = sdb.collection.as_ref().expect("states");
    assert_eq!(collection.temperature.state, Availability::Unavailable);
}

#[test]
fn a_disk_that_made_the_tool_hang_or_chatter_costs_its_own_part() {
    let mut machine = Machine::with_disks(&["sda"]);
    machine.smartctl("yes '{'");
    let (_, remark) = machine.collect().expect("disks");
    assert!(remark.contains("wrote more than 1048576 bytes"), "{remark}");
    let disk = scan::targets(block::disks(&machine.roots), Vec::new(), |_| false).remove(0);
    let hung = Known::after(None, &disk, Look::Hung("no answer".to_owned()), None);
    assert!(hung.is_resting());
}

#[test]
fn an_excluded_disk_is_not_asked() {
    let mut machine = Machine::with_disks(&["sdb"]);
    plant_disk(&machine.roots, "sda", &[], &["ata-OLD_DISK"]);
    machine.settings.disk_exclude = vec!["ata-OLD*".to_owned()];
    machine.smartctl(&format!("cat <<'E'\n{HEALTHY}\nE"));
    let (report, _) = machine.collect().expect("disks");
    assert_eq!(report.sensors.smart.len(), 1);
    assert!(!machine.asked().contains("sda"));
    machine.settings.disk_exclude = vec!["sd*".to_owned()];
    assert!(matches!(machine.collect(), Err(Error::Absent(_))));
}

#[test]
fn without_smartctl_disks_are_listed_and_the_reason_is_said() {
    let mut machine = Machine::with_disks(&["sda"]);
    let (report, remark) = machine.collect().expect("disks");
    assert!(remark.starts_with("smartctl is not installed"), "{remark}");
    let disk = &report.sensors.smart[0];
    let collection = disk.collection.as_ref().expect("states");
    assert_eq!(collection.temperature.state, Availability::Unsupported);
    assert!(matches!(
        Machine::with_disks(&[]).collect(),
        Err(Error::Absent(_))
    ));
}

#[test]
fn a_smartctl_without_json_is_read_as_text() {
    let mut machine = Machine::with_disks(&["sda"]);
    machine.smartctl(
        "case \"$*\" in *json*) echo 'UNRECOGNIZED OPTION: json'; exit 1;; esac\n\
         echo 'SMART overall-health self-assessment test result: FAILED!'; exit 8",
    );
    assert_eq!(machine.disk().health, SmartHealth::Failed);
}

#[test]
fn a_volume_gives_way_to_the_disks_behind_its_controller() {
    let mut machine = Machine::with_disks(&[]);
    let card = machine
        .directory
        .path()
        .join("sys/devices/pci0000:00/0000:00:1f.0");
    write(&card.join("host0/0:2:0:0/model"), "MR9271\n");
    let driver = machine.directory.path().join("sys/bus/megaraid_sas");
    write(&driver.join("x"), "");
    std::os::unix::fs::symlink(&driver, card.join("driver")).expect("a link");
    write(&machine.roots.sys.join("block/sda/size"), "8\n");
    let seat = machine.roots.sys.join("block/sda/device");
    std::os::unix::fs::symlink(card.join("host0/0:2:0:0"), seat).expect("a link");
    plant_tool(
        &machine.roots,
        "smartctl",
        &format!(
            "case \"$*\" in\n*--scan*) echo '{{\"devices\": [{{\"name\": \"/dev/bus/0\", \"type\": \
             \"megaraid,7\"}}]}}';;\n*megaraid,7*) cat <<'E'\n{HEALTHY}\nE\n;;\n*) echo \
             '{{\"smart_support\": {{\"available\": false}}}}'; exit 2;;\nesac"
        ),
    );
    let (report, _) = machine.collect().expect("disks");
    let [disk] = report.sensors.smart.as_slice() else {
        panic!("{:?}", report.sensors.smart)
    };
    assert_eq!(
        (disk.target.as_str(), disk.controller.as_str()),
        ("megaraid,7", "megaraid")
    );
    assert_eq!(disk.health, SmartHealth::Passed);
}
