//! Power, from the processor's energy counters (RAPL) and from sensor chips that measure it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::hwmon;
use crate::roots::{read_line, read_number};

/// Distance of two looks when there is no earlier one.
const SPOT: Duration = Duration::from_millis(100);

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Power::default())
}

#[derive(Default)]
struct Power {
    previous: Option<(Instant, Vec<Counter>)>,
}

/// An energy counter: microjoules since some point, starting over at `range`.
#[derive(Clone, Debug, PartialEq)]
struct Counter {
    id: String,
    key: String,
    microjoules: f64,
    range: Option<f64>,
}

impl Collector for Power {
    fn name(&self) -> &'static str {
        "power"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let mut watts = self.watts_of_counters(cx)?;
        for chip in hwmon::chips(&cx.roots.sys) {
            let mut inputs = chip.inputs("power", "average");
            if inputs.is_empty() {
                inputs = chip.inputs("power", "input");
            }
            for input in inputs {
                let key = hwmon::key(&chip.name, &input.label);
                hwmon::insert_apart(&mut watts, key, input.value / 1e6);
            }
        }
        if watts.is_empty() {
            return Err(Error::Absent("power sensors"));
        }
        Ok(Reading::new(move |report| {
            report.sensors.power_watts.clone_from(&watts)
        }))
    }
}

impl Power {
    fn watts_of_counters(&mut self, cx: &Context<'_>) -> Result<BTreeMap<String, f64>, Error> {
        let mut current = counters(&cx.roots.sys);
        if current.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (at, earlier) = match self.previous.take() {
            Some(previous) => previous,
            None => {
                let first = (Instant::now(), current);
                cx.pause.wait(SPOT)?;
                current = counters(&cx.roots.sys);
                first
            }
        };
        let watts = watts(&earlier, &current, at.elapsed());
        self.previous = Some((Instant::now(), current));
        Ok(watts)
    }
}

fn counters(sys: &Path) -> Vec<Counter> {
    let rapl = rapl(sys);
    if rapl.is_empty() { amd(sys) } else { rapl }
}

/// Zones `intel-rapl:<socket>` and, inside, `intel-rapl:<socket>:<part>`; AMD's are here too.
fn rapl(sys: &Path) -> Vec<Counter> {
    let entries = fs::read_dir(sys.join("class/powercap"))
        .into_iter()
        .flatten()
        .flatten();
    let counters = entries.filter_map(|entry| {
        let id = entry.file_name().into_string().ok()?;
        let is_zone = id.strip_prefix("intel-rapl:").is_some();
        let zone = is_zone.then(|| entry.path())?;
        let key = match read_line(&zone.join("name"))?.as_str() {
            "core" => "cpu_core",
            "dram" => "dram",
            name if name.starts_with("package") => "cpu_package",
            _ => return None,
        };
        Some(Counter {
            id,
            key: key.to_owned(),
            // Readable to root only since 2020: power tells what a neighbour computes.
            microjoules: read_number(&zone.join("energy_uj"))?,
            range: read_number(&zone.join("max_energy_range_uj")),
        })
    });
    counters.collect()
}

/// The `amd_energy` driver of some server kernels.
fn amd(sys: &Path) -> Vec<Counter> {
    let chips = hwmon::chips(sys)
        .into_iter()
        .filter(|chip| chip.name == "amd_energy");
    let inputs = chips.flat_map(|chip| chip.inputs("energy", "input"));
    let counters = inputs.filter_map(|input| {
        let key = match input.label.as_str() {
            label if label.starts_with("Esocket") => "cpu_package",
            label if label.starts_with("Ecore") => "cpu_core",
            _ => return None,
        };
        let microjoules = input.value;
        Some(Counter {
            id: input.label,
            key: key.to_owned(),
            microjoules,
            range: None,
        })
    });
    counters.collect()
}

/// Returns the mean power between two looks, sockets and cores added up.
fn watts(earlier: &[Counter], current: &[Counter], elapsed: Duration) -> BTreeMap<String, f64> {
    let mut watts = BTreeMap::new();
    let seconds = elapsed.as_secs_f64();
    for counter in current {
        let Some(before) = earlier.iter().find(|before| before.id == counter.id) else {
            continue;
        };
        let mut used = counter.microjoules - before.microjoules;
        if used < 0.0 {
            // Started over; how often is unknown without a range.
            let Some(range) = counter.range else { continue };
            used += range;
        }
        if used >= 0.0 && seconds > 0.0 {
            *watts.entry(counter.key.clone()).or_insert(0.0) += used / 1e6 / seconds;
        }
    }
    watts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hwmon::tests::{plant, write};

    fn counter(id: &str, key: &str, microjoules: f64, range: Option<f64>) -> Counter {
        Counter {
            id: id.to_owned(),
            key: key.to_owned(),
            microjoules,
            range,
        }
    }

    #[test]
    fn power_is_energy_over_time_and_sockets_add_up() {
        let earlier = [
            counter("a", "cpu_package", 0.0, None),
            counter("b", "cpu_package", 5e6, None),
        ];
        let current = [
            counter("a", "cpu_package", 20e6, None),
            counter("b", "cpu_package", 35e6, None),
        ];
        let watts = watts(&earlier, &current, Duration::from_secs(10));
        assert_eq!(watts.get("cpu_package"), Some(&5.0));
    }

    #[test]
    fn a_counter_that_started_over_is_followed_and_never_negative() {
        let earlier = [
            counter("a", "dram", 90e6, None),
            counter("b", "cpu_core", 9e6, None),
        ];
        let current = [
            counter("a", "dram", 10e6, Some(100e6)),
            counter("b", "cpu_core", 1e6, None),
        ];
        let watts = watts(&earlier, &current, Duration::from_secs(10));
        assert_eq!(
            watts.into_iter().collect::<Vec<_>>(),
            [("dram".to_owned(), 2.0)]
        );
    }

    #[test]
    fn zones_are_recognised_by_name() {
        let sys = tempfile::tempdir().expect("a directory");
        for (zone, name) in [
            ("intel-rapl:0", "package-0"),
            ("intel-rapl:0:0", "core"),
            ("intel-rapl:0:1", "uncore"),
            ("intel-rapl:0:2", "dram"),
            ("intel-rapl-mmio:0", "package-0"),
        ] {
            let zone = sys.path().join("class/powercap").join(zone);
            write(&zone.join("name"), name);
            write(&zone.join("energy_uj"), "1000\n");
            write(&zone.join("max_energy_range_uj"), "262143328850\n");
        }
        let mut keys: Vec<_> = counters(sys.path())
            .into_iter()
            .map(|counter| counter.key)
            .collect();
        keys.sort();
        assert_eq!(keys, ["cpu_core", "cpu_package", "dram"]);
    }

    #[test]
    fn the_amd_driver_serves_where_there_are_no_zones() {
        let sys = tempfile::tempdir().expect("a directory");
        let files = [
            ("name", "amd_energy"),
            ("energy1_input", "100"),
            ("energy1_label", "Ecore000"),
            ("energy2_input", "900"),
            ("energy2_label", "Esocket0"),
        ];
        plant(sys.path(), 0, "amd_energy.0", &files);
        let keys: Vec<_> = counters(sys.path()).into_iter().map(|c| c.key).collect();
        assert_eq!(keys, ["cpu_core", "cpu_package"]);
    }
}
