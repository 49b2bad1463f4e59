//! A large estate: the server's own sample data, 1,000 hosts with 20 containers each, on a server of its own.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use pulse_load::{Latencies, SendTimes, Sockets, Target};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::scenario::{self, opened};
use super::site::Site;
use super::table::{Budget, Quantity, Table};

const HOSTS: usize = 1_000;
const CONTAINERS_EACH: usize = 20;
/// Hosts and their containers.
const RESOURCES: u64 = (HOSTS * (1 + CONTAINERS_EACH)) as u64;
/// How long the estate may take to be complete.
const FILL: Duration = Duration::from_secs(120);

/// Fills a server and measures what its size costs.
///
/// # Errors
/// When the server fails or does not show the estate.
pub async fn measure(
    table: &mut Table,
    pulse: &Path,
    sockets: usize,
    phase: Duration,
) -> Result<()> {
    let site = Site::start(pulse).await?;
    let fresh = megabytes(&site)?;
    table.add("server RSS, fresh", fresh, Budget::None);
    let ids = fill(&site).await?;
    let share = share_of_a_core(&site, phase).await?;
    let what = "1,000 hosts of 20 containers";
    table.add(
        &format!("CPU to observe, merge and record {what}"),
        Quantity::CorePercent(share),
        Budget::None,
    );
    let budget = Budget::AtMost(Quantity::Megabytes(250.0));
    table.add(&format!("server RSS at {what}"), megabytes(&site)?, budget);
    lists(table, &site).await?;
    queries(table, &site, &ids).await?;
    scenario::state(table, &site, what).await?;
    table.add(
        &format!("server RSS at {what}, state asked for"),
        megabytes(&site)?,
        Budget::None,
    );
    watched(table, &site, sockets, phase).await
}

fn megabytes(site: &Site) -> Result<Quantity> {
    Ok(Quantity::Megabytes(site.server.resident()? as f64 / 1e6))
}

/// Switches the sample data on and returns the ids of fifty containers once all is there.
async fn fill(site: &Site) -> Result<Vec<String>> {
    let wanted = json!({"enabled": true, "config": {
        "nodeCount": 0, "vmsPerNode": 0, "lxcsPerNode": 0, "genericHostCount": 0, "k8sClusterCount": 0,
        "dockerHostCount": HOSTS, "dockerContainersPerHost": CONTAINERS_EACH, "randomMetrics": true,
    }});
    site.put("/api/system/mock-mode", &wanted).await?;
    let deadline = Instant::now() + FILL;
    loop {
        let page = "/api/resources?type=app-container&limit=50";
        let page: Value = serde_json::from_slice(&site.get(page).await?.bytes().await?)?;
        let total = page["aggregations"]["total"].as_u64();
        if total.context("the list counts")? >= RESOURCES {
            let listed = page["data"].as_array().context("a page of resources")?;
            let ids = listed.iter().filter_map(|one| one["id"].as_str());
            return Ok(ids.map(str::to_owned).collect());
        }
        ensure!(
            Instant::now() < deadline,
            "only {total:?} resources after two minutes"
        );
        sleep(Duration::from_millis(250)).await;
    }
}

async fn share_of_a_core(site: &Site, phase: Duration) -> Result<f64> {
    let before = site.server.cpu()?;
    sleep(phase).await;
    Ok((site.server.cpu()? - before).as_secs_f64() / phase.as_secs_f64() * 100.0)
}

async fn lists(table: &mut Table, site: &Site) -> Result<()> {
    for (name, path) in [
        ("by name", "/api/resources?limit=100"),
        ("searched", "/api/resources?q=web&status=online&limit=100"),
    ] {
        let took = median(site, path, 20).await?;
        table.add(
            &format!("a page of all that, {name}, p50"),
            took,
            Budget::None,
        );
    }
    Ok(())
}

async fn queries(table: &mut Table, site: &Site, ids: &[String]) -> Result<()> {
    let page = format!(
        "/api/metrics-store/sparks?ids={}&metrics=cpu,memory,disk,netin,netout&range=24h&maxPoints=60",
        ids.join(",")
    );
    let took = median(site, &page, 20).await?;
    let budget = Budget::AtMost(Quantity::Millis(100.0));
    table.add("50 resources x 5 metrics in one request, p50", took, budget);
    let one = ids.first().context("there are containers")?;
    let one = format!(
        "/api/metrics-store/history?resourceType=app-container&resourceId={one}&metric=cpu&range=90d&maxPoints=1000"
    );
    let took = median(site, &one, 20).await?;
    table.add("90 days x 1 metric over HTTP, p50", took, Budget::None);
    Ok(())
}

async fn median(site: &Site, path: &str, times: usize) -> Result<Quantity> {
    let mut took = Latencies::default();
    for _ in 0..times {
        let started = Instant::now();
        site.get(path).await?.bytes().await?;
        took.record(started.elapsed());
    }
    Ok(Quantity::Millis(took.quantile(0.5).as_secs_f64() * 1e3))
}

/// What dashboards cost on top while everything on the estate moves.
async fn watched(table: &mut Table, site: &Site, sockets: usize, phase: Duration) -> Result<()> {
    let alone = share_of_a_core(site, phase).await?;
    let stop = CancellationToken::new();
    let target = Target::new(&site.base)?;
    let clients = Sockets::new(&target, &site.token, sockets, SendTimes::default());
    let with_state = clients.with_state();
    let share = async {
        opened(with_state, sockets).await?;
        let share = share_of_a_core(site, phase).await;
        stop.cancel();
        share
    };
    let (share, seen) = tokio::join!(share, clients.run(stop.clone()));
    ensure!(seen.broken == 0, "sockets broke: {seen}");
    table.add(
        &format!("fan-out CPU, {sockets} sockets on all that, everything moving"),
        Quantity::CorePercent((share? - alone).max(0.0)),
        Budget::None,
    );
    let states = seen.whole_states as f64 / seen.opened.max(1) as f64;
    let once = Budget::AtMost(Quantity::Count(1.0));
    table.add(
        "whole states per connection, all that",
        Quantity::Count(states),
        once,
    );
    Ok(())
}
