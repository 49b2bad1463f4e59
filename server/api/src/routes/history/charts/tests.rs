//! Charts ask for what is recorded, whatever the kind.

use serde_json::json;

use super::*;

/// A resource that measures everything a kind can.
fn full(kind: Kind) -> Resource {
    let metric = json!({"value": 40.0, "used": 40, "total": 100});
    let metrics: serde_json::Map<_, _> = [
        "cpu",
        "memory",
        "disk",
        "netIn",
        "netOut",
        "diskRead",
        "diskWrite",
    ]
    .map(|name| (name.to_owned(), metric.clone()))
    .into_iter()
    .collect();
    serde_json::from_value(json!({
        "id": "it",
        "type": kind.word(),
        "name": "it",
        "status": "online",
        "lastSeen": "2027-01-15T08:00:00Z",
        "sources": ["proxmox"],
        "temperature": 38.5,
        "metrics": metrics,
    }))
    .expect("a resource")
}

#[test]
fn every_kind_records_what_its_charts_ask_for() {
    for kind in Kind::ALL {
        let recorded: Vec<_> = full(*kind).values().into_iter().map(|(m, _)| m).collect();
        let pool: &[Metric] = match kind {
            kind if kind.is_storage() => POOL,
            Kind::PhysicalDisk => DISK,
            _ => &[],
        };
        for metric in metrics_of(*kind).into_iter().flatten().chain(pool) {
            assert!(recorded.contains(metric), "{kind:?}: {}", metric.word());
        }
    }
}
