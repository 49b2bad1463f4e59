//! The measurement, phase by phase, on one server that is never restarted in between.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use pulse_load::{Agents, Latencies, Pace, SendTimes, SocketTally, Sockets, Tally, Target};
use pulse_net::Options;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::site::Site;
use super::table::{Budget, Quantity, Table};
use super::{Arguments, agent, baseline, dashboard, large};
use crate::command::top;

const FLOODING: usize = 100;
const REPORTS_EACH: usize = 100;

/// Runs all phases.
///
/// # Errors
/// When the server fails, or refuses a report.
pub async fn measure(arguments: &Arguments, pulse: &Path, agent: &Path) -> Result<Table> {
    let mut table = Table::default();
    let site = Site::start(pulse).await?;
    let phase = Duration::from_secs(arguments.seconds);
    agent::measure(&mut table, &site, agent, phase * 3).await?;

    steady(&site, 50, Duration::from_secs(5), phase).await?;
    add_resident(&mut table, &site, "server RSS at 50 hosts", 60.0)?;
    ingest(&mut table, &site).await?;
    steady(&site, 1000, Duration::from_secs(10), phase).await?;
    add_resident(&mut table, &site, "server RSS at 1,000 hosts", 250.0)?;
    state(&mut table, &site, "1,000 hosts").await?;
    fan_out(&mut table, &site, arguments, phase).await?;
    large::measure(&mut table, pulse, arguments.sockets, phase).await?;
    if let Some(bytes) = dashboard::script_bytes(&top().join("web/dist"))? {
        let size = Quantity::Kilobytes(bytes as f64 / 1e3);
        table.add(
            "dashboard JS before the first paint, gzip",
            size,
            Budget::AtMost(Quantity::Kilobytes(150.0)),
        );
    }
    Ok(table)
}

fn add_resident(table: &mut Table, site: &Site, figure: &str, budget: f64) -> Result<()> {
    let measured = Quantity::Megabytes(site.server.resident()? as f64 / 1e6);
    table.add(
        figure,
        measured,
        Budget::AtMost(Quantity::Megabytes(budget)),
    );
    Ok(())
}

fn agents(site: &Site, count: usize, pace: Pace) -> Result<Agents> {
    let target = Target::new(&site.base)?;
    Agents::new(&target, 0, count, &site.fleet, pace)
}

/// `count` hosts at `interval`, for `phase` and at least until each has reported twice.
async fn steady(site: &Site, count: usize, interval: Duration, phase: Duration) -> Result<Tally> {
    let stop = CancellationToken::new();
    let tally = agents(site, count, Pace::Every(interval))?.run(stop.clone());
    let (tally, ()) = tokio::join!(tally, stop_after(phase.max(interval * 2), &stop));
    accepted(tally)
}

async fn stop_after(time: Duration, stop: &CancellationToken) {
    sleep(time).await;
    stop.cancel();
}

fn accepted(tally: Tally) -> Result<Tally> {
    ensure!(tally.failed == 0, "the server refused reports: {tally}");
    Ok(tally)
}

/// Processor time and rate of a flood of full reports, held against merely reading their JSON.
async fn ingest(table: &mut Table, site: &Site) -> Result<()> {
    let before = site.server.cpu()?;
    let flood = agents(site, FLOODING, Pace::Flood(REPORTS_EACH))?;
    let tally = accepted(flood.run(CancellationToken::new()).await)?;
    let used = (site.server.cpu()? - before).as_secs_f64();
    let per_report = used / tally.ok as f64 * 1e3;
    let parse = baseline::parse_one_report()?.as_secs_f64() * 1e3;
    let rate = tally.ok as f64 / tally.wall.as_secs_f64();
    table.add(
        "ingest, generator on the same cores",
        Quantity::PerSecond(rate),
        Budget::None,
    );
    table.add(
        "server CPU per full report",
        Quantity::Millis(per_report),
        Budget::AtMost(Quantity::Millis(0.4)),
    );
    table.add(
        "reading the report's JSON alone",
        Quantity::Millis(parse),
        Budget::None,
    );
    table.add(
        "report against reading its JSON",
        Quantity::Times(per_report / parse),
        Budget::AtMost(Quantity::Times(3.0)),
    );
    Ok(())
}

/// `/api/state` against the same bytes served as a file would be.
pub async fn state(table: &mut Table, site: &Site, estate: &str) -> Result<()> {
    let body = site.get("/api/state").await?.bytes().await?;
    let size = body.len();
    let file = baseline::serve_statically(body)?;
    let client = pulse_net::client(&Options {
        proxies: false,
        ..Options::default()
    })?;
    let mut ours = Latencies::default();
    let mut plain = Latencies::default();
    // In turn, so that both meet the same noise.
    for _ in 0..200 {
        let started = Instant::now();
        site.get("/api/state").await?.bytes().await?;
        ours.record(started.elapsed());
        let started = Instant::now();
        client.get(&file).send().await?.bytes().await?;
        plain.record(started.elapsed());
    }
    let [ours, plain] =
        [&ours, &plain].map(|latencies| latencies.quantile(0.5).as_secs_f64() * 1e3);
    table.add(
        &format!("/api/state at {estate}, size"),
        Quantity::Kilobytes(size as f64 / 1e3),
        Budget::None,
    );
    table.add(
        &format!("/api/state at {estate}, p50"),
        Quantity::Millis(ours),
        Budget::None,
    );
    table.add(
        "a static file of that size, p50",
        Quantity::Millis(plain),
        Budget::None,
    );
    table.add(
        "/api/state against the file",
        Quantity::Times(ours / plain),
        Budget::AtMost(Quantity::Times(2.0)),
    );
    Ok(())
}

/// What many dashboards add to the processor time of the same reports, and how late their frames are.
async fn fan_out(
    table: &mut Table,
    site: &Site,
    arguments: &Arguments,
    phase: Duration,
) -> Result<()> {
    // Each second one host in twenty changes.
    let interval = Duration::from_secs(20);
    steady(site, arguments.hosts, interval, interval)
        .await
        .context("make the hosts known")?;
    let (alone, _) = watched(site, arguments.hosts, interval, 0, phase).await?;
    let (with, seen) = watched(site, arguments.hosts, interval, arguments.sockets, phase).await?;
    ensure!(seen.broken == 0, "sockets broke: {seen}");
    let what = format!(
        "{} sockets x {} hosts, 5 %/s",
        arguments.sockets, arguments.hosts
    );
    let added = Quantity::CorePercent((with - alone).max(0.0));
    table.add(
        &format!("fan-out CPU, {what}"),
        added,
        Budget::AtMost(Quantity::CorePercent(10.0)),
    );
    let late = Quantity::Millis(seen.report_to_frame.quantile(0.99).as_secs_f64() * 1e3);
    table.add(
        "report to frame, p99",
        late,
        Budget::AtMost(Quantity::Millis(500.0)),
    );
    let states = seen.whole_states as f64 / seen.opened.max(1) as f64;
    table.add(
        "whole states per connection",
        Quantity::Count(states),
        Budget::AtMost(Quantity::Count(1.0)),
    );
    Ok(())
}

/// Share of a core the server uses over `phase`, once all sockets are open and have their state.
async fn watched(
    site: &Site,
    hosts: usize,
    interval: Duration,
    sockets: usize,
    phase: Duration,
) -> Result<(f64, SocketTally)> {
    let stop = CancellationToken::new();
    let times = SendTimes::default();
    let target = Target::new(&site.base)?;
    let clients = Sockets::new(&target, &site.token, sockets, times.clone());
    let with_state = clients.with_state();
    let reporting = agents(site, hosts, Pace::Every(interval))?.noting(times.clone());
    let share = async {
        opened(with_state, sockets).await?;
        times.count_from_now();
        let before = site.server.cpu();
        sleep(phase).await;
        let after = site.server.cpu();
        stop.cancel();
        Ok::<_, anyhow::Error>((after? - before?).as_secs_f64() / phase.as_secs_f64() * 100.0)
    };
    let (share, tally, seen) = tokio::join!(
        share,
        reporting.run(stop.clone()),
        clients.run(stop.clone())
    );
    accepted(tally)?;
    Ok((share?, seen))
}

/// Waits until `sockets` clients have their state, and a little longer. Opening costs too, but once: it is not what is
/// asked here.
///
/// # Errors
/// When some have none after two minutes.
pub async fn opened(mut with_state: watch::Receiver<usize>, sockets: usize) -> Result<()> {
    let all = with_state.wait_for(|count| *count >= sockets);
    let within = Duration::from_secs(120);
    timeout(within, all)
        .await
        .context("some dashboards got no state")??;
    sleep(Duration::from_secs(5)).await;
    Ok(())
}
