//! Health of physical disks, as `smartctl` tells it.
//!
//! A disk that sleeps is left asleep: `smartctl` looks at the power state first and reads nothing
//! then. One that spins but did nothing since it was last read is looked at without reading its
//! counters, because that may keep it from going to sleep.

mod answer;
mod disk;
mod plain;
mod scan;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pulse_protocol::report::host::{DiskIo, DiskSmart, HostReport};

use crate::block::{self, LastingNames};
use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;
use disk::{Known, Look};
use scan::Target;

/// Health changes slowly, and every question costs the disk a little.
const EVERY: Duration = Duration::from_secs(300);

/// Longest run; a disk that was not reached keeps what was known.
const BUDGET: Duration = Duration::from_secs(240);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    output: 1024 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Smart::default())
}

/// What is known of each disk, by device and target.
#[derive(Default)]
struct Smart {
    known: BTreeMap<(String, String), Known>,
    /// Whether this `smartctl` is too old for JSON.
    is_plain: bool,
}

impl Collector for Smart {
    fn name(&self) -> &'static str {
        "smart"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(BUDGET)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let disks = block::disks(cx.roots);
        let tool = Tool::named(cx.settings.smartctl.as_deref(), cx.roots, "smartctl");
        let scanned = match &tool {
            Ok(tool) => scan::scan(tool),
            Err(_) => Vec::new(),
        };
        let names = LastingNames::read(cx.roots);
        let targets = scan::targets(disks, scanned, |target: &Target| {
            let patterns = &cx.settings.disk_exclude;
            names.any_matches(patterns, &target.disk.name)
                || crate::pattern::any_matches(patterns, &target.names())
        });
        if targets.is_empty() {
            return Err(Error::Absent("a physical disk"));
        }
        let counters = super::disk_io::counters(cx.roots);
        let mut failures = Failures::default();
        for target in &targets {
            self.look(
                tool.as_ref().ok(),
                target,
                &counters,
                cx.deadline,
                &mut failures,
            );
        }
        self.known
            .retain(|key, _| targets.iter().any(|target| target.key() == *key));
        let has_members = targets.iter().any(|target| !target.member.is_empty());
        let disks: Vec<DiskSmart> = self
            .known
            .values()
            .filter(|known| !(has_members && known.is_volume()))
            .map(|known| known.disk.clone())
            .collect();
        let remark = match tool {
            Ok(_) => failures.remark(targets.len()),
            Err(_) => "smartctl is not installed; the health of disks is not known".to_owned(),
        };
        Ok(Reading::new(move |report| fill(&disks, report)).with_remark(remark))
    }
}

/// Puts the disks into a report, with the counters that report already has.
fn fill(disks: &[DiskSmart], report: &mut HostReport) {
    report.sensors.smart = disks
        .iter()
        .cloned()
        .map(|mut disk| {
            // Members of a controller share its device: the counters are nobody's.
            if !disk.target.contains(',') {
                let io = report.disk_io.iter().find(|io| io.device == disk.device);
                disk.io = io.cloned();
            }
            disk::note_counters(&mut disk);
            disk
        })
        .collect();
}

/// Which disks could not be read, and why.
#[derive(Default)]
struct Failures {
    count: usize,
    first: String,
}

impl Failures {
    fn add(&mut self, device: &str, reason: &str) {
        self.count += 1;
        if self.first.is_empty() {
            self.first = format!("{device}: {reason}");
        }
    }

    fn remark(&self, of: usize) -> String {
        match self.count {
            0 => String::new(),
            count => format!("{count} of {of} disks cannot be read: {}", self.first),
        }
    }
}

impl Smart {
    /// Looks at one disk and notes what is known of it now.
    fn look(
        &mut self,
        tool: Option<&Tool>,
        target: &Target,
        counters: &[DiskIo],
        deadline: Instant,
        failures: &mut Failures,
    ) {
        let earlier = self.known.remove(&target.key());
        let io = counters.iter().find(|io| io.device == target.disk.name);
        let moved = io.map(|io| (io.read_ops, io.write_ops));
        let was_idle = earlier.as_ref().is_some_and(|known| known.was_idle(moved));
        let look = match tool {
            None => Look::unsupported("smartctl is not installed"),
            Some(_) if target.is_card() => Look::unsupported("a memory card has none"),
            Some(_) if earlier.as_ref().is_some_and(Known::is_resting) => Look::Skipped,
            Some(_) if Instant::now() >= deadline => Look::Skipped,
            Some(tool) => self.ask(tool, target, was_idle),
        };
        if let Look::Failed(reason) | Look::Hung(reason) = &look {
            failures.add(&target.name(), reason);
        }
        let known = Known::after(earlier, target, look, moved);
        self.known.insert(target.key(), known);
    }

    fn ask(&mut self, tool: &Tool, target: &Target, was_idle: bool) -> Look {
        if self.is_plain {
            return plain::ask(tool, target, was_idle);
        }
        let mut arguments = vec!["--json=c"];
        arguments.extend(target.arguments(was_idle));
        let output = match tool.output(&arguments, LIMITS) {
            Ok(output) => output,
            Err(error @ Error::Timeout(_)) => return Look::Hung(error.to_string()),
            Err(error) => return Look::Failed(error.to_string()),
        };
        let code = output.status.code().unwrap_or(-1);
        if !output.bytes.trim_ascii_start().starts_with(b"{") {
            return match code {
                scan::ASLEEP if target.can_sleep() => Look::Asleep,
                // What is not an option to it is printed with its help, in plain text.
                1 if !output.bytes.is_empty() => {
                    self.is_plain = true;
                    plain::ask(tool, target, was_idle)
                }
                _ => Look::Failed(format!(
                    "smartctl ended with {code} and said nothing of use"
                )),
            };
        }
        match serde_json::from_slice(&output.bytes) {
            Ok(answer) => answer::read(&answer, code, target, was_idle),
            Err(_) => Look::Failed("cannot make sense of what smartctl said".to_owned()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
