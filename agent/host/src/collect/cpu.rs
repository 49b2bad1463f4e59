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

/// Processors beyond this are not told one by one.
const CORES: usize = 1_024;

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
    /// With the time spent waiting for disks.
    idle: u64,
    io_wait: u64,
    /// What the hypervisor gave to others.
    steal: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sample {
    times: Times,
    cores: Vec<Times>,
}

/// Shares of the time between two looks, 0 to 100.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shares {
    busy: f64,
    io_wait: Option<f64>,
    steal: Option<f64>,
    cores: Vec<f64>,
    count: u32,
}

impl Collector for Cpu {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let shares = self.measure(cx)?;
        Ok(Reading::new(move |report| {
            report.metrics.cpu_usage_percent = Some(shares.busy);
            report.metrics.cpu_io_wait_percent = shares.io_wait;
            report.metrics.cpu_steal_percent = shares.steal;
            report.metrics.cpu_core_percent.clone_from(&shares.cores);
            report.host.cpu_count = Some(shares.count);
        }))
    }
}

impl Cpu {
    #[cfg(target_os = "linux")]
    fn measure(&mut self, cx: &Context<'_>) -> Result<Shares, Error> {
        let path = cx.roots.proc.join("stat");
        let mut shares = self.measure_with(
            || parse(&crate::roots::read_text(&path, "processor times")?),
            || cx.pause.wait(SPOT),
        )?;
        if let Some(allowed) = allowed(cx.roots) {
            shares.count = shares.count.min(allowed);
        }
        Ok(shares)
    }

    #[cfg(not(target_os = "linux"))]
    fn measure(&mut self, cx: &Context<'_>) -> Result<Shares, Error> {
        let (busy, count) = self.system.usage(cx.pause)?;
        Ok(Shares {
            busy,
            count,
            ..Shares::default()
        })
    }

    fn measure_with(
        &mut self,
        look: impl Fn() -> Result<Sample, Error>,
        pause: impl FnOnce() -> Result<(), Error>,
    ) -> Result<Shares, Error> {
        let current = look()?;
        let earlier = self.previous.replace((Instant::now(), current.clone()));
        if let Some((at, earlier)) = earlier
            && at.elapsed() >= SHORTEST
            && let Some(shares) = shares(&earlier, &current)
        {
            return Ok(shares);
        }
        pause()?;
        let later = look()?;
        let shares = shares(&current, &later);
        self.previous = Some((Instant::now(), later));
        shares.ok_or(Error::Format("processor times that stand still"))
    }
}

/// Returns how many processors the system container this is may use, where a quota says so. An
/// agent in an application container watches the machine around it.
#[cfg(target_os = "linux")]
fn allowed(roots: &crate::roots::Roots) -> Option<u32> {
    if !roots.is_in_system_container() {
        return None;
    }
    let limit = crate::roots::read_line(&roots.sys.join("fs/cgroup/cpu.max"))?;
    // Microseconds of processor time in each period; `max` without a limit.
    let (quota, period) = limit.split_once(' ')?;
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    (period > 0).then(|| u32::try_from(quota.div_ceil(period).max(1)).unwrap_or(u32::MAX))
}

/// Returns the shares of the time between two looks; `None` if no time passed.
fn shares(before: &Sample, after: &Sample) -> Option<Shares> {
    let (then, now) = (before.times, after.times);
    let total = passed(then, now)?;
    let share = |ticks: u64| ticks.min(total) as f64 / total as f64 * 100.0;
    let cores = before.cores.iter().zip(&after.cores);
    let mut cores: Vec<f64> = cores.map_while(|(then, now)| busy(*then, *now)).collect();
    // One core that went away moves all behind it to other places.
    if before.cores.len() != after.cores.len() || cores.len() != after.cores.len() {
        cores.clear();
    }
    Some(Shares {
        busy: busy(then, now)?,
        io_wait: Some(share(now.io_wait.saturating_sub(then.io_wait))),
        steal: Some(share(now.steal.saturating_sub(then.steal))),
        cores,
        count: u32::try_from(after.cores.len().max(1)).unwrap_or(u32::MAX),
    })
}

fn passed(before: Times, after: Times) -> Option<u64> {
    let total = after.total.checked_sub(before.total)?;
    (total > 0).then_some(total)
}

/// Returns the busy share of the time between two looks, 0 to 100; `None` if no time passed.
fn busy(before: Times, after: Times) -> Option<f64> {
    let total = passed(before, after)?;
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
    let one = |line: &str| {
        let rest = line.strip_prefix("cpu")?;
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(' ')
            .then(|| parse_times(rest).unwrap_or_default())
    };
    let cores = lines.map_while(one).take(CORES).collect();
    Ok(Sample { times, cores })
}

/// Order: user nice system idle iowait irq softirq steal, then guest times already part of user.
fn parse_times(line: &str) -> Option<Times> {
    let mut ticks = [0_u64; 8];
    let mut seen = 0;
    for (place, field) in ticks.iter_mut().zip(line.split_ascii_whitespace()) {
        *place = field.parse().ok()?;
        seen += 1;
    }
    let [.., idle, io_wait, _, _, steal] = ticks;
    let total = ticks
        .iter()
        .fold(0, |sum: u64, ticks| sum.saturating_add(*ticks));
    (seen >= 4).then_some(Times {
        total,
        idle: idle.saturating_add(io_wait),
        io_wait,
        steal,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn times(total: u64, idle: u64) -> Times {
        Times {
            total,
            idle,
            ..Times::default()
        }
    }

    fn at(total: u64, idle: u64) -> Sample {
        Sample {
            times: times(total, idle),
            cores: vec![times(total, idle)],
        }
    }

    #[test]
    fn waiting_for_disks_counts_as_idle_and_guests_are_not_counted_twice() {
        let text = "cpu  10 5 15 60 10 0 0 4 7 3\ncpu0 1 1 1 1\ncpu1 2 2 2 2\nintr 5\n";
        let sample = parse(text).expect("times");
        let expected = Times {
            total: 104,
            idle: 70,
            io_wait: 10,
            steal: 4,
        };
        assert_eq!((sample.times, sample.cores.len()), (expected, 2));
        let later = text
            .replace("60 10 0 0 4", "100 20 0 0 54")
            .replace("2 2 2 2", "4 2 2 2");
        let shares = shares(&sample, &parse(&later).expect("times")).expect("shares");
        assert_eq!((shares.io_wait, shares.steal), (Some(10.0), Some(50.0)));
        assert!(shares.cores.is_empty(), "one of them stood still");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_system_container_has_the_processors_its_quota_allows() {
        use crate::hwmon::tests::write;
        let root = tempfile::tempdir().expect("a directory");
        let roots = crate::roots::Roots::under(root.path());
        let quota = roots.sys.join("fs/cgroup/cpu.max");
        write(&quota, "150000 100000\n");
        assert_eq!(allowed(&roots), None, "the machine itself");
        let kind = roots.root.join("run/systemd/container");
        write(&kind, "docker\n");
        assert_eq!(allowed(&roots), None, "an agent that watches its host");
        write(&kind, "lxc\n");
        assert_eq!(allowed(&roots), Some(2));
        for unlimited in ["max 100000\n", "200000 0\n", "nonsense\n", ""] {
            write(&quota, unlimited);
            assert_eq!(allowed(&roots), None, "{unlimited}");
        }
    }

    #[test]
    fn each_processor_has_its_own_share() {
        let before = parse("cpu 4 0 0 4\ncpu0 2 0 0 2\ncpu1 2 0 0 2\n").expect("times");
        let after = parse("cpu 8 0 0 8\ncpu0 6 0 0 2\ncpu1 2 0 0 6\n").expect("times");
        let told = shares(&before, &after).expect("shares");
        assert_eq!((told.busy, told.cores), (50.0, vec![100.0, 0.0]));
        let fewer = parse("cpu 9 0 0 9\ncpu0 7 0 0 3\n").expect("times");
        assert!(shares(&after, &fewer).expect("shares").cores.is_empty());
    }

    #[test]
    fn use_is_the_share_of_time_that_was_not_idle() {
        assert_eq!(busy(times(100, 50), times(200, 125)), Some(25.0));
        assert_eq!(busy(times(100, 50), times(200, 40)), Some(100.0));
        assert_eq!(busy(times(100, 50), times(100, 50)), None);
        assert_eq!(busy(times(100, 50), times(90, 45)), None);
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
        let long_ago = Instant::now().checked_sub(SPOT).expect("a past");
        for previous in [None, Some((long_ago, at(1_000, 900)))] {
            let mut cpu = Cpu { previous };
            let looks = Cell::new(0);
            let look = || {
                looks.set(looks.get() + 1);
                Ok(at(looks.get() * 10, looks.get() * 5))
            };
            let shares = cpu.measure_with(look, || Ok(())).expect("figures");
            assert_eq!((shares.busy, shares.count), (50.0, 1));
            assert_eq!(looks.get(), 2);
        }
    }

    #[test]
    fn later_looks_are_compared_with_the_one_before() {
        let long_ago = Instant::now().checked_sub(SPOT).expect("a past");
        let mut cpu = Cpu {
            previous: Some((long_ago, at(100, 50))),
        };
        let shares = cpu.measure_with(|| Ok(at(200, 125)), || Err(Error::Stopped));
        assert_eq!(shares.expect("figures").busy, 25.0);
    }

    #[test]
    fn a_captured_machine_reads() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/stat") else {
            return;
        };
        let sample = parse(&text).expect("times");
        assert_eq!(sample.cores.len(), 8);
        assert!(sample.times.idle < sample.times.total);
    }
}
