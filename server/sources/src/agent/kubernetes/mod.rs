//! A Kubernetes report into an observation: pure, and the only place that knows both shapes.
//!
//! A cluster and all that is in it are one slice of a source that is named after the cluster. An object goes by its own
//! uid, a node by its name: a node that is made anew is the same machine to people and keeps its past.

mod access;
mod configuration;
mod event;
mod network;
mod node;
mod pod;
mod policy;
mod storage;
mod workload;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::{KubeCluster, KubeGap, KubeMetricCapabilities};
use pulse_model::{
    Bytes, Claim, Facets, Identity, Kind, MetricValue, Metrics, Observation, Outcome, Percent,
    Scope, Seconds, Sighting, SourceId, SourceKind, Status,
};
use pulse_protocol::report::kubernetes::{Gap, KubernetesReport};

use super::interval;
use super::room::{Room, text};
use crate::port::NotTaken;

/// What the cluster is called within its source.
const CLUSTER: &str = "cluster";
/// Bytes of labels and lists kept of one report. A cluster with a thousand pods has a tenth of it.
const KEPT: usize = 4 << 20;
/// What the technology is called.
const TECHNOLOGY: &str = "kubernetes";
/// Longest id a cluster may go by. The original's agents make one of 64 characters.
const LONGEST_ID: usize = 128;

/// Returns what the cluster goes by.
///
/// # Errors
/// When the report names no cluster, or names it beyond reason.
pub(super) fn cluster_id(report: &KubernetesReport) -> Result<String, NotTaken> {
    let id = [&report.cluster.id, &report.agent.id]
        .into_iter()
        .map(|id| id.trim())
        .find(|id| !id.is_empty());
    let id = id.ok_or_else(|| NotTaken::Invalid("the report has no cluster id".into()))?;
    let is_text = id.len() <= LONGEST_ID && !id.contains(char::is_control);
    is_text
        .then(|| id.to_owned())
        .ok_or_else(|| NotTaken::Invalid("the report's cluster id is no id".into()))
}

/// Returns who the report says it is from.
pub(super) fn claim(report: &KubernetesReport) -> Claim {
    Claim {
        agent_id: text(&report.agent.id),
        ..Claim::default()
    }
}

/// Returns what the report of whoever `claim` is from says of the cluster `id`.
pub(super) fn map(
    report: &KubernetesReport,
    claim: &Claim,
    id: &str,
    now: Timestamp,
) -> Observation {
    let every = interval(Some(report.agent.interval_seconds).filter(|seconds| *seconds > 0));
    let at = report.timestamp.unwrap_or(now);
    let cluster = Cluster::of(report, id, at);
    let mut sightings = vec![cluster.sighting(report, every, claim.token_id.clone())];
    sightings.extend(report.nodes.iter().map(|wire| node::map(&cluster, wire)));
    sightings.extend(report.pods.iter().map(|wire| pod::map(&cluster, wire)));
    sightings.extend(workload::all(&cluster, report));
    sightings.extend(network::all(&cluster, report));
    sightings.extend(storage::all(&cluster, report));
    sightings.extend(policy::all(&cluster, report));
    sightings.extend(configuration::all(&cluster, report));
    sightings.extend(access::all(&cluster, report));
    sightings.extend(event::all(&cluster, report));
    Observation {
        source: SourceId::new(SourceKind::Kubernetes, id),
        at,
        interval: Duration::from_secs(every),
        outcome: Outcome::Slice {
            scope: Scope::new(CLUSTER),
            sightings,
        },
    }
}

/// What everything in one cluster shares.
struct Cluster<'a> {
    /// What each facet begins with.
    origin: Kubernetes,
    /// What people call it.
    name: String,
    /// When it was looked at.
    at: Timestamp,
    /// What each node has.
    nodes: HashMap<&'a str, Capacity>,
    /// Room for labels and lists.
    room: Room,
}

/// What a node has.
#[derive(Clone, Copy, Debug, Default)]
struct Capacity {
    milli_cores: Option<u64>,
    memory: Option<Bytes>,
}

/// What every object has.
struct Meta<'a> {
    uid: &'a str,
    name: &'a str,
    namespace: &'a str,
    created_at: Option<Timestamp>,
    labels: &'a BTreeMap<String, String>,
}

impl<'a> Meta<'a> {
    fn new(uid: &'a str, name: &'a str, labels: &'a BTreeMap<String, String>) -> Self {
        Self {
            uid,
            name,
            namespace: "",
            created_at: None,
            labels,
        }
    }

    fn within(self, namespace: &'a str) -> Self {
        Self { namespace, ..self }
    }

    fn made(self, created_at: Option<Timestamp>) -> Self {
        Self { created_at, ..self }
    }
}

impl<'a> Cluster<'a> {
    fn of(report: &'a KubernetesReport, id: &str, at: Timestamp) -> Self {
        let wire = &report.cluster;
        let names = [&wire.name, &wire.context, &wire.server];
        let name = names.into_iter().find_map(|name| text(name));
        let name = name.unwrap_or_else(|| id.chars().take(12).collect());
        let nodes = report.nodes.iter();
        Self {
            origin: Kubernetes {
                cluster_id: Some(id.to_owned()),
                cluster_name: Some(name.clone()),
                agent_id: text(&report.agent.id),
                ..Kubernetes::default()
            },
            name,
            at,
            nodes: nodes
                .map(|wire| (wire.name.as_str(), node::capacity(wire)))
                .collect(),
            room: Room::of(KEPT),
        }
    }

    fn sighting(
        &self,
        report: &KubernetesReport,
        every: u64,
        token_id: Option<String>,
    ) -> Sighting {
        let wire = &report.cluster;
        let cluster = KubeCluster {
            source_name: text(&wire.name),
            server: text(&wire.server),
            context: text(&wire.context),
            version: text(&wire.version),
            provider: text(&wire.provider),
            limited_to_namespace: text(&wire.namespace),
            agent_version: text(&report.agent.version),
            interval_seconds: Some(Seconds(every)),
            token_id,
            gaps: self
                .room
                .list(&report.gaps, |gap| gap.member.len() + gap.detail.len(), gap),
            ..KubeCluster::default()
        };
        let facet = Kubernetes {
            resource_kind: Some("Cluster".to_owned()),
            metric_capabilities: Some(capabilities(report)),
            cluster: Some(Box::new(cluster)),
            ..self.origin.clone()
        };
        let is_whole = report.nodes.iter().all(|node| node.ready);
        Sighting {
            parent: None,
            status: Some(if is_whole {
                Status::Online
            } else {
                Status::Warning
            }),
            metrics: node::of_all(&report.nodes),
            ..self.made(Kind::K8sCluster, CLUSTER.to_owned(), &self.name, facet)
        }
    }

    /// Returns an object of which only this is known yet. It goes by its uid, or where it is if it has none.
    fn holds(&self, kind: Kind, word: &str, meta: &Meta<'_>, facet: Kubernetes) -> Sighting {
        let native = match meta.uid {
            "" => format!("{}/{}/{}", kind.word(), meta.namespace, meta.name),
            uid => format!("{}/{uid}", kind.word()),
        };
        let facet = Kubernetes {
            cluster_id: self.origin.cluster_id.clone(),
            cluster_name: self.origin.cluster_name.clone(),
            agent_id: self.origin.agent_id.clone(),
            resource_uid: text(meta.uid),
            resource_kind: Some(word.to_owned()),
            namespace: text(meta.namespace),
            created_at: meta.created_at,
            labels: self.room.labels(meta.labels),
            ..facet
        };
        self.made(kind, native, meta.name, facet)
    }

    fn made(&self, kind: Kind, native: String, name: &str, facet: Kubernetes) -> Sighting {
        Sighting {
            technology: Some(TECHNOLOGY.to_owned()),
            parent: Some(CLUSTER.into()),
            identity: Identity {
                cluster_name: Some(self.name.clone()),
                ..Identity::default()
            },
            facets: Facets {
                kubernetes: Some(Arc::new(facet)),
                ..Facets::default()
            },
            ..Sighting::new(kind, native, name)
        }
    }
}

fn gap(wire: &Gap) -> KubeGap {
    KubeGap {
        member: wire.member.clone(),
        reason: wire.reason.to_string(),
        left_out: count(wire.left_out).filter(|count| *count > 0),
        detail: text(&wire.detail),
        earlier: wire.earlier,
    }
}

/// Returns a count the wire might, against its promise, have below zero.
fn count(wire: i64) -> Option<u64> {
    u64::try_from(wire).ok()
}

/// Returns how something is that should be `wanted` and is `there`.
fn complete(there: i64, wanted: i64) -> Option<Status> {
    Some(if there < wanted {
        Status::Warning
    } else {
        Status::Online
    })
}

/// Returns a share of the processors and the memory there are.
fn usage(milli_cores: Option<u64>, memory: Option<u64>, of: Capacity) -> Metrics {
    let cpu = milli_cores.zip(of.milli_cores.filter(|all| *all > 0));
    let cpu = cpu.map(|(used, all)| Percent(used as f64 * 100.0 / all as f64));
    let memory = memory.map(Bytes).zip(of.memory);
    Metrics {
        cpu: cpu.and_then(Percent::clamped).map(MetricValue::percent),
        memory: memory.and_then(|(used, all)| MetricValue::share(used, all)),
        ..Metrics::default()
    }
}

/// Returns what there were figures of.
fn capabilities(report: &KubernetesReport) -> KubeMetricCapabilities {
    let pods = || report.pods.iter().filter_map(|pod| pod.usage.as_ref());
    KubeMetricCapabilities {
        node_cpu_memory: report.nodes.iter().any(|node| node.usage.is_some()),
        pod_cpu_memory: pods().any(|usage| usage.cpu_milli_cores.is_some()),
        pod_network: pods().any(|usage| usage.network_rx_bytes.is_some()),
        pod_ephemeral_disk: pods().any(|usage| usage.ephemeral_storage_used_bytes.is_some()),
        ..KubeMetricCapabilities::default()
    }
}

#[cfg(test)]
mod tests;
