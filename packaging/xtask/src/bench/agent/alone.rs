//! `cargo xtask bench agent`: what the agent costs its machine and the engine it reads.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tempfile::TempDir;
use tokio::runtime::Builder;
use tokio::time::sleep;

use super::engine::{Asked, Engine, RUNNING, STOPPED};
use super::process::Start;
use super::sink::{Arrived, Sink};
use super::{outage, real, weigh};
use crate::bench::Arguments;
use crate::bench::process::Measured;
use crate::bench::table::{Budget, Quantity, Table};

/// Interval of the agent whose calls and memory are judged.
const OFTEN: Duration = Duration::from_secs(10);

/// Interval of the other: the default.
const DEFAULT: Duration = Duration::from_secs(30);

/// Time between two looks at memory.
const LOOK: Duration = Duration::from_secs(5);

/// Reports until the steady state: the first reads everything for the first time.
const WARM_UP: u32 = 3;

/// Most the memory may grow between the first and the last third of a run, in bytes.
const GROWTH: f64 = 0.5e6;

/// Measures and prints the table.
///
/// # Errors
/// When the build fails, the agent ends early or does not report, or a budget is missed.
pub fn bench(arguments: &Arguments) -> Result<()> {
    let program = match &arguments.agent {
        Some(program) => program.canonicalize()?,
        None => crate::command::build("pulse-agent", "pulse-agent", &arguments.agent_profile)?,
    };
    let minutes = Duration::from_secs(60) * arguments.minutes.max(1);
    // Engines, server and looks share one thread: the other cores belong to the agents.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut table = Table::default();
    weigh(&mut table, &program)?;
    let outcome = runtime.block_on(async {
        if let Some((socket, process)) = arguments.engine.as_ref().zip(arguments.engine_process) {
            return real::measure(&mut table, &program, socket, process).await;
        }
        steady(&mut table, &program, minutes).await?;
        outage::measure(&mut table, &program).await
    });
    table.print();
    outcome?;
    ensure!(table.missed() == 0, "{} budgets are missed", table.missed());
    Ok(())
}

/// An agent with an engine of its own.
struct Subject {
    agent: Measured,
    engine: Engine,
    sink: Sink,
    interval: Duration,
    resident: Vec<f64>,
}

impl Subject {
    async fn start(program: &Path, directory: &Path, interval: Duration) -> Result<Self> {
        let name = format!("every{}", interval.as_secs());
        let engine = Engine::start(directory, &name)?;
        let sink = Sink::start().await?;
        let agent = Start {
            program,
            state: &directory.join(name),
            sink: &sink,
            engine: Some(&engine.socket),
            interval,
            health: "off",
        };
        let agent = agent.run()?;
        Ok(Self {
            agent,
            engine,
            sink,
            interval,
            resident: Vec::new(),
        })
    }

    fn look(&mut self) -> Result<()> {
        let bytes = self.agent.resident()?;
        self.resident.push(bytes as f64);
        Ok(())
    }
}

/// Two agents side by side, at 10 s and at the default interval, for that long.
async fn steady(table: &mut Table, program: &Path, time: Duration) -> Result<()> {
    let directory = TempDir::new()?;
    let mut often = Subject::start(program, directory.path(), OFTEN).await?;
    let mut other = Subject::start(program, directory.path(), DEFAULT).await?;
    sleep(OFTEN * WARM_UP + OFTEN / 2).await;
    let first = often.engine.asked();
    ensure!(
        first.get("stats, running").is_some_and(|reads| *reads > 0),
        "the agent does not read the engine: {first:?}"
    );
    let before = [&often, &other].map(|subject| subject.agent.cpu());
    let arrived = ["agent", "docker"].map(|kind| often.sink.arrived(kind));
    let looks = u32::try_from(time.as_secs() / LOOK.as_secs())?;
    for _ in 0..looks {
        sleep(LOOK).await;
        often.look()?;
        other.look()?;
    }
    for (subject, before) in [&often, &other].into_iter().zip(before) {
        add_cpu(table, subject, before?, LOOK * looks)?;
    }
    add_memory(table, &often);
    add_calls(table, &often.engine.asked(), time)?;
    for (kind, before) in ["agent", "docker"].into_iter().zip(arrived) {
        add_reports(table, kind, before, often.sink.arrived(kind))?;
    }
    Ok(())
}

fn add_cpu(table: &mut Table, subject: &Subject, before: Duration, time: Duration) -> Result<()> {
    let used = subject.agent.cpu()? - before;
    let seconds = subject.interval.as_secs();
    let most = if seconds < DEFAULT.as_secs() {
        0.3
    } else {
        0.1
    };
    table.add(
        &format!("agent CPU, host and {RUNNING} running containers, every {seconds} s"),
        Quantity::CorePercent(used.as_secs_f64() / time.as_secs_f64() * 100.0),
        Budget::AtMost(Quantity::CorePercent(most)),
    );
    Ok(())
}

fn add_memory(table: &mut Table, subject: &Subject) {
    let resident = &subject.resident;
    let most = resident.iter().copied().fold(0.0, f64::max);
    table.add(
        &format!(
            "agent RSS, the same, every {} s, at most",
            subject.interval.as_secs()
        ),
        Quantity::Megabytes(most / 1e6),
        Budget::AtMost(Quantity::Megabytes(10.0)),
    );
    table.add(
        "its growth from the first third of the run to the last",
        Quantity::Kilobytes(growth(resident) / 1e3),
        Budget::AtMost(Quantity::Kilobytes(GROWTH / 1e3)),
    );
}

/// Difference between the means of the last and the first third.
pub(super) fn growth(resident: &[f64]) -> f64 {
    let third = (resident.len() / 3).max(1).min(resident.len());
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    mean(&resident[resident.len() - third..]) - mean(&resident[..third])
}

/// What the engine was asked per interval. Each round asks about the engine once.
fn add_calls(table: &mut Table, asked: &Asked, time: Duration) -> Result<()> {
    let of = |kind: &str| asked.get(kind).copied().unwrap_or(0);
    let rounds = of("info");
    let Some(rounds) = Some(rounds as f64).filter(|rounds| *rounds > 0.0) else {
        bail!("the agent stopped reading the engine: {asked:?}");
    };
    let each = |kind: &str| Quantity::PerRound(of(kind) as f64 / rounds);
    let exactly = |count: f64| Budget::Exactly(Quantity::PerRound(count));
    table.add(
        "engine: intervals counted",
        Quantity::Count(rounds),
        Budget::None,
    );
    table.add(
        &format!("engine: stats reads of {RUNNING} running containers"),
        each("stats, running"),
        exactly(RUNNING as f64),
    );
    table.add(
        &format!("engine: stats reads of {STOPPED} stopped containers"),
        each("stats, stopped"),
        exactly(0.0),
    );
    table.add(
        "engine: questions about the engine, lists of containers",
        Quantity::PerRound((of("info") + of("list")) as f64 / rounds),
        Budget::AtMost(Quantity::PerRound(2.0)),
    );
    let known = ["info", "list", "stats, running", "stats, stopped"];
    let others = asked.iter().filter(|(kind, _)| !known.contains(kind));
    let others: u64 = others.map(|(_, count)| count).sum();
    table.add(
        "engine: anything else while nothing happens, in the whole run",
        Quantity::Count(others as f64),
        Budget::AtMost(Quantity::Count(now_and_then(time))),
    );
    Ok(())
}

/// Three lists every ten minutes, the disk usage once an hour; the first of each came before.
fn now_and_then(time: Duration) -> f64 {
    let warm_up = (OFTEN * WARM_UP + OFTEN / 2).as_secs();
    let seconds = time.as_secs() + warm_up;
    ((seconds / 600) * 3 + seconds / 3_600) as f64
}

fn add_reports(table: &mut Table, kind: &str, before: Arrived, after: Arrived) -> Result<()> {
    let reports = after.reports - before.reports;
    ensure!(reports > 0, "no {kind} report arrived");
    let bytes = (after.bytes - before.bytes) as f64 / reports as f64;
    table.add(
        &format!("a report as sent, compressed: {kind}"),
        Quantity::Kilobytes(bytes / 1e3),
        Budget::None,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_that_between_the_ends_of_a_run() {
        assert_eq!(growth(&[1.0, 1.0, 9.0, 9.0, 4.0, 4.0]), 3.0);
        assert_eq!(growth(&[5.0]), 0.0);
        assert_eq!(growth(&[]), 0.0);
    }

    #[test]
    fn lists_are_read_anew_every_ten_minutes() {
        let minutes = |minutes: u64| now_and_then(Duration::from_secs(60 * minutes));
        assert_eq!(
            (minutes(3), minutes(9), minutes(10), minutes(60)),
            (0.0, 0.0, 3.0, 19.0)
        );
    }
}
