//! One simulated machine: who it says it is, and figures that move the way a server's figures do.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use pulse_protocol::report::host::{
    Disk, DiskIo, HostReport, MemoryMetric, NetworkInterface, Sensors,
};

const GIB: u64 = 1 << 30;

/// A machine that does not exist.
#[derive(Debug)]
pub struct Machine {
    report: HostReport,
    stream: String,
    sequence: u64,
    random: Random,
    cpu: f64,
    memory: f64,
    plain: Vec<u8>,
}

impl Machine {
    /// Makes machine number `number`; the same number is the same machine every time, in a new run.
    ///
    /// `run` tells this run's reports from an earlier one's, as an agent's restart would.
    #[must_use]
    pub fn new(number: usize, run: u64, interval: Duration) -> Self {
        let mut random = Random(number as u64 ^ 0x9e37_79b9_7f4a_7c15);
        let report = first_report(number, interval, &mut random);
        Self {
            report,
            stream: format!("{:032x}", u128::from(run) << 64 | number as u128),
            sequence: 0,
            cpu: 5.0 + random.up_to(40) as f64,
            memory: 20.0 + random.up_to(50) as f64,
            random,
            plain: Vec::new(),
        }
    }

    /// The machine's name.
    #[must_use]
    pub fn hostname(&self) -> &str {
        &self.report.host.hostname
    }

    /// The next report, `elapsed` after the one before, as JSON.
    ///
    /// # Panics
    /// Never: a report holds nothing that JSON cannot.
    pub fn next_report(&mut self, now: Timestamp, elapsed: Duration) -> &[u8] {
        self.move_figures(elapsed);
        self.sequence += 1;
        self.report.timestamp = Some(now);
        self.report.sequence_id.clear();
        let _ = write!(
            self.report.sequence_id,
            "v1:{}:{}",
            self.stream, self.sequence
        );
        self.plain.clear();
        serde_json::to_writer(&mut self.plain, &self.report)
            .expect("a report has string keys and finite figures");
        &self.plain
    }

    fn move_figures(&mut self, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        self.cpu = self.random.walk(self.cpu, 4.0, 1.0, 97.0);
        self.memory = self.random.walk(self.memory, 0.6, 10.0, 95.0);
        let report = &mut self.report;
        report.metrics.cpu_usage_percent = Some(tenths(self.cpu));
        fill_memory(&mut report.metrics.memory, self.memory);
        let load = self.cpu / 100.0 * f64::from(report.host.cpu_count.unwrap_or(1));
        report.host.load_average = vec![tenths(load), tenths(load * 0.9), tenths(load * 0.8)];
        grow(&mut report.host.uptime_seconds, elapsed.as_secs());
        for interface in &mut report.network {
            grow(
                &mut interface.rx_bytes,
                (seconds * self.random.up_to(2_000_000) as f64) as u64,
            );
            grow(
                &mut interface.tx_bytes,
                (seconds * self.random.up_to(900_000) as f64) as u64,
            );
        }
        for device in &mut report.disk_io {
            grow(
                &mut device.read_bytes,
                (seconds * self.random.up_to(500_000) as f64) as u64,
            );
            grow(
                &mut device.write_bytes,
                (seconds * self.random.up_to(3_000_000) as f64) as u64,
            );
            grow(
                &mut device.write_ops,
                (seconds * self.random.up_to(200) as f64) as u64,
            );
        }
        for celsius in report.sensors.temperature_celsius.values_mut() {
            *celsius = tenths(self.random.walk(*celsius, 0.8, 28.0, 85.0));
        }
    }
}

fn first_report(number: usize, interval: Duration, random: &mut Random) -> HostReport {
    let mut report = HostReport::default();
    let name = format!("sim-{number:05}");
    let machine = format!("51000000-0000-4000-8000-{number:012x}");
    report.agent.id.clone_from(&machine);
    report.agent.version = format!("v{}", env!("CARGO_PKG_VERSION"));
    report.agent.kind = "unified".to_owned();
    report.agent.interval_seconds = Some(interval.as_secs().max(1));
    report.agent.hostname.clone_from(&name);
    let host = &mut report.host;
    host.id.clone_from(&machine);
    host.machine_id = machine;
    host.hostname.clone_from(&name);
    host.display_name = name;
    host.platform = "linux".to_owned();
    host.os_name = "debian".to_owned();
    host.os_version = "12.9".to_owned();
    host.kernel_version = "6.1.0-31-amd64".to_owned();
    host.architecture = "x86_64".to_owned();
    host.cpu_count = Some(4 << random.up_to(4));
    host.uptime_seconds = Some(3600 + random.up_to(9_000_000));
    report.metrics.memory.total_bytes = Some(GIB << (2 + random.up_to(6)));
    report.metrics.memory.swap_total_bytes = Some(2 * GIB);
    report.disks = disks(random);
    report.disk_io = vec![counters("nvme0n1"), counters("sda")];
    report.network = vec![
        interface("lo", "", "127.0.0.1/8", None),
        interface("eno1", &mac(number, 0), &address(number, 0), Some(1000)),
        interface("eno2", &mac(number, 1), &address(number, 1), Some(10_000)),
    ];
    report.sensors = sensors(random);
    report
}

fn disks(random: &mut Random) -> Vec<Disk> {
    let layout = [
        ("/dev/nvme0n1p2", "/", "ext4", 120),
        ("/dev/nvme0n1p1", "/boot/efi", "vfat", 1),
        ("/dev/sda1", "/srv", "xfs", 4000),
    ];
    let disk = |(device, mountpoint, filesystem, gib): (&str, &str, &str, u64)| {
        let total = gib * GIB;
        let used = total / 100 * (10 + random.up_to(75));
        Disk {
            device: device.to_owned(),
            mountpoint: mountpoint.to_owned(),
            filesystem: filesystem.to_owned(),
            kind: filesystem.to_owned(),
            total_bytes: Some(total),
            used_bytes: Some(used),
            free_bytes: Some(total - used),
            usage: Some(tenths(used as f64 / total as f64 * 100.0)),
            ..Disk::default()
        }
    };
    layout.map(disk).into()
}

fn counters(device: &str) -> DiskIo {
    DiskIo {
        device: device.to_owned(),
        read_bytes: Some(0),
        write_bytes: Some(0),
        write_ops: Some(0),
        ..DiskIo::default()
    }
}

fn interface(name: &str, mac: &str, address: &str, speed_mbps: Option<u64>) -> NetworkInterface {
    NetworkInterface {
        name: name.to_owned(),
        mac: mac.to_owned(),
        addresses: vec![address.to_owned()],
        rx_bytes: Some(0),
        tx_bytes: Some(0),
        speed_mbps,
    }
}

fn sensors(random: &mut Random) -> Sensors {
    let mut sensors = Sensors::default();
    let mut add = |key: String| {
        sensors
            .temperature_celsius
            .insert(key, 35.0 + random.up_to(20) as f64);
    };
    add("cpu_package".to_owned());
    for core in 0..8 {
        add(format!("cpu_core_{core}"));
    }
    add("nvme0".to_owned());
    sensors
}

/// Locally administered, so it is nobody's.
fn mac(number: usize, port: u8) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("02:50:{port:02x}:{a:02x}:{b:02x}:{c:02x}")
}

/// From the range set aside for benchmarks (RFC 2544).
fn address(number: usize, port: u8) -> String {
    let [.., b, c] = number.to_be_bytes();
    format!("198.{}.{b}.{c}/15", 18 + (port & 1))
}

fn fill_memory(memory: &mut MemoryMetric, percent: f64) {
    let total = memory.total_bytes.unwrap_or(0);
    let used = (total as f64 * percent / 100.0) as u64;
    let rest = total - used;
    memory.used_bytes = Some(used);
    memory.cache_bytes = Some(rest / 3 * 2);
    memory.free_bytes = Some(rest - rest / 3 * 2);
    memory.usage = Some(tenths(percent));
    memory.swap_used_bytes = Some(0);
}

fn grow(counter: &mut Option<u64>, by: u64) {
    *counter = Some(counter.unwrap_or(0) + by);
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// `splitmix64`: small, quick, and the same figures in every run.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn up_to(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A step of at most `step` from `value`, kept between `low` and `high`.
    fn walk(&mut self, value: f64, step: f64, low: f64, high: f64) -> f64 {
        let way = self.up_to(2001) as f64 / 1000.0 - 1.0;
        (value + way * step).clamp(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn every_report_is_one_the_protocol_reads_back() {
        let mut machine = Machine::new(7, 1, Duration::from_secs(10));
        let report = machine.next_report(at(0), Duration::from_secs(10)).to_vec();
        let read: HostReport = serde_json::from_slice(&report).unwrap();
        assert_eq!(read.host.hostname, "sim-00007");
        assert_eq!(read.disks.len(), 3);
        assert!(read.sequence_id.ends_with(":1"), "{}", read.sequence_id);
        assert_eq!(read.sequence_id.split(':').nth(1).unwrap().len(), 32);
    }

    #[test]
    fn figures_move_and_counters_only_rise() {
        let mut machine = Machine::new(7, 1, Duration::from_secs(10));
        let mut before = None;
        for round in 0..50 {
            let bytes = machine
                .next_report(at(round), Duration::from_secs(10))
                .to_vec();
            let report: HostReport = serde_json::from_slice(&bytes).unwrap();
            let received = report.network[1].rx_bytes.unwrap();
            let memory = &report.metrics.memory;
            assert!(memory.used_bytes <= memory.total_bytes);
            if let Some((cpu, rx)) = before {
                assert_ne!(cpu, bytes);
                assert!(received >= rx);
            }
            before = Some((bytes, received));
        }
    }

    #[test]
    fn no_two_machines_share_an_identity() {
        let identity = |number| {
            let machine = Machine::new(number, 1, Duration::from_secs(10));
            (
                machine.report.host.machine_id,
                machine.stream,
                machine.report.network[1].mac.clone(),
            )
        };
        let (a, b) = (identity(1), identity(257));
        assert!(a.0 != b.0 && a.1 != b.1 && a.2 != b.2);
    }
}
