//! How much work waits for processors, memory and disks: the kernel's pressure figures.

use pulse_protocol::report::host::Pressure;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::roots::{Roots, read_text};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Pressures)
}

struct Pressures;

impl Collector for Pressures {
    fn name(&self) -> &'static str {
        "pressure"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let pressure = read(cx.roots);
        if pressure == Pressure::default() {
            return Err(Error::Absent("pressure figures"));
        }
        Ok(Reading::new(move |report| {
            report.metrics.pressure = Some(pressure.clone());
        }))
    }
}

fn read(roots: &Roots) -> Pressure {
    let text = |name: &str| {
        let path = roots.proc.join("pressure").join(name);
        // A kernel that keeps these figures but was told not to answers with an error.
        read_text(&path, "pressure figures").unwrap_or_default()
    };
    let (cpu, memory, io) = (text("cpu"), text("memory"), text("io"));
    Pressure {
        cpu_some_percent: share(&cpu, "some"),
        memory_some_percent: share(&memory, "some"),
        memory_full_percent: share(&memory, "full"),
        io_some_percent: share(&io, "some"),
        io_full_percent: share(&io, "full"),
    }
}

/// Finds the share of the last minute: `some avg10=0.00 avg60=1.25 avg300=0.00 total=14036781`.
fn share(text: &str, who: &str) -> Option<f64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(who)?.strip_prefix(' '))?;
    let figure = line
        .split(' ')
        .find_map(|word| word.strip_prefix("avg60="))?;
    let percent: f64 = figure.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hwmon::tests::write;

    #[test]
    fn the_share_of_the_last_minute_is_read() {
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        assert_eq!(read(&roots), Pressure::default());
        let memory = "some avg10=9.00 avg60=1.25 avg300=0.10 total=5\n\
            full avg10=0.00 avg60=0.50 avg300=0.00 total=0\n";
        write(&roots.proc.join("pressure/memory"), memory);
        write(&roots.proc.join("pressure/io"), "\u{fffd} some avg60=x\n");
        let expected = Pressure {
            memory_some_percent: Some(1.25),
            memory_full_percent: Some(0.5),
            ..Pressure::default()
        };
        assert_eq!(read(&roots), expected);
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/pressure/cpu") else {
            return;
        };
        assert_eq!(share(&text, "some"), Some(0.0));
    }
}
