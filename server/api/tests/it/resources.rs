//! Pages of resources, one resource, and what asking wrongly gets.

use std::sync::Arc;

use serde_json::{Value, json};

use pulse_model::facet::kubernetes::Kubernetes;
use pulse_model::facet::pmg::{Pmg, PmgRelayDomain};
use pulse_model::{Facets, Identity, Kind, Sighting, SourceKind, Status};

use crate::site::{Caller, Site};

async fn three() -> (Site, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    for hostname in ["beta", "Alpha", "gamma"] {
        site.report(&agent, hostname).await;
    }
    (site, admin)
}

async fn names(site: &Site, admin: &Caller, query: &str) -> Vec<String> {
    let page = site
        .get(admin, &format!("/api/resources?{query}"))
        .await
        .json();
    let rows = page["data"].as_array().expect("rows").iter();
    rows.map(|row| row["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn pages_are_sorted_filtered_and_counted() {
    let (site, admin) = three().await;
    assert_eq!(names(&site, &admin, "").await, ["Alpha", "beta", "gamma"]);
    assert_eq!(
        names(&site, &admin, "order=desc").await,
        ["gamma", "beta", "Alpha"]
    );
    assert_eq!(names(&site, &admin, "limit=2&page=2").await, ["gamma"]);
    assert_eq!(names(&site, &admin, "q=ET").await, ["beta"]);
    assert_eq!(names(&site, &admin, "type=vms").await, Vec::<String>::new());
    assert_eq!(
        names(
            &site,
            &admin,
            "type=nodes&status=online&tags=LAB&source=agent,nonsense"
        )
        .await
        .len(),
        3
    );
    assert_eq!(
        names(&site, &admin, "namespace=default").await,
        Vec::<String>::new()
    );
    let page = site
        .get(&admin, "/api/resources?limit=2&page=9&q=a")
        .await
        .json();
    assert_eq!(page["meta"]["total"], 3);
    assert_eq!(page["meta"]["totalPages"], 2);
    assert_eq!(page["aggregations"]["byType"]["agent"], 3);
}

#[tokio::test]
async fn an_unknown_kind_or_order_is_an_error_that_names_it() {
    let (site, admin) = three().await;
    let refused = site.get(&admin, "/api/resources?type=vm,spaceship").await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json()["error"]
            .as_str()
            .is_some_and(|text| text.contains("spaceship"))
    );
    assert_eq!(
        site.get(&admin, "/api/resources?sort=luck").await.status,
        400
    );
    let absurd = site
        .get(&admin, "/api/resources?limit=99999999999999&page=-1")
        .await
        .json();
    assert_eq!(
        (
            absurd["meta"]["page"].as_i64(),
            absurd["data"].as_array().map(Vec::len)
        ),
        (Some(1), Some(3))
    );
}

#[tokio::test]
async fn one_resource_in_full_and_one_that_is_not_there() {
    let (site, admin) = three().await;
    let one = site.get(&admin, "/api/resources/alpha").await.json();
    assert_eq!(
        (one["name"].as_str(), one["agent"]["hostname"].as_str()),
        (Some("Alpha"), Some("Alpha"))
    );
    assert_eq!(one["sourceStatus"]["agent"]["status"], "online");
    let children = site
        .get(&admin, "/api/resources/alpha/children")
        .await
        .json();
    assert_eq!(children["count"], 0);
    let metrics = site
        .get(&admin, "/api/resources/alpha/metrics")
        .await
        .json();
    assert_eq!(metrics["cpu"]["value"], 5.5);
    for path in [
        "/api/resources/none",
        "/api/resources/none/children",
        "/api/resources/none/metrics",
    ] {
        let missing = site.get(&admin, path).await;
        assert_eq!(
            (missing.status, missing.code().as_str()),
            (404, "resource_not_found"),
            "{path}"
        );
    }
}

/// A cluster with two namespaces, a Proxmox cluster and a mail gateway.
async fn many() -> (Site, Caller) {
    let (site, admin) = Site::set_up().await;
    let object = |kind, name: &str, namespace: Option<&str>, status| Sighting {
        status: Some(status),
        facets: Facets {
            kubernetes: Some(Arc::new(Kubernetes {
                cluster_id: Some("c-1".into()),
                cluster_name: Some("Lab".into()),
                namespace: namespace.map(str::to_owned),
                ..Kubernetes::default()
            })),
            ..Facets::default()
        },
        ..Sighting::new(kind, name.to_owned(), name)
    };
    let objects = vec![
        object(Kind::Pod, "web-1", Some("shop"), Status::Online),
        object(Kind::Pod, "web-2", Some("shop"), Status::Offline),
        object(Kind::Pod, "stray", None, Status::Online),
        object(Kind::K8sDeployment, "web", Some("shop"), Status::Warning),
        object(Kind::K8sNode, "worker", None, Status::Online),
    ];
    site.see(SourceKind::Kubernetes, "c-1", objects).await;
    let member = |kind, native: &str, parent: Option<&str>| Sighting {
        parent: parent.map(|parent| parent.to_owned().into()),
        identity: Identity {
            cluster_name: Some("Garage".into()),
            ..Identity::default()
        },
        ..Sighting::new(kind, native.to_owned(), native)
    };
    let members = vec![
        member(Kind::Agent, "pve1", None),
        member(Kind::Vm, "vm100", Some("pve1")),
        member(Kind::SystemContainer, "ct101", Some("pve1")),
    ];
    site.see(SourceKind::Proxmox, "garage", members).await;
    let domain = PmgRelayDomain::default();
    let gateway = Sighting {
        facets: Facets {
            pmg: Some(Arc::new(Pmg {
                relay_domains: vec![domain],
                ..Pmg::default()
            })),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Pmg, "mail".to_owned(), "mail")
    };
    site.see(SourceKind::Pmg, "mail", vec![gateway]).await;
    (site, admin)
}

#[tokio::test]
async fn every_filter_narrows_by_what_it_says() {
    let (site, admin) = many().await;
    for (query, wanted) in [
        ("type=pods,deployments", vec![]),
        ("type=PODS", vec!["stray", "web-1", "web-2"]),
        (
            "type=pod,k8s-deployments&namespace=SHOP",
            vec!["web", "web-1", "web-2"],
        ),
        ("type=oci-container", vec!["ct101"]),
        ("type=node", vec!["pve1"]),
        ("source=pmg,availability", vec!["mail"]),
        ("status=offline,warning,broken", vec!["web", "web-2"]),
        ("cluster=gArAgE", vec!["ct101", "pve1", "vm100"]),
        ("cluster=c-1&type=k8s-node", vec!["worker"]),
        ("cluster=elsewhere", vec![]),
        ("namespace=shop&q=EB-", vec!["web-1", "web-2"]),
        ("parent=made-up", vec![]),
        ("sort=type&type=vm,pod&limit=2", vec!["stray", "web-1"]),
        (
            "sort=status&order=DESC&namespace=shop",
            vec!["web", "web-2", "web-1"],
        ),
    ] {
        let answer = site.get(&admin, &format!("/api/resources?{query}")).await;
        if query.contains("type=pods,deployments") {
            assert_eq!(answer.code(), "unsupported_type");
            continue;
        }
        let page = answer.json();
        let rows = page["data"].as_array().expect("rows").iter();
        let names: Vec<_> = rows
            .map(|row| row["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(names, wanted, "{query}");
    }
    let node = site.get(&admin, "/api/resources?type=node").await.json();
    let node = node["data"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/resources/{}/children", node.replace(':', "%3A"));
    assert_eq!(site.get(&admin, &path).await.json()["count"], 2, "{path}");
    let query = format!("/api/resources?parent={node}&type=vm");
    assert_eq!(site.get(&admin, &query).await.json()["meta"]["total"], 1);
}

#[tokio::test]
async fn pages_together_are_everything_once_in_order() {
    let (site, admin) = many().await;
    for sort in ["name", "status", "type", "lastSeen"] {
        for order in ["asc", "desc"] {
            let query = format!("/api/resources?sort={sort}&order={order}");
            let whole = site.get(&admin, &query).await.json();
            let mut pieces = Vec::new();
            for page in 1..=5 {
                let piece = site
                    .get(&admin, &format!("{query}&limit=2&page={page}"))
                    .await;
                let piece = piece.json();
                assert_eq!(piece["meta"]["totalPages"], 5);
                pieces.extend(piece["data"].as_array().expect("rows").clone());
            }
            assert_eq!(Value::from(pieces), whole["data"], "{sort} {order}");
        }
    }
}

#[tokio::test]
async fn lists_leave_out_what_only_one_resource_is_asked_for() {
    let (site, admin) = many().await;
    let list = site.get(&admin, "/api/resources?type=pmg").await.json();
    let id = list["data"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(list["data"][0]["pmg"]["relayDomains"], Value::Null);
    let one = site
        .get(&admin, &format!("/api/resources/{id}"))
        .await
        .json();
    assert!(one["pmg"]["relayDomains"].is_array(), "{one}");
}

#[tokio::test]
async fn namespaces_are_counted_and_who_has_none_is_in_default() {
    let (site, admin) = many().await;
    let answer = site
        .get(&admin, "/api/resources/k8s/namespaces?cluster=lab")
        .await;
    let none = json!({"total": 0, "online": 0, "warning": 0, "offline": 0, "unknown": 0});
    let some = |total, online, warning, offline| json!({"total": total, "online": online, "warning": warning, "offline": offline, "unknown": 0});
    assert_eq!(
        answer.json(),
        json!({"cluster": "lab", "data": [
            {"namespace": "default", "pods": some(1, 1, 0, 0), "deployments": none},
            {"namespace": "shop", "pods": some(2, 1, 0, 1), "deployments": some(1, 0, 1, 0)},
        ]})
    );
    let missing = site.get(&admin, "/api/resources/k8s/namespaces").await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (400, "missing_parameter")
    );
}

#[tokio::test]
async fn what_nobody_means_is_refused_and_what_is_too_much_is_cut() {
    let (site, admin) = many().await;
    let long = "x".repeat(4_096);
    for (query, code) in [
        ("sort=luck".to_owned(), "unsupported_sort"),
        ("order=up".to_owned(), "unsupported_order"),
        (format!("q={long}"), "parameter_too_long"),
        (format!("tags={long}"), "parameter_too_long"),
        ("type=vm,%F0%9F%9A%80".to_owned(), "unsupported_type"),
    ] {
        let refused = site.get(&admin, &format!("/api/resources?{query}")).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, code),
            "{query}"
        );
    }
    for query in [
        "page=0",
        "limit=0",
        "limit=1000000000",
        "page=-1",
        "limit=many",
        "page=1e9",
    ] {
        let page = site
            .get(&admin, &format!("/api/resources?{query}"))
            .await
            .json();
        assert!(
            page["meta"]["limit"]
                .as_u64()
                .is_some_and(|limit| (1..=100).contains(&limit))
        );
        assert_eq!(page["meta"]["page"], 1, "{query}");
    }
    let beyond = "/api/resources?page=18446744073709551615&limit=100";
    let beyond = site.get(&admin, beyond).await.json();
    assert_eq!(
        (beyond["data"].clone(), beyond["meta"]["total"].clone()),
        (json!([]), json!(9))
    );
}

#[tokio::test]
async fn two_are_made_one_and_two_again() {
    let (site, admin) = three().await;
    let revision = site.estate.estate().revision();
    let link = site
        .post(
            &admin,
            "/api/resources/alpha/link",
            &json!({"targetId": "beta", "reason": "one box"}),
        )
        .await;
    assert_eq!(
        (link.status, link.json()["message"].as_str()),
        (200, Some("Resources linked"))
    );
    site.hands.advance(std::time::Duration::from_millis(60));
    site.published_after(revision).await;
    assert_eq!(
        site.get(&admin, "/api/resources/stats").await.json()["total"],
        2
    );
    let one = site.get(&admin, "/api/resources/beta").await.json();
    assert_eq!(
        one["id"], "alpha",
        "a superseded id leads to what took its place"
    );
    let ties = site.get(&admin, "/api/resources/links").await.json();
    assert_eq!(
        (
            ties["ties"][0]["kind"].as_str(),
            ties["ties"][0]["createdBy"].as_str()
        ),
        (Some("linked"), Some("admin"))
    );

    let revision = site.estate.estate().revision();
    let number = link.json()["decision"].clone();
    let undone = site
        .post(
            &admin,
            &format!("/api/resources/links/{number}/undo"),
            &json!({}),
        )
        .await;
    assert_eq!(undone.status, 200);
    site.hands.advance(std::time::Duration::from_millis(60));
    site.published_after(revision).await;
    assert_eq!(
        site.get(&admin, "/api/resources/stats").await.json()["total"],
        3
    );
}

#[tokio::test]
async fn what_cannot_be_joined_or_parted_is_refused_by_name() {
    let (site, admin) = three().await;
    for (path, body, status, code) in [
        (
            "alpha/link",
            json!({"targetId": "none"}),
            404,
            "resource_not_found",
        ),
        (
            "none/unlink",
            json!({"targetId": "alpha"}),
            404,
            "resource_not_found",
        ),
        (
            "alpha/link",
            json!({"targetId": "alpha"}),
            400,
            "invalid_link",
        ),
        ("alpha/link", json!({}), 400, "invalid_json"),
        ("alpha/report-merge", json!({}), 400, "invalid_link"),
        (
            "alpha/report-merge",
            json!({"sources": ["crystal ball"]}),
            400,
            "unknown_source",
        ),
        ("links/999/undo", json!({}), 404, "decision_not_found"),
        ("links/x/undo", json!({}), 404, "decision_not_found"),
    ] {
        let refused = site
            .post(&admin, &format!("/api/resources/{path}"), &body)
            .await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (status, code),
            "{path} {body}"
        );
    }
}
