//! What the agent costs a real Docker Engine: its processor time without and with the agent.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

use super::process::Start;
use super::sink::Sink;
use crate::bench::process::cpu;
use crate::bench::table::{Budget, Quantity, Table};

/// Time between the agent's reports.
const INTERVAL: Duration = Duration::from_secs(10);

/// Intervals of each of the two windows.
const WINDOW: u32 = 9;

/// Adds the engine's processor time over two windows of one length. `process` is the daemon's.
///
/// # Errors
/// When the daemon or the agent ends, or no report of the engine arrives.
pub async fn measure(table: &mut Table, program: &Path, socket: &Path, process: u32) -> Result<()> {
    let without = window(process).await?;
    let directory = TempDir::new()?;
    let sink = Sink::start().await?;
    let agent = Start {
        program,
        state: directory.path(),
        sink: &sink,
        engine: Some(socket),
        interval: INTERVAL,
        health: "off",
    };
    let _agent = agent.run()?;
    // The first round inspects everything.
    sleep(INTERVAL + INTERVAL / 2).await;
    let before = sink.arrived("docker").reports;
    let with = window(process).await?;
    let reports = sink.arrived("docker").reports - before;
    ensure!(
        reports + 1 >= u64::from(WINDOW),
        "{reports} reports of the engine in {WINDOW} intervals"
    );
    let each = |time: Duration| Quantity::Millis(time.as_secs_f64() * 1e3 / f64::from(WINDOW));
    for (figure, time) in [
        (
            "dockerd and containerd: CPU per 10 s, without the agent",
            without,
        ),
        ("dockerd and containerd: CPU per 10 s, with the agent", with),
    ] {
        table.add(figure, each(time), Budget::None);
    }
    Ok(())
}

/// Processor time the daemon uses in one window.
async fn window(process: u32) -> Result<Duration> {
    let before = used(process)?;
    sleep(INTERVAL * WINDOW).await;
    Ok(used(process)?.saturating_sub(before))
}

/// Processor time of the daemon and of what it started itself, which is containerd.
fn used(process: u32) -> Result<Duration> {
    let mut sum = cpu(&process.to_string())?;
    for entry in fs::read_dir("/proc").context("read /proc")? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let stat = fs::read_to_string(format!("/proc/{name}/stat")).unwrap_or_default();
        if parent(&stat) == Some(process) {
            // It may have ended just now.
            sum += cpu(&name).unwrap_or_default();
        }
    }
    Ok(sum)
}

/// Parent of a stat line, whose second field may hold blanks and brackets.
fn parent(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_found_behind_a_name_with_brackets() {
        assert_eq!(parent("12 (a ) b) S 7 12 12 0 -1"), Some(7));
        assert_eq!(parent(""), None);
    }
}
