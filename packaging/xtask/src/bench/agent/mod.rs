//! The real agent: beside the measured server, and alone against a server and an engine that count.

mod alone;
mod engine;
mod outage;
mod process;
mod real;
mod sink;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::sleep;

use super::site::Site;
use super::table::{Budget, Quantity, Table};
use crate::bench::process::Measured;
use crate::command::command;

pub use alone::bench;

/// Runs the agent for `wait` at an interval of 10 s and adds what it weighs and uses.
///
/// # Errors
/// When it cannot be started or ends early.
pub async fn measure(table: &mut Table, site: &Site, program: &Path, wait: Duration) -> Result<()> {
    weigh(table, program)?;
    let agent = command(&program.to_string_lossy())
        .args([
            "--enroll",
            "--interval",
            "10s",
            "--url",
            &site.base,
            "--token-file",
        ])
        .arg(site.data.path().join("local-agent.token"))
        .arg("--state-dir")
        .arg(site.data.path().join("agent"))
        .envs([("PULSE_HEALTH_ADDR", "off"), ("LOG_LEVEL", "error")])
        .stdin(Stdio::null())
        .spawn()
        .context("start the agent")?;
    let agent = Measured(agent);
    // The first report, with everything read for the first time, is not the steady state.
    sleep(Duration::from_secs(5)).await;
    let before = agent.cpu()?;
    sleep(wait).await;
    let share = (agent.cpu()? - before).as_secs_f64() / wait.as_secs_f64() * 100.0;
    table.add(
        "agent RSS, host collectors, 10 s interval",
        Quantity::Megabytes(agent.resident()? as f64 / 1e6),
        Budget::AtMost(Quantity::Megabytes(10.0)),
    );
    table.add(
        "agent CPU at 10 s",
        Quantity::CorePercent(share),
        Budget::AtMost(Quantity::CorePercent(0.3)),
    );
    Ok(())
}

/// Adds what the program weighs.
fn weigh(table: &mut Table, program: &Path) -> Result<()> {
    let bytes = std::fs::metadata(program)
        .with_context(|| format!("look at {}", program.display()))?
        .len();
    table.add(
        "agent binary, stripped",
        Quantity::Megabytes(bytes as f64 / 1e6),
        Budget::AtMost(Quantity::Megabytes(8.0)),
    );
    Ok(())
}
