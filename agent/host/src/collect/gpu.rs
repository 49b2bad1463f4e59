//! Graphics cards of AMD and Intel, from the files of their kernel drivers.
//!
//! AMD's driver says how busy a card is. Intel's says how long it was idle, so use is the difference
//! between two reports. Temperatures are also among the sensor chips.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pulse_protocol::report::host::GpuSensor;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::roots::{read_line, read_number};

/// Cards beyond this are not looked at.
const LIMIT: usize = 64;

/// Where Intel's drivers count idle milliseconds, the newer driver first.
const IDLE: [&str; 3] = [
    "device/tile0/gt0/gtidle/idle_residency_ms",
    "gt/gt0/rc6_residency_ms",
    "power/rc6_residency_ms",
];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Gpu::default())
}

/// When each card was last looked at, and how long it had been idle by then.
#[derive(Default)]
struct Gpu {
    earlier: Vec<(PathBuf, Instant, u64)>,
}

impl Collector for Gpu {
    fn name(&self) -> &'static str {
        "gpu"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let cards = self.cards(&cx.roots.sys, Instant::now());
        if cards.is_empty() {
            return Err(Error::Absent("a graphics card of AMD or Intel"));
        }
        Ok(Reading::new(move |report| {
            report.sensors.gpu.extend(cards.iter().cloned());
        }))
    }
}

impl Gpu {
    fn cards(&mut self, sys: &Path, now: Instant) -> Vec<GpuSensor> {
        let mut idle = Vec::new();
        let cards = directories(sys).into_iter().filter_map(|card| {
            let maker = match read_line(&card.join("device/vendor"))?.as_str() {
                "0x1002" => "AMD",
                "0x8086" => "Intel",
                _ => return None,
            };
            let file = |name: &str| card.join("device").join(name);
            let mut sensor = GpuSensor {
                id: pci_address(&card).unwrap_or_default(),
                name: read_line(&file("product_name"))
                    .unwrap_or_else(|| format!("{maker} graphics")),
                temperature_celsius: temperature(&card),
                utilization_percent: read_number(&file("gpu_busy_percent")),
                memory_used_bytes: read_number(&file("mem_info_vram_used")),
                memory_total_bytes: read_number(&file("mem_info_vram_total")),
            };
            let milliseconds = IDLE.iter().find_map(|name| read_number(&card.join(name)));
            if let Some(milliseconds) = milliseconds {
                sensor.utilization_percent = self.busy(&card, now, milliseconds);
                idle.push((card, now, milliseconds));
            }
            Some(sensor)
        });
        let cards = cards.collect();
        self.earlier = idle;
        cards
    }

    fn busy(&self, card: &Path, now: Instant, idle: u64) -> Option<f64> {
        let earlier = self.earlier.iter().find(|(path, ..)| path == card);
        let (_, then, before) = earlier?;
        let passed = now.saturating_duration_since(*then).as_millis() as f64;
        let idle = idle.checked_sub(*before)? as f64;
        (passed >= 250.0).then(|| (100.0 - idle / passed * 100.0).clamp(0.0, 100.0))
    }
}

/// Returns `/sys/class/drm/card0`, …, without their connectors.
fn directories(sys: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(sys.join("class/drm")).into_iter().flatten();
    let mut cards: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix("card"));
            number.is_some_and(|number| number.parse::<u32>().is_ok())
        })
        .map(|entry| entry.path())
        .take(LIMIT)
        .collect();
    cards.sort();
    cards
}

fn pci_address(card: &Path) -> Option<String> {
    let device = fs::canonicalize(card.join("device")).ok()?;
    Some(device.file_name()?.to_str()?.to_owned())
}

/// Returns the temperature of the chip on the card, the first it measures.
fn temperature(card: &Path) -> Option<f64> {
    let chips = fs::read_dir(card.join("device/hwmon")).ok()?;
    let millidegrees: f64 = chips
        .flatten()
        .find_map(|chip| read_number(&chip.path().join("temp1_input")))?;
    let celsius = millidegrees / 1_000.0;
    (celsius > 0.0 && celsius < 150.0).then_some(celsius)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::hwmon::tests::write;

    #[test]
    fn a_card_of_amd_says_how_busy_and_full_it_is() {
        let sys = tempfile::tempdir().expect("a directory");
        for (path, text) in [
            ("card0/device/vendor", "0x1002\n"),
            ("card0/device/gpu_busy_percent", "42\n"),
            ("card0/device/mem_info_vram_used", "1048576\n"),
            ("card0/device/mem_info_vram_total", "8589934592\n"),
            ("card0/device/hwmon/hwmon3/temp1_input", "51000\n"),
            ("card0-DP-1/device/vendor", "0x1002\n"),
            ("card1/device/vendor", "0x10de\n"),
        ] {
            write(&sys.path().join("class/drm").join(path), text);
        }
        let cards = Gpu::default().cards(sys.path(), Instant::now());
        let [card] = cards.as_slice() else {
            panic!("{cards:?}")
        };
        assert_eq!(card.utilization_percent, Some(42.0));
        assert_eq!(card.temperature_celsius, Some(51.0));
        assert_eq!(card.memory_total_bytes, Some(8_589_934_592));
    }

    #[test]
    fn a_card_of_intel_was_busy_when_it_was_not_idle() {
        let sys = tempfile::tempdir().expect("a directory");
        let file = |name: &str| sys.path().join("class/drm/card0").join(name);
        write(&file("device/vendor"), "0x8086\n");
        write(&file("gt/gt0/rc6_residency_ms"), "1000\n");
        let (mut gpu, start) = (Gpu::default(), Instant::now());
        assert_eq!(gpu.cards(sys.path(), start)[0].utilization_percent, None);
        write(&file("gt/gt0/rc6_residency_ms"), "8500\n");
        let later = start + Duration::from_secs(10);
        assert_eq!(
            gpu.cards(sys.path(), later)[0].utilization_percent,
            Some(25.0)
        );
        write(&file("gt/gt0/rc6_residency_ms"), "0\n");
        let reset = later + Duration::from_secs(10);
        assert_eq!(gpu.cards(sys.path(), reset)[0].utilization_percent, None);
    }
}
