//! Pages of resources, one resource, and what asking wrongly gets.

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
