//! The server is away until the queue of the engine's reports is as full as it gets, and comes back.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use pulse_net::Options;
use reqwest::Client;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::alone::growth;
use super::engine::Engine;
use super::process::{Start, free_address};
use super::sink::Sink;
use crate::bench::process::Measured;
use crate::bench::table::{Budget, Quantity, Table};

/// So often that the queue of the engine's reports fills in a minute instead of half an hour.
const INTERVAL: Duration = Duration::from_millis(250);

/// How long the server is away before memory is watched: twice what filling the queue takes.
const AWAY: Duration = Duration::from_secs(120);

/// Longest wait for the queue to be empty again.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long the full queue is watched, with the server still away.
const WATCHED: Duration = Duration::from_secs(30);

/// Room of the two queues: of the machine and of its engine.
const QUEUES: f64 = 2.0 * 4.0 * 1024.0 * 1024.0;

/// Memory beyond the queues that an outage may cost, in bytes.
const BESIDES: f64 = 2e6;

/// Adds what an outage costs.
///
/// # Errors
/// When the agent ends, or the queue is never empty again.
pub async fn measure(table: &mut Table, program: &Path) -> Result<()> {
    let directory = TempDir::new()?;
    let engine = Engine::start(directory.path(), "outage")?;
    let sink = Sink::start().await?;
    let health = free_address()?;
    let agent = Start {
        program,
        state: &directory.path().join("outage"),
        sink: &sink,
        engine: Some(&engine.socket),
        interval: INTERVAL,
        health: &health,
    };
    let agent = agent.run()?;
    let page = Page::of(&health)?;
    sleep(INTERVAL * 40).await;
    let before = agent.resident()? as f64;
    sink.be_away(true);
    sleep(AWAY).await;
    let watched = watch(&agent).await?;
    let waiting = page.waiting().await?;
    let (most, grown) = (
        watched.iter().copied().fold(0.0, f64::max),
        growth(&watched),
    );
    sink.be_away(false);
    let delivered = sink.arrived("agent").reports + sink.arrived("docker").reports;
    empty(&page).await?;
    let arrived = sink.arrived("agent").reports + sink.arrived("docker").reports - delivered;
    let after = agent.resident()? as f64;

    table.add(
        "outage: reports that wait at its end",
        Quantity::Count(waiting as f64),
        Budget::None,
    );
    let costs = |figure: &str, bytes: f64, most: f64| {
        (
            figure.to_owned(),
            Quantity::Megabytes(bytes / 1e6),
            Budget::AtMost(Quantity::Megabytes(most / 1e6)),
        )
    };
    for (figure, measured, budget) in [
        costs(
            "outage: agent RSS above that before",
            most - before,
            QUEUES + BESIDES,
        ),
        costs("outage: its growth in the last half minute", grown, 0.5e6),
    ] {
        table.add(&figure, measured, budget);
    }
    table.add(
        "outage: reports delivered once the server is back",
        Quantity::Count(arrived as f64),
        Budget::AtLeast(Quantity::Count(waiting as f64)),
    );
    table.add(
        "outage: agent RSS before it",
        Quantity::Megabytes(before / 1e6),
        Budget::None,
    );
    table.add(
        "outage: agent RSS after it",
        Quantity::Megabytes(after / 1e6),
        Budget::None,
    );
    Ok(())
}

async fn watch(agent: &Measured) -> Result<Vec<f64>> {
    let mut resident = Vec::new();
    for _ in 0..WATCHED.as_secs() {
        sleep(Duration::from_secs(1)).await;
        resident.push(agent.resident()? as f64);
    }
    Ok(resident)
}

/// Waits until what waited has been delivered.
async fn empty(page: &Page) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        sleep(INTERVAL).await;
        if page.waiting().await? <= 2 {
            return Ok(());
        }
    }
    bail!("reports still wait {PATIENCE:?} after the server came back")
}

/// The agent's health page.
struct Page {
    client: Client,
    url: String,
}

impl Page {
    fn of(address: &str) -> Result<Self> {
        let client = pulse_net::client(&Options {
            proxies: false,
            ..Options::default()
        })?;
        let url = format!("http://{address}/status");
        Ok(Self { client, url })
    }

    async fn waiting(&self) -> Result<u64> {
        let answer = self.client.get(&self.url).send().await?.bytes().await?;
        let status: serde_json::Value = serde_json::from_slice(&answer)?;
        status["waiting"]
            .as_u64()
            .context("the health page does not say how many reports wait")
    }
}
