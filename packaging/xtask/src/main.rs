//! `cargo xtask`: what a maintainer types more than twice.

mod bench;
mod check;
mod command;
mod dev;
mod openapi;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Tasks of the Pulse repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Formatting, lints, house rules and unit tests: the quick half of `make test`.
    Check,
    /// Tests of one area: `cargo xtask test estate`, `test agent/host`, `test house`, `test flows`.
    Test {
        /// A directory of the workspace, with or without `server/` or `tests/` before it.
        area: String,
    },
    /// A server and this machine's agent from a debug build, and the dashboard's development server.
    Dev,
    /// Drives a real server with simulated agents and prints the figures beside their budgets.
    Bench(bench::Arguments),
    /// Writes docs/openapi.json from the server's own routes.
    Openapi,
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Check => check::check(),
        Task::Test { area } => check::test(&area),
        Task::Dev => dev::dev(),
        Task::Bench(arguments) => bench::bench(&arguments),
        Task::Openapi => openapi::write(),
    }
}
