//! `vms` and `containers`: what Proxmox nodes run.

use jiff::Timestamp;

use pulse_model::facet::agent_host::{FileSystem, NetworkInterface};
use pulse_model::facet::proxmox::{Proxmox, ProxmoxGuest};
use pulse_model::{Bytes, Kind, Resource, Seconds, Status};

use super::shape::{Disk, Memory, amounts, element, or_blank, ratio, rounded};

element! {
    /// A virtual machine or a system container; what is only of one kind is absent of the other.
    Guest<'a> {
        told {
            id: &'a str,
            vmid: u32,
            name: &'a str,
            node: &'a str,
            instance: &'a str,
            status: &'a str,
            #[serde(rename = "type")]
            kind: &'a str,
            memory: Memory,
            disk: Disk,
            template: bool,
            last_seen: Timestamp,
        }
        maybe {
            pool: &'a str,
            cpu: f64,
            cpus: u32,
            disk_status_reason: &'a str,
            guest_agent_status: &'a str,
            guest_agent_expected: bool,
            os_name: &'a str,
            os_version: &'a str,
            agent_version: &'a str,
            network_in: u64,
            network_out: u64,
            disk_read: u64,
            disk_write: u64,
            uptime: Seconds,
            on_boot: bool,
            last_backup: Timestamp,
            backup_in_progress: bool,
            lock: &'a str,
            is_oci: bool,
            os_template: &'a str,
            has_docker: bool,
            docker_checked_at: Timestamp,
            mem: Bytes,
            maxmem: Bytes,
        }
        some {
            disks: FileSystem,
            ip_addresses: String,
            network_interfaces: NetworkInterface,
            tags: String,
        }
    }
}

/// Returns the element of a guest.
pub(super) fn guest<'a>(
    resource: &'a Resource,
    proxmox: &'a Proxmox,
    guest: &'a ProxmoxGuest,
) -> Guest<'a> {
    let metrics = &resource.metrics;
    let (maxmem, mem) = amounts(metrics.memory.as_ref());
    let state = match resource.status {
        Status::Online | Status::Warning => "running",
        Status::Offline => "stopped",
        Status::Unknown => "unknown",
    };
    let technology = resource.technology.as_deref();
    Guest {
        id: resource.id.as_str(),
        vmid: guest.vmid,
        name: &resource.name,
        node: or_blank(&proxmox.node_name),
        instance: or_blank(&proxmox.instance),
        status: proxmox.runtime_status.as_deref().unwrap_or(state),
        kind: guest
            .container_type
            .as_deref()
            .or(technology)
            .unwrap_or("qemu"),
        memory: Memory::of(resource),
        disk: Disk::of(resource),
        template: guest.template.unwrap_or_default(),
        last_seen: resource.last_seen,
        pool: guest.pool.as_deref(),
        cpu: ratio(resource),
        cpus: proxmox.cpus,
        disk_status_reason: guest.disk_status_reason.as_deref(),
        guest_agent_status: guest.guest_agent_status.as_deref(),
        guest_agent_expected: guest.guest_agent_expected,
        os_name: guest.os_name.as_deref(),
        os_version: guest
            .os_version
            .as_deref()
            .filter(|_| resource.kind == Kind::Vm),
        agent_version: guest.agent_version.as_deref(),
        network_in: rounded(&metrics.net_in),
        network_out: rounded(&metrics.net_out),
        disk_read: rounded(&metrics.disk_read),
        disk_write: rounded(&metrics.disk_write),
        uptime: proxmox.uptime.or(resource.uptime),
        on_boot: guest.on_boot,
        last_backup: guest.last_backup,
        backup_in_progress: guest.backup_in_progress,
        lock: guest.lock.as_deref(),
        is_oci: guest.is_oci,
        os_template: guest.os_template.as_deref(),
        has_docker: guest.has_docker,
        docker_checked_at: guest.docker_checked_at,
        mem,
        maxmem,
        disks: &proxmox.disks,
        ip_addresses: &resource.identity.ip_addresses,
        network_interfaces: &proxmox.network_interfaces,
        tags: &resource.tags,
    }
}
