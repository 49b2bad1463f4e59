//! `hosts`: machines with an agent.

use jiff::Timestamp;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::{
    AgentFootprint, AgentPrivilege, AgentUpdate, BlockDevice, Collector, ConfigFingerprint,
    FileSystem, HostCeph, Libvirt, Module, NetworkInterface, PackageUpdates, ProxmoxLxc, RaidArray,
    Sensors, StorageCleanup, Unraid, Xcpng,
};
use pulse_model::facet::zfs::ZfsPool;
use pulse_model::{BytesPerSecond, Kind, Percent, Resource, Seconds};

use super::shape::{Memory, element};

element! {
    /// A machine with an agent.
    Host<'a> {
        told {
            id: &'a str,
            hostname: &'a str,
            display_name: &'a str,
            memory: Memory,
            sensors: &'a Sensors,
            status: &'static str,
            last_seen: Timestamp,
            tags: &'a [String],
        }
        maybe {
            platform: &'a str,
            os_name: &'a str,
            os_version: &'a str,
            kernel_version: &'a str,
            architecture: &'a str,
            cpu_count: u32,
            cpu_usage: Percent,
            unraid: &'a Unraid,
            ceph: &'a HostCeph,
            libvirt: &'a Libvirt,
            xcpng: &'a Xcpng,
            proxmox_lxc: &'a ProxmoxLxc,
            uptime_seconds: Seconds,
            interval_seconds: Seconds,
            agent_version: &'a str,
            machine_id: &'a str,
            commands_enabled: bool,
            report_ip: &'a str,
            token_id: &'a str,
            applied_config: &'a ConfigFingerprint,
            agent_update: &'a AgentUpdate,
            agent_privilege: &'a AgentPrivilege,
            agent_footprint: &'a AgentFootprint,
            package_updates: &'a PackageUpdates,
            storage_cleanup: &'a StorageCleanup,
            net_in_rate: BytesPerSecond,
            net_out_rate: BytesPerSecond,
            disk_read_rate: BytesPerSecond,
            disk_write_rate: BytesPerSecond,
            linked_node_id: &'a str,
            linked_vm_id: &'a str,
            linked_container_id: &'a str,
        }
        some {
            load_average: f64,
            disks: FileSystem,
            zfs_pools: ZfsPool,
            #[serde(rename = "diskIO")]
            disk_io: BlockDevice,
            network_interfaces: NetworkInterface,
            raid: RaidArray,
            disk_exclude: String,
            agent_modules: Module,
            agent_collectors: Collector,
        }
    }
}

/// Returns the element of a machine with an agent.
pub(super) fn host<'a>(resource: &'a Resource, facts: &'a AgentHost) -> Host<'a> {
    let proxmox = resource.facets.proxmox.as_deref();
    let id = resource.id.as_str();
    let is_node = proxmox.is_some_and(|proxmox| proxmox.node.is_some());
    let linked = |kind: Kind| (resource.kind == kind).then_some(id);
    Host {
        id,
        hostname: &facts.hostname,
        display_name: &resource.name,
        memory: Memory::told(facts.memory.as_ref()),
        sensors: &facts.sensors,
        status: resource.status.word(),
        last_seen: resource.last_seen,
        tags: &resource.tags,
        platform: facts.platform.as_deref(),
        os_name: facts.os_name.as_deref(),
        os_version: facts.os_version.as_deref(),
        kernel_version: facts.kernel_version.as_deref(),
        architecture: facts.architecture.as_deref(),
        cpu_count: facts.cpu_count,
        cpu_usage: resource.metrics.cpu.as_ref().and_then(|cpu| cpu.percent),
        unraid: facts.unraid.as_deref(),
        ceph: facts.ceph.as_deref(),
        libvirt: facts.libvirt.as_deref(),
        xcpng: facts.xcpng.as_deref(),
        proxmox_lxc: facts.proxmox_lxc.as_deref(),
        uptime_seconds: facts.uptime_seconds,
        interval_seconds: facts.interval_seconds,
        agent_version: facts.agent_version.as_deref(),
        machine_id: facts.machine_id.as_deref(),
        commands_enabled: facts.commands_enabled,
        report_ip: facts.report_ip.as_deref(),
        token_id: facts.token_id.as_deref(),
        applied_config: facts.applied_config.as_ref(),
        agent_update: facts.agent_update.as_deref(),
        agent_privilege: facts.agent_privilege.as_ref(),
        agent_footprint: facts.agent_footprint.as_deref(),
        package_updates: facts.package_updates.as_deref(),
        storage_cleanup: facts.storage_cleanup.as_deref(),
        net_in_rate: facts.net_in_rate,
        net_out_rate: facts.net_out_rate,
        disk_read_rate: facts.disk_read_rate,
        disk_write_rate: facts.disk_write_rate,
        linked_node_id: is_node.then_some(id),
        linked_vm_id: linked(Kind::Vm),
        linked_container_id: linked(Kind::SystemContainer),
        load_average: &facts.load_average,
        disks: &facts.disks,
        zfs_pools: &facts.zfs_pools,
        disk_io: &facts.disk_io,
        network_interfaces: &facts.network_interfaces,
        raid: &facts.raid,
        disk_exclude: &facts.disk_exclude,
        agent_modules: &facts.modules,
        agent_collectors: &facts.collectors,
    }
}
