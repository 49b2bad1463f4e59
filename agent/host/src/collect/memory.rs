//! Memory and swap. Cache that the kernel gives back on demand is not used memory, and neither is
//! the cache of ZFS, which the kernel does not count as one.

use pulse_protocol::report::host::MemoryMetric;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
#[cfg(target_os = "linux")]
use crate::roots::{Roots, read_number, read_text};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Memory)
}

struct Memory;

/// Bytes as the system counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) total: u64,
    pub(crate) free: u64,
    pub(crate) available: u64,
    pub(crate) swap_total: u64,
    pub(crate) swap_free: u64,
    /// The ZFS cache, which looks used to the kernel.
    pub(crate) arc: u64,
}

impl Collector for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let memory = metric(count(cx)?);
        Ok(Reading::new(move |report| {
            report.metrics.memory = memory.clone()
        }))
    }
}

#[cfg(target_os = "linux")]
fn count(cx: &Context<'_>) -> Result<Counted, Error> {
    let mut counted = parse(&read_text(
        &cx.roots.proc.join("meminfo"),
        "memory figures",
    )?)?;
    let arc = read_text(&cx.roots.proc.join("spl/kstat/zfs/arcstats"), "a ZFS cache");
    counted.arc = arc.ok().as_deref().and_then(parse_arc).unwrap_or(0);
    Ok(within_container(cx.roots, counted).unwrap_or(counted))
}

/// Counts within the limit of the system container this is, where its host does not already show
/// such figures in `/proc`. Application containers are another matter: an agent in one watches the
/// machine around it.
#[cfg(target_os = "linux")]
fn within_container(roots: &Roots, whole: Counted) -> Option<Counted> {
    if !roots.is_in_system_container() {
        return None;
    }
    let file = |name: &str| roots.sys.join("fs/cgroup").join(name);
    let limit: u64 = read_number(&file("memory.max"))?;
    let taken: u64 = read_number(&file("memory.current"))?;
    if limit == 0 || limit >= whole.total {
        return None;
    }
    let figures = read_text(&file("memory.stat"), "memory figures").ok()?;
    let cached = figures
        .lines()
        .find_map(|line| line.strip_prefix("inactive_file "));
    let cached: u64 = cached
        .and_then(|bytes| bytes.trim().parse().ok())
        .unwrap_or(0);
    let free = limit.saturating_sub(taken);
    Some(Counted {
        total: limit,
        free,
        available: free.saturating_add(cached).min(limit),
        // The cache is the host's.
        arc: 0,
        ..whole
    })
}

#[cfg(not(target_os = "linux"))]
fn count(_cx: &Context<'_>) -> Result<Counted, Error> {
    crate::portable::memory()
}

/// Divides the total into used, cache and free.
fn metric(counted: Counted) -> MemoryMetric {
    let Counted {
        total,
        free,
        available,
        swap_total,
        swap_free,
        arc,
    } = counted;
    let available = available.clamp(free.min(total), total);
    let cache = available.saturating_sub(free);
    let used = (total - available).saturating_sub(arc);
    let share = used as f64 / total as f64 * 100.0;
    MemoryMetric {
        total_bytes: Some(total),
        used_bytes: Some(used),
        free_bytes: Some(total.saturating_sub(used).saturating_sub(cache)),
        cache_bytes: Some(cache),
        usage: share.is_finite().then_some(share),
        swap_total_bytes: Some(swap_total),
        swap_used_bytes: Some(swap_total.saturating_sub(swap_free)),
    }
}

/// Reads `/proc/meminfo`.
fn parse(text: &str) -> Result<Counted, Error> {
    let value = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kibibytes: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
        kibibytes.checked_mul(1024)
    };
    let (Some(total), Some(free)) = (value("MemTotal"), value("MemFree")) else {
        return Err(Error::Format("memory figures"));
    };
    let size = |name| value(name).unwrap_or(0);
    // Kernels before 3.14 do not say what is available.
    let estimate = || {
        let cached = size("Buffers") + size("Cached") + size("SReclaimable");
        free + cached.saturating_sub(size("Shmem"))
    };
    Ok(Counted {
        total,
        free,
        available: value("MemAvailable").unwrap_or_else(estimate),
        swap_total: size("SwapTotal"),
        swap_free: size("SwapFree"),
        arc: 0,
    })
}

/// Reads the size of the ZFS cache: `size  4  <bytes>`.
fn parse_arc(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find(|line| line.split_ascii_whitespace().next() == Some("size"))?;
    line.split_ascii_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn cache_is_not_used_memory() {
        let text = "MemTotal: 4096 kB\nMemFree: 1024 kB\nMemAvailable: 3072 kB\nCached: 9 kB\n\
                    SwapTotal: 2048 kB\nSwapFree: 512 kB\n";
        let memory = metric(parse(text).expect("figures"));
        assert_eq!(memory.used_bytes, Some(MIB));
        assert_eq!(memory.cache_bytes, Some(2 * MIB));
        assert_eq!(memory.free_bytes, Some(MIB));
        assert_eq!(memory.usage, Some(25.0));
        assert_eq!(memory.swap_used_bytes, Some(1536 * 1024));
    }

    #[test]
    fn the_zfs_cache_is_not_used_memory_either() {
        let counted = Counted {
            total: 100 * MIB,
            free: 10 * MIB,
            available: 20 * MIB,
            arc: 60 * MIB,
            ..Counted::default()
        };
        let memory = metric(counted);
        assert_eq!(memory.used_bytes, Some(20 * MIB));
        assert_eq!(memory.cache_bytes, Some(10 * MIB));
        assert_eq!(memory.free_bytes, Some(70 * MIB));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_system_container_is_as_large_as_its_limit() {
        use crate::hwmon::tests::write;
        let root = tempfile::tempdir().expect("a directory");
        let roots = Roots::under(root.path());
        let whole = Counted {
            total: 1_000 * MIB,
            free: 900 * MIB,
            available: 950 * MIB,
            arc: 10 * MIB,
            ..Counted::default()
        };
        for (name, text) in [
            ("memory.max", "104857600\n"),
            ("memory.current", "62914560\n"),
            ("memory.stat", "anon 1\ninactive_file 20971520\n"),
        ] {
            write(&roots.sys.join("fs/cgroup").join(name), text);
        }
        assert_eq!(within_container(&roots, whole), None);
        write(&root.path().join("run/systemd/container"), "docker\n");
        assert_eq!(within_container(&roots, whole), None);
        write(&root.path().join("run/systemd/container"), "lxc\n");
        let memory = metric(within_container(&roots, whole).expect("a container"));
        assert_eq!(
            (memory.total_bytes, memory.used_bytes),
            (Some(100 * MIB), Some(40 * MIB))
        );
        write(&roots.sys.join("fs/cgroup/memory.max"), "max\n");
        assert_eq!(within_container(&roots, whole), None);
    }

    #[test]
    fn figures_that_contradict_each_other_stay_within_the_total() {
        for (free, available, arc) in [(300, 200, 0), (10, 900, 900), (0, 0, 900), (200, 0, 0)] {
            let counted = Counted {
                total: 100,
                free,
                available,
                arc,
                ..Counted::default()
            };
            let memory = metric(counted);
            assert!(memory.used_bytes <= Some(100), "{memory:?}");
            assert!(
                memory
                    .usage
                    .is_some_and(|usage| (0.0..=100.0).contains(&usage)),
                "{memory:?}"
            );
        }
        assert_eq!(metric(Counted::default()).usage, None);
    }

    #[test]
    fn an_old_kernel_without_an_available_figure_is_estimated() {
        let text = "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 300 kB\n\
                    Shmem: 20 kB\nSReclaimable: 70 kB\n";
        assert_eq!(parse(text).expect("figures").available, 500 * 1024);
    }

    #[test]
    fn other_texts_are_an_error() {
        for text in [
            "",
            "MemTotal: 1 kB",
            "MemTotal: x kB\nMemFree: 1 kB",
            "MemTotal\nMemFree",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn captured_machines_read() {
        let Some(text) = crate::captures::read("proc/node_exporter/proc/meminfo") else {
            return;
        };
        let counted = parse(&text).expect("figures");
        assert!(counted.available > counted.free && counted.available < counted.total);
        let Some(text) = crate::captures::read("zfs/node_exporter/kstat/arcstats") else {
            return;
        };
        assert_eq!(parse_arc(&text), Some(1_603_939_792));
    }
}
