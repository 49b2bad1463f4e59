//! The server's own settings and log, against the real thing.

use std::io::Read;

use serde_json::json;

use pulse_server::config::LogLevel;
use pulse_server::logging::{self, Journal};
use pulse_tests::{Person, Site};

#[tokio::test]
async fn settings_outlast_a_restart_and_pages_hear_of_a_theme() {
    let (mut site, admin) = Site::set_up().await;
    let mut deltas = admin.live("delta=1").await;
    let mut whole = admin.live("").await;
    deltas.expect("initialState").await;
    whole.expect("initialState").await;
    let change = json!({"theme": "dark", "pvePollingInterval": 30});
    let saved = admin.post("/api/system/settings/update", &change).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    for live in [&mut deltas, &mut whole] {
        let told = live.expect("settingsUpdate").await;
        assert_eq!(
            told["data"],
            json!({"theme": "dark", "fullWidthMode": false})
        );
    }
    site.restart().await;
    let admin = site.sign_in().await;
    let settings = admin.get("/api/system/settings").await.json();
    assert_eq!(
        (
            settings["theme"].as_str(),
            settings["pvePollingInterval"].as_i64()
        ),
        (Some("dark"), Some(30))
    );
}

#[tokio::test]
async fn the_log_can_be_followed_turned_up_and_taken_along() {
    let journal = Journal::default();
    let _listening = logging::on_this_thread(&journal, LogLevel::Warn);
    let site = Site::start_with(|config| config.journal = journal.clone()).await;
    let admin = site.do_set_up().await;
    admin.get("/api/version").await;
    assert!(
        !lines(&journal).contains("/api/version"),
        "a warning is wanted at least"
    );
    turn_up(&journal, &admin).await;
    let bundle = unpacked(&admin.get("/api/logs/download").await.body);
    assert!(bundle.contains("/api/version") && bundle.contains("metricsStore"));
    assert!(site.data_file("pulse.log").contains("/api/version"));
}

#[tokio::test]
async fn no_secret_gets_into_the_log_the_bundle_or_the_diagnostics() {
    let journal = Journal::default();
    let _listening = logging::on_this_thread(&journal, LogLevel::Debug);
    let site = Site::start_with(|config| config.journal = journal.clone()).await;
    let bootstrap = site.data_file(".bootstrap_token").trim().to_owned();
    let admin = site.do_set_up().await;
    turn_up(&journal, &admin).await;
    let (token, _) = admin.mint(&["monitoring:read", "agent:report"]).await;
    let program = site.nobody().with_token(&token);
    program.get("/api/state").await;
    program.get("/api/system/settings").await;
    drop(site.nobody().live(&format!("token={token}&delta=1")).await);
    site.nobody()
        .get(&format!("/api/state?token={token}"))
        .await;
    site.try_sign_in("canary wrong password").await;
    let stranger = site
        .nobody()
        .with_token("pulse_canary0123456789abcdef0123456789");
    stranger.post("/api/agents/agent/report", &json!({})).await;
    program
        .post(
            "/api/agents/agent/report",
            &json!({"host": {"hostname": 1, "password": "canary in a report"}}),
        )
        .await;
    let change = json!({"publicURL": "https://root:canary-in-address@pve"});
    admin.post("/api/system/settings/update", &change).await;
    // What a careless library might log.
    tracing::warn!("connecting to https://root:canary@pve:8006 with password=canary");
    let texts = [
        ("log", lines(&journal)),
        (
            "bundle",
            unpacked(&admin.get("/api/logs/download").await.body),
        ),
        ("diagnostics", admin.get("/api/diagnostics").await.text()),
        ("file", site.data_file("pulse.log")),
        ("figures", admin.get("/metrics").await.text()),
    ];
    assert!(texts[0].1.contains("/api/state"), "something was logged");
    let secrets = [
        bootstrap.as_str(),
        &token,
        &token["pulse_".len()..],
        "canary",
        pulse_tests::PASSWORD,
    ];
    for (place, text) in &texts {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {place}");
        }
    }
}

/// Asks for everything to be logged, and until it is. The change reaches the log by way of the
/// settings.
async fn turn_up(journal: &Journal, admin: &Person) {
    let level = json!({"level": "debug"});
    let set = admin.post("/api/logs/level", &level).await;
    assert_eq!(set.status, 200);
    for _ in 0..1_000 {
        admin.get("/api/version").await;
        if lines(journal).contains("/api/version") {
            return;
        }
    }
    panic!("the level was never changed");
}

fn lines(journal: &Journal) -> String {
    journal.lines().join("\n")
}

/// Returns everything in an archive, as one text.
fn unpacked(archive: &[u8]) -> String {
    let number = |at: usize, size: usize| {
        let bytes = archive[at..at + size].iter().rev();
        bytes.fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let (mut at, mut text) = (0, String::new());
    while archive[at..].starts_with(b"PK\x03\x04") {
        let start = at + 30 + number(at + 26, 2) + number(at + 28, 2);
        at = start + number(at + 18, 4);
        let mut decoder = flate2::read::DeflateDecoder::new(&archive[start..at]);
        decoder.read_to_string(&mut text).expect("deflated text");
    }
    text
}
