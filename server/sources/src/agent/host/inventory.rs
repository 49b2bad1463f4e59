//! What a machine keeps or runs: an Unraid array, a Ceph cluster, guests.

use pulse_model::facet::agent_host as facet;
use pulse_model::{Bytes, Celsius, Percent};
use pulse_protocol::report::host as wire;

use super::{file_system, text};

/// Returns a count that the wire lets be negative and no machine means so.
fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

/// Returns an Unraid array.
pub(super) fn unraid(array: wire::UnraidStorage) -> facet::Unraid {
    facet::Unraid {
        array_started: array.array_started,
        array_state: text(&array.array_state),
        sync_action: text(&array.sync_action),
        sync_progress: array.sync_progress.map(Percent),
        sync_errors: array.sync_errors,
        num_protected: array.num_protected,
        num_disabled: array.num_disabled,
        num_invalid: array.num_invalid,
        num_missing: array.num_missing,
        disks: array.disks.into_iter().map(unraid_disk).collect(),
    }
}

fn unraid_disk(disk: wire::UnraidDisk) -> facet::UnraidDisk {
    facet::UnraidDisk {
        name: disk.name,
        device: text(&disk.device),
        role: text(&disk.role),
        status: text(&disk.status),
        raw_status: text(&disk.raw_status),
        model: text(&disk.model),
        serial: text(&disk.serial),
        filesystem: text(&disk.filesystem),
        transport: text(&disk.transport),
        size_bytes: disk.size_bytes.map(Bytes),
        used_bytes: disk.used_bytes.map(Bytes),
        free_bytes: disk.free_bytes.map(Bytes),
        temperature: disk.temperature.map(|degrees| Celsius(degrees as f64)),
        spun_down: disk.spun_down,
        read_count: disk.read_count,
        write_count: disk.write_count,
        error_count: disk.error_count,
        slot: disk.slot,
    }
}

/// Returns the system containers of a Proxmox node.
pub(super) fn lxc(inventory: wire::ProxmoxLxcInventory) -> facet::ProxmoxLxc {
    let container = |container: wire::ProxmoxLxc| facet::LxcFileSystems {
        vmid: container.vmid,
        name: container.name,
        disks: container.disks.into_iter().map(file_system).collect(),
    };
    facet::ProxmoxLxc {
        collected_at: inventory.collected_at,
        containers: inventory.containers.into_iter().map(container).collect(),
    }
}

/// Returns a Ceph cluster.
pub(super) fn ceph(cluster: wire::CephCluster) -> facet::HostCeph {
    facet::HostCeph {
        fsid: cluster.fsid,
        health: ceph_health(cluster.health),
        mon_map: ceph_monitors(cluster.mon_map),
        mgr_map: facet::HostCephMgrMap {
            available: cluster.mgr_map.available,
            num_mgrs: count(cluster.mgr_map.num_mgrs),
            standbys: count(cluster.mgr_map.standbys),
            active_mgr: text(&cluster.mgr_map.active_mgr),
        },
        osd_map: facet::HostCephOsds {
            epoch: count(cluster.osd_map.epoch),
            num_osds: count(cluster.osd_map.num_osds),
            num_up: count(cluster.osd_map.num_up),
            num_in: count(cluster.osd_map.num_in),
            num_down: cluster.osd_map.num_down,
            num_out: cluster.osd_map.num_out,
        },
        pg_map: ceph_groups(cluster.pg_map),
        collected_at: cluster.collected_at,
        pools: cluster.pools.into_iter().map(ceph_pool).collect(),
        services: cluster.services.into_iter().map(ceph_daemons).collect(),
    }
}

fn ceph_health(health: wire::CephHealth) -> facet::HostCephHealth {
    let check = |check: wire::CephCheck| facet::HostCephCheck {
        severity: check.severity,
        message: text(&check.message),
        detail: check.detail,
    };
    let line = |line: wire::CephSummary| facet::HostCephSummary {
        severity: line.severity,
        message: line.message,
    };
    facet::HostCephHealth {
        status: health.status,
        checks: health
            .checks
            .into_iter()
            .map(|(name, found)| (name, check(found)))
            .collect(),
        summary: health.summary.into_iter().map(line).collect(),
    }
}

fn ceph_monitors(map: wire::CephMonMap) -> facet::HostCephMonitors {
    let monitor = |monitor: wire::CephMonitor| facet::HostCephMonitor {
        name: monitor.name,
        rank: count(monitor.rank),
        addr: text(&monitor.addr),
        status: text(&monitor.status),
    };
    facet::HostCephMonitors {
        epoch: count(map.epoch),
        num_mons: count(map.num_mons),
        monitors: map.monitors.into_iter().map(monitor).collect(),
    }
}

fn ceph_groups(map: wire::CephPgMap) -> facet::HostCephGroups {
    facet::HostCephGroups {
        num_pgs: count(map.num_pgs),
        bytes_total: Bytes(map.bytes_total),
        bytes_used: Bytes(map.bytes_used),
        bytes_available: Bytes(map.bytes_available),
        usage_percent: Percent(map.usage_percent),
        data_bytes: map.data_bytes.map(Bytes),
        degraded_ratio: map.degraded_ratio,
        misplaced_ratio: map.misplaced_ratio,
        read_bytes_per_sec: map.read_bytes_per_sec,
        write_bytes_per_sec: map.write_bytes_per_sec,
        read_ops_per_sec: map.read_ops_per_sec,
        write_ops_per_sec: map.write_ops_per_sec,
    }
}

fn ceph_pool(pool: wire::CephPool) -> facet::HostCephPool {
    facet::HostCephPool {
        id: count(pool.id),
        name: pool.name,
        bytes_used: Bytes(pool.bytes_used),
        bytes_available: Bytes(pool.bytes_available),
        objects: pool.objects,
        percent_used: Percent(pool.percent_used),
    }
}

fn ceph_daemons(service: wire::CephService) -> facet::HostCephDaemons {
    facet::HostCephDaemons {
        kind: service.kind,
        running: count(service.running),
        total: count(service.total),
        daemons: service.daemons,
    }
}

/// Returns the guests of libvirt.
pub(super) fn libvirt(inventory: wire::LibvirtInventory) -> facet::Libvirt {
    let domain = |domain: wire::LibvirtDomain| facet::LibvirtDomain {
        id: domain.id,
        name: domain.name,
        state: domain.state,
        vcpus: domain.vcpus,
        cpu_time_nanoseconds: domain.cpu_time_nanoseconds,
        memory_current_bytes: domain.memory_current_bytes.map(Bytes),
        memory_maximum_bytes: domain.memory_maximum_bytes.map(Bytes),
        network_rx_bytes: domain.network_rx_bytes.map(Bytes),
        network_tx_bytes: domain.network_tx_bytes.map(Bytes),
        disk_read_bytes: domain.disk_read_bytes.map(Bytes),
        disk_write_bytes: domain.disk_write_bytes.map(Bytes),
    };
    facet::Libvirt {
        collected_at: inventory.collected_at,
        domains: inventory.domains.into_iter().map(domain).collect(),
    }
}

/// Returns the guests of an XCP-ng pool.
pub(super) fn xcpng(inventory: wire::XcpngInventory) -> facet::Xcpng {
    let vm = |vm: wire::XcpngVm| facet::XcpngVm {
        uuid: vm.uuid,
        name: vm.name,
        power_state: vm.power_state,
        vcpus: vm.vcpus,
        memory_actual_bytes: vm.memory_actual_bytes.map(Bytes),
        memory_static_max_bytes: vm.memory_static_max_bytes.map(Bytes),
        resident_host_uuid: text(&vm.resident_host_uuid),
    };
    facet::Xcpng {
        pool_uuid: inventory.pool_uuid,
        pool_name: text(&inventory.pool_name),
        master_uuid: text(&inventory.master_uuid),
        local_host_uuid: text(&inventory.local_host_uuid),
        collected_at: inventory.collected_at,
        vms: inventory.vms.into_iter().map(vm).collect(),
    }
}
