//! A Kubernetes cluster, reported beside the machine: an invented cluster, an invented server.

use pulse_protocol::report::host::{ModuleState, ModuleStatus};
use pulse_protocol::report::kubernetes::{GapReason, KubernetesReport};

use crate::agent::{Agent, token_file, write};
use crate::fake::kubernetes::{Api, Reply, node, pod};
use crate::server::{Answer, REPORT, Server};

const CLUSTER: &str = "/api/agents/kubernetes/report";

/// Starts an agent that reports a cluster.
async fn agent(api: &Api, server: &Server, state: &std::path::Path, more: &[&str]) -> Agent {
    pulse_net::install_crypto();
    let kubeconfig = state.join("kubeconfig");
    write(&kubeconfig, &api.kubeconfig());
    let kubeconfig = format!("--kubeconfig={}", kubeconfig.display());
    let token = token_file(state, "abc123");
    let mut arguments = vec![token.as_str(), "--enable-docker=false", &kubeconfig];
    arguments.extend(more);
    Agent::start(&server.url, state, "50ms", &arguments)
}

async fn cluster_report(server: &mut Server) -> KubernetesReport {
    loop {
        let seen = server.next().await;
        if seen.path == CLUSTER {
            return KubernetesReport::from_json(&seen.json()).expect("a report");
        }
    }
}

/// Waits for a host report that tells of the cluster what was expected.
async fn module(server: &mut Server, is_expected: impl Fn(&ModuleStatus) -> bool) -> ModuleStatus {
    loop {
        let seen = server.next().await;
        if seen.path != REPORT {
            continue;
        }
        let modules = seen.report().agent.modules;
        let module = modules.into_iter().find(|one| one.name == "kubernetes");
        if let Some(module) = module.filter(&is_expected) {
            return module;
        }
    }
}

#[tokio::test]
async fn a_cluster_is_reported_beside_the_machine_and_what_is_missing_is_named() {
    let state = tempfile::tempdir().expect("a directory");
    let api = Api::start().await;
    {
        let mut world = api.world();
        world.add("/api/v1/nodes", node("n1"));
        world.add("/api/v1/pods", pod("shop", "web-1", "n1"));
        world.add("/api/v1/pods", pod("shop", "web-2", "n1"));
        let refusal = Reply::Refuse(403, "secrets is forbidden".to_owned());
        world.answer_instead("/api/v1/secrets", refusal);
    }
    let mut server = Server::answering(|_| Answer::json(200, r#"{"success":true}"#)).await;
    let more = [
        "--enable-kubernetes",
        "--kube-include-all-pods",
        "--kube-max-pods=1",
    ];
    let agent = agent(&api, &server, state.path(), &more).await;
    let report = cluster_report(&mut server).await;
    assert_eq!(report.agent.id, "01234567-89ab-cdef-0123-456789abcdef");
    assert_eq!(
        (report.agent.kind.as_str(), report.agent.interval_seconds),
        ("unified", 1)
    );
    assert_eq!((report.nodes.len(), report.pods.len()), (1, 1));
    let gap = |member: &str| report.gaps.iter().find(|gap| gap.member == member);
    assert_eq!(gap("pods").map(|gap| gap.left_out), Some(1));
    assert_eq!(
        gap("secrets").map(|gap| &gap.reason),
        Some(&GapReason::Forbidden)
    );
    let module = module(&mut server, |module| module.state == ModuleState::Running).await;
    assert!(
        module.enabled && module.last_error.contains("secrets: not allowed"),
        "{module:?}"
    );
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_cluster_that_is_away_costs_no_report_of_the_machine() {
    let state = tempfile::tempdir().expect("a directory");
    let api = Api::start().await;
    api.world().token = Some("another".to_owned());
    let mut server = Server::answering(|_| Answer::json(200, r#"{"success":true}"#)).await;
    let agent = agent(&api, &server, state.path(), &["--enable-kubernetes"]).await;
    let away = module(&mut server, |module| module.state == ModuleState::Retrying).await;
    assert!(away.last_error.contains("401"), "{away:?}");
    // As soon as the token is good again, so is the report.
    api.world().token = None;
    assert_eq!(cluster_report(&mut server).await.cluster.name, "fake");
    agent.stop().await.expect("a clean end");
}

#[tokio::test]
async fn without_a_word_no_cluster_is_asked() {
    let state = tempfile::tempdir().expect("a directory");
    let api = Api::start().await;
    let mut server = Server::answering(|_| Answer::json(200, r#"{"success":true}"#)).await;
    let agent = agent(&api, &server, state.path(), &[]).await;
    for _ in 0..3 {
        assert_eq!(server.next().await.path, REPORT);
    }
    agent.stop().await.expect("a clean end");
    assert_eq!(api.world().seen.len(), 0);
}

#[tokio::test]
async fn a_cluster_the_server_wants_no_more_of_is_not_reported_any_more() {
    let state = tempfile::tempdir().expect("a directory");
    let api = Api::start().await;
    api.world().add("/api/v1/nodes", node("n1"));
    let removed = r#"{"error":"cluster \"x\" was removed","code":"invalid_report"}"#;
    let mut server = Server::answering(move |seen| match seen.path == CLUSTER {
        true => Answer::json(400, removed),
        false => Answer::taken(),
    })
    .await;
    let agent = agent(&api, &server, state.path(), &["--enable-kubernetes"]).await;
    cluster_report(&mut server).await;
    let module = module(&mut server, |module| module.state == ModuleState::Disabled).await;
    assert!(module.last_error.contains("was removed"), "{module:?}");
    for _ in 0..10 {
        assert_eq!(server.next().await.path, REPORT);
    }
    agent.stop().await.expect("a clean end");
}
