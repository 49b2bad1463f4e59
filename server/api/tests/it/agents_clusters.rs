//! Kubernetes clusters under management.

use std::sync::Arc;

use serde_json::json;

use crate::site::{Answer, Caller, Site};
use pulse_model::facet::Kubernetes;
use pulse_model::facet::kubernetes::KubeCluster;
use pulse_model::{Claim, Facets, Kind, Sighting, SourceId, SourceKind};

const CLUSTER: &str = "/api/agents/kubernetes/clusters/c-1";

fn said(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// One cluster that is in the estate and in the fleet.
async fn with_cluster() -> (Site, Caller, Claim) {
    let (site, admin) = Site::set_up().await;
    let claim = Claim {
        token_id: Some("t-1".into()),
        ..Claim::default()
    };
    let source = SourceId::new(SourceKind::Kubernetes, "c-1");
    site.fleet.admit(&source, &claim).expect("it is let in");
    let facet = Kubernetes {
        cluster_id: Some("c-1".into()),
        cluster: Some(Box::new(KubeCluster::default())),
        ..Kubernetes::default()
    };
    let facets = Facets {
        kubernetes: Some(Arc::new(facet)),
        ..Facets::default()
    };
    let sighting = Sighting {
        facets,
        ..Sighting::new(Kind::K8sCluster, "cluster", "prod")
    };
    site.see(SourceKind::Kubernetes, "c-1", vec![sighting])
        .await;
    (site, admin, claim)
}

#[tokio::test]
async fn a_cluster_is_hidden_named_marked_and_shown_again() {
    let (site, admin, _) = with_cluster().await;
    let name = json!({"displayName": "Production"});
    for (method, path, body) in [
        ("DELETE", format!("{CLUSTER}?hide=true"), None),
        ("PUT", format!("{CLUSTER}/pending-uninstall"), None),
        ("PUT", format!("{CLUSTER}/display-name"), Some(&name)),
    ] {
        let done = site.send(&admin, method, &path, body).await;
        assert_eq!(
            (done.status, done.json()["clusterId"].clone()),
            (200, json!("c-1")),
            "{path}"
        );
    }
    let shown = async || {
        site.settle().await;
        let state = site.get(&admin, "/api/state").await.json();
        state["kubernetesClusters"][0].clone()
    };
    let cluster = shown().await;
    assert_eq!(
        (
            cluster["hidden"].clone(),
            cluster["pendingUninstall"].clone()
        ),
        (json!(true), json!(true))
    );
    assert_eq!(cluster["displayName"], "Production");
    let done = site
        .send(&admin, "PUT", &format!("{CLUSTER}/unhide"), None)
        .await;
    assert_eq!(done.status, 200);
    assert_eq!(shown().await["hidden"], false);
    let refused = site
        .send(
            &admin,
            "PUT",
            &format!("{CLUSTER}/display-name"),
            Some(&json!({})),
        )
        .await;
    assert_eq!(said(&refused), (400, "invalid_json".into()));
}

#[tokio::test]
async fn a_removed_cluster_is_refused_until_it_is_allowed() {
    let (site, admin, claim) = with_cluster().await;
    let source = SourceId::new(SourceKind::Kubernetes, "c-1");
    let removed = site.send(&admin, "DELETE", CLUSTER, None).await;
    assert_eq!(removed.status, 200);
    let refused = site
        .fleet
        .admit(&source, &claim)
        .expect_err("it is refused");
    assert!(refused.to_string().contains("was removed"), "{refused}");
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["kubernetesClusters"], json!([]));
    assert_eq!(state["removedKubernetesClusters"][0]["id"], "c-1");
    let allowed = site
        .post(&admin, &format!("{CLUSTER}/allow-reenroll"), &json!({}))
        .await;
    assert_eq!(allowed.status, 200);
    assert!(site.fleet.admit(&source, &claim).is_ok());
}

#[tokio::test]
async fn a_cluster_nobody_knows_is_said_to_be_unknown() {
    let (site, admin, _) = with_cluster().await;
    let path = "/api/agents/kubernetes/clusters/x";
    let name = json!({"displayName": "x"});
    for (method, rest) in [
        ("DELETE", ""),
        ("POST", "/allow-reenroll"),
        ("PUT", "/unhide"),
        ("PUT", "/pending-uninstall"),
        ("PUT", "/display-name"),
    ] {
        let unknown = site
            .send(&admin, method, &format!("{path}{rest}"), Some(&name))
            .await;
        assert_eq!(
            said(&unknown),
            (404, "k8s_cluster_not_found".into()),
            "{rest}"
        );
    }
}
