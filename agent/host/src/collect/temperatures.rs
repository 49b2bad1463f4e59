//! Temperatures, from the kernel's sensor chips and thermal zones.
//!
//! Dashboards and alerts look for a few fixed keys: `cpu_package`, `cpu_core_<n>`, `nvme<n>`,
//! `acpi_tz<n>` and graphics cards by chip and label. Everything else is named after chip and
//! label and travels under `additional`.

use std::collections::BTreeMap;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Temperatures)
}

struct Temperatures;

impl Collector for Temperatures {
    fn name(&self) -> &'static str {
        "temperatures"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let found = read(cx);
        if found.main.is_empty() && found.additional.is_empty() {
            return Err(Error::Absent("temperature sensors"));
        }
        Ok(Reading::new(move |report| {
            let sensors = &mut report.sensors;
            sensors.temperature_celsius.extend(found.main.clone());
            sensors.additional.extend(found.additional.clone());
        }))
    }
}

/// Temperatures by key, in degrees Celsius.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) main: BTreeMap<String, f64>,
    pub(crate) additional: BTreeMap<String, f64>,
}

#[cfg(not(target_os = "linux"))]
fn read(_cx: &Context<'_>) -> Found {
    crate::portable::temperatures()
}

#[cfg(target_os = "linux")]
fn read(cx: &Context<'_>) -> Found {
    linux::read(&cx.roots.sys)
}

mod linux {
    use std::fs;
    use std::path::Path;

    use super::Found;
    use crate::hwmon::{self, Chip, Input, insert_apart, key};
    use crate::roots::{read_line, read_number};

    /// What the chips say of the processor, from best to worst.
    #[derive(Default)]
    struct Processor {
        sockets: Vec<f64>,
        cores: Vec<f64>,
        /// Board sensors near it, and firmware zones.
        nearby: Vec<f64>,
    }

    pub(super) fn read(sys: &Path) -> Found {
        let mut found = Found::default();
        let mut processor = Processor::default();
        let chips = hwmon::chips(sys);
        for chip in &chips {
            add_chip(chip, &mut found, &mut processor);
        }
        if processor.sockets.is_empty() {
            add_zones(sys, &mut found, &mut processor, chips.is_empty());
        }
        let readings = [&processor.sockets, &processor.cores, &processor.nearby];
        let best = readings.into_iter().find(|readings| !readings.is_empty());
        if let Some(hottest) = best.and_then(|readings| readings.iter().copied().reduce(f64::max)) {
            found.main.insert("cpu_package".to_owned(), hottest);
        }
        found
    }

    fn add_chip(chip: &Chip, found: &mut Found, processor: &mut Processor) {
        let inputs = chip.inputs("temp", "input");
        let inputs = inputs
            .into_iter()
            .filter_map(|Input { label, value }| Some((label, celsius(value)?)));
        match chip.name.as_str() {
            // Asking a sleeping disk for its temperature may keep it from sleeping.
            "drivetemp" => {}
            "coretemp" => add_intel(inputs.collect(), found, processor),
            "k10temp" | "zenpower" | "k8temp" => add_amd(&chip.name, inputs, found, processor),
            "cpu_thermal" | "soc_thermal" | "rpitemp" => {
                processor.sockets.extend(inputs.map(|(_, value)| value));
            }
            "acpitz" => {
                for (_, value) in inputs {
                    processor.nearby.push(value);
                    add_zone_of_firmware(value, found);
                }
            }
            "nvme" => add_nvme(&chip.device, inputs, found),
            "amdgpu" | "radeon" | "nouveau" | "i915" | "xe" => {
                for (label, value) in inputs {
                    insert_apart(&mut found.main, key(&chip.name, &label), value);
                }
            }
            name => {
                for (label, value) in inputs {
                    if label.to_lowercase().contains("cpu") {
                        processor.nearby.push(value);
                    }
                    insert_apart(&mut found.additional, key(name, &label), value);
                }
            }
        }
    }

    /// One chip per socket, with the package's and each core's temperature.
    fn add_intel(inputs: Vec<(String, f64)>, found: &mut Found, processor: &mut Processor) {
        let is_package =
            |label: &str| label.starts_with("Package id") || label.starts_with("Physical id");
        let socket = found
            .main
            .keys()
            .filter(|key| key.ends_with("_core_0"))
            .count();
        let prefix = if socket == 0 {
            "cpu".to_owned()
        } else {
            format!("cpu{socket}")
        };
        for (label, value) in inputs {
            if is_package(&label) {
                processor.sockets.push(value);
                if socket > 0 {
                    insert_apart(&mut found.main, format!("{prefix}_package"), value);
                }
            } else if let Some(core) = label.strip_prefix("Core ") {
                processor.cores.push(value);
                insert_apart(&mut found.main, format!("{prefix}_core_{core}"), value);
            } else {
                insert_apart(&mut found.additional, key("coretemp", &label), value);
            }
        }
    }

    /// `Tctl` may carry an offset for the fan control; `Tdie` is the true one where both exist.
    fn add_amd(
        chip: &str,
        inputs: impl Iterator<Item = (String, f64)>,
        found: &mut Found,
        processor: &mut Processor,
    ) {
        let (mut die, mut control) = (None, None);
        for (label, value) in inputs {
            match label.as_str() {
                "Tdie" => die = Some(value),
                "Tctl" => control = Some(value),
                _ if label.starts_with("Tccd") => {
                    insert_apart(&mut found.additional, key(chip, &label), value);
                }
                _ => processor.cores.push(value),
            }
        }
        processor.sockets.extend(die.or(control));
    }

    fn add_nvme(device: &str, inputs: impl Iterator<Item = (String, f64)>, found: &mut Found) {
        let device = if device.starts_with("nvme") {
            device
        } else {
            "nvme"
        };
        for (label, value) in inputs {
            // Old kernels do not label; the first is the composite then.
            if label == "Composite" || label == "temp1" {
                insert_apart(&mut found.main, device.to_owned(), value);
            } else {
                insert_apart(&mut found.additional, key(device, &label), value);
            }
        }
    }

    /// Thermal zones: all there is on many small boards; beside chips only the processor's count.
    fn add_zones(sys: &Path, found: &mut Found, processor: &mut Processor, is_alone: bool) {
        let entries = fs::read_dir(sys.join("class/thermal"))
            .into_iter()
            .flatten()
            .flatten();
        let mut zones: Vec<_> = entries
            .filter(|entry| {
                entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("thermal_zone")
            })
            .map(|entry| entry.path())
            .collect();
        zones.sort();
        for zone in zones {
            let value = read_number(&zone.join("temp")).and_then(celsius);
            let (Some(kind), Some(value)) = (read_line(&zone.join("type")), value) else {
                continue;
            };
            if kind == "x86_pkg_temp" || kind.starts_with("cpu") || kind.starts_with("soc") {
                processor.sockets.push(value);
            } else if is_alone && kind == "acpitz" {
                processor.nearby.push(value);
                add_zone_of_firmware(value, found);
            } else if is_alone {
                insert_apart(&mut found.additional, key(&kind, "temp"), value);
            }
        }
    }

    fn add_zone_of_firmware(value: f64, found: &mut Found) {
        let number = found
            .main
            .keys()
            .filter(|key| key.starts_with("acpi_tz"))
            .count();
        found.main.insert(format!("acpi_tz{number}"), value);
    }

    /// Accepts what can be the temperature of a working machine. Some drivers forget the milli.
    fn celsius(value: f64) -> Option<f64> {
        let value = if value >= 1_000.0 {
            value / 1_000.0
        } else {
            value
        };
        (value > 0.0 && value < 150.0).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::hwmon::tests::{plant, write};

    fn main_of(sys: &Path) -> Vec<(String, f64)> {
        linux::read(sys).main.into_iter().collect()
    }

    fn pairs(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
        expected
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect()
    }

    #[test]
    fn an_intel_machine_with_two_sockets_shows_the_hotter_package() {
        let sys = tempfile::tempdir().expect("a directory");
        for (number, package, core) in [(0, "55000", "53000"), (1, "61000", "60000")] {
            let files = [
                ("name", "coretemp"),
                ("temp1_input", package),
                (
                    "temp1_label",
                    if number == 0 {
                        "Package id 0"
                    } else {
                        "Package id 1"
                    },
                ),
                ("temp2_input", core),
                ("temp2_label", "Core 0"),
            ];
            plant(sys.path(), number, &format!("coretemp.{number}"), &files);
        }
        let expected = [
            ("cpu1_core_0", 60.0),
            ("cpu1_package", 61.0),
            ("cpu_core_0", 53.0),
            ("cpu_package", 61.0),
        ];
        assert_eq!(main_of(sys.path()), pairs(&expected));
    }

    #[test]
    fn an_amd_machine_shows_the_die_and_not_the_fan_control_value() {
        let sys = tempfile::tempdir().expect("a directory");
        let files = [
            ("name", "k10temp"),
            ("temp1_input", "81000"),
            ("temp1_label", "Tctl"),
            ("temp2_input", "61000"),
            ("temp2_label", "Tdie"),
            ("temp3_input", "58000"),
            ("temp3_label", "Tccd1"),
        ];
        plant(sys.path(), 0, "0000:00:18.3", &files);
        assert_eq!(main_of(sys.path()), pairs(&[("cpu_package", 61.0)]));
        let additional = linux::read(sys.path()).additional;
        assert_eq!(additional.get("k10temp_tccd1"), Some(&58.0));
    }

    #[test]
    fn disks_and_cards_have_keys_of_their_own_and_sleeping_disks_are_left_alone() {
        let sys = tempfile::tempdir().expect("a directory");
        let composite = [
            ("name", "nvme"),
            ("temp1_input", "38850"),
            ("temp1_label", "Composite"),
            ("temp2_input", "41850"),
            ("temp2_label", "Sensor 1"),
        ];
        plant(sys.path(), 0, "nvme1", &composite);
        let card = [
            ("name", "amdgpu"),
            ("temp1_input", "47000"),
            ("temp1_label", "edge"),
        ];
        plant(sys.path(), 1, "0000:03:00.0", &card);
        plant(
            sys.path(),
            2,
            "0:0:0:0",
            &[("name", "drivetemp"), ("temp1_input", "30000")],
        );
        assert_eq!(
            main_of(sys.path()),
            pairs(&[("amdgpu_edge", 47.0), ("nvme1", 38.85)])
        );
        let additional = linux::read(sys.path()).additional;
        assert_eq!(
            additional.into_iter().collect::<Vec<_>>(),
            pairs(&[("nvme1_sensor_1", 41.85)])
        );
    }

    #[test]
    fn impossible_values_are_left_out() {
        let sys = tempfile::tempdir().expect("a directory");
        let files = [
            ("name", "nct6779"),
            ("temp1_input", "-128000"),
            ("temp2_input", "0"),
            ("temp3_input", "255000"),
            ("temp4_input", "31000"),
            ("temp5_input", "48000"),
            ("temp5_label", "CPUTIN"),
        ];
        plant(sys.path(), 0, "nct6775.656", &files);
        let found = linux::read(sys.path());
        let expected = pairs(&[("nct6779_cputin", 48.0), ("nct6779_temp4", 31.0)]);
        assert_eq!(found.additional.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(
            found.main.get("cpu_package"),
            Some(&48.0),
            "the board's sensor near it serves"
        );
    }

    #[test]
    fn a_board_with_thermal_zones_only_is_read_from_those() {
        let sys = tempfile::tempdir().expect("a directory");
        for (number, kind, value) in [(0, "cpu-thermal", "52376"), (1, "gpu-thermal", "49")] {
            let zone = sys
                .path()
                .join(format!("class/thermal/thermal_zone{number}"));
            write(&zone.join("type"), kind);
            write(&zone.join("temp"), value);
        }
        let found = linux::read(sys.path());
        assert_eq!(
            found.main.into_iter().collect::<Vec<_>>(),
            pairs(&[("cpu_package", 52.376)])
        );
        assert_eq!(found.additional.get("gpu_thermal_temp"), Some(&49.0));
    }

    #[cfg(unix)]
    #[test]
    fn a_captured_machine_reads() {
        let Some(json) = crate::captures::read("sensors/node_exporter_sys_hwmon.json") else {
            return;
        };
        let root = tempfile::tempdir().expect("a directory");
        crate::hwmon::tests::plant_capture(root.path(), &json);
        let expected = [
            ("cpu1_core_0", 54.0),
            ("cpu1_core_1", 52.0),
            ("cpu1_core_2", 53.0),
            ("cpu1_core_3", 50.0),
            ("cpu1_package", 55.0),
            ("cpu_core_0", 54.0),
            ("cpu_core_1", 52.0),
            ("cpu_core_2", 53.0),
            ("cpu_core_3", 50.0),
            ("cpu_package", 55.0),
        ];
        assert_eq!(main_of(&root.path().join("sys")), pairs(&expected));
    }

    #[test]
    fn a_virtual_machine_has_none() {
        let sys = tempfile::tempdir().expect("a directory");
        assert!(main_of(sys.path()).is_empty());
    }
}
