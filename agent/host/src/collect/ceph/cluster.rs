//! Reads what `ceph status` and `ceph df` say. Releases differ in what they leave out: newer ones
//! only count what older ones list.

use pulse_protocol::report::host::{
    CephCheck, CephCluster, CephHealth, CephMgrMap, CephMonMap, CephMonitor, CephOsdMap, CephPgMap,
    CephPool, CephService, CephSummary,
};
use serde_json::{Map, Value};

use crate::json::{count, fraction, list, number, text};

/// Checks, details, pools and daemons beyond this are left out.
const LIMIT: usize = 256;

/// Returns the cluster, if this is the state of one.
pub(super) fn read(status: &Value) -> Option<CephCluster> {
    let fsid = text(status, "/fsid");
    let health = text(status, "/health/status");
    if fsid.is_empty() || health.is_empty() {
        return None;
    }
    Some(CephCluster {
        fsid: fsid.to_owned(),
        health: read_health(status),
        mon_map: monitors(status),
        mgr_map: mgrs(status),
        osd_map: daemons(status),
        pg_map: groups(status),
        services: services(status),
        ..CephCluster::default()
    })
}

fn entries<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let map = value.pointer(pointer).and_then(Value::as_object);
    map.into_iter().flat_map(Map::iter).take(LIMIT)
}

fn read_health(status: &Value) -> CephHealth {
    let mut health = CephHealth {
        status: text(status, "/health/status").to_owned(),
        ..CephHealth::default()
    };
    for (name, check) in entries(status, "/health/checks") {
        let severity = text(check, "/severity").to_owned();
        let message = text(check, "/summary/message").to_owned();
        let details = list(check, "/detail").iter().take(LIMIT);
        let detail = details.map(|detail| text(detail, "/message").to_owned());
        health.summary.push(CephSummary {
            severity: severity.clone(),
            message: message.clone(),
        });
        let check = CephCheck {
            severity,
            message,
            detail: detail.collect(),
        };
        health.checks.insert(name.clone(), check);
    }
    health
}

fn monitors(status: &Value) -> CephMonMap {
    let quorum: Vec<&str> = list(status, "/quorum_names")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let listed = list(status, "/monmap/mons").iter().enumerate();
    let mut monitors: Vec<CephMonitor> = listed
        .map(|(place, monitor)| {
            let name = text(monitor, "/name");
            let address = match text(monitor, "/public_addr") {
                "" => text(monitor, "/addr"),
                address => address,
            };
            CephMonitor {
                name: name.to_owned(),
                rank: number(monitor, "/rank").unwrap_or(as_number(place)),
                addr: address.to_owned(),
                status: state(quorum.contains(&name)).to_owned(),
            }
        })
        .collect();
    if monitors.is_empty() {
        monitors = quorum
            .iter()
            .enumerate()
            .map(|(place, name)| CephMonitor {
                name: (*name).to_owned(),
                rank: as_number(place),
                addr: String::new(),
                status: state(true).to_owned(),
            })
            .collect();
    }
    CephMonMap {
        epoch: number(status, "/monmap/epoch").unwrap_or_default(),
        num_mons: number(status, "/monmap/num_mons").unwrap_or(as_number(monitors.len())),
        monitors,
    }
}

fn state(is_in_quorum: bool) -> &'static str {
    if is_in_quorum {
        "in quorum"
    } else {
        "out of quorum"
    }
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn mgrs(status: &Value) -> CephMgrMap {
    let is_available = status.pointer("/mgrmap/available") == Some(&Value::Bool(true));
    let standbys = number(status, "/mgrmap/num_standbys");
    let standbys = standbys.unwrap_or(as_number(list(status, "/mgrmap/standbys").len()));
    CephMgrMap {
        available: is_available,
        num_mgrs: number(status, "/mgrmap/num_mgrs").unwrap_or(standbys + i64::from(is_available)),
        active_mgr: text(status, "/mgrmap/active_name").to_owned(),
        standbys,
    }
}

fn daemons(status: &Value) -> CephOsdMap {
    // Before Octopus the map lay one level deeper.
    let map = status
        .pointer("/osdmap/osdmap")
        .or_else(|| status.pointer("/osdmap"));
    let map = map.unwrap_or(&Value::Null);
    let number = |name: &str| number(map, name).unwrap_or_default();
    let (all, up, within) = (
        number("/num_osds"),
        number("/num_up_osds"),
        number("/num_in_osds"),
    );
    CephOsdMap {
        epoch: number("/epoch"),
        num_osds: all,
        num_up: up,
        num_in: within,
        num_down: Some((all - up).max(0)),
        num_out: Some((all - within).max(0)),
    }
}

fn groups(status: &Value) -> CephPgMap {
    let of = |name: &str| count(status, &format!("/pgmap/{name}"));
    let total = of("bytes_total").unwrap_or_default();
    let used = of("bytes_used").unwrap_or_default();
    CephPgMap {
        num_pgs: number(status, "/pgmap/num_pgs").unwrap_or_default(),
        bytes_total: total,
        bytes_used: used,
        bytes_available: of("bytes_avail").unwrap_or_default(),
        data_bytes: of("data_bytes"),
        usage_percent: if total > 0 {
            used as f64 / total as f64 * 100.0
        } else {
            0.0
        },
        degraded_ratio: fraction(status, "/pgmap/degraded_ratio"),
        misplaced_ratio: fraction(status, "/pgmap/misplaced_ratio"),
        read_bytes_per_sec: of("read_bytes_sec"),
        write_bytes_per_sec: of("write_bytes_sec"),
        read_ops_per_sec: of("read_op_per_sec"),
        write_ops_per_sec: of("write_op_per_sec"),
    }
}

fn services(status: &Value) -> Vec<CephService> {
    let monitors = monitors(status);
    let in_quorum = list(status, "/quorum_names").len();
    let mgrs = mgrs(status);
    let osds = daemons(status);
    let mut services = vec![
        service("mon", as_number(in_quorum), monitors.num_mons),
        service("mgr", i64::from(mgrs.available), mgrs.num_mgrs),
        service("osd", osds.num_up, osds.num_osds),
    ];
    let active = number(status, "/fsmap/up").unwrap_or_default();
    let waiting = number(status, "/fsmap/up:standby").unwrap_or_default();
    services.push(service("mds", active, active + waiting));
    for (kind, found) in entries(status, "/servicemap/services") {
        let names = entries(found, "/daemons").map(|(name, _)| name);
        let names: Vec<String> = names.filter(|name| *name != "summary").cloned().collect();
        let count = as_number(names.len());
        services.push(CephService {
            daemons: names,
            ..service(kind, count, count)
        });
    }
    services.retain(|service| service.total > 0);
    services
}

fn service(kind: &str, running: i64, total: i64) -> CephService {
    CephService {
        kind: kind.to_owned(),
        running,
        total,
        ..CephService::default()
    }
}

/// Reads the pools from `ceph df`.
pub(super) fn pools(usage: &Value) -> Vec<CephPool> {
    let pools = list(usage, "/pools").iter().take(LIMIT);
    pools
        .filter_map(|pool| {
            let of = |name: &str| count(pool, &format!("/stats/{name}"));
            Some(CephPool {
                id: number(pool, "/id")?,
                name: text(pool, "/name").to_owned(),
                bytes_used: of("bytes_used")?,
                bytes_available: of("max_avail").unwrap_or_default(),
                objects: of("objects").unwrap_or_default(),
                percent_used: fraction(pool, "/stats/percent_used").unwrap_or_default() * 100.0,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn captured(name: &str) -> Option<CephCluster> {
        let text = crate::captures::read(name)?;
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        Some(read(&answer["data"]).expect("a cluster"))
    }

    #[test]
    fn a_captured_cluster_reads() {
        let Some(cluster) = captured("pve/go-proxmox/ceph_status_full.json") else {
            return;
        };
        assert_eq!(cluster.health.status, "HEALTH_WARN");
        assert!(!cluster.health.checks.is_empty());
        assert_eq!(
            (cluster.osd_map.num_osds, cluster.osd_map.num_down),
            (21, Some(0))
        );
        assert_eq!(cluster.mgr_map.active_mgr, "proxmox-node02");
        assert_eq!(cluster.mon_map.num_mons, 3);
        assert!((cluster.pg_map.usage_percent - 61.07).abs() < 0.01);
        let mds = cluster
            .services
            .iter()
            .find(|service| service.kind == "mds");
        assert_eq!(mds.map(|mds| (mds.running, mds.total)), Some((1, 3)));
    }

    #[test]
    fn a_release_that_only_counts_its_monitors_reads_too() {
        let Some(cluster) = captured("pve/pulse-issues/ceph_status_squid_pve9.json") else {
            return;
        };
        assert_eq!(
            (cluster.mon_map.num_mons, cluster.mon_map.monitors.len()),
            (3, 3)
        );
        assert_eq!((cluster.mgr_map.num_mgrs, cluster.mgr_map.standbys), (2, 1));
        assert_eq!(cluster.osd_map.num_osds, 6);
    }

    #[test]
    fn pools_are_told_in_percent() {
        let usage = json!({"pools": [
            {"id": 2, "name": "vm", "stats": {"bytes_used": 300, "max_avail": 700, "objects": 5,
             "percent_used": 0.3}}, {"name": "broken"}]});
        let pools = pools(&usage);
        assert_eq!(pools.len(), 1);
        assert_eq!((pools[0].bytes_used, pools[0].percent_used), (300, 30.0));
    }
}
