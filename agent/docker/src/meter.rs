//! Turns a container's counters into figures, against what was read before.

use tokio::time::Instant;

use crate::wire::{BlockStats, MemoryStats, Stats};

/// What was read last, to tell the next read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    used: u64,
    system: Option<u64>,
    at: Instant,
}

impl Mark {
    /// Returns when it was read.
    pub(crate) fn at(&self) -> Instant {
        self.at
    }
}

/// The machine a container runs on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Machine {
    pub(crate) cpus: Option<u32>,
    pub(crate) memory: Option<u64>,
    /// The machine's counter in the stats is not what Docker means by it.
    pub(crate) is_podman: bool,
}

/// What a container uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) cpu_percent: Option<f64>,
    pub(crate) memory_used: Option<u64>,
    pub(crate) memory_limit: Option<u64>,
    pub(crate) memory_percent: Option<f64>,
    pub(crate) received: Option<u64>,
    pub(crate) sent: Option<u64>,
    pub(crate) read: Option<u64>,
    pub(crate) written: Option<u64>,
}

/// Measures; `mark` becomes what was read now.
pub(crate) fn measure(
    stats: &Stats,
    mark: &mut Option<Mark>,
    at: Instant,
    machine: Machine,
) -> Figures {
    let previous = mark.take();
    *mark = used(stats).map(|used| Mark {
        used,
        system: system(stats).filter(|_| !machine.is_podman),
        at,
    });
    let memory = stats.memory_stats.as_ref();
    let memory_used = memory.and_then(memory_used);
    let limit = memory.and_then(|memory| memory.limit);
    let memory_limit = bounded(limit, machine.memory);
    let networks = stats.networks.as_ref();
    let sum = |of: fn(&crate::wire::InterfaceStats) -> Option<u64>| {
        let networks = networks?.values();
        Some(networks.filter_map(of).fold(0, u64::saturating_add))
    };
    let blocks = stats.blkio_stats.as_ref();
    Figures {
        cpu_percent: previous
            .zip(*mark)
            .and_then(|(before, now)| cpu_percent(before, now, cpus(stats, machine))),
        memory_used,
        memory_limit,
        memory_percent: share(memory_used, memory_limit),
        received: sum(|interface| interface.rx_bytes),
        sent: sum(|interface| interface.tx_bytes),
        read: blocks.and_then(|blocks| block_bytes(blocks, "read")),
        written: blocks.and_then(|blocks| block_bytes(blocks, "write")),
    }
}

fn used(stats: &Stats) -> Option<u64> {
    stats.cpu_stats.as_ref()?.cpu_usage.as_ref()?.total_usage
}

fn system(stats: &Stats) -> Option<u64> {
    stats
        .cpu_stats
        .as_ref()?
        .system_cpu_usage
        .filter(|time| *time > 0)
}

fn cpus(stats: &Stats, machine: Machine) -> Option<u32> {
    let cpu = stats.cpu_stats.as_ref();
    let online = cpu
        .and_then(|cpu| cpu.online_cpus)
        .filter(|count| *count > 0);
    let listed = || {
        let list = cpu?.cpu_usage.as_ref()?.percpu_usage.as_ref()?;
        u32::try_from(list.len()).ok().filter(|count| *count > 0)
    };
    online.or(machine.cpus).or_else(listed)
}

/// 100 is one core. The machine's own counter, where there is one, is read together with the
/// container's and so is exacter than our clock.
fn cpu_percent(before: Mark, now: Mark, cpus: Option<u32>) -> Option<f64> {
    // A counter that went back belongs to a container that was started anew: all of it is new.
    let used = now.used.checked_sub(before.used).unwrap_or(now.used) as f64;
    let by_machine = || {
        let passed = now.system?.checked_sub(before.system?)?;
        let cores = f64::from(cpus?);
        (passed > 0).then(|| used / passed as f64 * cores * 100.0)
    };
    let by_clock = || {
        let passed = now.at.saturating_duration_since(before.at).as_nanos();
        (passed > 0).then(|| used / passed as f64 * 100.0)
    };
    let percent = by_machine().or_else(by_clock)?;
    let most = cpus.map_or(f64::MAX, |cpus| f64::from(cpus) * 100.0);
    Some(percent.min(most))
}

/// Page cache that can be given back is not used.
fn memory_used(memory: &MemoryStats) -> Option<u64> {
    let Some(usage) = memory.usage else {
        return memory.privateworkingset;
    };
    let of = |name: &str| memory.stats.as_ref()?.get(name)?.as_u64();
    let reclaimable = of("total_inactive_file")
        .or_else(|| of("inactive_file"))
        .or_else(|| of("cache"));
    Some(match reclaimable {
        Some(cache) if cache < usage => usage - cache,
        _ => usage,
    })
}

/// Without a limit of its own a container has the machine's memory, however large the figure is
/// the engine gives for "none".
fn bounded(limit: Option<u64>, machine: Option<u64>) -> Option<u64> {
    match (limit.filter(|limit| *limit > 0), machine) {
        (Some(limit), Some(machine)) => Some(limit.min(machine)),
        (Some(limit), None) => (limit < 1 << 62).then_some(limit),
        (None, machine) => machine,
    }
}

fn share(used: Option<u64>, limit: Option<u64>) -> Option<f64> {
    let (used, limit) = (used?, limit.filter(|limit| *limit > 0)?);
    Some((used as f64 / limit as f64 * 100.0).min(100.0))
}

fn block_bytes(blocks: &BlockStats, op: &str) -> Option<u64> {
    let counters = blocks.io_service_bytes_recursive.as_ref()?;
    let of_op = counters.iter().filter(|counter| {
        let found = counter.op.as_deref().unwrap_or_default();
        found.eq_ignore_ascii_case(op)
    });
    Some(
        of_op
            .filter_map(|counter| counter.value)
            .fold(0, u64::saturating_add),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn stats(json: &str) -> Stats {
        serde_json::from_str(json).expect("stats")
    }

    fn counters(used: u64, system: u64) -> Stats {
        stats(&format!(
            r#"{{"cpu_stats":{{"cpu_usage":{{"total_usage":{used}}},"system_cpu_usage":{system},"online_cpus":4}}}}"#
        ))
    }

    fn percent(first: &Stats, second: &Stats, after: Duration) -> Option<f64> {
        let start = Instant::now();
        let mut mark = None;
        let machine = Machine::default();
        assert_eq!(measure(first, &mut mark, start, machine).cpu_percent, None);
        measure(second, &mut mark, start + after, machine).cpu_percent
    }

    #[tokio::test]
    async fn processor_use_is_told_from_two_reads_and_never_from_one() {
        let second = Duration::from_secs(1);
        assert_eq!(
            percent(&counters(100, 1_000), &counters(600, 3_000), second),
            Some(100.0)
        );
        assert_eq!(
            percent(&counters(100, 1_000), &counters(100, 3_000), second),
            Some(0.0)
        );
        assert_eq!(percent(&counters(0, 1), &Stats::default(), second), None);
    }

    #[tokio::test]
    async fn a_container_started_anew_counts_from_zero() {
        let second = Duration::from_secs(1);
        assert_eq!(
            percent(&counters(900, 1_000), &counters(500, 3_000), second),
            Some(100.0)
        );
    }

    #[tokio::test]
    async fn where_the_machines_counter_is_useless_the_clock_decides() {
        let after = Duration::from_nanos(1_000);
        assert_eq!(
            percent(&counters(0, 0), &counters(250, 0), after),
            Some(25.0)
        );
        assert_eq!(
            percent(&counters(0, 5_000), &counters(250, 4_000), after),
            Some(25.0)
        );
        assert_eq!(
            percent(&counters(0, 0), &counters(250, 0), Duration::ZERO),
            None
        );
    }

    #[tokio::test]
    async fn podmans_counter_of_the_machine_is_not_believed() {
        let machine = Machine {
            is_podman: true,
            ..Machine::default()
        };
        let start = Instant::now();
        let mut mark = None;
        measure(&counters(0, 1_000), &mut mark, start, machine);
        let later = start + Duration::from_nanos(1_000);
        let figures = measure(&counters(250, 1_001), &mut mark, later, machine);
        assert_eq!(figures.cpu_percent, Some(25.0));
    }

    #[tokio::test]
    async fn nothing_uses_more_than_the_machine_has() {
        let after = Duration::from_nanos(1);
        assert_eq!(
            percent(&counters(0, 0), &counters(u64::MAX, 0), after),
            Some(400.0)
        );
    }

    #[test]
    fn cache_that_can_be_given_back_is_not_used() {
        let used = |json: &str| memory_used(&serde_json::from_str(json).expect("memory"));
        assert_eq!(
            used(r#"{"usage":100,"stats":{"inactive_file":30,"cache":60}}"#),
            Some(70)
        );
        assert_eq!(
            used(r#"{"usage":100,"stats":{"total_inactive_file":20,"inactive_file":5}}"#),
            Some(80)
        );
        assert_eq!(used(r#"{"usage":100,"stats":{"cache":40}}"#), Some(60));
        assert_eq!(
            used(r#"{"usage":100,"stats":{"inactive_file":300}}"#),
            Some(100)
        );
        assert_eq!(used(r#"{"usage":100,"stats":null}"#), Some(100));
        assert_eq!(used(r#"{"privateworkingset":7}"#), Some(7));
        assert_eq!(used("{}"), None);
    }

    #[test]
    fn a_limit_beyond_the_machine_is_none() {
        assert_eq!(bounded(Some(50), Some(100)), Some(50));
        assert_eq!(bounded(Some(u64::MAX), Some(100)), Some(100));
        assert_eq!(bounded(Some(0), Some(100)), Some(100));
        assert_eq!(bounded(None, None), None);
        assert_eq!(bounded(Some(u64::MAX), None), None);
    }

    #[test]
    fn interfaces_and_devices_are_added_up() {
        let stats = stats(
            r#"{"networks":{"a":{"rx_bytes":1,"tx_bytes":2},"b":{"rx_bytes":10}},
            "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":5},{"op":"read","value":6},
            {"op":"write","value":7},{"op":"Total","value":99},{"op":"Write"}]}}"#,
        );
        let mut mark = None;
        let figures = measure(&stats, &mut mark, Instant::now(), Machine::default());
        assert_eq!((figures.received, figures.sent), (Some(11), Some(2)));
        assert_eq!((figures.read, figures.written), (Some(11), Some(7)));
        let nothing = measure(
            &Stats::default(),
            &mut mark,
            Instant::now(),
            Machine::default(),
        );
        assert_eq!(nothing, Figures::default());
    }
}
