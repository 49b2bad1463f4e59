//! `physicalDisks`: disks and what they say of themselves.

use jiff::Timestamp;

use pulse_model::facet::physical_disk::{
    DiskCollection, DiskIo, PhysicalDisk as Facet, SmartAttributes,
};
use pulse_model::{Bytes, Resource};

use super::shape::{element, or_blank};

element! {
    /// A disk.
    #[schema(as = ListedDisk)]
    PhysicalDisk<'a> {
        told {
            id: &'a str,
            node: &'a str,
            instance: &'a str,
            dev_path: &'a str,
            model: &'a str,
            serial: &'a str,
            wwn: &'a str,
            #[serde(rename = "type")]
            kind: &'a str,
            health: &'a str,
            /// Percent of its life that is left; -1 when nobody can tell.
            wearout: i32,
            used: &'a str,
            storage_group: &'a str,
            last_checked: Timestamp,
        }
        maybe {
            vendor: &'a str,
            controller: &'a str,
            target: &'a str,
            size: Bytes,
            /// Degrees Celsius.
            temperature: i64,
            rpm: u32,
            smart_attributes: &'a SmartAttributes,
            io: &'a DiskIo,
            collection: &'a DiskCollection,
        }
    }
}

/// Returns the element of a disk.
pub(super) fn disk<'a>(resource: &'a Resource, facet: &'a Facet) -> PhysicalDisk<'a> {
    let proxmox = resource.facets.proxmox.as_deref();
    let agent_host = || resource.identity.hostnames.first().map(String::as_str);
    let node = proxmox.and_then(|proxmox| proxmox.node_name.as_deref());
    let degrees = facet.temperature.or(resource.temperature);
    PhysicalDisk {
        id: resource.id.as_str(),
        node: node.or_else(agent_host).unwrap_or_default(),
        instance: proxmox.map_or("", |proxmox| or_blank(&proxmox.instance)),
        dev_path: &facet.dev_path,
        model: or_blank(&facet.model),
        serial: or_blank(&facet.serial),
        wwn: or_blank(&facet.wwn),
        kind: &facet.disk_type,
        health: &facet.health,
        wearout: facet.wearout.unwrap_or(-1),
        used: or_blank(&facet.used),
        storage_group: or_blank(&facet.storage_group),
        last_checked: resource.last_seen,
        vendor: facet.vendor.as_deref(),
        controller: facet.controller.as_deref(),
        target: facet.target.as_deref(),
        size: facet.size_bytes,
        temperature: degrees.map(|celsius| celsius.0.round() as i64),
        rpm: facet.rpm,
        smart_attributes: facet.smart.as_ref(),
        io: facet.io.as_ref(),
        collection: facet.collection.as_ref(),
    }
}
