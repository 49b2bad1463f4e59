//! `cargo xtask bench estate`: the estate alone, in this process, at three sizes. Gated are bytes and
//! ratios; processor time is shown beside them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use pulse_estate::{Handle, Options, spawn};
use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{BlockDevice, FileSystem, NetworkInterface};
use pulse_model::{
    Bytes, Claim, Clock, Counters, Facets, Identity, Kind, MetricValue, Metrics, Observation,
    Outcome, Percent, Seconds, Sighting, SourceId,
};
use pulse_store::Store;

use crate::bench::process::Own;
use crate::bench::table::{Budget, Quantity, Table};

/// Containers on each host.
const CONTAINERS: u64 = 20;
/// What a host with its containers is as resources.
const PER_HOST: u64 = CONTAINERS + 1;
/// Reports behind a figure of processor time, which the kernel tells in hundredths of a second.
const REPORTS: u64 = 4_000;
/// What 21,000 resources may take, each: 250 MB for the whole server, less 90 MB of history's head
/// and 30 MB that an empty one takes.
const BYTES_PER_RESOURCE: f64 = 130.0e6 / 21_000.0;

/// Measures the estate and prints the table.
///
/// # Errors
/// When a report is refused, or `/proc` cannot be read.
pub fn bench() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(measure())?.print();
    Ok(())
}

async fn measure() -> Result<Table> {
    let mut table = Table::default();
    let (small, bytes) = at_size(1_000).await?;
    let (large, _) = at_size(10_000).await?;
    table.add(
        "bytes per resource at 21,000, push form encoded",
        Quantity::Kilobytes(bytes / 1e3),
        Budget::AtMost(Quantity::Kilobytes(BYTES_PER_RESOURCE / 1e3)),
    );
    table.add(
        "fold and publish of 21 changes at 21,000 resources",
        Quantity::Millis(small),
        Budget::AtMost(Quantity::Millis(0.4)),
    );
    table.add(
        "the same at 210,000 resources",
        Quantity::Millis(large),
        Budget::None,
    );
    table.add(
        "210,000 against 21,000 resources",
        Quantity::Times(large / small),
        Budget::AtMost(Quantity::Times(3.0)),
    );
    Ok(table)
}

/// Returns the processor time of one report in milliseconds, and the bytes of one resource, in an
/// estate of so many hosts.
async fn at_size(hosts: u64) -> Result<(f64, f64)> {
    let clock = Clock::system();
    let start = clock.now() - Duration::from_secs(3_600);
    let options = Options {
        clock,
        most_hosts: 100_000,
        most_hosts_per_token: 100_000,
        first_revision: 0,
    };
    let stop = CancellationToken::new();
    let (handle, task) = spawn(Store::in_memory(), options, Arc::new(()), stop.clone())?;
    let before = Own::resident()?;
    for host in 0..hosts {
        observe(&handle, start, host, 0).await?;
    }
    // Every report again: what is kept of two sightings is what is kept of a thousand.
    for host in 0..hosts {
        observe(&handle, start, host, 1).await?;
    }
    settle(&handle, (hosts * PER_HOST) as usize).await?;
    let encoded: usize = handle
        .estate()
        .iter()
        .map(|entry| entry.push_json().len())
        .sum();
    let resident = Own::resident()?.saturating_sub(before);
    let bytes = resident as f64 / (hosts * PER_HOST) as f64;
    say(hosts, encoded);
    let started = Own::cpu()?;
    for report in 0..REPORTS {
        observe(&handle, start, report * 7_919 % hosts, 2 + report / hosts).await?;
    }
    let spent = Own::cpu()?.saturating_sub(started);
    stop.cancel();
    drop(handle);
    task.await.context("the estate ends in order")?;
    Ok((spent.as_secs_f64() * 1e3 / REPORTS as f64, bytes))
}

#[expect(clippy::print_stderr, reason = "tells how far the measurement is")]
fn say(hosts: u64, encoded: usize) {
    let each = encoded as u64 / (hosts * PER_HOST);
    eprintln!(
        "{} resources, {each} bytes of push form each",
        hosts * PER_HOST
    );
}

async fn settle(handle: &Handle, wanted: usize) -> Result<()> {
    let mut snapshots = handle.subscribe();
    let full = snapshots.wait_for(|estate| estate.len() == wanted);
    let waited = tokio::time::timeout(Duration::from_secs(60), full).await;
    waited.context("the estate did not fill")??;
    Ok(())
}

async fn observe(handle: &Handle, start: Timestamp, host: u64, round: u64) -> Result<()> {
    let name = format!("host-{host:05}");
    let claim = Claim {
        host_id: Some(name.clone()),
        machine_id: Some(format!("machine-{host:05}")),
        hostname: name.clone(),
        token_id: Some("bench".into()),
        ..Claim::default()
    };
    let observation = Observation {
        source: SourceId::agent(&name),
        // Ten seconds lie between two reports, whatever the machine's speed.
        at: start + Duration::from_secs(10 * round),
        interval: Duration::from_secs(10),
        outcome: Outcome::Host {
            claim,
            sighting: Box::new(machine(host, &name, round)),
            others: (0..CONTAINERS).map(|n| container(host, n, round)).collect(),
        },
    };
    handle.observe(observation).await?;
    Ok(())
}

#[allow(
    clippy::needless_update,
    reason = "says what is measured, whatever else there is to know"
)]
fn machine(host: u64, name: &str, round: u64) -> Sighting {
    let interface = |n: u64| NetworkInterface {
        name: format!("eth{n}"),
        mac: Some(mac(host, n)),
        addresses: vec![address(host, n)],
        rx_bytes: Some(Bytes(1_000 * round)),
        tx_bytes: Some(Bytes(500 * round)),
        speed_mbps: Some(1_000),
        ..NetworkInterface::default()
    };
    let disk = |n: u64| FileSystem {
        device: Some(format!("/dev/sda{n}")),
        mountpoint: Some(format!("/srv/{n}")),
        filesystem: Some("ext4".into()),
        total: Some(Bytes(500_000_000_000)),
        used: Some(Bytes(123_000_000_000 + round)),
        ..FileSystem::default()
    };
    let device = |n: u64| BlockDevice {
        device: format!("sd{n}"),
        read_bytes: Some(Bytes(9_000 * round)),
        write_bytes: Some(Bytes(7_000 * round)),
        ..BlockDevice::default()
    };
    let facet = AgentHost {
        agent_version: Some("0.1.0".into()),
        hostname: name.to_owned(),
        machine_id: Some(format!("machine-{host:05}")),
        platform: Some("linux".into()),
        os_name: Some("Debian GNU/Linux".into()),
        os_version: Some("13".into()),
        kernel_version: Some("6.12.0-amd64".into()),
        cpu_model: Some("AMD EPYC 7B13".into()),
        cpu_count: Some(16),
        load_average: vec![0.5, 0.4, 0.3],
        network_interfaces: (0..2).map(interface).collect(),
        disks: (0..4).map(disk).collect(),
        disk_io: (0..2).map(device).collect(),
        ..AgentHost::default()
    };
    Sighting {
        identity: Identity {
            machine_id: facet.machine_id.clone(),
            hostnames: vec![name.to_owned()],
            ip_addresses: (0..2).map(|n| address(host, n)).collect(),
            mac_addresses: (0..2).map(|n| mac(host, n)).collect(),
            ..Identity::default()
        },
        metrics: metrics(round),
        uptime: Some(Seconds(1_000 + 10 * round)),
        facets: Facets {
            agent: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Agent, "host", name)
    }
}

fn container(host: u64, number: u64, round: u64) -> Sighting {
    let id = format!("{:064x}", u128::from(host) << 32 | u128::from(number));
    Sighting {
        technology: Some("docker".into()),
        metrics: metrics(round),
        counters: Counters {
            net_in: Some(Bytes(800 * round)),
            net_out: Some(Bytes(300 * round)),
            disk_read: Some(Bytes(4_096 * round)),
            disk_write: Some(Bytes(8_192 * round)),
        },
        uptime: Some(Seconds(500 + 10 * round)),
        tags: vec!["compose:shop".into()],
        ..Sighting::new(
            Kind::AppContainer,
            format!("container/{id}"),
            format!("shop-web-{number}"),
        )
    }
}

fn metrics(round: u64) -> Metrics {
    Metrics {
        cpu: Some(MetricValue::percent(Percent(10.0 + round as f64 % 50.0))),
        memory: MetricValue::share(Bytes(1_000_000 + round), Bytes(4_000_000)),
        disk: MetricValue::share(Bytes(123), Bytes(500)),
        ..Metrics::default()
    }
}

fn mac(host: u64, n: u64) -> String {
    let (high, low) = (host / 256 % 256, host % 256);
    format!("bc:24:11:{high:02x}:{low:02x}:{n:02x}")
}

fn address(host: u64, n: u64) -> String {
    format!("10.{n}.{}.{}", host / 250, 1 + host % 250)
}
