//! What happens in a cluster.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeEvent;
use pulse_model::{Kind, Sighting};
use pulse_protocol::report::kubernetes as wire;

use super::{Cluster, Meta, count, text};

/// Events kept of one report, the latest.
const MOST: usize = 500;

/// Returns what the report says of the latest of them.
pub(super) fn all<'a>(
    cluster: &'a Cluster<'a>,
    report: &'a wire::KubernetesReport,
) -> impl Iterator<Item = Sighting> + 'a {
    let mut latest: Vec<&wire::Event> = report.events.iter().collect();
    latest.sort_by_key(|event| Reverse(event.last_seen.or(event.event_time)));
    latest.truncate(MOST);
    latest.into_iter().map(|wire| event(cluster, wire))
}

fn event(cluster: &Cluster<'_>, wire: &wire::Event) -> Sighting {
    let no_labels = BTreeMap::new();
    let meta = Meta::new(&wire.uid, &wire.name, &no_labels).within(&wire.namespace);
    let facet = Kubernetes {
        event: Some(Box::new(KubeEvent {
            count: count(wire.count).filter(|count| *count > 0),
            event_type: text(&wire.kind),
            reason: text(&wire.reason),
            message: text(&wire.message),
            involved_kind: text(&wire.involved_kind),
            involved_name: text(&wire.involved_name),
            first_seen: wire.first_seen,
            event_time: wire.last_seen.or(wire.event_time),
        })),
        ..Kubernetes::default()
    };
    cluster.holds(Kind::K8sEvent, "Event", &meta, facet)
}
