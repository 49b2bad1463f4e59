//! What was measured, from an agent's report to a chart.

use std::collections::BTreeSet;

use serde_json::Value;

use pulse_tests::{Person, Reporter, Site};

const EVERY: i64 = 30;

/// Sends reports made every half minute between two moments before now, oldest first.
async fn deliver(machine: &mut Reporter, now: i64, from: i64, to: i64) {
    for ago in (to..from).rev().step_by(EVERY as usize) {
        let mut report = machine.next(12.5);
        let at = jiff::Timestamp::from_second(now - ago).expect("a time");
        report["timestamp"] = Value::from(at.to_string());
        let answer = machine.send(&report).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

async fn count(admin: &Person, name: &str) -> u64 {
    let metrics = admin.get("/metrics").await.text();
    let line = metrics.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    value.unwrap_or_else(|| panic!("no {name} in {metrics}"))
}

#[tokio::test]
async fn an_agent_cut_off_for_an_hour_leaves_no_hole_and_no_alarm() {
    let (mut site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let now = Reporter::now().as_second();
    // An hour and a half ago it reported; since an hour it could not, and kept what it had.
    deliver(&mut web, now, 5_400, 3_600).await;
    deliver(&mut web, now, 3_600, 0).await;
    assert_eq!(web.report(12.5).await.status, 200);
    assert_eq!(count(&admin, "pulse_hosts_down_total").await, 0);
    assert_eq!(count(&admin, "pulse_hosts_recovered_total").await, 0);
    assert_without_holes(&admin).await;

    site.restart().await;
    assert_without_holes(&site.sign_in().await).await;
}

/// Every minute of the last 85 has a point.
async fn assert_without_holes(admin: &Person) {
    let path = "/api/metrics-store/history?resourceType=agent&resourceId=web&metric=cpu&range=85m&maxPoints=85";
    let mut answer = admin.get(path).await.json();
    // The history is opened behind a server that answers already.
    while answer["code"] == "history_starting" {
        tokio::task::yield_now().await;
        answer = admin.get(path).await.json();
    }
    let points = answer["points"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    let minutes: BTreeSet<i64> = points
        .iter()
        .filter_map(|point| Some(point["timestamp"].as_i64()? / 60_000))
        .collect();
    let (first, last) = (minutes.first().copied(), minutes.last().copied());
    let span = last.zip(first).map_or(0, |(last, first)| last - first + 1);
    assert!(span >= 84, "{span} minutes");
    assert_eq!(minutes.len() as i64, span, "there are holes: {minutes:?}");
}
