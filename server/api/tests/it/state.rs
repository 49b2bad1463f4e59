//! The whole state, its entity tag, the last hour.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use pulse_estate::Entry;
use pulse_model::facet::Docker;
use pulse_model::{Claim, Facets, Kind, Observation, Outcome, Sighting, SourceId};

use crate::site::{Caller, Site};

const HOSTS: usize = 1_000;
const CONTAINERS: usize = 20;

/// One of many hosts sees its containers; the first of them in a state of its own.
async fn seen(site: &Site, host: usize, state: &str) {
    let name = format!("host-{host}");
    let container = |number: usize| Sighting {
        technology: (number == 0).then(|| state.to_owned()),
        facets: Facets {
            docker: Some(Arc::new(Docker {
                container: Some(Box::default()),
                ..Docker::default()
            })),
            ..Facets::default()
        },
        ..Sighting::new(Kind::AppContainer, format!("container/{number}"), "nginx")
    };
    let observation = Observation {
        source: SourceId::agent(&name),
        at: site.now(),
        interval: Duration::from_secs(10),
        outcome: Outcome::Host {
            claim: Claim {
                agent_id: Some(name.clone()),
                hostname: name.clone(),
                ..Claim::default()
            },
            sighting: Box::new(Sighting::new(Kind::Agent, "host", name)),
            others: (0..CONTAINERS).map(container).collect(),
        },
    };
    site.estate.observe(observation).await.expect("it is taken");
}

/// Where the encoding of everything is, in order; nothing is encoded by looking.
fn encodings(site: &Site) -> Vec<(*const u8, *const u8)> {
    let estate = site.estate.estate();
    let of = |entry: &Arc<Entry>| {
        let forms = entry.forms(|resource| panic!("{} is not encoded", resource.id));
        let first = forms.first().map(|form| form.json.as_ptr());
        (
            entry.push_json().as_ptr(),
            first.unwrap_or(std::ptr::null()),
        )
    };
    estate.iter().map(of).collect()
}

#[tokio::test]
async fn in_a_large_estate_a_report_costs_the_encoding_of_what_it_changed() {
    let site = Site::of_many(HOSTS);
    let admin = site.do_set_up().await;
    for host in 0..HOSTS {
        seen(&site, host, "docker").await;
    }
    site.hands.advance(Duration::from_millis(60));
    site.estate.settled().await.expect("an estate");
    assert_eq!(site.get(&admin, "/api/state").await.status, 200);
    let before = encodings(&site);
    assert_eq!(before.len(), HOSTS * (1 + CONTAINERS));
    seen(&site, 500, "podman").await;
    site.hands.advance(Duration::from_millis(60));
    site.estate.settled().await.expect("an estate");
    assert_eq!(site.get(&admin, "/api/state").await.status, 200);
    let after = encodings(&site);
    let again = before.iter().zip(&after).filter(|(then, now)| then != now);
    assert_eq!(again.count(), 1 + CONTAINERS, "that host and what is on it");
}

#[tokio::test]
async fn the_state_has_the_host_in_both_forms_and_every_promised_collection() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["hosts"][0]["hostname"], "web");
    assert_eq!(state["hosts"][0]["cpuUsage"], 5.5);
    assert_eq!(state["resources"][0]["id"], "web");
    assert_eq!(state["resources"][0]["cpu"]["current"], 5.5);
    assert_eq!(
        state["resources"][0]["memory"],
        serde_json::Value::Null,
        "missing is not zero"
    );
    for list in [
        "nodes",
        "vms",
        "containers",
        "dockerHosts",
        "storage",
        "pbs",
        "pmg",
        "activeAlerts",
    ] {
        assert!(state[list].is_array(), "{list}");
    }
    assert!(state["lastUpdate"].is_i64() && state["stats"]["version"].is_string());
}

#[tokio::test]
async fn an_unchanged_state_is_not_sent_again() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    let first = site.get(&admin, "/api/state").await;
    let etag = first.headers["etag"].to_str().expect("text").to_owned();
    let asking = admin.clone().and("if-none-match", &etag);
    let again = site.get(&asking, "/api/state").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert!(etag.starts_with("W/"), "{etag}");
    for known in [
        format!("\"other\", {etag}"),
        etag[2..].to_owned(),
        "*".to_owned(),
    ] {
        let asking = admin.clone().and("if-none-match", &known);
        assert_eq!(site.get(&asking, "/api/state").await.status, 304, "{known}");
    }
    site.report(&agent, "web").await;
    assert_eq!(site.get(&asking, "/api/state").await.status, 200);
}

#[tokio::test]
async fn the_state_goes_out_in_the_coding_the_client_likes_best() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    for (offer, coding) in [
        ("gzip, deflate, br, zstd", Some("zstd")),
        ("br, gzip", Some("br")),
        ("gzip;q=1, br;q=0.9", Some("gzip")),
        ("gzip;q=0", None),
        ("identity", None),
    ] {
        let caller = admin.clone().and("accept-encoding", offer);
        let answer = site.get(&caller, "/api/state").await;
        let found = answer.headers.get("content-encoding");
        assert_eq!(
            found.map(|it| it.to_str().expect("text")),
            coding,
            "{offer}"
        );
        assert_eq!(answer.headers["vary"], "accept-encoding");
        assert_eq!(answer.plain_json()["resources"][0]["id"], "web", "{offer}");
    }
}

#[tokio::test]
async fn any_answer_worth_it_is_compressed_and_none_that_sets_a_cookie() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    for number in 0..10 {
        site.report(&agent, &format!("host-{number}")).await;
    }
    let caller = admin.clone().and("accept-encoding", "gzip");
    let page = site.get(&caller, "/api/resources").await;
    assert_eq!(page.headers["content-encoding"], "gzip");
    let length = page.headers["content-length"].to_str().expect("text");
    assert_eq!(length, page.body.len().to_string());
    assert_eq!(page.plain_json()["meta"]["total"], 10);
    let short = site.get(&caller, "/api/resources/stats").await;
    assert!(!short.headers.contains_key("content-encoding"));
    let document = site.get(&caller, "/api/openapi.json").await;
    let plain = site.get(&admin, "/api/openapi.json").await;
    assert!(document.body.len() * 4 < plain.body.len());
    let login = json!({"username": "admin", "password": crate::site::PASSWORD});
    let signed_in = site
        .post(
            &Caller::default().and("accept-encoding", "gzip"),
            "/api/login",
            &login,
        )
        .await;
    assert!(!signed_in.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn a_revision_is_put_together_once_and_each_element_encoded_once() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    for hostname in ["one", "two"] {
        site.report(&agent, hostname).await;
    }
    let (first, second) = tokio::join!(
        site.get(&admin, "/api/state"),
        site.get(&admin, "/api/state")
    );
    let elements = || -> Vec<*const u8> {
        let estate = site.estate.estate();
        estate
            .iter()
            .map(|entry| entry.push_json().as_ptr())
            .collect()
    };
    let encoded = elements();
    site.hands.advance(std::time::Duration::from_secs(1));
    let later = site.get(&admin, "/api/state").await;
    let made_at = first.json()["lastUpdate"].clone();
    for answer in [second, later] {
        assert_eq!(answer.json()["lastUpdate"], made_at, "put together again");
    }
    assert_eq!(elements(), encoded, "encoded again");
    site.report(&agent, "two").await;
    assert_ne!(
        site.get(&admin, "/api/state").await.json()["lastUpdate"],
        made_at
    );
    assert_eq!(
        elements()[0],
        encoded[0],
        "what did not change was encoded again"
    );
    assert_ne!(elements()[1], encoded[1]);
}

#[tokio::test]
async fn the_last_hour_is_asked_by_resource_and_metric() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    site.history.opened().await.expect("a history");
    site.history.flush().await.expect("recorded");
    let path = "/api/metrics-store/history?resourceType=agent&resourceId=web&range=1h";
    let all = site.get(&admin, path).await.json();
    assert_eq!(all["metrics"]["cpu"][0]["value"], 5.5);
    let one = site.get(&admin, &format!("{path}&metric=cpu")).await.json();
    assert_eq!(one["points"][0]["max"], 5.5);
    let missing = site
        .get(&admin, "/api/metrics-store/history?resourceType=agent")
        .await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (400, "missing_parameter")
    );
}

#[tokio::test]
async fn public_pages_name_nothing_that_is_monitored() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "very-secret-name").await;
    for path in [
        "/simple-stats",
        "/metrics",
        "/api/health",
        "/api/version",
        "/api/security/status",
    ] {
        let page = site.get(&Caller::default(), path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = String::from_utf8_lossy(&page.body);
        assert!(
            !text.contains("very-secret-name") && !text.contains("admin"),
            "{path}"
        );
    }
}
