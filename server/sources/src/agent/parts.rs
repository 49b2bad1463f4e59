//! What reports of several kinds have in common: texts, memory, file systems, interfaces.

use std::net::IpAddr;

use pulse_model::facet::agent_host as facet;
use pulse_model::{Bytes, MetricValue, Percent};
use pulse_protocol::report::host::{Disk, MemoryMetric, NetworkInterface};

pub(super) fn text(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn memory(wire: &MemoryMetric) -> Option<facet::HostMemory> {
    let memory = facet::HostMemory {
        total: wire.total_bytes.map(Bytes),
        used: wire.used_bytes.map(Bytes),
        free: wire.free_bytes.map(Bytes),
        cache: wire.cache_bytes.map(Bytes),
        usage: wire.usage.map(Percent).and_then(Percent::clamped),
        swap_total: wire.swap_total_bytes.map(Bytes),
        swap_used: wire.swap_used_bytes.map(Bytes),
    };
    (memory != facet::HostMemory::default()).then_some(memory)
}

pub(super) fn memory_metric(memory: &facet::HostMemory) -> Option<MetricValue> {
    let by_size = memory
        .used
        .zip(memory.total)
        .and_then(|(used, total)| MetricValue::share(used, total));
    by_size.or_else(|| memory.usage.map(MetricValue::percent))
}

pub(super) fn file_system(wire: Disk) -> facet::FileSystem {
    let (total, used) = (wire.total_bytes.map(Bytes), wire.used_bytes.map(Bytes));
    let by_size = || {
        used.zip(total)
            .and_then(|(used, total)| Percent::of(used, total))
    };
    facet::FileSystem {
        device: text(&wire.device),
        mountpoint: text(&wire.mountpoint),
        filesystem: text(&wire.filesystem).or_else(|| text(&wire.kind)),
        total,
        used,
        free: wire.free_bytes.map(Bytes),
        usage: wire
            .usage
            .map(Percent)
            .or_else(by_size)
            .and_then(Percent::clamped),
    }
}

/// Returns the fullest of the file systems whose fill is known.
pub(super) fn fullest(disks: &[facet::FileSystem]) -> Option<MetricValue> {
    let known = disks
        .iter()
        .filter_map(|disk| disk.usage.map(|usage| (usage, disk)));
    let (usage, disk) = known.max_by(|(a, _), (b, _)| a.0.total_cmp(&b.0))?;
    Some(MetricValue {
        used: disk.used,
        total: disk.total,
        ..MetricValue::percent(usage)
    })
}

pub(super) fn network_interface(wire: NetworkInterface) -> facet::NetworkInterface {
    facet::NetworkInterface {
        name: wire.name,
        mac: text(&wire.mac),
        addresses: wire.addresses,
        rx_bytes: wire.rx_bytes.map(Bytes),
        tx_bytes: wire.tx_bytes.map(Bytes),
        speed_mbps: wire.speed_mbps,
    }
}

/// Returns the addresses others could reach the machine by, in the order of its interfaces.
pub(super) fn addresses(interfaces: &[facet::NetworkInterface]) -> Vec<String> {
    let all = interfaces.iter().flat_map(|interface| &interface.addresses);
    let bare = all.filter_map(|address| address.split('/').next()?.parse::<IpAddr>().ok());
    let reachable = bare.filter(|address| match address {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local() && !v6.is_unspecified(),
    });
    reachable.map(|address| address.to_string()).collect()
}
