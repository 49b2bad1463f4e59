//! The dashboard's own addresses: each can be opened and reloaded.

use crate::site::{Caller, Site};

#[tokio::test]
async fn every_page_of_the_dashboard_opens_by_its_address() {
    let site = Site::start();
    for path in [
        "/",
        "/workloads",
        "/workloads?group=flat&resource=vm%3A112&range=7d&tab=history",
        "/storage",
        "/storage?kind=disks",
        "/proxmox/storage",
        "/docker/storage",
        "/kubernetes/workloads",
        "/truenas/storage",
        "/standalone/machines",
        "/settings/system-general",
        "/settings/system-network",
        "/settings/support/diagnostics",
        "/settings/support/logs",
    ] {
        let answer = site.get(&Caller::default(), path).await;
        assert_eq!(answer.status, 200, "{path}");
        let media = answer.headers["content-type"].to_str().expect("text");
        assert!(media.starts_with("text/html"), "{path} is {media}");
    }
}

#[tokio::test]
async fn what_looks_like_a_file_of_a_page_is_not_the_page() {
    let site = Site::start();
    for path in ["/workloads/missing.js", "/storage.css", "/nowhere"] {
        assert_eq!(
            site.get(&Caller::default(), path).await.status,
            404,
            "{path}"
        );
    }
}
