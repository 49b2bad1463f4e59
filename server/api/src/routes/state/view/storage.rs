//! `storage`: places to keep things.

use jiff::Timestamp;

use pulse_model::facet::storage::Storage as Facet;
use pulse_model::facet::zfs::ZfsPool;
use pulse_model::{Bytes, Percent, Resource, Status};

use super::shape::{amounts, element, or_blank, percent};

element! {
    /// A storage.
    #[schema(as = ListedStorage)]
    Storage<'a> {
        told {
            id: &'a str,
            name: &'a str,
            storage: &'a str,
            node: &'a str,
            instance: &'a str,
            #[serde(rename = "type")]
            kind: &'a str,
            status: &'a str,
            content: &'a str,
            shared: bool,
            enabled: bool,
            active: bool,
            last_seen: Timestamp,
        }
        maybe {
            node_count: usize,
            pool: &'a str,
            path: &'a str,
            total: Bytes,
            used: Bytes,
            free: Bytes,
            avail: Bytes,
            usage: Percent,
            zfs_pool: &'a ZfsPool,
        }
        some {
            nodes: String,
        }
    }
}

/// Returns the element of a storage.
pub(super) fn storage<'a>(resource: &'a Resource, facet: &'a Facet) -> Storage<'a> {
    let proxmox = resource.facets.proxmox.as_deref();
    let metric = resource.metrics.disk.as_ref();
    let (total, used) = amounts(metric);
    let free = total
        .zip(used)
        .map(|(total, used)| Bytes(total.0.saturating_sub(used.0)));
    let state = match resource.status {
        Status::Online | Status::Warning => "available",
        other => other.word(),
    };
    Storage {
        id: resource.id.as_str(),
        name: &resource.name,
        storage: &resource.name,
        node: proxmox.map_or("", |proxmox| or_blank(&proxmox.node_name)),
        instance: proxmox.map_or("", |proxmox| or_blank(&proxmox.instance)),
        kind: or_blank(&facet.kind),
        status: proxmox
            .and_then(|proxmox| proxmox.runtime_status.as_deref())
            .unwrap_or(state),
        content: or_blank(&facet.content),
        shared: facet.shared,
        enabled: facet.enabled,
        active: facet.active,
        last_seen: resource.last_seen,
        node_count: (!facet.nodes.is_empty()).then_some(facet.nodes.len()),
        pool: facet.pool.as_deref(),
        path: facet.path.as_deref(),
        total,
        used,
        free,
        avail: free,
        usage: percent(metric),
        zfs_pool: facet.zfs_pool.as_ref(),
        nodes: &facet.nodes,
    }
}
