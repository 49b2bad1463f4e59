//! What FreeBSD tells through `sysctl`: temperatures, and how much of the memory is cache of ZFS.

use std::time::Duration;

use pulse_protocol::report::host::MemoryMetric;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Limits of the question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 1024 * 1024,
};

/// Unknown names are no error.
const QUESTION: [&str; 4] = [
    "-i",
    "dev.cpu",
    "hw.acpi.thermal",
    "kstat.zfs.misc.arcstats.size",
];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Sysctl)
}

struct Sysctl;

impl Collector for Sysctl {
    fn name(&self) -> &'static str {
        "sysctl"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        if !cfg!(target_os = "freebsd") {
            return Err(Error::Absent("FreeBSD"));
        }
        let tool = Tool::find(cx.roots, "sysctl")?;
        let found = parse(&tool.text(&QUESTION, LIMITS)?);
        Ok(Reading::new(move |report| {
            let temperatures = found.temperatures.iter().cloned();
            report.sensors.temperature_celsius.extend(temperatures);
            release(&mut report.metrics.memory, found.cache);
        }))
    }
}

#[derive(Debug, Default, PartialEq)]
struct Found {
    temperatures: Vec<(String, f64)>,
    cache: u64,
}

/// Reads `dev.cpu.0.temperature: 45.0C`, `hw.acpi.thermal.tz0.temperature: 27.9C` and the cache.
fn parse(text: &str) -> Found {
    let mut found = Found::default();
    let mut hottest: Option<f64> = None;
    for line in text.lines() {
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        if name == "kstat.zfs.misc.arcstats.size" {
            found.cache = value.trim().parse().unwrap_or(0);
        }
        let Some(subject) = name.strip_suffix(".temperature") else {
            continue;
        };
        let celsius = value
            .trim()
            .strip_suffix('C')
            .and_then(|text| text.parse().ok());
        let Some(celsius) = celsius.filter(|celsius| *celsius > 0.0 && *celsius < 150.0) else {
            continue;
        };
        if let Some(core) = subject.strip_prefix("dev.cpu.") {
            hottest = Some(hottest.map_or(celsius, |known: f64| known.max(celsius)));
            found
                .temperatures
                .push((format!("cpu_core_{core}"), celsius));
        } else if let Some(zone) = subject.strip_prefix("hw.acpi.thermal.") {
            found.temperatures.push((format!("acpi_{zone}"), celsius));
        }
    }
    found
        .temperatures
        .extend(hottest.map(|celsius| ("cpu_package".to_owned(), celsius)));
    found
}

/// Counts the cache of ZFS, which looks used to the system, as free.
fn release(memory: &mut MemoryMetric, cache: u64) {
    let (Some(total), Some(used)) = (memory.total_bytes, memory.used_bytes) else {
        return;
    };
    let cache = cache.min(used);
    memory.used_bytes = Some(used - cache);
    memory.free_bytes = memory.free_bytes.map(|free| free + cache);
    memory.usage = (total > 0).then(|| (used - cache) as f64 / total as f64 * 100.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_and_the_cache_are_read() {
        let found = parse(
            "dev.cpu.1.temperature: 47.0C\ndev.cpu.0.temperature: 45.0C\ndev.cpu.0.freq: 3400\n\
             hw.acpi.thermal.tz0.temperature: 27.9C\nhw.acpi.thermal.tz1.temperature: -1\n\
             kstat.zfs.misc.arcstats.size: 4096\n",
        );
        let names: Vec<_> = found
            .temperatures
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(
            names,
            ["cpu_core_1", "cpu_core_0", "acpi_tz0", "cpu_package"]
        );
        assert_eq!((found.temperatures[3].1, found.cache), (47.0, 4_096));
        assert_eq!(parse("\u{fffd}: \n"), Found::default());
    }

    #[test]
    fn the_cache_of_zfs_is_not_used_memory() {
        let mut memory = MemoryMetric {
            total_bytes: Some(100),
            used_bytes: Some(60),
            free_bytes: Some(40),
            ..MemoryMetric::default()
        };
        release(&mut memory, 35);
        assert_eq!((memory.used_bytes, memory.free_bytes), (Some(25), Some(75)));
        assert_eq!(memory.usage, Some(25.0));
        release(&mut memory, 1_000);
        assert_eq!(memory.used_bytes, Some(0));
    }
}
