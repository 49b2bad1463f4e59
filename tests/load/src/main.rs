//! `pulse-load`: simulated agents, and dashboards that watch them, against a server on loopback.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use pulse_load::{Agents, Pace, SendTimes, Sockets, Target};
use tokio_util::sync::CancellationToken;

/// Simulated agents over the real protocol, from one process.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The server's address, plain HTTP.
    #[arg(long, default_value = "http://127.0.0.1:7655")]
    base: String,
    /// How many agents report.
    #[arg(long, default_value_t = 200)]
    agents: usize,
    /// Number of the first agent: two generators with different numbers are different machines.
    #[arg(long, default_value_t = 0)]
    first: usize,
    /// Time between two reports of one agent.
    #[arg(long, default_value = "10s", value_parser = duration)]
    interval: Duration,
    /// How long to go on.
    #[arg(long, default_value = "10m", value_parser = duration)]
    duration: Duration,
    /// File with API tokens, one a line, used in turn.
    #[arg(long)]
    token_file: PathBuf,
    /// How many live sockets watch; the first token needs monitoring:read.
    #[arg(long, default_value_t = 0)]
    sockets: usize,
    /// Instead of an interval: this many reports per agent, as fast as they are answered.
    #[arg(long)]
    flood: Option<usize>,
}

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::print_stdout,
    reason = "the figures are this program's product"
)]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let tokens = read_tokens(&arguments.token_file)?;
    let target = Target::new(&arguments.base)?;
    let pace = arguments
        .flood
        .map_or(Pace::Every(arguments.interval), Pace::Flood);
    let times = SendTimes::default();
    let agents = Agents::new(&target, arguments.first, arguments.agents, &tokens, pace)?;
    let sockets = Sockets::new(&target, &tokens[0], arguments.sockets, times.clone());
    let mut with_state = sockets.with_state();
    let opening = {
        let times = times.clone();
        async move {
            // While all of them open at once, what is slow is the opening.
            let all = with_state.wait_for(|count| *count >= arguments.sockets);
            if all.await.is_ok() {
                times.count_from_now();
            }
        }
    };

    let stop = CancellationToken::new();
    let end = stop.clone();
    let stopper = async {
        tokio::select! {
            () = tokio::time::sleep(arguments.duration) => {}
            _ = tokio::signal::ctrl_c() => {}
            () = end.cancelled() => {}
        }
        end.cancel();
    };
    let reports = async {
        let tally = agents.noting(times).run(stop.clone()).await;
        stop.cancel();
        tally
    };
    let opening = async {
        tokio::select! {
            () = opening => {}
            () = stop.cancelled() => {}
        }
    };
    let watched = sockets.run(stop.clone());
    let ((), (), reports, seen) = tokio::join!(stopper, opening, reports, watched);
    println!("reports: {reports}");
    if arguments.sockets > 0 {
        println!("sockets: {seen}");
    }
    ensure!(
        reports.failed == 0 && seen.broken == 0,
        "not everything was answered"
    );
    Ok(())
}

fn read_tokens(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let tokens: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    ensure!(!tokens.is_empty(), "{} holds no token", path.display());
    Ok(tokens)
}

/// Reads `500ms`, `10s`, `10m` or `2h`.
fn duration(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("{text}: a number and ms, s, m or h")),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| format!("{text}: starts with no number"))?;
    if number == 0 {
        return Err(format!("{text}: must be longer than nothing"));
    }
    Ok(Duration::from_millis(number.saturating_mul(millis)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_unit_and_nothing_else_is() {
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for wrong in ["", "10", "s", "0s", "-1s", "10 s", "1d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
