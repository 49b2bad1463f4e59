//! What this process itself uses: its memory, and its processor time with that of the tools it ran.
//!
//! It is read once per report and has to cost next to nothing: one small file and two system calls.

use std::time::Duration;

/// What this process uses; what the system does not tell is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Resident memory in bytes.
    pub resident: Option<u64>,
    /// Processor time since it started.
    pub processor: Option<Duration>,
}

impl Own {
    /// Looks at this process.
    #[must_use]
    pub fn now() -> Self {
        look()
    }
}

#[cfg(target_os = "linux")]
fn look() -> Own {
    // Not below the roots: those may be the tree of another process namespace.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    Own {
        resident: resident(&status),
        processor: processor(),
    }
}

#[cfg(not(target_os = "linux"))]
fn look() -> Own {
    let own = crate::portable::own();
    Own {
        processor: processor().or(own.processor),
        ..own
    }
}

#[cfg(not(unix))]
fn processor() -> Option<Duration> {
    None
}

/// Reads the line of `/proc/self/status` that tells resident memory.
fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// Adds up this process and the tools it waited for. The files below `/proc` count in hundredths
/// of a second, which is more than a report costs.
#[cfg(unix)]
fn processor() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let of = |who| {
        let usage = getrusage(who).ok()?;
        let times = [usage.user_time(), usage.system_time()];
        let micros: i64 = times.iter().map(TimeValLike::num_microseconds).sum();
        u64::try_from(micros).ok()
    };
    let micros = of(UsageWho::RUSAGE_SELF)? + of(UsageWho::RUSAGE_CHILDREN)?;
    Some(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_from_its_line_or_not_known() {
        let status = "Name:\tpulse-agent\nVmPeak:\t  9000 kB\nVmRSS:\t    5120 kB\nThreads:\t14\n";
        assert_eq!(resident(status), Some(5_242_880));
        for odd in [
            "",
            "VmRSS:",
            "VmRSS: 12",
            "VmRSS: many kB",
            "VmRSS: 18446744073709551615 kB",
        ] {
            assert_eq!(resident(odd), None, "{odd}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn this_process_uses_memory_and_time() {
        let before = Own::now();
        while Own::now().processor == before.processor {
            std::hint::black_box((0..100_000_u64).fold(0, u64::wrapping_add));
        }
        let after = Own::now();
        assert!(after.processor > before.processor);
        assert!(after.resident.is_some_and(|bytes| bytes > 100_000));
    }
}
