//! Machines with an agent: their facts, their disks.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{
    AgentFootprint, BlockDevice, FileSystem, HostMemory, Module, NetworkInterface, Sensors,
};
use pulse_model::facet::physical_disk::{DiskIo, PhysicalDisk, SmartAttributes};
use pulse_model::{
    Bytes, Celsius, Claim, Facets, Identity, Kind, MetricValue, Metrics, Observation, Outcome,
    Percent, Seconds, Sighting, SourceId, Status,
};

use super::name;
use super::world::{GIB, MARK, World};

/// Disks of a machine.
pub(super) const DISKS: usize = 2;
const VERSION: &str = "0.1.0";

/// A machine as the generator thinks of it.
pub(super) struct Machine {
    /// Its host name.
    pub name: String,
    /// Its network.
    pub net: usize,
    /// Its place there.
    pub index: usize,
    /// Its operating system.
    pub os: (&'static str, &'static str, &'static str),
}

/// Systems machines run, each with its family and release.
pub(super) const SYSTEMS: [(&str, &str, &str); 5] = [
    ("Debian GNU/Linux", "13", "linux"),
    ("Ubuntu", "24.04", "linux"),
    ("Alpine Linux", "3.22", "linux"),
    ("FreeBSD", "14.3", "freebsd"),
    ("Windows Server", "2025", "windows"),
];

/// Returns what the `index`-th machine without anything else on it reports.
pub(super) fn observe(world: &World, index: usize, at: Timestamp) -> Observation {
    let name = format!("{}-srv", name::site(index));
    let os = *world.curves.pick(&name, "os", &SYSTEMS);
    let machine = Machine {
        name,
        net: 150,
        index,
        os,
    };
    let disks = disks(world, &machine, at);
    report(world, &machine, at, Facets::default(), disks)
}

/// Returns a report of `machine` and of the `others` on it.
pub(super) fn report(
    world: &World,
    machine: &Machine,
    at: Timestamp,
    facets: Facets,
    others: Vec<Sighting>,
) -> Observation {
    let facts = facts(world, machine, at);
    let agent_id = format!("mock-{}", machine.name);
    let claim = Claim {
        bound_agent_id: Some(agent_id.clone()),
        keyed: true,
        agent_id: Some(agent_id.clone()),
        machine_id: facts.machine_id.clone(),
        hostname: machine.name.clone(),
        ..Claim::default()
    };
    let metrics = Metrics {
        cpu: Some(MetricValue::percent(Percent(world.busy(&machine.name, at)))),
        memory: facts
            .memory
            .as_ref()
            .and_then(|memory| MetricValue::share(memory.used?, memory.total?)),
        disk: facts
            .disks
            .first()
            .and_then(|disk| MetricValue::share(disk.used?, disk.total?)),
        ..Metrics::default()
    };
    let sighting = Sighting {
        identity: identity(&facts),
        metrics,
        uptime: facts.uptime_seconds,
        temperature: facts.sensors.leading(),
        tags: vec![MARK.to_owned()],
        facets: Facets {
            agent: Some(Arc::new(facts)),
            ..facets
        },
        ..Sighting::new(Kind::Agent, "host", machine.name.clone())
    };
    Observation {
        source: SourceId::agent(&agent_id),
        at,
        interval: world.interval,
        outcome: Outcome::Host {
            claim,
            sighting: Box::new(sighting),
            others,
        },
    }
}

fn identity(facts: &AgentHost) -> Identity {
    let interface = facts.network_interfaces.first();
    Identity {
        machine_id: facts.machine_id.clone(),
        hostnames: vec![facts.hostname.clone()],
        ip_addresses: interface
            .map(|found| found.addresses.clone())
            .unwrap_or_default(),
        mac_addresses: interface
            .and_then(|found| found.mac.clone())
            .into_iter()
            .collect(),
        ..Identity::default()
    }
}

fn facts(world: &World, machine: &Machine, at: Timestamp) -> AgentHost {
    let (curves, name) = (world.curves, machine.name.as_str());
    let cores = *curves.pick(name, "cores", &[4u32, 8, 12, 16, 32]);
    let busy = world.busy(name, at) / 100.0;
    let gib = *curves.pick(name, "memory", &[8u64, 16, 32, 64, 128]);
    let used = gib as f64 * (0.25 + 0.6 * curves.load(name, "memory", at));
    let total = gib * GIB;
    let used = (used * GIB as f64) as u64;
    let (os_name, os_version, platform) = machine.os;
    let load = f64::from(cores) * busy;
    AgentHost {
        agent_version: Some(VERSION.to_owned()),
        hostname: name.to_owned(),
        machine_id: Some(format!(
            "{:032x}",
            u128::from(curves.fixed(name, "machine"))
        )),
        platform: Some(platform.to_owned()),
        os_name: Some(os_name.to_owned()),
        os_version: Some(os_version.to_owned()),
        kernel_version: Some("6.12.41".to_owned()),
        architecture: Some("x86_64".to_owned()),
        cpu_model: Some("Invented CPU 2.6 GHz".to_owned()),
        cpu_count: Some(cores),
        load_average: vec![load, load * 0.94, load * 0.9],
        uptime_seconds: Some(world.uptime(name, at)),
        interval_seconds: Some(Seconds(world.interval.as_secs())),
        memory: Some(HostMemory {
            total: Some(Bytes(total)),
            used: Some(Bytes(used)),
            free: Some(Bytes((total - used) / 3)),
            cache: Some(Bytes((total - used) / 2)),
            usage: Percent::of(Bytes(used), Bytes(total)),
            swap_total: Some(Bytes(4 * GIB)),
            swap_used: Some(Bytes(curves.between(name, "swap", 0, GIB))),
        }),
        disks: file_systems(world, name, at),
        network_interfaces: vec![interface(world, machine, at)],
        disk_io: vec![block_device(world, name, at)],
        sensors: sensors(world, name, at),
        modules: vec![Module {
            name: "host".to_owned(),
            enabled: true,
            state: "running".to_owned(),
            ..Module::default()
        }],
        agent_footprint: Some(Box::new(footprint(world, name, at))),
        commands_enabled: Some(curves.share(name, "commands") < 0.3),
        ..AgentHost::default()
    }
}

/// What its agent itself uses.
fn footprint(world: &World, name: &str, at: Timestamp) -> AgentFootprint {
    let curves = world.curves;
    AgentFootprint {
        rss_bytes: Some(Bytes(curves.between(
            name,
            "agent memory",
            5_000_000,
            9_000_000,
        ))),
        cpu_percent: Some(Percent(0.02 + 0.1 * curves.load(name, "agent", at))),
        ceiling_bytes: Some(Bytes(64 << 20)),
        ceiling_cpu_percent: Some(Percent(20.0)),
        ..AgentFootprint::default()
    }
}

fn file_systems(world: &World, name: &str, at: Timestamp) -> Vec<FileSystem> {
    let file_system = |mountpoint: &str, gib: u64, kind: &str| {
        let key = format!("{name}{mountpoint}");
        let used = world.fill(&key, at) * (gib * GIB) as f64;
        let (total, used) = (Bytes(gib * GIB), Bytes(used as u64));
        FileSystem {
            device: Some(format!("/dev/mapper/{}", kind)),
            mountpoint: Some(mountpoint.to_owned()),
            filesystem: Some("ext4".to_owned()),
            total: Some(total),
            used: Some(used),
            free: Some(Bytes(total.0 - used.0)),
            usage: Percent::of(used, total),
        }
    };
    let gib = world.curves.between(name, "root", 24, 90);
    vec![
        file_system("/", gib, "root"),
        file_system("/srv", gib * 8, "srv"),
    ]
}

fn interface(world: &World, machine: &Machine, at: Timestamp) -> NetworkInterface {
    let count = |what| Some(Bytes(world.counted(&machine.name, what, at, 180_000.0)));
    NetworkInterface {
        name: "eth0".to_owned(),
        mac: Some(name::mac(machine.net, machine.index)),
        addresses: vec![name::address(machine.net, machine.index)],
        rx_bytes: count("rx"),
        tx_bytes: count("tx"),
        speed_mbps: Some(1_000),
    }
}

fn block_device(world: &World, name: &str, at: Timestamp) -> BlockDevice {
    let count = |what, rate| world.counted(name, what, at, rate);
    BlockDevice {
        device: "sda".to_owned(),
        read_bytes: Some(Bytes(count("read", 90_000.0))),
        write_bytes: Some(Bytes(count("write", 140_000.0))),
        read_ops: Some(count("reads", 9.0)),
        write_ops: Some(count("writes", 14.0)),
        io_time_ms: Some(count("busy", 30.0)),
    }
}

fn sensors(world: &World, name: &str, at: Timestamp) -> Sensors {
    let package = 36.0 + 0.38 * world.busy(name, at);
    let temperature = [
        ("cpu_package", package),
        ("cpu_core_0", package - 2.0),
        ("nvme0", 34.0 + 10.0 * world.curves.load(name, "nvme", at)),
    ];
    let temperature = temperature.map(|(name, degrees)| (name.to_owned(), Celsius(degrees)));
    Sensors {
        temperature_celsius: BTreeMap::from(temperature),
        fan_rpm: BTreeMap::from([("fan1".to_owned(), 900.0 + 8.0 * package)]),
        ..Sensors::default()
    }
}

/// Returns the disks of a machine as its agent sees them.
pub(super) fn disks(world: &World, machine: &Machine, at: Timestamp) -> Vec<Sighting> {
    let disk = |number: usize| disk(world, &machine.name, number, at);
    (0..DISKS)
        .map(|number| Sighting {
            parent: Some("host".into()),
            ..disk(number)
        })
        .collect()
}

/// Returns the `number`-th disk of `owner`.
pub(super) fn disk(world: &World, owner: &str, number: usize, at: Timestamp) -> Sighting {
    let curves = world.curves;
    let key = format!("{owner}/disk{number}");
    let is_nvme = number == 0;
    let fails = curves.share(&key, "fails") < 0.04;
    let worn = curves.between(&key, "worn", 1, 60) as i64;
    let celsius = Celsius(30.0 + 18.0 * curves.load(&key, "heat", at));
    let smart = smart(world, &key, is_nvme, fails, at);
    let device = if is_nvme {
        "nvme0n1".to_owned()
    } else {
        format!("sd{}", (b'a' + number as u8 % 26) as char)
    };
    let (model, kind, gib) = match is_nvme {
        true => ("Invented NV-400", "nvme", 953),
        false => ("Invented HD-8T", "sata", 7_452),
    };
    let facet = PhysicalDisk {
        dev_path: format!("/dev/{device}"),
        disk_type: kind.to_owned(),
        health: if fails { "FAILED" } else { "PASSED" }.to_owned(),
        model: Some(model.to_owned()),
        vendor: Some("Invented".to_owned()),
        serial: Some(format!("MOCK{:08X}", curves.fixed(&key, "serial") as u32)),
        size_bytes: Some(Bytes(gib * GIB)),
        wearout: is_nvme.then_some(100 - worn as i32),
        temperature: Some(celsius),
        rpm: Some(if is_nvme { 0 } else { 7_200 }),
        used: Some(if is_nvme { "ZFS" } else { "LVM" }.to_owned()),
        io: Some(DiskIo {
            device: device.clone(),
            read_bytes: Some(Bytes(world.counted(&key, "read", at, 70_000.0))),
            write_bytes: Some(Bytes(world.counted(&key, "write", at, 90_000.0))),
            ..DiskIo::default()
        }),
        smart: Some(smart),
        ..PhysicalDisk::default()
    };
    Sighting {
        status: Some(if fails {
            Status::Warning
        } else {
            Status::Online
        }),
        temperature: Some(celsius),
        tags: vec![MARK.to_owned()],
        facets: Facets {
            physical_disk: Some(Arc::new(facet)),
            ..Facets::default()
        },
        ..Sighting::new(
            Kind::PhysicalDisk,
            format!("disk/{device}"),
            format!("{owner} {device}"),
        )
    }
}

/// Returns what a disk counts of itself.
fn smart(world: &World, key: &str, is_nvme: bool, fails: bool, at: Timestamp) -> SmartAttributes {
    let curves = world.curves;
    let hours = curves.between(key, "hours", 900, 42_000) as i64;
    let since = at.as_second().rem_euclid(31_536_000) / 3_600;
    let worn = curves.between(key, "worn", 1, 60) as i64;
    let count = |many: u64| match fails {
        true => curves.between(key, "bad", 3, many) as i64,
        false => 0,
    };
    SmartAttributes {
        power_on_hours: Some(hours + since),
        power_cycles: Some(curves.between(key, "cycles", 3, 240) as i64),
        reallocated_sectors: (!is_nvme).then(|| count(60)),
        pending_sectors: (!is_nvme).then(|| count(12)),
        percentage_used: is_nvme.then_some(worn),
        available_spare: is_nvme.then_some(100 - worn / 10),
        media_errors: Some(count(20)),
        unsafe_shutdowns: Some(curves.between(key, "unsafe", 0, 30) as i64),
        ..SmartAttributes::default()
    }
}
