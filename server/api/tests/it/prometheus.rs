//! The estate and the server itself for Prometheus.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::{Value, json};

use crate::site::{Answer, Caller, Site};

const EXPORT: &str = "/api/prometheus";

async fn reported(report: &Value) -> (Site, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.send_report(&agent, report).await;
    let (reader, _) = site.token(&admin, &["monitoring:read"]).await;
    (site, reader)
}

fn machine(name: &str) -> Value {
    json!({
        "agent": {"id": "m1", "version": "v1", "intervalSeconds": 10},
        "host": {
            "id": "m1", "machineId": "m1", "hostname": name, "platform": "linux", "cpuCount": 4,
            "uptimeSeconds": 600, "loadAverage": [0.5, 0.25, 0.125],
        },
        "metrics": {
            "cpuUsagePercent": 12.5,
            "memory": {"totalBytes": 8_000_000_000_u64, "usedBytes": 2_000_000_000_u64},
        },
        "disks": [
            {"device": "/dev/sda1", "mountpoint": "/", "type": "ext4", "totalBytes": 100, "usedBytes": 30},
            {"device": "/dev/sda1", "mountpoint": "/", "type": "ext4", "totalBytes": 100, "usedBytes": 31},
        ],
        "network": [{"name": "eth0", "rxBytes": 1_000, "txBytes": 2_000}],
        "sensors": {"temperatureCelsius": {"cpu_package": 45.5}},
        "timestamp": "2027-01-15T08:00:00Z",
    })
}

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body.clone()).expect("text")
}

#[tokio::test]
async fn a_machine_is_exported_with_what_is_known_of_it_and_nothing_else() {
    let (site, reader) = reported(&machine("web")).await;
    let answer = site.get(&reader, EXPORT).await;
    assert_eq!(
        answer.headers["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let page = text(&answer);
    let labels = "id=\"m1\",name=\"web\",type=\"agent\"";
    for (name, further, value) in [
        ("pulse_resource_up", "", "1"),
        ("pulse_resource_cpu_usage_ratio", "", "0.125"),
        ("pulse_resource_memory_used_bytes", "", "2000000000"),
        ("pulse_resource_memory_size_bytes", "", "8000000000"),
        ("pulse_resource_temperature_celsius", "", "45.5"),
        ("pulse_resource_uptime_seconds", "", "600"),
        ("pulse_host_load", ",window=\"5m\"", "0.25"),
        (
            "pulse_host_network_receive_bytes_total",
            ",device=\"eth0\"",
            "1000",
        ),
        (
            "pulse_host_filesystem_used_bytes",
            ",mountpoint=\"/\",device=\"/dev/sda1\",fstype=\"ext4\"",
            "30",
        ),
    ] {
        let line = format!("\n{name}{{{labels}{further}}} {value}\n");
        assert!(page.contains(&line), "{line} in\n{page}");
    }
    assert!(
        !page.contains("pulse_host_swap"),
        "nothing was told of swap"
    );
    assert!(
        !page.contains("bytes_per_second"),
        "one report makes no rate"
    );
    assert!(!page.contains("# EOF"));
}

#[tokio::test]
async fn openmetrics_is_answered_to_who_asks_for_it() {
    let (site, reader) = reported(&machine("web")).await;
    let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    let reader = reader.and("accept", prometheus);
    let answer = site.get(&reader, EXPORT).await;
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.headers["content-type"], media);
    let page = text(&answer);
    assert!(page.ends_with("\n# EOF\n") && page.matches("# EOF").count() == 1);
    assert!(page.contains("# TYPE pulse_host_network_receive_bytes counter\n"));
    assert!(page.contains("# UNIT pulse_host_network_receive_bytes bytes\n"));
    assert!(page.contains("\npulse_host_network_receive_bytes_total{"));
}

#[tokio::test]
async fn no_sample_is_there_twice_and_no_family_is_torn() {
    let (site, reader) = reported(&machine("a\"b\\c\nd")).await;
    let page = text(&site.get(&reader, EXPORT).await);
    assert!(page.contains("name=\"a\\\"b\\\\c"), "escaped");
    let mut series = BTreeSet::new();
    let mut families = BTreeSet::new();
    let mut family = String::new();
    for line in page.lines() {
        if let Some(head) = line.strip_prefix("# TYPE ") {
            family = head.split(' ').next().expect("a name").to_owned();
            assert!(families.insert(family.clone()), "{family} begins twice");
        } else if !line.starts_with('#') {
            let (labelled, value) = line.rsplit_once(' ').expect("a sample");
            assert!(
                labelled.starts_with(&format!("{family}{{")),
                "{line} is not of {family}"
            );
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
            assert!(
                series.insert(labelled.to_owned()),
                "{labelled} is there twice"
            );
        }
    }
    assert!(series.len() > 15);
}

#[tokio::test]
async fn a_large_estate_comes_in_pieces_and_packed_when_that_is_wanted() {
    let (site, admin) = Site::set_up().await;
    for half in 0..2 {
        let (agent, _) = site.token(&admin, &["agent:report"]).await;
        for number in 0..49 {
            site.report(
                &agent,
                &format!("machine-{half}-{number}-{}", "x".repeat(200)),
            )
            .await;
        }
    }
    let plain = text(&site.get(&admin, EXPORT).await);
    assert_eq!(plain.matches("\npulse_resource_up{").count(), 98);
    assert!(plain.len() > 64 << 10, "more than one piece");
    let packed = site
        .get(&admin.clone().and("accept-encoding", "gzip"), EXPORT)
        .await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_string(&mut unpacked)
        .expect("whole");
    assert_eq!(unpacked, plain);
}

#[tokio::test]
async fn an_empty_estate_is_an_empty_page_with_an_end() {
    let (site, admin) = Site::set_up().await;
    assert_eq!(text(&site.get(&admin, EXPORT).await), "");
    let open = admin.and("accept", "application/openmetrics-text");
    assert_eq!(text(&site.get(&open, EXPORT).await), "# EOF\n");
}

/// The names version 4.24 promised.
const PROMISED: [&str; 19] = [
    "pulse_alerts_active",
    "pulse_alerts_fired_total",
    "pulse_alerts_resolved_total",
    "pulse_alerts_acknowledged_total",
    "pulse_alerts_suppressed_total",
    "pulse_alert_duration_seconds",
    "pulse_notifications_sent_total",
    "pulse_notification_queue_depth",
    "pulse_notification_dlq_total",
    "pulse_notification_retry_total",
    "pulse_notification_duration_seconds",
    "pulse_queue_depth",
    "pulse_queue_items_total",
    "pulse_queue_processing_duration_seconds",
    "pulse_history_save_errors_total",
    "pulse_history_save_retries_total",
    "pulse_diagnostics_cache_hits_total",
    "pulse_diagnostics_cache_misses_total",
    "pulse_diagnostics_refresh_duration_seconds",
];

#[tokio::test]
async fn every_promised_figure_is_there_and_none_names_anything_monitored() {
    let (site, _) = reported(&machine("canary-host")).await;
    let page = text(&site.get(&Caller::default(), "/metrics").await);
    for name in PROMISED {
        assert!(page.contains(&format!("# TYPE {name} ")), "{name}");
        assert!(
            page.lines().any(|line| line.starts_with(name)),
            "{name} has no sample"
        );
    }
    assert!(!page.contains("canary") && !page.contains("m1\""));
    let started = |kind: &str| page.matches(&format!("# {kind} ")).count();
    assert_eq!(started("HELP"), started("TYPE"));
    let families: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .collect();
    assert_eq!(families.len(), started("TYPE"), "a family begins twice");
}

#[tokio::test]
async fn requests_are_counted_by_the_rows_own_path() {
    let (site, admin) = Site::set_up().await;
    for id in ["one", "two", "three"] {
        site.get(&admin, &format!("/api/resources/{id}")).await;
    }
    let page = text(&site.get(&admin, "/metrics").await);
    let labels = "method=\"GET\",route=\"/api/resources/{id}\"";
    assert!(page.contains(&format!(
        "pulse_http_requests_total{{{labels},status=\"4xx\"}} 3\n"
    )));
    assert!(page.contains(&format!(
        "pulse_http_request_errors_total{{{labels},status_class=\"client_error\"}} 3\n"
    )));
    assert!(page.contains(&format!(
        "pulse_http_request_duration_seconds_count{{{labels}}} 3\n"
    )));
    assert!(!page.contains("three"));
}
