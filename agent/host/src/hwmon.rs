//! The kernel's sensor chips, `/sys/class/hwmon`: one directory per chip, one file per figure.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::roots::{read_line, read_number};

/// Chips and inputs beyond this are not looked at.
const LIMIT: usize = 512;

/// One sensor chip.
#[derive(Debug)]
pub(crate) struct Chip {
    /// The driver's name for the kind of chip, such as `coretemp`.
    pub(crate) name: String,
    /// The kernel's name for the device it sits on, such as `nvme0`.
    pub(crate) device: String,
    directory: PathBuf,
}

/// One figure of a chip, in the kernel's unit.
#[derive(Debug, PartialEq)]
pub(crate) struct Input {
    /// The label, or the name of the file without its ending, such as `fan1`.
    pub(crate) label: String,
    /// The figure.
    pub(crate) value: f64,
}

/// Returns the chips in the kernel's order; empty where there are none.
pub(crate) fn chips(sys: &Path) -> Vec<Chip> {
    let entries = fs::read_dir(sys.join("class/hwmon"))
        .into_iter()
        .flatten()
        .flatten();
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .take(LIMIT)
        .filter_map(|entry| {
            let number = entry
                .file_name()
                .to_str()?
                .strip_prefix("hwmon")?
                .parse()
                .ok()?;
            Some((number, entry.path()))
        })
        .collect();
    numbered.sort();
    numbered
        .into_iter()
        .filter_map(|(_, path)| Chip::open(&path))
        .collect()
}

impl Chip {
    /// Old drivers keep their files one level down, in `device`.
    fn open(path: &Path) -> Option<Self> {
        let below = path.join("device");
        let device = fs::canonicalize(&below).ok();
        let device = device
            .as_ref()
            .and_then(|path| path.file_name())
            .and_then(|n| n.to_str());
        let device = device.unwrap_or_default().to_owned();
        [path.to_owned(), below].into_iter().find_map(|directory| {
            let name = read_line(&directory.join("name"))?;
            Some(Self {
                name,
                device: device.clone(),
                directory,
            })
        })
    }

    /// Returns the figures in files `<kind><number>_<what>`, by number; those in fault are left out.
    pub(crate) fn inputs(&self, kind: &str, what: &str) -> Vec<Input> {
        let ending = format!("_{what}");
        let entries = fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .flatten();
        let mut numbers: Vec<u32> = entries
            .filter_map(|entry| {
                let name = entry.file_name();
                let number = name.to_str()?.strip_prefix(kind)?.strip_suffix(&ending)?;
                number.parse().ok()
            })
            .take(LIMIT)
            .collect();
        numbers.sort_unstable();
        numbers
            .into_iter()
            .filter_map(|number| self.input(&format!("{kind}{number}"), what))
            .collect()
    }

    fn input(&self, name: &str, what: &str) -> Option<Input> {
        let file = |ending: &str| self.directory.join(format!("{name}_{ending}"));
        if read_line(&file("fault")).is_some_and(|fault| fault != "0") {
            return None;
        }
        let value = read_number(&file(what))?;
        let label = read_line(&file("label")).unwrap_or_else(|| name.to_owned());
        Some(Input { label, value })
    }
}

/// Puts a reading under `key`, or under `key_2`, `key_3`, … when that is taken.
pub(crate) fn insert_apart(readings: &mut BTreeMap<String, f64>, key: String, value: f64) {
    let mut candidate = key.clone();
    let mut number = 1;
    while readings.contains_key(&candidate) {
        number += 1;
        candidate = format!("{key}_{number}");
    }
    readings.insert(candidate, value);
}

/// Writes a chip and a label as one key: lower case, words joined by underscores.
pub(crate) fn key(chip: &str, label: &str) -> String {
    let text = format!("{chip}_{label}").to_lowercase();
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Plants a chip's files; `device` is where it sits.
    pub(crate) fn plant(sys: &Path, number: u32, device: &str, files: &[(&str, &str)]) {
        let seat = sys.join("devices").join(device);
        let chip = sys.join(format!("class/hwmon/hwmon{number}"));
        fs::create_dir_all(&seat).expect("a device");
        fs::create_dir_all(&chip).expect("a chip");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&seat, chip.join("device")).expect("a link");
        for (name, text) in files {
            write(&chip.join(name), text);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "an invented system file")]
    pub(crate) fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// Plants a captured `/sys`: a list of files with their content and links with their target.
    #[cfg(unix)]
    pub(crate) fn plant_capture(root: &Path, json: &str) {
        let entries: Vec<serde_json::Value> = serde_json::from_str(json).expect("a list");
        for entry in &entries {
            let path = root.join(entry["path"].as_str().expect("a path"));
            match entry["target"].as_str() {
                None => write(&path, entry["content"].as_str().unwrap_or_default()),
                Some(target) => {
                    fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
                    std::os::unix::fs::symlink(target, &path).expect("a link");
                }
            }
        }
    }

    #[test]
    fn inputs_come_by_number_with_their_labels_and_without_the_faulty() {
        let sys = tempfile::tempdir().expect("a directory");
        let files = [
            ("name", "nct6779\n"),
            ("fan10_input", "900\n"),
            ("fan2_input", "1200\n"),
            ("fan2_label", "CPU Fan\n"),
            ("fan3_input", "0\n"),
            ("fan3_fault", "1\n"),
            ("fan4_input", "not a number\n"),
            ("fan5_max", "2000\n"),
        ];
        plant(sys.path(), 0, "nct6775.656", &files);
        let chips = chips(sys.path());
        let fans = chips[0].inputs("fan", "input");
        let input = |label: &str, value| Input {
            label: label.to_owned(),
            value,
        };
        assert_eq!(fans, [input("CPU Fan", 1200.0), input("fan10", 900.0)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_chip_whose_files_lie_below_its_device_is_found() {
        let sys = tempfile::tempdir().expect("a directory");
        plant(sys.path(), 2, "applesmc.768", &[]);
        write(&sys.path().join("devices/applesmc.768/name"), "applesmc\n");
        write(
            &sys.path().join("devices/applesmc.768/fan1_input"),
            "2000\n",
        );
        let chips = chips(sys.path());
        assert_eq!(chips[0].name, "applesmc");
        assert_eq!(chips[0].inputs("fan", "input").len(), 1);
    }

    #[test]
    fn keys_are_lower_case_words() {
        assert_eq!(key("nct6779", "CPU Fan"), "nct6779_cpu_fan");
        assert_eq!(key("applesmc", "Left side  "), "applesmc_left_side");
    }
}
