//! Who has the present version of an answer is told so, and nothing is made for them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::site::{Answer, Caller, Site};

async fn with_two_hosts() -> (Site, Caller, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    for hostname in ["alpha", "beta"] {
        site.report(&agent, hostname).await;
    }
    site.history.opened().await.expect("a history");
    site.history.flush().await.expect("recorded");
    (site, admin, agent)
}

fn tag(answer: &Answer) -> String {
    let tag = answer.headers["etag"].to_str().expect("text");
    assert!(tag.starts_with("W/"), "{tag}");
    assert_eq!(answer.headers["cache-control"], "private, no-cache");
    tag.to_owned()
}

/// Asks for `path` as one who has what `before` was.
async fn again(site: &Site, admin: &Caller, path: &str, before: &Answer) -> Answer {
    let caller = admin.clone().and("if-none-match", &tag(before));
    site.get(&caller, path).await
}

#[tokio::test]
async fn pages_of_resources_are_sent_again_only_when_something_changed() {
    let (site, admin, agent) = with_two_hosts().await;
    let paths = [
        "/api/resources?sort=status&limit=1",
        "/api/resources/stats",
        "/api/resources/alpha/children",
        "/api/resources/alpha",
        "/api/resources/alpha/metrics",
    ];
    for path in paths {
        let first = site.get(&admin, path).await;
        assert_eq!(first.status, 200, "{path}");
        let same = again(&site, &admin, path, &first).await;
        assert_eq!((same.status, same.body.len()), (304, 0), "{path}");
        assert_eq!(tag(&same), tag(&first));
        site.report(&agent, "alpha").await;
        assert_eq!(again(&site, &admin, path, &first).await.status, 200);
    }
}

#[tokio::test]
async fn one_resource_is_unchanged_while_others_change() {
    let (site, admin, agent) = with_two_hosts().await;
    for path in ["/api/resources/alpha", "/api/resources/alpha/metrics"] {
        let first = site.get(&admin, path).await;
        site.report(&agent, "beta").await;
        assert_eq!(again(&site, &admin, path, &first).await.status, 304);
    }
}

#[tokio::test]
async fn another_question_has_another_tag_and_a_wrong_one_stays_wrong() {
    let (site, admin, _) = with_two_hosts().await;
    let ascending = site.get(&admin, "/api/resources").await;
    let descending = "/api/resources?order=desc";
    assert_eq!(
        again(&site, &admin, descending, &ascending).await.status,
        200
    );
    for (path, status) in [
        ("/api/resources?sort=luck", 400),
        ("/api/resources/no", 404),
    ] {
        let answer = again(&site, &admin, path, &ascending).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.headers.contains_key("etag"), "{path}");
    }
}

#[tokio::test]
async fn charts_are_made_again_only_when_there_is_something_to_add() {
    let (site, admin, agent) = with_two_hosts().await;
    let queries = || site.history.counters().queries.load(Ordering::Relaxed);
    let mut seen = Vec::new();
    for path in [
        "/api/charts?range=24h",
        "/api/storage-charts?range=24h",
        "/api/metrics-store/sparks?ids=alpha,beta&range=24h",
        "/api/metrics-store/history?resourceType=agent&resourceId=alpha&range=7d",
    ] {
        let first = site.get(&admin, path).await;
        assert_eq!(first.status, 200, "{path}");
        let before = queries();
        let same = again(&site, &admin, path, &first).await;
        assert_eq!((same.status, same.body.len()), (304, 0), "{path}");
        assert_eq!(queries(), before, "{path}: nothing is read for a 304");
        site.report(&agent, "alpha").await;
        site.history.flush().await.expect("recorded");
        let second = again(&site, &admin, path, &first).await;
        assert_eq!(second.status, 200, "{path}: something was recorded");
        seen.push((path, second));
    }
    site.hands.advance(Duration::from_secs(2 * 3_600));
    for (path, before) in seen {
        let later = again(&site, &admin, path, &before).await;
        assert_eq!(later.status, 200, "{path}: time shows in it");
    }
}
