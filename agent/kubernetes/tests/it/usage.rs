//! What nodes and pods use.

use pulse_protocol::report::kubernetes::{GapReason, KubernetesReport, NodeUsage, PodUsage};

use crate::fake::{Reply, node, node_metrics, pod, pod_metrics, summary};
use crate::setting::{Setting, everything, gap};

const METRICS: &str = "/apis/metrics.k8s.io/v1beta1";
const SUMMARY: &str = "/api/v1/nodes/n1/proxy/stats/summary";

async fn furnished(has_metrics: bool, has_summary: bool) -> Setting {
    let setting = Setting::start().await;
    setting.add("/api/v1/nodes", node("n1"));
    setting.add("/api/v1/nodes", node("n2"));
    setting.add("/api/v1/pods", pod("shop", "web", "n1"));
    if has_metrics {
        setting.add(&format!("{METRICS}/nodes"), node_metrics("n1"));
        setting.add(&format!("{METRICS}/pods"), pod_metrics("shop", "web"));
        setting.add(&format!("{METRICS}/pods"), pod_metrics("other", "web"));
    }
    if has_summary {
        let summary = summary("n1", &[("shop", "web"), ("other", "web")]);
        setting
            .api
            .world()
            .answers
            .insert(SUMMARY.to_owned(), summary);
    }
    setting
}

fn used(report: &KubernetesReport) -> (Option<NodeUsage>, Option<PodUsage>) {
    (report.nodes[0].usage.clone(), report.pods[0].usage.clone())
}

#[tokio::test]
async fn the_metrics_api_goes_first_and_kubelets_add_what_it_lacks() {
    let setting = furnished(true, true).await;
    let report = setting.report(everything()).await;
    let (node, pod) = used(&report);
    let (node, pod) = (node.expect("usage"), pod.expect("usage"));
    assert_eq!(
        (node.cpu_milli_cores, node.memory_bytes),
        (Some(1_250), Some(4 << 30))
    );
    assert_eq!(
        (pod.cpu_milli_cores, pod.memory_bytes),
        (Some(10), Some(128 << 20))
    );
    assert_eq!(
        (pod.network_rx_bytes, pod.network_tx_bytes),
        (Some(1_000), Some(2_000))
    );
    assert_eq!(pod.ephemeral_storage_capacity_bytes, Some(4_000));
    assert_eq!(gap(&report, "usage"), None);
    let asked = setting.api.world().count("/api/v1/nodes/n2/");
    assert_eq!(asked, 0, "a node without reported pods has nothing to add");
}

#[tokio::test]
async fn kubelets_stand_in_for_a_metrics_api_that_is_not_there() {
    let setting = furnished(false, true).await;
    let report = setting.report(everything()).await;
    let (node, pod) = used(&report);
    assert_eq!(node.and_then(|node| node.cpu_milli_cores), Some(900));
    assert_eq!(pod.and_then(|pod| pod.memory_bytes), Some(130_000_000));
    let gap = gap(&report, "usage").expect("the other node tells nothing");
    assert!(gap.left_out == 1 && gap.detail.contains("n2"), "{gap:?}");
}

#[tokio::test]
async fn figures_nobody_tells_are_unknown_and_not_zero() {
    let setting = furnished(false, false).await;
    let refusal = Reply::Refuse(403, "nodes/proxy is forbidden".to_owned());
    setting
        .api
        .world()
        .answer_instead("/api/v1/nodes/", refusal);
    let report = setting.report(everything()).await;
    assert_eq!(used(&report), (None, None));
    let gap = gap(&report, "usage").expect("a gap");
    assert_eq!(gap.reason, GapReason::Forbidden);
}
