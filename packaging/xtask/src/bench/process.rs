//! What a process uses, read from `/proc`, and a process that ends with the measurement.

use std::fs;
use std::process::Child;
use std::time::Duration;

use anyhow::{Context, Result};

/// The kernel reports processor time in hundredths of a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// A child process that is killed when the measurement ends, however it ends.
#[derive(Debug)]
pub struct Measured(pub Child);

impl Measured {
    /// Processor time used so far, by all its threads.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn cpu(&self) -> Result<Duration> {
        cpu(&self.0.id().to_string())
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn resident(&self) -> Result<u64> {
        resident(&self.0.id().to_string())
    }
}

/// This process.
#[derive(Debug)]
pub struct Own;

impl Own {
    /// Processor time used so far, by all threads.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub fn cpu() -> Result<Duration> {
        cpu("self")
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub fn resident() -> Result<u64> {
        resident("self")
    }
}

/// Processor time a process has used so far, by all its threads.
///
/// # Errors
/// When it has ended.
pub fn cpu(process: &str) -> Result<Duration> {
    let stat = read(process, "stat")?;
    ticks(&stat)
        .map(|ticks| TICK * ticks)
        .context("/proc/PID/stat reads otherwise than expected")
}

fn resident(process: &str) -> Result<u64> {
    let status = read(process, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.context("/proc/PID/status names no VmRSS")? * 1024)
}

fn read(process: &str, file: &str) -> Result<String> {
    let path = format!("/proc/{process}/{file}");
    fs::read_to_string(&path).with_context(|| format!("read {path}: the process has ended"))
}

impl Drop for Measured {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// User and system ticks of a stat line, whose second field may hold blanks and brackets.
pub(super) fn ticks(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "12 (a ) b) S 1 12 12 0 -1 4194304 100 0 0 0 31 11 0 0 20 0 5 0 100 1 1";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks("nonsense"), None);
    }
}
