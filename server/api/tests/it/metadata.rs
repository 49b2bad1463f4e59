//! What people add to resources, and that it shows.

use std::sync::Arc;

use serde_json::{Value, json};

use pulse_model::facet::proxmox::{Proxmox, ProxmoxGuest};
use pulse_model::{Facets, Kind, Sighting, SourceKind};

use crate::site::{Answer, Caller, Site};

async fn put(site: &Site, caller: &Caller, path: &str, body: Value) -> Answer {
    site.send(caller, "PUT", path, Some(&body)).await
}

/// Puts, and waits until it shows on a resource.
async fn put_and_see(site: &Site, caller: &Caller, path: &str, body: Value) -> Value {
    let revision = site.estate.estate().revision();
    let answer = put(site, caller, path, body).await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    site.hands.advance(std::time::Duration::from_millis(60));
    site.published_after(revision).await;
    answer.json()
}

fn guest(vmid: u32) -> Sighting {
    Sighting {
        tags: vec!["own".into()],
        facets: Facets {
            proxmox: Some(Arc::new(Proxmox {
                instance: Some("lab".into()),
                node_name: Some("pve1".into()),
                guest: Some(Box::new(ProxmoxGuest {
                    vmid,
                    ..ProxmoxGuest::default()
                })),
                ..Proxmox::default()
            })),
            ..Facets::default()
        },
        ..Sighting::new(Kind::Vm, format!("qemu/{vmid}"), format!("vm{vmid}"))
    }
}

#[tokio::test]
async fn a_link_notes_and_tags_show_on_the_resource_and_go_again() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    let path = "/api/agents/metadata/web";
    let empty = site.get(&admin, path).await.json();
    assert_eq!(
        empty,
        json!({"id": "web", "customUrl": "", "description": "", "tags": [], "notes": []})
    );

    let added = json!({"customUrl": "https://web.test/", "notes": "reboot on Sundays", "tags": ["prod", "lab"]});
    let record = put_and_see(&site, &admin, path, added).await;
    assert_eq!(record["notes"], json!(["reboot on Sundays"]));
    let pushed = site.get(&admin, "/api/state").await.json()["resources"][0].clone();
    assert_eq!(pushed["customUrl"], "https://web.test/");
    assert_eq!(
        pushed["tags"],
        json!(["lab", "prod"]),
        "its own first, none twice"
    );
    let detail = site.get(&admin, "/api/resources/web").await.json();
    assert_eq!(detail["notes"], json!(["reboot on Sundays"]));
    let tagged = site.get(&admin, "/api/resources?tags=PROD").await.json();
    assert_eq!(tagged["meta"]["total"], 1);

    site.report(&agent, "web").await;
    let detail = site.get(&admin, "/api/resources/web").await.json();
    assert_eq!(
        detail["customUrl"], "https://web.test/",
        "a report takes nothing away"
    );
    put_and_see(&site, &admin, path, json!({"customUrl": ""})).await;
    let all = site.get(&admin, "/api/agents/metadata").await.json();
    assert_eq!(
        (
            all["web"]["customUrl"].as_str(),
            all["web"]["tags"][0].as_str()
        ),
        (Some(""), Some("prod"))
    );

    let revision = site.estate.estate().revision();
    assert_eq!(site.send(&admin, "DELETE", path, None).await.status, 204);
    site.hands.advance(std::time::Duration::from_millis(60));
    site.published_after(revision).await;
    let detail = site.get(&admin, "/api/resources/web").await.json();
    assert_eq!(
        (detail["tags"].clone(), detail["customUrl"].clone()),
        (json!(["lab"]), Value::Null)
    );
    assert_eq!(
        site.send(&admin, "DELETE", path, None).await.status,
        204,
        "twice is fine"
    );
    assert_eq!(
        site.get(&admin, "/api/agents/metadata").await.json(),
        json!({})
    );
}

#[tokio::test]
async fn a_guest_is_found_by_every_name_it_ever_had() {
    let (site, admin) = Site::set_up().await;
    // Written before the guest was ever seen, in the form of old.
    let early = "/api/guests/metadata/pve1/100";
    let answer = site
        .send(
            &admin,
            "POST",
            early,
            Some(&json!({"consoleUrl": "http://console.test/", "notes": ["old"]})),
        )
        .await;
    assert_eq!(
        (answer.status, answer.headers["deprecation"].to_str().ok()),
        (200, Some("true"))
    );
    site.see(SourceKind::Proxmox, "lab", vec![guest(100)]).await;
    let id = site
        .estate
        .estate()
        .iter()
        .next()
        .expect("the guest")
        .resource()
        .id
        .to_string();
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["resources"][0]["customUrl"], "http://console.test/");

    let by_id = format!(
        "/api/guests/metadata/{}",
        id.replace(':', "%3A").replace('/', "%2F")
    );
    for path in [
        by_id.as_str(),
        early,
        "/api/guests/metadata/lab%3Apve1%3A100",
    ] {
        if path.contains("%2F") {
            continue;
        }
        let record = site.get(&admin, path).await.json();
        assert_eq!(
            (record["id"].as_str(), record["notes"][0].as_str()),
            (Some("lab:pve1:100"), Some("old")),
            "{path}"
        );
    }
    put_and_see(
        &site,
        &admin,
        "/api/guests/metadata/lab%3Apve1%3A100",
        json!({"description": "shop"}),
    )
    .await;
    let all = site.get(&admin, "/api/guests/metadata").await.json();
    let all = all.as_object().expect("a map");
    assert_eq!(
        all.keys().collect::<Vec<_>>(),
        ["lab:pve1:100"],
        "one record, whatever it is called"
    );
    assert_eq!(all["lab:pve1:100"]["consoleUrl"], "http://console.test/");
    assert_eq!(all["lab:pve1:100"]["lastKnownName"], "vm100");
    assert_eq!(site.send(&admin, "DELETE", early, None).await.status, 204);
    assert_eq!(
        site.get(&admin, "/api/guests/metadata").await.json(),
        json!({})
    );
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_names_the_member() {
    let (site, admin) = Site::set_up().await;
    let path = "/api/docker/metadata/host%3Acontainer%3Aabc";
    for (body, member) in [
        (json!({"customUrl": "javascript:alert(1)"}), "customUrl"),
        (json!({"notes": {"a": 1}}), "notes"),
        (json!({"tags": "one"}), "tags"),
        (json!({"description": "x".repeat(5_000)}), "description"),
    ] {
        let refused = put(&site, &admin, path, body).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "invalid_metadata")
        );
        assert_eq!(refused.json()["details"]["member"], member);
    }
    assert_eq!(put(&site, &admin, path, json!([])).await.status, 400);
    let large = put(&site, &admin, path, json!({"notes": "x".repeat(70_000)})).await;
    assert_eq!(large.status, 413);
    let long = format!("/api/docker/metadata/{}", "x".repeat(300));
    assert_eq!(
        put(&site, &admin, &long, json!({})).await.code(),
        "invalid_id"
    );
    let (reader, _) = site.token(&admin, &["monitoring:read"]).await;
    assert_eq!(put(&site, &reader, path, json!({})).await.status, 403);
    assert_eq!(
        site.get(&reader, "/api/docker/runtimes/metadata")
            .await
            .json(),
        json!({})
    );
}

#[tokio::test]
async fn whatever_has_no_routes_of_its_own_takes_notes_too() {
    let (site, admin) = Site::set_up().await;
    let things = [Kind::Pod, Kind::Storage, Kind::PhysicalDisk];
    let sightings = things.map(|kind| Sighting::new(kind, kind.word(), kind.word()));
    site.see(SourceKind::Proxmox, "lab", sightings.to_vec())
        .await;
    for kind in things {
        let estate = site.estate.estate();
        let found = estate.of_kind(kind).next().expect("it is there");
        let id = found.resource().id.to_string();
        let path = format!("/api/resources/metadata/{}", id.replace(':', "%3A"));
        let added = json!({"customUrl": "http://it.test/", "notes": "mine", "tags": ["prod"]});
        let record = put_and_see(&site, &admin, &path, added).await;
        assert_eq!(record["id"], id.as_str());
        assert_eq!(site.get(&admin, &path).await.json(), record);
        let detail = site.get(&admin, &format!("/api/resources/{id}")).await;
        let detail = detail.json();
        assert_eq!(detail["notes"], json!(["mine"]), "{kind:?}");
        assert_eq!(detail["customUrl"], "http://it.test/", "{kind:?}");
        assert_eq!(detail["tags"], json!(["prod"]), "{kind:?}");
    }
    let all = site.get(&admin, "/api/resources/metadata").await.json();
    assert_eq!(all.as_object().map(serde_json::Map::len), Some(3));
    let agents = site.get(&admin, "/api/agents/metadata").await.json();
    assert_eq!(agents, json!({}));
}

#[tokio::test]
async fn the_routes_of_everything_keep_a_record_where_its_own_routes_do() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    site.see(SourceKind::Proxmox, "lab", vec![guest(100)]).await;
    for (general, own) in [
        ("web", "/api/agents/metadata/web"),
        ("lab%3Apve1%3A100", "/api/guests/metadata/pve1/100"),
    ] {
        let general = format!("/api/resources/metadata/{general}");
        put_and_see(&site, &admin, &general, json!({"description": "shop"})).await;
        assert_eq!(site.get(&admin, own).await.json()["description"], "shop");
        let revision = site.estate.estate().revision();
        assert_eq!(
            site.send(&admin, "DELETE", &general, None).await.status,
            204
        );
        site.hands.advance(std::time::Duration::from_millis(60));
        site.published_after(revision).await;
        assert_eq!(site.get(&admin, own).await.json()["description"], "");
    }
}

#[tokio::test]
async fn one_thing_has_one_record_whichever_route_wrote_it() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    // Written as a runtime before the machine was ever seen.
    let runtimes = "/api/docker/runtimes/metadata/web";
    let early = json!({"notes": "early", "description": "first"});
    assert_eq!(put(&site, &admin, runtimes, early).await.status, 200);
    site.report(&agent, "web").await;
    let agents = "/api/agents/metadata/web";
    let general = "/api/resources/metadata/web";
    for path in [agents, general, runtimes] {
        let record = site.get(&admin, path).await.json();
        assert_eq!(record["notes"], json!(["early"]), "{path}");
    }
    for (path, text) in [(agents, "a"), (general, "b"), (runtimes, "c")] {
        let record = put_and_see(&site, &admin, path, json!({"description": text})).await;
        assert_eq!(record["notes"], json!(["early"]), "nothing is lost: {path}");
        for path in [agents, general, runtimes] {
            let told = site.get(&admin, path).await.json();
            assert_eq!(told["description"], text, "{path}");
        }
        for path in ["agents", "docker/runtimes", "resources"] {
            let path = format!("/api/{path}/metadata");
            let all = site.get(&admin, &path).await.json();
            assert_eq!(all["web"]["description"], text, "{path}");
        }
        let detail = site.get(&admin, "/api/resources/web").await.json();
        assert_eq!(detail["notes"], json!(["early"]));
    }
    assert_eq!(site.send(&admin, "DELETE", agents, None).await.status, 204);
    for path in ["agents", "docker/runtimes", "resources"] {
        let path = format!("/api/{path}/metadata");
        assert_eq!(site.get(&admin, &path).await.json(), json!({}), "{path}");
    }
}

#[tokio::test]
async fn what_is_something_else_is_not_found() {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report"]).await;
    site.report(&agent, "web").await;
    for path in ["/api/guests/metadata/web", "/api/docker/metadata/web"] {
        let refused = put(&site, &admin, path, json!({"description": "shop"})).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (404, "resource_not_found"),
            "{path}"
        );
        assert_eq!(site.get(&admin, path).await.status, 404, "{path}");
        assert_eq!(site.send(&admin, "DELETE", path, None).await.status, 204);
    }
    let all = site.get(&admin, "/api/resources/metadata").await.json();
    assert_eq!(all, json!({}));
}
