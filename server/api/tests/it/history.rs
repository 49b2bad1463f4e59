//! Series, sparks and charts: shapes, gaps, and what asking absurdly gets.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use pulse_model::{Facets, Kind, Metric, Reading, ResourceId, Sighting, SourceKind};

use crate::site::{Caller, Site};

const NOW: i64 = 1_800_000_000;

/// A site where `alpha` has ten minutes of history, ending a minute ago, with a hole in it.
async fn with_history() -> (Site, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "alpha").await;
    site.history.opened().await.expect("a history");
    let times = (NOW - 660..NOW - 60).step_by(10);
    let readings = times
        .filter(|at| !(NOW - 400..NOW - 300).contains(at))
        .map(|at| reading("alpha", at, (at % 50) as f64));
    site.history.record(readings.collect());
    site.history.flush().await.expect("recorded");
    (site, admin)
}

fn reading(id: &str, at: i64, cpu: f64) -> Reading {
    Reading {
        resource: ResourceId::new(id),
        kind: Kind::Agent,
        at: Timestamp::from_second(at).expect("a time"),
        step: Duration::from_secs(10),
        values: vec![(Metric::Cpu, cpu), (Metric::NetIn, 1e6)],
    }
}

async fn get(site: &Site, admin: &Caller, path: &str) -> Value {
    let answer = site.get(admin, path).await;
    assert_eq!(
        answer.status,
        200,
        "{path}: {}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()
}

#[tokio::test]
async fn one_metric_is_points_and_all_metrics_are_a_map() {
    let (site, admin) = with_history().await;
    let path = "/api/metrics-store/history?resourceType=agent&resourceId=alpha&range=1h";
    let one = get(&site, &admin, &format!("{path}&metric=CPU")).await;
    assert_eq!(one["metric"], "CPU", "the name that was asked");
    assert_eq!(one["source"], "memory");
    let points = one["points"].as_array().expect("points");
    assert_eq!(points.len(), 51, "fifty and the report's own");
    for member in ["timestamp", "value", "min", "max"] {
        assert!(points[0][member].is_number(), "{member}");
    }
    assert_eq!(one["end"].as_i64(), Some((NOW + 1) * 1_000));
    let all = get(&site, &admin, path).await;
    assert_eq!(all["metrics"]["cpu"].as_array().map(Vec::len), Some(51));
    assert!(all["metrics"]["netin"].is_array() && all["points"].is_null());
}

#[tokio::test]
async fn types_of_every_version_find_it_and_another_type_does_not() {
    let (site, admin) = with_history().await;
    for (kind, found) in [
        ("agent", 51),
        ("node", 51),
        ("host", 51),
        ("Agent", 51),
        ("vm", 0),
        ("storage", 0),
        ("spaceship", 0),
    ] {
        let path = format!(
            "/api/metrics-store/history?resourceType={kind}&resourceId=alpha&metric=cpu&range=1h"
        );
        let answer = get(&site, &admin, &path).await;
        assert_eq!(answer["resourceType"], kind);
        assert_eq!(
            answer["points"].as_array().map(Vec::len),
            Some(found),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn absurd_questions_have_answers() {
    let (site, admin) = with_history().await;
    let path = "/api/metrics-store/history?resourceType=agent&resourceId=alpha&metric=cpu";
    for (rest, most) in [
        ("&range=99999999999999999999d", 5_000),
        ("&range=-1h&maxPoints=x", 1_440),
        ("&range=1h&maxPoints=0", 2),
        ("&range=1h&maxPoints=1000000000", 5_000),
    ] {
        let answer = get(&site, &admin, &format!("{path}{rest}")).await;
        let points = answer["points"].as_array().expect("points").len();
        assert!(points >= 1 && points <= most, "{rest}: {points}");
    }
    let unknown = get(&site, &admin, &path.replace("=cpu", "=mood")).await;
    assert_eq!(unknown["points"], Value::Array(Vec::new()));
    let gone = get(&site, &admin, &path.replace("alpha", "nobody")).await;
    assert_eq!(gone["points"], Value::Array(Vec::new()));
    for missing in ["?resourceType=agent", "?resourceId=alpha", ""] {
        let answer = site
            .get(&admin, &format!("/api/metrics-store/history{missing}"))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "missing_parameter")
        );
    }
}

#[tokio::test]
async fn sparks_of_a_page_are_one_answer_on_one_grid_and_gaps_are_null() {
    let (site, admin) = with_history().await;
    let path =
        "/api/metrics-store/sparks?ids=alpha,nobody,alpha&metrics=cpu,netin,memory&maxPoints=60";
    let sparks = get(&site, &admin, path).await;
    let series = sparks["series"].as_object().expect("series");
    assert_eq!(series.keys().collect::<Vec<_>>(), ["alpha"]);
    let alpha = series["alpha"].as_object().expect("metrics");
    assert_eq!(alpha.keys().collect::<Vec<_>>(), ["cpu", "netin"]);
    let values = alpha["cpu"].as_array().expect("values");
    let (start, step) = (sparks["start"].as_i64(), sparks["step"].as_i64());
    assert_eq!(step, Some(60_000));
    assert!(values.len() == 60 || values.len() == 61);
    let value_at = |at: i64| &values[((at * 1_000 - start.expect("a start")) / 60_000) as usize];
    assert!(value_at(NOW - 600).is_number());
    assert!(value_at(NOW - 350).is_null(), "the hole");
    assert!(value_at(NOW - 1_800).is_null(), "before it was there");
}

#[tokio::test]
async fn sparks_of_too_much_or_nothing_are_refused() {
    let (site, admin) = with_history().await;
    let many: Vec<String> = (0..201).map(|at| format!("host-{at}")).collect();
    for (query, code) in [
        (format!("ids={}", many.join(",")), "too_many_values"),
        ("ids=alpha&metrics=mood".to_owned(), "unknown_metric"),
        ("ids=,,".to_owned(), "missing_parameter"),
        (String::new(), "missing_parameter"),
    ] {
        let answer = site
            .get(&admin, &format!("/api/metrics-store/sparks?{query}"))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, code),
            "{query}"
        );
    }
    let path = format!("/api/metrics-store/sparks?ids={}", many[..200].join(","));
    assert_eq!(
        get(&site, &admin, &path).await["series"],
        serde_json::json!({})
    );
}

#[tokio::test]
async fn charts_hold_everything_and_one_present_point_where_there_is_no_history() {
    let (site, admin) = with_history().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "fresh").await;
    let charts = get(&site, &admin, "/api/charts?range=soon").await;
    assert_eq!(charts["stats"]["range"], "1h");
    assert_eq!(charts["stats"]["rangeSeconds"], 3_600);
    assert_eq!(charts["stats"]["leftOut"], 0);
    let cpu = |id: &str| charts["agentData"][id]["cpu"].as_array().map(Vec::len);
    assert!(cpu("alpha").is_some_and(|points| points > 10));
    assert_eq!(cpu("fresh"), Some(1));
    assert_eq!(charts["agentData"]["fresh"]["cpu"][0]["value"], 5.5);
    assert!(
        charts["agentData"]["fresh"]["memory"].is_null(),
        "not measured is not zero"
    );
    for group in [
        "data",
        "nodeData",
        "storageData",
        "dockerData",
        "dockerHostData",
        "guestTypes",
    ] {
        assert!(charts[group].is_object(), "{group}");
    }
    let storage = get(
        &site,
        &admin,
        "/api/storage-charts?range=99999999999999999999",
    )
    .await;
    assert!(storage["pools"].is_object() && storage["disks"].is_object());
}

#[tokio::test]
async fn a_storage_that_is_not_there_is_said_so_and_a_machine_without_any_has_none() {
    let (site, admin) = with_history().await;
    let missing = site.get(&admin, "/api/storage/none").await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (404, "storage_not_found")
    );
    for path in ["/api/storage/", "/api/storage/alpha"] {
        assert_eq!(
            get(&site, &admin, path).await["data"],
            serde_json::json!([]),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_storage_is_told_as_the_state_tells_it() {
    let (site, admin) = Site::set_up().await;
    let facets = Facets {
        storage: Some(Arc::default()),
        ..Facets::default()
    };
    let tank = Sighting {
        facets,
        ..Sighting::new(Kind::Storage, "storage/tank", "tank")
    };
    site.see(SourceKind::Proxmox, "lab", vec![tank]).await;
    let state = get(&site, &admin, "/api/state").await;
    let told = &state["storage"][0];
    assert_eq!(told["name"], "tank");
    assert_eq!(&get(&site, &admin, "/api/storage/").await["data"][0], told);
    let id = told["id"]
        .as_str()
        .expect("an id")
        .replace(':', "%3A")
        .replace('/', "%2F");
    assert_eq!(
        &get(&site, &admin, &format!("/api/storage/{id}")).await["data"],
        told
    );
}

#[tokio::test]
async fn the_statistics_tell_how_it_is_doing() {
    let (site, admin) = with_history().await;
    let stats = get(&site, &admin, "/api/metrics-store/stats").await;
    assert_eq!(stats["enabled"], true);
    assert_eq!(stats["totalWrites"], 101);
    assert_eq!(stats["durability"], "memory");
    assert_eq!(stats["counted"]["invalid"], 0);
    for member in [
        "dbSize",
        "rawCount",
        "minuteCount",
        "hourlyCount",
        "dailyCount",
        "bufferSize",
    ] {
        assert!(stats[member].is_number(), "{member}");
    }
}
