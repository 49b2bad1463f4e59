//! `cargo xtask bench`: a real server on loopback, driven by simulated agents, and its figures beside
//! the budgets of docs/PERFORMANCE.md. Times on a busy machine are noise, so what is judged is
//! processor time, memory, bytes, and ratios against a baseline of the same run.

mod agent;
mod baseline;
mod dashboard;
mod process;
mod scenario;
mod site;
mod table;

use anyhow::Result;
use tokio::runtime::Builder;

/// What to measure and on what.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// Cargo profile of the server that is measured.
    #[arg(long, default_value = "release")]
    profile: String,
    /// Cargo profile of the agent that is measured; `dist` is what packages hold.
    #[arg(long, default_value = "dist")]
    agent_profile: String,
    /// Hosts behind the fan-out figure.
    #[arg(long, default_value_t = 5000)]
    hosts: usize,
    /// Dashboards behind the fan-out figure.
    #[arg(long, default_value_t = 200)]
    sockets: usize,
    /// Seconds each phase goes on.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// Measures everything and prints the table.
///
/// # Errors
/// When a build fails, the server does not start, or a report is refused.
pub fn bench(arguments: &Arguments) -> Result<()> {
    let pulse = crate::command::build("pulse-server", "pulse", &arguments.profile)?;
    let agent = crate::command::build("pulse-agent", "pulse-agent", &arguments.agent_profile)?;
    // Reports, frames and answers are made on one thread: the cores belong to the server.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let table = runtime.block_on(scenario::measure(arguments, &pulse, &agent))?;
    table.print();
    Ok(())
}
