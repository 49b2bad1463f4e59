//! Fan speeds, from the kernel's sensor chips.

use std::collections::BTreeMap;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::hwmon::{self, Chip};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Fans)
}

struct Fans;

impl Collector for Fans {
    fn name(&self) -> &'static str {
        "fans"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let speeds = speeds(&hwmon::chips(&cx.roots.sys));
        if speeds.is_empty() {
            return Err(Error::Absent("fan sensors"));
        }
        Ok(Reading::new(move |report| {
            report.sensors.fan_rpm.clone_from(&speeds)
        }))
    }
}

/// A fan that stands still says 0, which is a speed; one that cannot be read is left out.
fn speeds(chips: &[Chip]) -> BTreeMap<String, f64> {
    let mut speeds = BTreeMap::new();
    for chip in chips {
        for fan in chip
            .inputs("fan", "input")
            .into_iter()
            .filter(|fan| fan.value >= 0.0)
        {
            hwmon::insert_apart(&mut speeds, hwmon::key(&chip.name, &fan.label), fan.value);
        }
    }
    speeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hwmon::tests::plant;

    #[test]
    fn fans_are_named_after_chip_and_label_and_never_collide() {
        let sys = tempfile::tempdir().expect("a directory");
        let board = [
            ("name", "nct6779"),
            ("fan1_input", "850"),
            ("fan2_input", "0"),
            ("fan2_label", "Rear Fan"),
            ("fan3_input", "-1"),
        ];
        plant(sys.path(), 0, "nct6775.656", &board);
        plant(
            sys.path(),
            1,
            "nct6775.672",
            &[("name", "nct6779"), ("fan1_input", "1200")],
        );
        let speeds = speeds(&hwmon::chips(sys.path()));
        let expected = [
            ("nct6779_fan1", 850.0),
            ("nct6779_fan1_2", 1200.0),
            ("nct6779_rear_fan", 0.0),
        ];
        let speeds: Vec<_> = speeds
            .iter()
            .map(|(key, rpm)| (key.as_str(), *rpm))
            .collect();
        assert_eq!(speeds, expected);
    }
    #[cfg(unix)]
    #[test]
    fn a_captured_machine_reads() {
        let Some(json) = crate::captures::read("sensors/node_exporter_sys_hwmon.json") else {
            return;
        };
        let root = tempfile::tempdir().expect("a directory");
        crate::hwmon::tests::plant_capture(root.path(), &json);
        let speeds: Vec<_> = speeds(&hwmon::chips(&root.path().join("sys")))
            .into_iter()
            .collect();
        let expected = [
            ("applesmc_left_side".to_owned(), 0.0),
            ("applesmc_right_side".to_owned(), 1998.0),
            ("nct6779_fan2".to_owned(), 1098.0),
        ];
        assert_eq!(speeds, expected);
    }
}
