//! A cluster of 5,000 pods, read in a process of its own so that its memory can be told.

use pulse_agent_kubernetes::{Cluster, Places};
use tokio::process::Command;

use crate::fake::{node, node_metrics, pod, pod_metrics, summary};
use crate::setting::{Setting, everything, now};

/// Where the kubeconfig of the large cluster is: set for the process that reads it.
const KUBECONFIG: &str = "PULSE_TEST_LARGE_CLUSTER";

const PODS: usize = 5_000;
const NODES: usize = 100;

/// Most memory the reading process may ever have had, in kB.
const MOST: u64 = 60_000;

fn furnish(setting: &Setting) {
    let mut world = setting.api.world();
    let metrics = "/apis/metrics.k8s.io/v1beta1";
    for n in 0..NODES {
        let name = format!("node-{n:03}");
        world.add("/api/v1/nodes", node(&name));
        world.add(&format!("{metrics}/nodes"), node_metrics(&name));
        let pods: Vec<String> = (n..PODS)
            .step_by(NODES)
            .map(|p| format!("web-{p:05}"))
            .collect();
        let named: Vec<(&str, &str)> = pods.iter().map(|pod| ("shop", pod.as_str())).collect();
        let path = format!("/api/v1/nodes/{name}/proxy/stats/summary");
        world.answers.insert(path, summary(&name, &named));
        for pod_name in &pods {
            world.add("/api/v1/pods", pod("shop", pod_name, &name));
            world.add(&format!("{metrics}/pods"), pod_metrics("shop", pod_name));
        }
    }
    for kind in [
        "services",
        "configmaps",
        "secrets",
        "serviceaccounts",
        "persistentvolumeclaims",
    ] {
        for at in 0..1_000 {
            // Any object will do: what is not known of it is skipped.
            world.add(
                &format!("/api/v1/{kind}"),
                pod("shop", &format!("{kind}-{at}"), "n"),
            );
        }
    }
}

/// Returns the most memory this process ever had, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .expect("a number of kB")
}

/// Reads the large cluster as the agent does: three reports, each packed away.
async fn read(kubeconfig: std::ffi::OsString) {
    pulse_net::install_crypto();
    let places = Places {
        kubeconfig: Some(kubeconfig.into()),
        ..Places::default()
    };
    let mut cluster = Cluster::new(
        places,
        everything(),
        std::sync::Arc::<crate::setting::Told>::default(),
    );
    for _ in 0..3 {
        let report = cluster.collect(now()).await.expect("a reading").report;
        assert_eq!((report.pods.len(), report.nodes.len()), (PODS, NODES));
        let has_usage = |pod: &pulse_protocol::report::kubernetes::Pod| pod.usage.is_some();
        assert!(report.pods.iter().all(has_usage));
        let json = serde_json::to_vec(&report).expect("JSON");
        assert!(
            json.len() < pulse_protocol::limits::CONTAINER_JSON,
            "{}",
            json.len()
        );
    }
    let peak = peak();
    println!("peak of {peak} kB");
    assert!(peak <= MOST, "{peak} kB");
}

#[tokio::test]
async fn a_cluster_of_five_thousand_pods_is_read_in_sixty_megabytes() {
    if let Some(kubeconfig) = std::env::var_os(KUBECONFIG) {
        return read(kubeconfig).await;
    }
    let setting = Setting::start().await;
    furnish(&setting);
    let test = std::env::current_exe().expect("this test");
    let mut command = Command::new(test);
    command
        .args([
            "--exact",
            "large::a_cluster_of_five_thousand_pods_is_read_in_sixty_megabytes",
        ])
        .arg("--nocapture")
        .env(KUBECONFIG, setting.path("config"))
        .kill_on_drop(true);
    let output = command.output().await.expect("another process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let peak = said.lines().find(|line| line.starts_with("peak of "));
    println!("{}", peak.expect("a figure"));
}
