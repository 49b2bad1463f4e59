//! What is exported of a resource. Unknown is no sample; rates the server derived are gauges, what
//! a machine counts itself is a counter.

use pulse_model::facet::agent_host::{AgentHost, BlockDevice, FileSystem, NetworkInterface};
use pulse_model::{Bytes, Kind, MetricValue, Resource, Status};

use super::disk;
use super::sheet::Samples;

/// A family.
pub(super) struct Family {
    /// Its name.
    pub name: &'static str,
    /// `gauge` or `counter`.
    pub kind: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Adds a resource's samples of it.
    pub read: fn(&Resource, &mut Samples),
}

const fn gauge(
    name: &'static str,
    about: &'static str,
    read: fn(&Resource, &mut Samples),
) -> Family {
    Family {
        name,
        kind: "gauge",
        about,
        read,
    }
}

const fn counter(
    name: &'static str,
    about: &'static str,
    read: fn(&Resource, &mut Samples),
) -> Family {
    Family {
        name,
        kind: "counter",
        about,
        read,
    }
}

/// Every family, in the order they are written.
#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    gauge("pulse_resource_up", "1 when it runs, 0 when it is confirmed not to; no sample while that is unknown.", |r, s| s.add(up(r))),
    gauge("pulse_resource_last_seen_timestamp_seconds", "When its freshest source last saw it.", |r, s| s.add(Some(r.last_seen.as_millisecond() as f64 / 1e3))),
    gauge("pulse_resource_uptime_seconds", "Since it started.", |r, s| s.add(r.uptime.map(|uptime| uptime.0 as f64))),
    gauge("pulse_resource_cpu_usage_ratio", "Processor use; 1 is every core busy.", |r, s| s.add(ratio(&r.metrics.cpu))),
    gauge("pulse_resource_memory_usage_ratio", "Memory in use, reclaimable cache not counted.", |r, s| s.add(ratio(&r.metrics.memory))),
    gauge("pulse_resource_memory_used_bytes", "Memory in use, reclaimable cache not counted.", |r, s| s.add(used(&r.metrics.memory))),
    gauge("pulse_resource_memory_size_bytes", "Memory there is.", |r, s| s.add(size(&r.metrics.memory))),
    gauge("pulse_resource_disk_usage_ratio", "Of the fullest file system, or of the storage itself.", |r, s| s.add(ratio(&r.metrics.disk))),
    gauge("pulse_resource_disk_used_bytes", "In use on the fullest file system.", |r, s| if !is_storage(r) { s.add(used(&r.metrics.disk)) }),
    gauge("pulse_resource_disk_size_bytes", "Size of the fullest file system.", |r, s| if !is_storage(r) { s.add(size(&r.metrics.disk)) }),
    gauge("pulse_storage_used_bytes", "In use on a storage, pool or datastore.", |r, s| if is_storage(r) { s.add(used(&r.metrics.disk)) }),
    gauge("pulse_storage_size_bytes", "Size of a storage, pool or datastore.", |r, s| if is_storage(r) { s.add(size(&r.metrics.disk)) }),
    gauge("pulse_resource_network_receive_bytes_per_second", "Received over all interfaces.", |r, s| s.add(value(&r.metrics.net_in))),
    gauge("pulse_resource_network_transmit_bytes_per_second", "Sent over all interfaces.", |r, s| s.add(value(&r.metrics.net_out))),
    gauge("pulse_resource_disk_read_bytes_per_second", "Read from all block devices.", |r, s| s.add(value(&r.metrics.disk_read))),
    gauge("pulse_resource_disk_write_bytes_per_second", "Written to all block devices.", |r, s| s.add(value(&r.metrics.disk_write))),
    gauge("pulse_resource_temperature_celsius", "The leading temperature: the processor's before any other.", |r, s| s.add(r.temperature.map(|celsius| celsius.0))),
    gauge("pulse_host_cpus", "Logical processors.", |r, s| s.add(of_host(r, |h| h.cpu_count.map(f64::from)))),
    gauge("pulse_host_load", "Load over 1, 5 and 15 minutes.", load),
    gauge("pulse_host_swap_used_bytes", "Swap in use.", |r, s| s.add(of_host(r, |h| bytes(h.memory.as_ref()?.swap_used)))),
    gauge("pulse_host_swap_size_bytes", "Swap there is.", |r, s| s.add(of_host(r, |h| bytes(h.memory.as_ref()?.swap_total)))),
    gauge("pulse_host_filesystem_size_bytes", "Size of each file system.", |r, s| filesystems(r, s, |f| f.total)),
    gauge("pulse_host_filesystem_used_bytes", "In use on each file system.", |r, s| filesystems(r, s, |f| f.used)),
    gauge("pulse_host_filesystem_free_bytes", "Free for users on each file system.", |r, s| filesystems(r, s, |f| f.free)),
    counter("pulse_host_network_receive_bytes_total", "Received by each interface.", |r, s| interfaces(r, s, |i| i.rx_bytes)),
    counter("pulse_host_network_transmit_bytes_total", "Sent by each interface.", |r, s| interfaces(r, s, |i| i.tx_bytes)),
    counter("pulse_host_disk_read_bytes_total", "Read from each block device.", |r, s| devices(r, s, |d| bytes(d.read_bytes))),
    counter("pulse_host_disk_written_bytes_total", "Written to each block device.", |r, s| devices(r, s, |d| bytes(d.write_bytes))),
    counter("pulse_host_disk_reads_total", "Reads each block device has completed.", |r, s| devices(r, s, |d| count(d.read_ops))),
    counter("pulse_host_disk_writes_total", "Writes each block device has completed.", |r, s| devices(r, s, |d| count(d.write_ops))),
    counter("pulse_host_disk_io_time_seconds_total", "With at least one request in flight.", |r, s| devices(r, s, |d| count(d.io_time_ms).map(|ms| ms / 1e3))),
    gauge("pulse_host_temperature_celsius", "Each sensor's temperature.", temperatures),
    gauge("pulse_host_fan_rpm", "Revolutions per minute of each fan.", |r, s| sensors(r, s, |h| h.sensors.fan_rpm.iter().map(|(name, rpm)| (name.as_str(), *rpm)).collect())),
    gauge("pulse_host_power_watts", "Power of each meter.", |r, s| sensors(r, s, |h| h.sensors.power_watts.iter().map(|(name, watts)| (name.as_str(), *watts)).collect())),
    gauge("pulse_host_raid_devices", "Members of each software RAID array by what they do.", raid),
    gauge("pulse_disk_healthy", "1 when the disk's own check passed, 0 when it failed; no sample while that is unknown.", |r, s| s.add(disk::of(r, disk::healthy))),
    gauge("pulse_disk_temperature_celsius", "How hot the disk is.", |r, s| s.add(disk::of(r, |d| d.temperature.map(|celsius| celsius.0)))),
    gauge("pulse_disk_size_bytes", "Size of the disk.", |r, s| s.add(disk::of(r, |d| bytes(d.size_bytes)))),
    gauge("pulse_disk_life_used_ratio", "Of the life the disk is made for.", |r, s| s.add(disk::smart(r, |a| a.percentage_used).map(|percent| percent / 100.0))),
    gauge("pulse_disk_spare_ratio", "Spare blocks that are left.", |r, s| s.add(disk::smart(r, |a| a.available_spare).map(|percent| percent / 100.0))),
    gauge("pulse_disk_pending_sectors", "Sectors the disk could not read and has not replaced.", |r, s| s.add(disk::smart(r, |a| a.pending_sectors))),
    counter("pulse_disk_reallocated_sectors_total", "Sectors the disk has replaced.", |r, s| s.add(disk::smart(r, |a| a.reallocated_sectors))),
    counter("pulse_disk_media_errors_total", "Errors of the disk's medium.", |r, s| s.add(disk::smart(r, |a| a.media_errors))),
    counter("pulse_disk_power_on_seconds_total", "Time the disk was on.", |r, s| s.add(disk::smart(r, |a| a.power_on_hours).map(|hours| hours * 3_600.0))),
    counter("pulse_disk_power_cycles_total", "Times the disk was switched on.", |r, s| s.add(disk::smart(r, |a| a.power_cycles))),
];

fn up(resource: &Resource) -> Option<f64> {
    match resource.status {
        Status::Online | Status::Warning => Some(1.0),
        Status::Offline => Some(0.0),
        Status::Unknown => None,
    }
}

fn is_storage(resource: &Resource) -> bool {
    resource.kind.is_storage() || resource.kind == Kind::Pbs
}

fn ratio(metric: &Option<MetricValue>) -> Option<f64> {
    metric.as_ref()?.percent.map(|percent| percent.0 / 100.0)
}

fn used(metric: &Option<MetricValue>) -> Option<f64> {
    bytes(metric.as_ref()?.used)
}

fn size(metric: &Option<MetricValue>) -> Option<f64> {
    bytes(metric.as_ref()?.total)
}

fn value(metric: &Option<MetricValue>) -> Option<f64> {
    metric.as_ref().map(|metric| metric.value)
}

fn bytes(bytes: Option<Bytes>) -> Option<f64> {
    count(bytes.map(|bytes| bytes.0))
}

fn count(count: Option<u64>) -> Option<f64> {
    count.map(|count| count as f64)
}

fn host(resource: &Resource) -> Option<&AgentHost> {
    resource.facets.agent.as_deref()
}

fn of_host(resource: &Resource, read: fn(&AgentHost) -> Option<f64>) -> Option<f64> {
    host(resource).and_then(read)
}

fn load(resource: &Resource, samples: &mut Samples) {
    let load = host(resource).map_or(&[][..], |host| &host.load_average);
    for (window, load) in ["1m", "5m", "15m"].into_iter().zip(load) {
        samples.add_with(&[("window", window)], Some(*load));
    }
}

fn filesystems(resource: &Resource, samples: &mut Samples, read: fn(&FileSystem) -> Option<Bytes>) {
    for filesystem in host(resource).into_iter().flat_map(|host| &host.disks) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let labels = [
            ("mountpoint", text(&filesystem.mountpoint)),
            ("device", text(&filesystem.device)),
            ("fstype", text(&filesystem.filesystem)),
        ];
        let labels = labels
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        samples.add_with(&labels, bytes(read(filesystem)));
    }
}

fn interfaces(
    resource: &Resource,
    samples: &mut Samples,
    read: fn(&NetworkInterface) -> Option<Bytes>,
) {
    let interfaces = host(resource)
        .into_iter()
        .flat_map(|host| &host.network_interfaces);
    for interface in interfaces {
        samples.add_with(&[("device", &interface.name)], bytes(read(interface)));
    }
}

fn devices(resource: &Resource, samples: &mut Samples, read: fn(&BlockDevice) -> Option<f64>) {
    for device in host(resource).into_iter().flat_map(|host| &host.disk_io) {
        samples.add_with(&[("device", &device.device)], read(device));
    }
}

fn temperatures(resource: &Resource, samples: &mut Samples) {
    let Some(host) = host(resource) else { return };
    for (sensor, celsius) in &host.sensors.temperature_celsius {
        samples.add_with(&[("sensor", sensor)], Some(celsius.0));
    }
    for (sensor, celsius) in &host.sensors.additional {
        samples.add_with(&[("sensor", sensor)], Some(*celsius));
    }
}

fn sensors(resource: &Resource, samples: &mut Samples, read: fn(&AgentHost) -> Vec<(&str, f64)>) {
    for (sensor, value) in host(resource).into_iter().flat_map(read) {
        samples.add_with(&[("sensor", sensor)], Some(value));
    }
}

fn raid(resource: &Resource, samples: &mut Samples) {
    for array in host(resource).into_iter().flat_map(|host| &host.raid) {
        let members = [
            ("active", array.active_devices),
            ("failed", array.failed_devices),
            ("spare", array.spare_devices),
            ("wanted", array.total_devices),
        ];
        for (state, members) in members {
            let labels = [("device", array.device.as_str()), ("state", state)];
            samples.add_with(&labels, Some(members.into()));
        }
    }
}
