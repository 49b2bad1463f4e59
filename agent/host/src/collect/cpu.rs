//! How busy the processors are, and how many there are.
//!
//! The kernel counts time since boot, so use is the difference between two looks. The first report,
//! and one after counters went backwards, takes both looks one [`SPOT`] apart.

use std::time::{Duration, Instant};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;

/// Distance of two looks when there is no earlier one to compare with.
const SPOT: Duration = Duration::from_secs(1);

/// Looks closer together than this say nothing: the kernel counts in hundredths of a second.
const SHORTEST: Duration = Duration::from_millis(250);

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Cpu::default())
}

#[derive(Default)]
struct Cpu {
    previous: Option<(Instant, Sample)>,
    #[cfg(not(target_os = "linux"))]
    system: crate::portable::Processors,
}

/// Counted time, in the kernel's ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Times {
    total: u64,
    idle: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sample {
    times: Times,
    count: u32,
}

impl Collector for Cpu {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let (usage, count) = self.measure(cx)?;
        Ok(Reading::new(move |report| {
            report.metrics.cpu_usage_percent = Some(usage);
            report.host.cpu_count = Some(count);
        }))
    }
}

impl Cpu {
    #[cfg(target_os = "linux")]
    fn measure(&mut self, cx: &Context<'_>) -> Result<(f64, u32), Error> {
        let path = cx.roots.proc.join("stat");
        self.measure_with(
            || parse(&crate::roots::read_text(&path, "processor times")?),
            || cx.pause.wait(SPOT),
        )
    }

    #[cfg(not(target_os = "linux"))]
    fn measure(&mut self, cx: &Context<'_>) -> Result<(f64, u32), Error> {
        self.system.usage(cx.pause)
    }

    fn measure_with(
        &mut self,
        look: impl Fn() -> Result<Sample, Error>,
        pause: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(f64, u32), Error> {
        let current = look()?;
        let earlier = self.previous.replace((Instant::now(), current));
        if let Some((at, earlier)) = earlier
            && at.elapsed() >= SHORTEST
            && let Some(usage) = usage(earlier.times, current.times)
        {
            return Ok((usage, current.count));
        }
        pause()?;
        let later = look()?;
        self.previous = Some((Instant::now(), later));
        let usage = usage(current.times, later.times);
        Ok((
            usage.ok_or(Error::Format("processor times that stand still"))?,
            later.count,
        ))
    }
}

/// Returns the busy share of the time between two looks, 0 to 100; `None` if no time passed.
fn usage(before: Times, after: Times) -> Option<f64> {
    let total = after
        .total
        .checked_sub(before.total)
        .filter(|total| *total > 0)?;
    // Idle and I/O wait may go back a little on their own; that is no idle time.
    let idle = after.idle.saturating_sub(before.idle).min(total);
    Some((total - idle) as f64 / total as f64 * 100.0)
}

/// Reads `/proc/stat`.
fn parse(text: &str) -> Result<Sample, Error> {
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| line.strip_prefix("cpu "));
    let times = first
        .and_then(parse_times)
        .ok_or(Error::Format("processor times"))?;
    let is_one = |line: &&str| {
        line.strip_prefix("cpu")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let count = lines.take_while(is_one).count();
    Ok(Sample {
        times,
        count: u32::try_from(count.max(1)).unwrap_or(u32::MAX),
    })
}

/// Order: user nice system idle iowait irq softirq steal, then guest times already part of user.
fn parse_times(line: &str) -> Option<Times> {
    let mut total: u64 = 0;
    let mut idle: u64 = 0;
    let mut seen = 0;
    for (index, field) in line.split_ascii_whitespace().take(8).enumerate() {
        let ticks: u64 = field.parse().ok()?;
        total = total.saturating_add(ticks);
        if index == 3 || index == 4 {
            idle = idle.saturating_add(ticks);
        }
        seen += 1;
    }
    (seen >= 4).then_some(Times { total, idle })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn waiting_for_disks_counts_as_idle_and_guests_are_not_counted_twice() {
        let sample =
            parse("cpu  10 5 15 60 10 0 0 0 7 3\ncpu0 1\ncpu1 1\nintr 5\n").expect("times");
        assert_eq!(
            sample,
            Sample {
                times: Times {
                    total: 100,
                    idle: 70
                },
                count: 2
            }
        );
    }

    #[test]
    fn use_is_the_share_of_time_that_was_not_idle() {
        let times = |total, idle| Times { total, idle };
        assert_eq!(usage(times(100, 50), times(200, 125)), Some(25.0));
        assert_eq!(usage(times(100, 50), times(200, 40)), Some(100.0));
        assert_eq!(usage(times(100, 50), times(100, 50)), None);
        assert_eq!(usage(times(100, 50), times(90, 45)), None);
    }

    #[test]
    fn other_texts_are_an_error() {
        for text in [
            "",
            "cpu ",
            "cpu  1 2 3\n",
            "cpu  1 2 3 four\n",
            "cpu0 1 2 3 4\n",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_first_look_and_one_at_counters_that_went_back_are_compared_with_another() {
        let at = |total, idle| Sample {
            times: Times { total, idle },
            count: 1,
        };
        let long_ago = Instant::now().checked_sub(SPOT).expect("a past");
        for previous in [None, Some((long_ago, at(1_000, 900)))] {
            let mut cpu = Cpu { previous };
            let looks = Cell::new(0);
            let look = || {
                looks.set(looks.get() + 1);
                Ok(at(looks.get() * 10, looks.get() * 5))
            };
            assert_eq!(
                cpu.measure_with(look, || Ok(())).expect("figures"),
                (50.0, 1)
            );
            assert_eq!(looks.get(), 2);
        }
    }

    #[test]
    fn later_looks_are_compared_with_the_one_before() {
        let at = |total, idle| Sample {
            times: Times { total, idle },
            count: 1,
        };
        let long_ago = Instant::now().checked_sub(SPOT).expect("a past");
        let mut cpu = Cpu {
            previous: Some((long_ago, at(100, 50))),
        };
        let usage = cpu.measure_with(|| Ok(at(200, 125)), || Err(Error::Stopped));
        assert_eq!(usage.expect("figures"), (25.0, 1));
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/stat") else {
            return;
        };
        let sample = parse(&text).expect("times");
        assert_eq!(sample.count, 8);
        assert!(sample.times.idle < sample.times.total);
    }
}
