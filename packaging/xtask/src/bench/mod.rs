//! `cargo xtask bench`: a real server on loopback, driven by simulated agents, and its figures beside
//! the budgets of docs/PERFORMANCE.md. Times on a busy machine are noise, so what is judged is
//! processor time, memory, bytes, and ratios against a baseline of the same run.

mod agent;
mod baseline;
mod dashboard;
mod estate;
mod history;
mod large;
mod process;
mod scenario;
mod site;
mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Builder;

use self::table::Table;

/// What to measure and on what.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// What to measure alone, instead of a whole server.
    subject: Option<Subject>,
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
    /// Agent: minutes it is watched.
    #[arg(long, default_value_t = 3)]
    minutes: u32,
    /// Agent: a program that was built already.
    #[arg(long)]
    agent: Option<PathBuf>,
    /// Agent: socket of a real engine, instead of all other figures.
    #[arg(long, requires = "engine_process")]
    engine: Option<PathBuf>,
    /// Agent: process id of that engine.
    #[arg(long, requires = "engine")]
    engine_process: Option<u32>,
    /// History: where its files go, for measuring one file system.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// History: the block device below that directory, whose own figures are then read.
    #[arg(long)]
    device: Option<String>,
    /// History: days that pass while bytes written are counted.
    #[arg(long, default_value_t = 2)]
    days: i64,
    /// History: resources of the largest estate.
    #[arg(long, default_value_t = 21_250)]
    resources: usize,
    /// History: bytes of the database whose opening is timed.
    #[arg(long, default_value_t = 2_200_000_000)]
    stored: u64,
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Subject {
    /// The history store.
    History,
    /// The estate: folding, publishing and memory at 21,000 and 210,000 resources.
    Estate,
    /// The agent: its size, memory, processor time and what it asks of an engine.
    Agent,
    /// A server with 1,000 hosts of 20 containers, and what belongs to them: 31,000 resources.
    Large,
}

/// Measures everything and prints the table.
///
/// # Errors
/// When a build fails, the server does not start, or a report is refused.
pub fn bench(arguments: &Arguments) -> Result<()> {
    match arguments.subject {
        Some(Subject::History) => return history::bench(arguments),
        Some(Subject::Estate) => return estate::bench(),
        Some(Subject::Agent) => return agent::bench(arguments),
        Some(Subject::Large) | None => {}
    }
    let pulse = crate::command::build("pulse-server", "pulse", &arguments.profile)?;
    if let Some(Subject::Large) = arguments.subject {
        return large(arguments, &pulse);
    }
    let agent = crate::command::build("pulse-agent", "pulse-agent", &arguments.agent_profile)?;
    // Reports, frames and answers are made on one thread: the cores belong to the server.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let table = runtime.block_on(scenario::measure(arguments, &pulse, &agent))?;
    table.print();
    Ok(())
}

fn large(arguments: &Arguments, pulse: &Path) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut table = Table::default();
    let phase = Duration::from_secs(arguments.seconds);
    runtime.block_on(large::measure(&mut table, pulse, arguments.sockets, phase))?;
    table.print();
    Ok(())
}
