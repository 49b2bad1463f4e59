//! What nodes and pods use: the metrics API first, each node's kubelet for what it does not know.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt};
use pulse_protocol::report::kubernetes::{Gap, GapReason, KubernetesReport, NodeUsage, PodUsage};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{JSON, Limits, encoded};
use crate::error::Error;
use crate::kept::{Round, gap, unread};
use crate::quantity;

/// Member of the report these gaps are about.
const USAGE: &str = "usage";

/// Where the metrics API is.
const METRICS: &str = "/apis/metrics.k8s.io/v1beta1";

/// Most bytes of the metrics of all pods.
const METRICS_BYTES: usize = 32 << 20;

/// Most bytes of one kubelet's summary.
const SUMMARY_BYTES: usize = 8 << 20;

/// Nodes whose kubelets are asked in one round.
const NODES: usize = 200;

/// Kubelets asked at a time.
const LANES: usize = 8;

#[derive(Deserialize)]
struct Metrics<'a> {
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
    namespace: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeMetrics {
    metadata: Named,
    usage: Amounts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PodMetrics {
    metadata: Named,
    containers: Option<Vec<ContainerMetrics>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContainerMetrics {
    usage: Amounts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Amounts {
    cpu: Option<String>,
    memory: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    node: NodeSummary,
    pods: Option<Vec<PodSummary>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeSummary {
    cpu: Processor,
    memory: Memory,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PodSummary {
    pod_ref: Named,
    cpu: Processor,
    memory: Memory,
    network: Network,
    #[serde(rename = "ephemeral-storage")]
    storage: Storage,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Processor {
    usage_nano_cores: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Memory {
    working_set_bytes: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Network {
    rx_bytes: Option<u64>,
    tx_bytes: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Storage {
    used_bytes: Option<u64>,
    capacity_bytes: Option<u64>,
}

impl Amounts {
    fn thousandths(&self) -> Option<u64> {
        quantity::thousandths(self.cpu.as_deref())
    }

    fn bytes(&self) -> Option<u64> {
        quantity::units(self.memory.as_deref())
    }
}

impl Processor {
    fn thousandths(&self) -> Option<u64> {
        Some(self.usage_nano_cores?.div_ceil(1_000_000))
    }
}

/// Where the nodes and pods of a report stand in it.
struct Places {
    nodes: HashMap<String, usize>,
    pods: HashMap<(String, String), usize>,
}

impl Places {
    fn of(report: &KubernetesReport) -> Self {
        let nodes = report.nodes.iter().enumerate();
        let pods = report.pods.iter().enumerate();
        Self {
            nodes: nodes.map(|(at, node)| (node.name.clone(), at)).collect(),
            pods: pods
                .map(|(at, pod)| ((pod.namespace.clone(), pod.name.clone()), at))
                .collect(),
        }
    }

    fn pod(&self, named: Named) -> Option<usize> {
        self.pods.get(&(named.namespace, named.name)).copied()
    }
}

/// Writes into a report what its nodes and pods use, and returns what could not be found out.
pub(crate) async fn fill(round: &Round<'_>, report: &mut KubernetesReport) -> Vec<Gap> {
    let places = Places::of(report);
    let mut gaps = Vec::new();
    let nodes = nodes(round, report, &places).await;
    let pods = match report.pods.is_empty() {
        true => Ok(()),
        false => pods(round, report, &places).await,
    };
    let has_metrics = nodes.is_ok() && pods.is_ok();
    let asked = if has_metrics {
        with_pods(report)
    } else {
        report.nodes.iter().map(|node| node.name.clone()).collect()
    };
    let kubelets = kubelets(round, report, &places, asked).await;
    // What the metrics API lacks, the kubelets told.
    if kubelets.is_some() {
        let metrics = [nodes, pods].into_iter().filter_map(Result::err);
        let metrics = metrics.filter(|error| !error.is_absent());
        gaps.extend(metrics.map(|error| unread(USAGE, &error)).take(1));
    }
    gaps.extend(kubelets);
    gaps
}

async fn nodes(
    round: &Round<'_>,
    report: &mut KubernetesReport,
    places: &Places,
) -> Result<(), Error> {
    let limits = Limits::until(round.deadline, METRICS_BYTES);
    let body = (round.client)
        .body(&format!("{METRICS}/nodes"), JSON, limits)
        .await?;
    let metrics: Metrics = serde_json::from_slice(&body).map_err(Error::Json)?;
    for item in metrics.items.unwrap_or_default() {
        let Ok(node) = serde_json::from_str::<NodeMetrics>(item.get()) else {
            continue;
        };
        if let Some(at) = places.nodes.get(&node.metadata.name) {
            report.nodes[*at].usage = Some(NodeUsage {
                cpu_milli_cores: node.usage.thousandths(),
                memory_bytes: node.usage.bytes(),
            });
        }
    }
    Ok(())
}

async fn pods(
    round: &Round<'_>,
    report: &mut KubernetesReport,
    places: &Places,
) -> Result<(), Error> {
    let limits = Limits::until(round.deadline, METRICS_BYTES);
    let paths = match &round.named {
        None => vec![format!("{METRICS}/pods")],
        Some(names) => names
            .iter()
            .map(|name| format!("{METRICS}/namespaces/{}/pods", encoded(name)))
            .collect(),
    };
    for path in paths {
        let body = round.client.body(&path, JSON, limits).await?;
        let metrics: Metrics = serde_json::from_slice(&body).map_err(Error::Json)?;
        for item in metrics.items.unwrap_or_default() {
            let Ok(pod) = serde_json::from_str::<PodMetrics>(item.get()) else {
                continue;
            };
            let Some(at) = places.pod(pod.metadata) else {
                continue;
            };
            let containers = pod.containers.unwrap_or_default();
            let of = |amount: fn(&Amounts) -> Option<u64>| {
                let amounts = containers.iter().filter_map(|one| amount(&one.usage));
                amounts.reduce(u64::saturating_add)
            };
            let usage = report.pods[at].usage.get_or_insert_default();
            usage.cpu_milli_cores = of(Amounts::thousandths);
            usage.memory_bytes = of(Amounts::bytes);
        }
    }
    Ok(())
}

/// Returns the nodes that run reported pods.
fn with_pods(report: &KubernetesReport) -> Vec<String> {
    let mut nodes: Vec<String> = Vec::new();
    for pod in &report.pods {
        if !pod.node_name.is_empty() && !nodes.contains(&pod.node_name) {
            nodes.push(pod.node_name.clone());
        }
    }
    nodes
}

/// Asks the kubelets of these nodes, through the API.
async fn kubelets(
    round: &Round<'_>,
    report: &mut KubernetesReport,
    places: &Places,
    nodes: Vec<String>,
) -> Option<Gap> {
    let left_out = nodes.len().saturating_sub(NODES);
    let asking = nodes.into_iter().take(NODES).map(|node| async move {
        let path = format!("/api/v1/nodes/{}/proxy/stats/summary", encoded(&node));
        let limits = Limits::until(round.deadline, SUMMARY_BYTES);
        let summary = round.client.object::<Summary>(&path, limits).await;
        (node, summary)
    });
    let mut answers = stream::iter(asking).buffer_unordered(LANES);
    let mut silent: Vec<String> = Vec::new();
    let mut why = String::new();
    while let Some((node, summary)) = answers.next().await {
        match summary {
            Ok(summary) => note(report, places, &node, summary),
            // None of the others will be allowed either.
            Err(error) if error.is_forbidden() => return Some(unread(USAGE, &error)),
            Err(error) => {
                why = error.to_string();
                silent.push(node);
            }
        }
    }
    if !silent.is_empty() {
        let count = silent.len() as u64;
        let text = format!(
            "no figures from the kubelets of {}: {why}",
            silent.join(", ")
        );
        return Some(gap(USAGE, GapReason::Failed, count, &text));
    }
    let text = "more nodes than are asked in one round";
    (left_out > 0).then(|| gap(USAGE, GapReason::Limit, left_out as u64, text))
}

fn note(report: &mut KubernetesReport, places: &Places, node: &str, summary: Summary) {
    if let Some(at) = places.nodes.get(node) {
        let Summary { node, .. } = &summary;
        let usage = &mut report.nodes[*at].usage;
        let measured = NodeUsage {
            cpu_milli_cores: node.cpu.thousandths(),
            memory_bytes: node.memory.working_set_bytes,
        };
        if usage.is_none() && measured != NodeUsage::default() {
            *usage = Some(measured);
        }
    }
    for pod in summary.pods.unwrap_or_default() {
        let Some(at) = places.pod(pod.pod_ref) else {
            continue;
        };
        let kept = &mut report.pods[at].usage;
        let before = kept.take().unwrap_or_default();
        let usage = PodUsage {
            cpu_milli_cores: before.cpu_milli_cores.or(pod.cpu.thousandths()),
            memory_bytes: before.memory_bytes.or(pod.memory.working_set_bytes),
            network_rx_bytes: pod.network.rx_bytes,
            network_tx_bytes: pod.network.tx_bytes,
            ephemeral_storage_used_bytes: pod.storage.used_bytes,
            ephemeral_storage_capacity_bytes: pod.storage.capacity_bytes,
        };
        *kept = (usage != PodUsage::default()).then_some(usage);
    }
}
