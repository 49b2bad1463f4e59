//! A host report into an observation: pure, and the only place that knows both shapes.

mod inventory;
mod sensors;
mod upkeep;
mod zfs;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host as facet;
use pulse_model::{
    Bytes, Claim, Facets, Identity, Kind, MetricValue, Metrics, Observation, Outcome, Percent,
    Seconds, Sequence, Sighting, SourceId,
};
use pulse_protocol::report::host::{
    CollectorStatus, DiskIo, HostReport, HostReportAnswer, ModuleStatus, Pressure, RaidArray,
    RaidDevice,
};
use pulse_protocol::report::sequence::Sequence as WireSequence;

use super::parts::{
    addresses, file_system, fullest, memory, memory_metric, network_interface, text,
};
use super::{budget, interval};
use crate::port::NotTaken;

/// Processors beyond this are not kept one by one.
const CORES: usize = 1_024;

/// Returns who the report says it is from.
pub(super) fn claim(report: &HostReport) -> Claim {
    let sequence = WireSequence::parse(&report.sequence_id).map(|sequence| Sequence {
        stream: sequence.stream.to_be_bytes(),
        number: sequence.number,
    });
    Claim {
        agent_id: text(&report.agent.id),
        host_id: text(&report.host.id),
        machine_id: text(&report.host.machine_id),
        hostname: report.host.hostname.trim().to_owned(),
        sequence,
        ..Claim::default()
    }
}

/// Returns the answer as far as the report alone decides it.
pub(super) fn answer(report: &HostReport) -> HostReportAnswer {
    HostReportAnswer {
        success: true,
        platform: platform(&report.host.platform).unwrap_or_default(),
        os_name: report.host.os_name.clone(),
        os_version: report.host.os_version.clone(),
        ..HostReportAnswer::default()
    }
}

/// Returns what the report says of its machine.
pub(super) fn map(
    report: HostReport,
    claim: Claim,
    now: Timestamp,
) -> Result<Observation, NotTaken> {
    if claim.hostname.is_empty() {
        return Err(NotTaken::Invalid("the report has no host name".into()));
    }
    let interval = interval(report.agent.interval_seconds);
    let (at, cpu) = (
        report.timestamp.unwrap_or(now),
        report.metrics.cpu_usage_percent,
    );
    let name = text(&report.host.display_name).unwrap_or_else(|| claim.hostname.clone());
    let tags = report.tags.clone();
    let mut host = facts(report, &claim, interval);
    budget::keep(&mut host);
    let metrics = Metrics {
        cpu: cpu
            .map(Percent)
            .and_then(Percent::clamped)
            .map(MetricValue::percent),
        memory: host.memory.as_ref().and_then(memory_metric),
        disk: fullest(&host.disks),
        ..Metrics::default()
    };
    let sighting = Sighting {
        identity: identity(&host),
        metrics,
        uptime: host.uptime_seconds,
        temperature: host.sensors.leading(),
        tags,
        facets: Facets {
            agent: Some(Arc::new(host)),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Agent, "host", name)
    };
    Ok(Observation {
        source: SourceId::agent(&claim.hostname),
        at,
        interval: Duration::from_secs(interval),
        outcome: Outcome::Host {
            claim,
            sighting: Box::new(sighting),
            others: Vec::new(),
        },
    })
}

fn facts(report: HostReport, claim: &Claim, interval: u64) -> AgentHost {
    let (agent, host) = (report.agent, report.host);
    let load = host
        .load_average
        .into_iter()
        .filter(|load| load.is_finite());
    AgentHost {
        agent_version: text(&agent.version),
        hostname: claim.hostname.clone(),
        machine_id: claim.machine_id.clone(),
        platform: platform(&host.platform),
        os_name: text(&host.os_name),
        os_version: text(&host.os_version),
        kernel_version: text(&host.kernel_version),
        architecture: text(&host.architecture),
        cpu_model: text(&host.cpu_model),
        cpu_count: host.cpu_count,
        cpu_io_wait: share(report.metrics.cpu_io_wait_percent),
        cpu_steal: share(report.metrics.cpu_steal_percent),
        cpu_cores: report
            .metrics
            .cpu_core_percent
            .into_iter()
            .take(CORES)
            .filter_map(|percent| share(Some(percent)))
            .collect(),
        pressure: report.metrics.pressure.map(pressure),
        load_average: load.take(3).collect(),
        uptime_seconds: host.uptime_seconds.map(Seconds),
        interval_seconds: Some(Seconds(interval)),
        memory: memory(&report.metrics.memory),
        disks: report.disks.into_iter().map(file_system).collect(),
        network_interfaces: report.network.into_iter().map(network_interface).collect(),
        disk_io: report.disk_io.into_iter().map(block_device).collect(),
        sensors: sensors::sensors(report.sensors),
        raid: report.raid.into_iter().map(raid_array).collect(),
        zfs_pools: report.zfs_pools.into_iter().map(zfs::pool).collect(),
        unraid: report.unraid.map(inventory::unraid).map(Box::new),
        ceph: report.ceph.map(inventory::ceph).map(Box::new),
        libvirt: report.libvirt.map(inventory::libvirt).map(Box::new),
        xcpng: report.xcpng.map(inventory::xcpng).map(Box::new),
        proxmox_lxc: report.proxmox_lxc.map(inventory::lxc).map(Box::new),
        package_updates: host
            .package_updates
            .map(upkeep::package_updates)
            .map(Box::new),
        storage_cleanup: host
            .storage_cleanup
            .map(upkeep::storage_cleanup)
            .map(Box::new),
        agent_update: agent.update.map(upkeep::agent_update).map(Box::new),
        agent_privilege: agent.privilege.map(upkeep::agent_privilege),
        agent_footprint: agent.footprint.map(upkeep::agent_footprint).map(Box::new),
        applied_config: agent.applied_config.map(upkeep::applied_config),
        modules: agent.modules.into_iter().map(module).collect(),
        collectors: agent.collectors.into_iter().map(collector).collect(),
        commands_enabled: Some(agent.commands_enabled),
        report_ip: text(&host.report_ip),
        disk_exclude: agent.disk_exclude,
        ..AgentHost::default()
    }
}

fn share(percent: Option<f64>) -> Option<Percent> {
    percent.map(Percent).and_then(Percent::clamped)
}

fn pressure(wire: Pressure) -> facet::HostPressure {
    facet::HostPressure {
        cpu_some: share(wire.cpu_some_percent),
        memory_some: share(wire.memory_some_percent),
        memory_full: share(wire.memory_full_percent),
        io_some: share(wire.io_some_percent),
        io_full: share(wire.io_full_percent),
    }
}

fn identity(host: &AgentHost) -> Identity {
    let macs = host
        .network_interfaces
        .iter()
        .filter_map(|interface| interface.mac.as_ref());
    Identity {
        machine_id: host.machine_id.clone(),
        hostnames: vec![host.hostname.clone()],
        ip_addresses: addresses(&host.network_interfaces),
        mac_addresses: macs.map(|mac| mac.to_ascii_lowercase()).collect(),
        ..Identity::default()
    }
}

/// Returns the system family. Agents of old sent the distribution instead: that is Linux.
fn platform(word: &str) -> Option<String> {
    const KEPT: [&str; 9] = [
        "linux",
        "windows",
        "freebsd",
        "openbsd",
        "netbsd",
        "dragonfly",
        "solaris",
        "illumos",
        "aix",
    ];
    let word = word.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "" => return None,
        "macos" | "darwin" => "macos".to_owned(),
        kept if KEPT.contains(&kept) => word,
        _ => "linux".to_owned(),
    })
}

fn block_device(wire: DiskIo) -> facet::BlockDevice {
    facet::BlockDevice {
        device: wire.device,
        read_bytes: wire.read_bytes.map(Bytes),
        write_bytes: wire.write_bytes.map(Bytes),
        read_ops: wire.read_ops,
        write_ops: wire.write_ops,
        io_time_ms: wire.io_time_ms,
    }
}

fn raid_array(wire: RaidArray) -> facet::RaidArray {
    let count = |devices: i64| u32::try_from(devices).unwrap_or_default();
    facet::RaidArray {
        device: wire.device,
        name: text(&wire.name),
        uuid: text(&wire.uuid),
        level: wire.level,
        state: wire.state,
        total_devices: count(wire.total_devices),
        active_devices: count(wire.active_devices),
        working_devices: count(wire.working_devices),
        failed_devices: count(wire.failed_devices),
        spare_devices: count(wire.spare_devices),
        rebuild_percent: Percent(wire.rebuild_percent).clamped().unwrap_or_default(),
        rebuild_speed: text(&wire.rebuild_speed),
        devices: wire.devices.into_iter().map(raid_member).collect(),
        operation: text(&wire.operation),
    }
}

fn raid_member(wire: RaidDevice) -> facet::RaidMember {
    facet::RaidMember {
        device: wire.device,
        state: wire.state.to_string(),
        slot: wire.slot,
    }
}

fn module(wire: ModuleStatus) -> facet::Module {
    facet::Module {
        name: wire.name,
        enabled: wire.enabled,
        state: wire.state.to_string(),
        last_error: text(&wire.last_error),
        updated_at: wire.updated_at,
    }
}

fn collector(wire: CollectorStatus) -> facet::Collector {
    facet::Collector {
        name: wire.name,
        state: wire.state.to_string(),
        last_error: text(&wire.last_error),
        last_duration_ms: wire.last_duration_ms,
        every_seconds: wire.every_seconds.map(Seconds),
        updated_at: wire.updated_at,
    }
}

#[cfg(test)]
mod tests {
    use pulse_model::Celsius;

    use super::*;

    const REPORT: &[u8] = br#"{
        "agent": {"id": "m-1", "version": "v6.3.0", "intervalSeconds": 10},
        "host": {"id": "m-1", "machineId": "m-1", "hostname": "web", "platform": "ubuntu",
                 "loadAverage": [0.5, 0.25, 0.1], "cpuCount": 8, "uptimeSeconds": 60},
        "metrics": {"cpuUsagePercent": 12.5,
                    "memory": {"totalBytes": 1000, "usedBytes": 250, "usage": 90}},
        "disks": [{"mountpoint": "/", "totalBytes": 100, "usedBytes": 40, "usage": 41},
                  {"mountpoint": "/data", "totalBytes": 100, "usedBytes": 70}],
        "network": [{"name": "eth0", "mac": "AA:BB", "addresses": ["192.0.2.7/24", "fe80::1/64"]}],
        "sensors": {"temperatureCelsius": {"cpu_core_0": 50, "cpu_core_1": 61.5, "nvme0": 70}},
        "timestamp": "2026-05-01T10:00:00Z",
        "sequenceId": "v1:000102030405060708090a0b0c0d0e0f:7"
    }"#;

    fn mapped() -> (Claim, Sighting) {
        let report = HostReport::from_json(REPORT).expect("a report");
        let claim = claim(&report);
        let observation = map(report, claim, Timestamp::UNIX_EPOCH).expect("mapped");
        let Outcome::Host {
            claim, sighting, ..
        } = observation.outcome
        else {
            panic!("a host")
        };
        (claim, *sighting)
    }

    #[test]
    fn a_report_names_its_machine_and_its_place_in_the_stream() {
        let (claim, _) = mapped();
        assert_eq!(
            (claim.hostname.as_str(), claim.machine_id.as_deref()),
            ("web", Some("m-1"))
        );
        assert_eq!(claim.sequence.map(|sequence| sequence.number), Some(7));
    }

    #[test]
    fn memory_in_use_comes_from_its_sizes_and_disk_from_the_fullest() {
        let (_, sighting) = mapped();
        let value = |metric: Option<MetricValue>| metric.map(|metric| metric.value);
        assert_eq!(value(sighting.metrics.memory), Some(25.0));
        assert_eq!(value(sighting.metrics.disk), Some(70.0));
        assert_eq!(value(sighting.metrics.cpu), Some(12.5));
    }

    #[test]
    fn the_hottest_core_stands_for_a_machine_without_a_package_sensor() {
        assert_eq!(mapped().1.temperature, Some(Celsius(61.5)));
    }

    #[test]
    fn what_the_agent_itself_uses_is_kept_as_far_as_it_makes_sense() {
        let report = HostReport::from_json(
            br#"{"host":{"hostname":"web"},"agent":{"footprint":{"rssBytes":6000000,"cpuPercent":130.5,
            "sentBytes":9,"ceilingBytes":67108864,"ceilingCpuPercent":-1,"reportsSent":7,
            "shed":["update-checks",""," "]}}}"#,
        )
        .expect("JSON");
        let claim = claim(&report);
        let host = facts(report, &claim, 10);
        let footprint = host.agent_footprint.expect("a footprint");
        assert_eq!(footprint.rss_bytes, Some(Bytes(6_000_000)));
        assert_eq!(
            footprint.cpu_percent,
            Some(Percent(130.5)),
            "more than one core"
        );
        assert_eq!(
            (footprint.ceiling_cpu_percent, footprint.reports_sent),
            (None, Some(7))
        );
        assert_eq!(footprint.shed, ["update-checks"]);
    }

    #[test]
    fn what_waits_is_kept_and_what_nobody_measured_stays_away() {
        let report = HostReport::from_json(
            br#"{"host":{"hostname":"web"},"metrics":{"cpuIoWaitPercent":2.5,"cpuCorePercent":[100,0.5],
            "pressure":{"memorySomePercent":1.25}}}"#,
        )
        .expect("JSON");
        let claim = claim(&report);
        let host = facts(report, &claim, 10);
        assert_eq!(
            (host.cpu_io_wait, host.cpu_steal),
            (Some(Percent(2.5)), None)
        );
        assert_eq!(host.cpu_cores, [Percent(100.0), Percent(0.5)]);
        let expected = facet::HostPressure {
            memory_some: Some(Percent(1.25)),
            ..facet::HostPressure::default()
        };
        assert_eq!(host.pressure, Some(expected));
    }

    #[test]
    fn every_mount_of_a_system_container_is_kept_with_how_full_it_is() {
        let report = HostReport::from_json(
            br#"{"host":{"hostname":"pve1"},"proxmoxLxc":{"containers":[{"vmid":101,"name":"web","disks":[
            {"mountpoint":"/","totalBytes":100,"usedBytes":25},{"mountpoint":"/srv","totalBytes":50}]}],
            "collectedAt":"2026-05-01T10:00:00Z"}}"#,
        )
        .expect("JSON");
        let claim = claim(&report);
        let host = facts(report, &claim, 10);
        assert!(host.disks.is_empty(), "they are not the machine's own");
        let inventory = host.proxmox_lxc.expect("an inventory");
        let container = &inventory.containers[0];
        assert_eq!((container.vmid, container.name.as_str()), (101, "web"));
        let used: Vec<_> = container.disks.iter().map(|disk| disk.used).collect();
        assert_eq!(used, [Some(Bytes(25)), None]);
    }

    #[test]
    fn a_distribution_sent_as_platform_is_linux() {
        let (_, sighting) = mapped();
        let host = sighting.facets.agent.expect("a facet");
        assert_eq!(host.platform.as_deref(), Some("linux"));
        assert_eq!(sighting.identity.ip_addresses, ["192.0.2.7"]);
    }

    #[test]
    fn what_was_not_measured_stays_unknown() {
        let report = HostReport::from_json(br#"{"host":{"hostname":"web"}}"#).expect("a report");
        let claim = claim(&report);
        let observation = map(report, claim, Timestamp::UNIX_EPOCH).expect("mapped");
        let Outcome::Host { sighting, .. } = observation.outcome else {
            panic!("a host")
        };
        assert_eq!(sighting.metrics, Metrics::default());
        assert_eq!(
            sighting.facets.agent.and_then(|host| host.memory.clone()),
            None
        );
    }

    #[test]
    fn a_report_without_a_host_name_is_refused() {
        let report = HostReport::from_json(br#"{"host":{"hostname":"  "}}"#).expect("JSON");
        let claim = claim(&report);
        let refused = map(report, claim, Timestamp::UNIX_EPOCH);
        assert!(matches!(refused, Err(NotTaken::Invalid(_))));
    }
}
