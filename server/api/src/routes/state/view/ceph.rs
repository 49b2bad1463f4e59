//! `cephClusters`: Ceph as Proxmox or an agent tells it.

use pulse_model::facet::ceph::{Ceph, CephCheck, CephDaemons, CephPool};
use pulse_model::{Bytes, Percent, Resource, SourceKind};

use super::shape::{amounts, element, or_blank, percent};

element! {
    /// A Ceph cluster.
    CephCluster<'a> {
        told {
            id: &'a str,
            instance: &'a str,
            source: &'static str,
            name: &'a str,
            health: &'a str,
            num_mons: u32,
            num_mgrs: u32,
            num_osds: u32,
            num_osds_up: u32,
            num_osds_in: u32,
            #[serde(rename = "numPGs")]
            num_pgs: u32,
            /// Unix seconds.
            last_updated: i64,
        }
        maybe {
            fsid: &'a str,
            health_message: &'a str,
            total_bytes: Bytes,
            used_bytes: Bytes,
            available_bytes: Bytes,
            usage_percent: Percent,
        }
        some {
            health_checks: CephCheck,
            pools: CephPool,
            services: CephDaemons,
        }
    }
}

/// Returns the element of a Ceph cluster.
pub(super) fn ceph<'a>(resource: &'a Resource, facet: &'a Ceph) -> CephCluster<'a> {
    let proxmox = resource.facets.proxmox.as_deref();
    let (total, used) = amounts(resource.metrics.disk.as_ref());
    let (total, used) = (facet.total_bytes.or(total), facet.used_bytes.or(used));
    let left = || Some(Bytes(total?.0.saturating_sub(used?.0)));
    let share = || Percent::of(used?, total?);
    let by_proxmox = resource.sources.contains(&SourceKind::Proxmox);
    CephCluster {
        id: resource.id.as_str(),
        instance: proxmox.map_or("", |proxmox| or_blank(&proxmox.instance)),
        source: if by_proxmox { "proxmox" } else { "agent" },
        name: &resource.name,
        health: &facet.health_status,
        num_mons: facet.num_mons,
        num_mgrs: facet.num_mgrs,
        num_osds: facet.num_osds,
        num_osds_up: facet.num_osds_up,
        num_osds_in: facet.num_osds_in,
        num_pgs: facet.num_pgs,
        last_updated: facet.last_updated.unwrap_or(resource.last_seen).as_second(),
        fsid: facet.fsid.as_deref(),
        health_message: facet.health_message.as_deref(),
        total_bytes: total,
        used_bytes: used,
        available_bytes: facet.available_bytes.or_else(left),
        usage_percent: percent(resource.metrics.disk.as_ref()).or_else(share),
        health_checks: &facet.health_checks,
        pools: &facet.pools,
        services: &facet.services,
    }
}
