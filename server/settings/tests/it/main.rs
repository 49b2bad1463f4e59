//! Settings over a real store.

use std::sync::Arc;

use pulse_settings::{Fixed, Handle, System};
use pulse_store::Store;
use serde_json::{Map, Value, json};

fn patch(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn fresh() -> (Store, Handle) {
    let store = Store::in_memory();
    let handle = Handle::load(&store, Fixed::default()).expect("readable");
    (store, handle)
}

#[tokio::test]
async fn a_change_names_only_what_it_changes_and_outlasts_a_restart() {
    let (store, settings) = fresh();
    let change = json!({"theme": "dark", "pvePollingInterval": 30, "somethingNewer": 1});
    let updated = settings.update(patch(change)).await.unwrap();
    assert_eq!(*updated.before, System::default());
    assert_eq!(
        (
            updated.after.theme.as_str(),
            updated.after.pve_polling_interval
        ),
        ("dark", 30)
    );
    settings
        .update(patch(json!({"fullWidthMode": true})))
        .await
        .unwrap();
    let again = Handle::load(&store, Fixed::default()).unwrap().get();
    assert_eq!(
        (again.theme.as_str(), again.full_width_mode),
        ("dark", true)
    );
    let reset = settings
        .update(patch(json!({"theme": null})))
        .await
        .unwrap();
    assert_eq!(reset.after.theme, "");
}

/// Changes that are refused, and words of the refusal.
fn numbers() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"pvePollingInterval": 9}),
            "pvePollingInterval has to be a whole number from 10 to 3600",
        ),
        (
            json!({"pbsPollingInterval": 3601}),
            "pbsPollingInterval has to be a whole number from 10 to 3600",
        ),
        (
            json!({"pmgPollingInterval": "60"}),
            "pmgPollingInterval has to be a whole number from 10 to 3600",
        ),
        (
            json!({"backupPollingInterval": 5}),
            "backupPollingInterval has to be 0 or a whole number from 10 to 604800",
        ),
        (
            json!({"sshPort": 65536}),
            "sshPort has to be a whole number from 1 to 65535",
        ),
    ]
}

fn words() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"theme": "pink"}),
            "theme has to be one of \"\", \"light\", \"dark\"",
        ),
        (
            json!({"logLevel": "loud"}),
            "logLevel has to be one of \"debug\", \"info\", \"warn\", \"error\"",
        ),
        (
            json!({"hideLocalLogin": "yes"}),
            "hideLocalLogin has to be true or false",
        ),
        (
            json!({"webhookAllowedPrivateCIDRs": "10.0.0.0/33"}),
            "webhookAllowedPrivateCIDRs has to be ranges",
        ),
        (
            json!({"webhookAllowedPrivateCIDRs": "0.0.0.0/0"}),
            "webhookAllowedPrivateCIDRs has to be ranges",
        ),
        (
            json!({"allowedEmbedOrigins": "https://a/page"}),
            "allowedEmbedOrigins has to be origins",
        ),
        (
            json!({"allowedOrigins": "*"}),
            "allowedOrigins has to be origins",
        ),
        (
            json!({"publicURL": "javascript:alert(1)"}),
            "publicURL has to be an address",
        ),
        (
            json!({"publicURL": "https://user:secret@a"}),
            "publicURL has to be an address",
        ),
        (
            json!({"discoveryConfig": {"maxConcurrent": 0}}),
            "max_concurrent is from 1 to 1000",
        ),
        (
            json!({"discoveryConfig": {"subnet_allowlist": ["x"]}}),
            "subnet_allowlist holds",
        ),
        (
            json!({"reportBranding": {"logo": "data:image/svg+xml;base64,AA"}}),
            "reportBranding has to be",
        ),
    ]
}

fn relations() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"adaptivePollingMinInterval": 20}),
            "adaptivePollingBaseInterval has to be from",
        ),
        (
            json!({"metricsRetentionRawHours": 400}),
            "metricsRetentionRawHours has to be at most",
        ),
        (
            json!({"metricsRetentionMinuteHours": 4000}),
            "metricsRetentionMinuteHours has to be at most",
        ),
    ]
}

#[tokio::test]
async fn a_refusal_names_the_member_and_its_range_and_changes_nothing() {
    let (_, settings) = fresh();
    let refused = numbers().into_iter().chain(words()).chain(relations());
    for (change, words) in refused {
        let mut whole = patch(change);
        whole.insert("fullWidthMode".to_owned(), true.into());
        let error = settings.update(whole).await.expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(*settings.get(), System::default());
}

#[tokio::test]
async fn what_has_a_limit_is_taken_at_the_limit() {
    let (_, settings) = fresh();
    let change = json!({
        "pvePollingInterval": 3600, "backupPollingInterval": 0, "sshPort": 65535,
        "webhookAllowedPrivateCIDRs": "10.0.0.0/8, 192.168.1.7,fd00::/8",
        "allowedEmbedOrigins": "https://a.example:8443", "publicURL": "https://pulse.example/",
        "discoveryConfig": {"maxConcurrent": 1000, "ip_blocklist": ["10.0.0.1"]},
        "metricsRetentionRawHours": 336,
    });
    let now = settings.update(patch(change)).await.unwrap().after;
    assert_eq!(
        now.webhook_allowed_private_cidrs,
        "10.0.0.0/8,192.168.1.7,fd00::/8"
    );
    assert_eq!(now.public_url, "https://pulse.example");
    assert_eq!(
        (
            now.discovery_config.max_concurrent,
            now.discovery_config.dial_timeout_ms
        ),
        (1000, 1000)
    );
}

#[tokio::test]
async fn trial_releases_are_never_installed_without_asking() {
    let (_, settings) = fresh();
    let change = json!({"updateChannel": "rc", "autoUpdateEnabled": true});
    assert!(
        !settings
            .update(patch(change))
            .await
            .unwrap()
            .after
            .auto_update_enabled
    );
}

#[tokio::test]
async fn what_the_environment_fixes_stays_and_is_named() {
    let store = Store::in_memory();
    let mut fixed = Fixed::default();
    fixed.variable("PVE_POLLING_INTERVAL", "20s").unwrap();
    fixed.variable("ENABLE_BACKUP_POLLING", "off").unwrap();
    fixed.member("logLevel", "trace");
    let error = fixed.variable("SSH_PORT", "none").unwrap_err().to_string();
    assert_eq!(error, "SSH_PORT has to be a whole number from 1 to 65535");
    let settings = Handle::load(&store, fixed).unwrap();
    let now = settings.get();
    assert_eq!(
        (
            now.pve_polling_interval,
            now.backup_polling_enabled,
            now.log_level.as_str()
        ),
        (20, false, "trace")
    );
    let change = json!({"pvePollingInterval": 30, "backupPollingEnabled": false, "theme": "dark"});
    let updated = settings.update(patch(change)).await.unwrap();
    assert_eq!(
        updated.fixed,
        ["pvePollingInterval"],
        "the other is at that value already"
    );
    assert_eq!(
        (
            updated.after.pve_polling_interval,
            updated.after.theme.as_str()
        ),
        (20, "dark")
    );
    let without = Handle::load(&store, Fixed::default()).unwrap().get();
    assert_eq!(
        (without.pve_polling_interval, without.log_level.as_str()),
        (10, "info"),
        "what was fixed was never stored"
    );
}

#[tokio::test]
async fn concurrent_changes_of_different_members_all_last() {
    let (store, settings) = fresh();
    let members = [
        "pvePollingInterval",
        "pbsPollingInterval",
        "pmgPollingInterval",
        "connectionTimeout",
        "sshPort",
        "dnsCacheTimeout",
        "frontendPort",
        "refreshInterval",
    ];
    let settings = Arc::new(settings);
    let mut changes = Vec::new();
    for round in 100..110 {
        for member in members {
            let settings = settings.clone();
            let change = patch(json!({member: round}));
            changes.push(tokio::spawn(async move {
                settings.update(change).await.map(|_| ())
            }));
        }
    }
    for change in changes {
        change.await.unwrap().unwrap();
    }
    let stored = Handle::load(&store, Fixed::default()).unwrap().get();
    assert_eq!(stored, settings.get(), "what is seen is what is stored");
    let stored = serde_json::to_value(&*stored).unwrap();
    for member in members {
        assert!(
            stored[member]
                .as_u64()
                .is_some_and(|n| (100..110).contains(&n)),
            "{member}"
        );
    }
}

#[tokio::test]
async fn a_subscriber_hears_of_changes_and_of_nothing_else() {
    let (_, settings) = fresh();
    let mut told = settings.subscribe();
    settings.update(patch(json!({"theme": ""}))).await.unwrap();
    assert!(!told.has_changed().unwrap(), "nothing changed");
    settings
        .update(patch(json!({"theme": "light"})))
        .await
        .unwrap();
    assert_eq!(told.borrow_and_update().theme, "light");
}

#[tokio::test]
async fn every_member_can_be_set_to_what_it_is() {
    let (_, settings) = fresh();
    let whole = serde_json::to_value(&*settings.get()).unwrap();
    let mut whole = patch(whole);
    whole.insert("refreshInterval".to_owned(), 5.into());
    whole.insert("display".to_owned(), json!({"layout": "dense"}));
    whole.insert("reportBranding".to_owned(), json!({"displayName": "Ops"}));
    let expected = whole.clone();
    let after = settings.update(whole).await.unwrap().after;
    assert_eq!(
        serde_json::to_value(&*after).unwrap(),
        Value::Object(expected)
    );
}
