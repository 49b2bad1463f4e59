//! Agents looked up, linked, removed and let back; what the server manages of them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::site::{Answer, Caller, Site};
use pulse_model::facet::Proxmox;
use pulse_model::facet::proxmox::ProxmoxNode;
use pulse_model::{Facets, Kind, Sighting, SourceKind};

const REPORT: &str = "/api/agents/agent/report";

fn said(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn host(name: &str) -> Value {
    json!({
        "agent": {"id": name, "version": "v6.3.0", "intervalSeconds": 10},
        "host": {"id": name, "machineId": format!("m-{name}"), "hostname": name, "platform": "linux"},
        "timestamp": "2027-01-15T08:00:00Z",
    })
}

/// Two machines of two tokens.
async fn with_two() -> (Site, Caller, Caller, Caller) {
    let (site, admin) = Site::set_up().await;
    let (web, _) = site.token(&admin, &["agent:report", "agent:manage"]).await;
    let (db, _) = site.token(&admin, &["agent:report"]).await;
    site.send_report(&web, &host("web.lan")).await;
    site.send_report(&db, &host("db")).await;
    (site, admin, web, db)
}

#[tokio::test]
async fn an_agent_looks_up_itself_and_nobody_else() {
    let (site, admin, web, db) = with_two().await;
    for (query, caller) in [
        ("id=web-lan", &web),
        ("hostname=WEB.lan", &web),
        ("hostname=web", &web),
        ("id=web-lan", &admin),
    ] {
        for path in ["agent", "host"] {
            let answer = site
                .get(caller, &format!("/api/agents/{path}/lookup?{query}"))
                .await;
            let found = answer.json();
            assert_eq!(answer.status, 200, "{query}: {found}");
            assert_eq!(found["agent"]["id"], "web-lan");
            assert_eq!(found["agent"]["hostname"], "web.lan");
            assert_eq!(found["agent"]["connected"], true);
            assert_eq!(found["agent"]["agentVersion"], "v6.3.0");
        }
    }
    let lookup = "/api/agents/agent/lookup";
    let forbidden = site.get(&db, &format!("{lookup}?id=web-lan")).await;
    assert_eq!(said(&forbidden), (403, "agent_lookup_forbidden".into()));
    let unknown = site.get(&web, &format!("{lookup}?id=nobody")).await;
    assert_eq!(said(&unknown), (404, "agent_not_found".into()));
    let nothing = site.get(&web, lookup).await;
    assert_eq!(said(&nothing), (400, "missing_lookup_param".into()));
}

#[tokio::test]
async fn an_agent_says_good_bye_for_itself_and_may_come_back() {
    let (site, admin, web, db) = with_two().await;
    let path = "/api/agents/agent/uninstall";
    let stranger = site.post(&db, path, &json!({"agentId": "web-lan"})).await;
    assert_eq!(said(&stranger), (403, "agent_lookup_forbidden".into()));
    let nothing = site.post(&web, path, &json!({})).await;
    assert_eq!(said(&nothing), (400, "missing_agent_id".into()));
    for old in [json!({"agentId": "web-lan"}), json!({"hostId": "web-lan"})] {
        let gone = site.post(&web, "/api/agents/host/uninstall", &old).await;
        assert_eq!(
            (gone.status, gone.json()["agentId"].clone()),
            (200, json!("web-lan"))
        );
    }
    let left = site.settle().await;
    assert!(left.get("web-lan").is_none() && left.get("db").is_some());
    assert_eq!(site.post(&web, REPORT, &host("web.lan")).await.status, 200);
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["removedHostAgents"], json!([]));
}

#[tokio::test]
async fn a_removed_machine_is_refused_until_it_is_allowed_or_has_a_new_token() {
    let (site, admin, web, db) = with_two().await;
    let removed = site
        .send(&admin, "DELETE", "/api/agents/agent/web-lan", None)
        .await;
    assert_eq!(
        (removed.status, removed.json()["agentId"].clone()),
        (200, json!("web-lan"))
    );
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["hosts"].as_array().map(Vec::len), Some(1));
    assert_eq!(state["removedHostAgents"][0]["id"], "web-lan");
    assert_eq!(state["removedHostAgents"][0]["hostname"], "web.lan");
    let refused = site.post(&web, REPORT, &host("web.lan")).await;
    assert_eq!(said(&refused), (400, "invalid_report".into()));
    assert!(
        refused.json()["error"]
            .as_str()
            .is_some_and(|text| text.contains("was removed"))
    );
    assert_eq!(
        site.post(&db, REPORT, &host("db")).await.status,
        200,
        "nobody else is"
    );

    let path = "/api/agents/agent/web-lan/allow-reenroll";
    assert_eq!(site.post(&admin, path, &json!({})).await.status, 200);
    assert_eq!(site.post(&web, REPORT, &host("web.lan")).await.status, 200);
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(
        state["removedHostAgents"],
        json!([]),
        "allowing shows at once"
    );

    let removed = site
        .send(&admin, "DELETE", "/api/agents/host/web-lan", None)
        .await;
    assert_eq!(removed.status, 200);
    assert_eq!(site.post(&web, REPORT, &host("web.lan")).await.status, 400);
    site.hands.advance(std::time::Duration::from_secs(1));
    let (fresh, _) = site.token(&admin, &["agent:report"]).await;
    assert_eq!(
        site.post(&fresh, REPORT, &host("web.lan")).await.status,
        200
    );

    for (method, path) in [
        ("DELETE", "/api/agents/agent/nobody"),
        ("POST", "/api/agents/agent/nobody/allow-reenroll"),
    ] {
        let unknown = site.send(&admin, method, path, None).await;
        assert_eq!(said(&unknown), (404, "agent_not_found".into()));
    }
}

#[tokio::test]
async fn an_agent_and_its_node_are_linked_and_taken_apart() {
    let (site, admin, _, _) = with_two().await;
    let node = ProxmoxNode::default();
    let proxmox = Proxmox {
        node_name: Some("pve1".into()),
        node: Some(Box::new(node)),
        ..Proxmox::default()
    };
    let facets = Facets {
        proxmox: Some(Arc::new(proxmox)),
        ..Facets::default()
    };
    let sighting = Sighting {
        facets,
        ..Sighting::new(Kind::Agent, "node/pve1", "pve1")
    };
    site.see(SourceKind::Proxmox, "lab", vec![sighting]).await;
    let link = "/api/agents/agent/link";
    let wanted = json!({"agentId": "web-lan", "nodeId": "proxmox:lab:node:pve1"});
    let linked = site.post(&admin, link, &wanted).await;
    assert_eq!(linked.status, 200, "{}", linked.json());
    let estate = site.settle().await;
    let joined = estate.get("web-lan").expect("it is there").resource();
    assert!(joined.facets.proxmox.is_some() && joined.facets.agent.is_some());
    let unlink = json!({"agentId": "web-lan"});
    for _ in 0..2 {
        let apart = site.post(&admin, "/api/agents/agent/unlink", &unlink).await;
        assert_eq!(apart.status, 200, "{}", apart.json());
    }
    let old = site.post(&admin, "/api/agents/host/unlink", &unlink).await;
    assert_eq!(old.status, 200);
    let estate = site.settle().await;
    let alone = estate.get("web-lan").expect("it is there").resource();
    assert!(alone.facets.proxmox.is_none());
    let no_node = json!({"agentId": "web-lan", "nodeId": "db"});
    assert_eq!(
        said(&site.post(&admin, link, &no_node).await),
        (404, "node_not_found".into())
    );
    let no_agent = json!({"agentId": "x", "nodeId": "proxmox:lab:node:pve1"});
    assert_eq!(
        said(&site.post(&admin, link, &no_agent).await),
        (404, "agent_not_found".into())
    );
}

#[tokio::test]
async fn a_managed_configuration_reaches_the_agent_and_proves_itself() {
    let (site, admin, web, db) = with_two().await;
    let path = "/api/agents/agent/web-lan/config";
    let plain = site.get(&web, path).await.json();
    assert_eq!(plain["agentId"], "web-lan");
    assert!(plain["config"].get("commandsEnabled").is_none());
    // The digest the original computes of a configuration with nothing in it.
    assert_eq!(
        plain["config"]["desiredConfig"],
        json!({"version": "host-agent-config/v1",
               "hash": "sha256:6920d6e9952fc4c168bf4e6dad49b29ffb567767aced3476f429927fe879c8cd"})
    );
    let changed = site
        .send(
            &admin,
            "PATCH",
            path,
            Some(&json!({"commandsEnabled": false})),
        )
        .await;
    assert_eq!(
        (changed.status, changed.json()["config"].clone()),
        (200, json!({"commandsEnabled": false}))
    );
    site.settle().await;
    let now = site
        .get(&web, "/api/agents/host/web-lan/config")
        .await
        .json();
    assert_eq!(now["config"]["commandsEnabled"], false);
    assert_eq!(
        now["config"]["desiredConfig"]["hash"],
        "sha256:59378fe4db8132c2ce1d9c16b492c16093156579d09357db44e34a0fab494bea"
    );
    let answer = site.post(&web, REPORT, &host("web.lan")).await.json();
    assert_eq!(answer["config"], json!({"commandsEnabled": false}));
    let other = site.post(&db, REPORT, &host("db")).await.json();
    assert!(other.get("config").is_none());

    let own = site.get(&db, path).await.json();
    assert_eq!(own["agentId"], "db", "whatever the path says");
    let (stranger, _) = site.token(&admin, &["agent:config:read"]).await;
    assert_eq!(
        said(&site.get(&stranger, path).await),
        (404, "agent_not_found".into())
    );
}

#[tokio::test]
async fn commands_are_switched_on_only_for_a_token_that_may_take_them() {
    let (site, admin, web, _) = with_two().await;
    let path = "/api/agents/host/web-lan/config";
    let on = json!({"commandsEnabled": true});
    assert_eq!(
        site.send(&web, "PATCH", path, Some(&on)).await.status,
        200,
        "its own agent"
    );
    site.settle().await;
    let answer = site.post(&web, REPORT, &host("web.lan")).await.json();
    assert_eq!(answer["config"], json!({"commandsEnabled": false}));
    let seen = site
        .get(&admin, "/api/agents/agent/web-lan/config")
        .await
        .json();
    assert_eq!(seen["config"]["commandsEnabled"], true);

    let (able, _) = site.token(&admin, &["agent:report", "agent:exec"]).await;
    let answer = site.post(&able, REPORT, &host("web.lan")).await.json();
    assert_eq!(answer["config"], json!({"commandsEnabled": true}));

    let foreign = site
        .send(&web, "PATCH", "/api/agents/agent/db/config", Some(&on))
        .await;
    assert_eq!(said(&foreign), (403, "agent_lookup_forbidden".into()));
    for bad in [json!({}), json!({"commandsEnabled": "yes"}), json!([])] {
        let refused = site.send(&admin, "PATCH", path, Some(&bad)).await;
        assert_eq!(said(&refused), (400, "invalid_json".into()), "{bad}");
    }
    let unknown = site
        .send(&admin, "PATCH", "/api/agents/agent/x/config", Some(&on))
        .await;
    assert_eq!(said(&unknown), (404, "agent_not_found".into()));
    let cleared = json!({"commandsEnabled": null});
    let answer = site.send(&admin, "PATCH", path, Some(&cleared)).await;
    assert_eq!(answer.json()["config"], cleared);
}
