//! `nodes`: members of Proxmox VE.

use jiff::Timestamp;

use pulse_model::facet::proxmox::{CpuModel, Proxmox, ProxmoxNode};
use pulse_model::facet::temperature::Temperature;
use pulse_model::{Bytes, Resource, Seconds};

use super::shape::{Disk, Memory, amounts, element, or_blank, ratio};

element! {
    /// A node of Proxmox VE.
    Node<'a> {
        told {
            id: &'a str,
            name: &'a str,
            instance: &'a str,
            host: &'a str,
            #[serde(rename = "guestURL")]
            guest_url: &'a str,
            status: &'a str,
            #[serde(rename = "type")]
            kind: &'static str,
            memory: Memory,
            disk: Disk,
            load_average: &'a [f64],
            kernel_version: &'a str,
            pve_version: &'a str,
            last_seen: Timestamp,
            connection_health: &'a str,
            is_cluster_member: bool,
            cluster_name: &'a str,
        }
        maybe {
            node_identity: &'a str,
            display_name: &'a str,
            cpu: f64,
            uptime: Seconds,
            cpu_info: &'a CpuModel,
            temperature: &'a Temperature,
            temperature_monitoring_enabled: bool,
            pending_updates: u64,
            pending_updates_checked_at: Timestamp,
            linked_agent_id: &'a str,
            mem: Bytes,
            maxmem: Bytes,
            maxdisk: Bytes,
        }
        some {
            native_name_aliases: String,
        }
    }
}

/// Returns the element, when the resource is a node.
pub(super) fn node<'a>(
    resource: &'a Resource,
    proxmox: &'a Proxmox,
    node: &'a ProxmoxNode,
) -> Node<'a> {
    let (maxmem, mem) = amounts(resource.metrics.memory.as_ref());
    let agent = resource.facets.agent.as_deref();
    Node {
        id: resource.id.as_str(),
        name: proxmox.node_name.as_deref().unwrap_or(&resource.name),
        instance: or_blank(&proxmox.instance),
        host: or_blank(&node.host),
        guest_url: or_blank(&node.guest_url),
        status: resource.status.word(),
        kind: "node",
        memory: Memory::of(resource),
        disk: Disk::of(resource),
        load_average: &node.load_average,
        kernel_version: or_blank(&node.kernel_version),
        pve_version: or_blank(&node.pve_version),
        last_seen: resource.last_seen,
        connection_health: or_blank(&proxmox.connection_health),
        is_cluster_member: node.is_cluster_member.unwrap_or_default(),
        cluster_name: or_blank(&proxmox.cluster_name),
        node_identity: node.node_identity.as_deref(),
        display_name: node.node_display_name.as_deref(),
        cpu: ratio(resource),
        uptime: proxmox.uptime.or(resource.uptime),
        cpu_info: node.cpu_info.as_ref(),
        temperature: node.temperature_details.as_ref(),
        temperature_monitoring_enabled: node.temperature_monitoring_enabled,
        pending_updates: node.pending_updates,
        pending_updates_checked_at: node.pending_updates_checked_at,
        linked_agent_id: agent.map(|agent| agent.agent_id.as_str()),
        mem,
        maxmem,
        maxdisk: resource.metrics.disk.as_ref().and_then(|disk| disk.total),
        native_name_aliases: &node.node_aliases,
    }
}
