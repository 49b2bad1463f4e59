//! Container engines under management: removed, hidden, named, told what to do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::site::{Answer, Caller, Site};

const REPORT: &str = "/api/agents/docker/report";
const RUNTIME: &str = "/api/agents/docker/runtimes/dock";

fn said(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

pub fn engine(name: &str) -> Value {
    json!({
        "agent": {"id": name, "version": "v6.3.0", "type": "unified", "intervalSeconds": 10},
        "host": {"hostname": name, "name": name, "machineId": name, "runtime": "docker", "totalCpu": 4,
                 "totalMemoryBytes": 8_000_000_000_u64, "memory": {}},
        "containers": [
            {"id": "c1", "name": "web", "image": "nginx:1", "state": "running", "status": "Up",
             "updateStatus": {"updateAvailable": true, "currentDigest": "sha256:a", "latestDigest": "sha256:b",
                              "lastChecked": "2027-01-15T07:00:00Z"}},
            {"id": "c2", "name": "db", "image": "postgres:17", "state": "running", "status": "Up",
             "updateStatus": {"updateAvailable": false}}],
    })
}

/// One engine that has reported.
pub async fn with_engine() -> (Site, Caller, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["docker:report"]).await;
    site.send_report_to(&agent, REPORT, &engine("dock")).await;
    (site, admin, agent)
}

/// Returns the engine as the state has it.
async fn shown(site: &Site, admin: &Caller) -> Value {
    site.settle().await;
    let state = site.get(admin, "/api/state").await.json();
    state["dockerHosts"][0].clone()
}

async fn queued(site: &Site, admin: &Caller) -> String {
    let answer = site
        .post(admin, &format!("{RUNTIME}/check-updates"), &json!({}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()["commandId"]
        .as_str()
        .expect("an id")
        .to_owned()
}

#[tokio::test]
async fn a_forced_removal_takes_the_engine_and_its_containers_and_refuses_it() {
    let (site, admin, agent) = with_engine().await;
    let removed = site
        .send(&admin, "DELETE", &format!("{RUNTIME}?force=true"), None)
        .await;
    assert_eq!(
        (removed.status, removed.json()["agentId"].clone()),
        (200, json!("dock"))
    );
    assert_eq!(site.settle().await.len(), 0);
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["removedDockerHosts"][0]["id"], "dock");
    assert_eq!(state["removedDockerHosts"][0]["displayName"], "dock");
    let refused = site.post(&agent, REPORT, &engine("dock")).await;
    assert_eq!(said(&refused), (400, "invalid_report".into()));
    let text = refused.json()["error"].as_str().expect("a text").to_owned();
    assert!(
        text.contains("was removed") && text.contains("monitoring stopped"),
        "{text}"
    );
    let allowed = site
        .post(&admin, &format!("{RUNTIME}/allow-reenroll"), &json!({}))
        .await;
    assert_eq!(allowed.status, 200);
    assert_eq!(site.post(&agent, REPORT, &engine("dock")).await.status, 200);
}

#[tokio::test]
async fn an_engine_that_reports_is_asked_to_stop_and_a_silent_one_is_removed() {
    let (site, admin, agent) = with_engine().await;
    let asked = site.send(&admin, "DELETE", RUNTIME, None).await.json();
    let id = asked["commandId"].as_str().expect("a command").to_owned();
    let host = shown(&site, &admin).await;
    assert_eq!(host["pendingUninstall"], true);
    assert_eq!(
        (
            host["command"]["type"].as_str(),
            host["command"]["status"].as_str()
        ),
        (Some("stop"), Some("queued"))
    );
    let again = site.send(&admin, "DELETE", RUNTIME, None).await;
    assert_eq!(said(&again), (409, "command_active".into()));
    let answer = site.post(&agent, REPORT, &engine("dock")).await.json();
    assert_eq!(answer["commands"], json!([{"id": id, "type": "stop"}]));
    let answer = site.post(&agent, REPORT, &engine("dock")).await.json();
    assert!(answer.get("commands").is_none(), "once: {answer}");
    let ack = format!("/api/agents/docker/commands/{id}/ack");
    let done = json!({"agentId": "dock", "status": "completed", "message": "Agent shutting down"});
    let taken = site.post(&agent, &ack, &done).await;
    assert_eq!(
        (taken.status, taken.json()["command"]["status"].clone()),
        (200, json!("completed"))
    );
    assert_eq!(site.settle().await.len(), 0);

    let answer = site.post(&agent, REPORT, &engine("dock")).await;
    assert_eq!(answer.status, 200, "it stopped by itself: it may come back");
    for _ in 0..10 {
        site.hands.advance(Duration::from_secs(10));
        site.settle().await;
    }
    let removed = site
        .send(&admin, "DELETE", "/api/agents/docker/hosts/dock", None)
        .await;
    assert!(
        removed.json().get("commandId").is_none(),
        "{}",
        removed.json()
    );
    assert_eq!(site.post(&agent, REPORT, &engine("dock")).await.status, 400);
}

#[tokio::test]
async fn a_hidden_or_leaving_engine_shows_it_until_told_otherwise() {
    let (site, admin, agent) = with_engine().await;
    let id = shown(&site, &admin).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let by_resource = format!("/api/agents/docker/runtimes/{id}");
    let hidden = site
        .send(&admin, "DELETE", &format!("{by_resource}?hide=true"), None)
        .await;
    assert_eq!(hidden.status, 200, "by the id of its resource");
    let answer = site.post(&agent, REPORT, &engine("dock")).await;
    assert_eq!(answer.status, 200, "it goes on reporting");
    let host = shown(&site, &admin).await;
    assert_eq!(
        (
            host["hidden"].clone(),
            host["containers"].as_array().map(Vec::len)
        ),
        (json!(true), Some(2))
    );
    let detail = site
        .get(&admin, &format!("/api/resources/{id}"))
        .await
        .json();
    assert_eq!(detail["docker"]["hidden"], true);
    assert_eq!(
        site.send(&admin, "PUT", &format!("{RUNTIME}/unhide"), None)
            .await
            .status,
        200
    );
    assert_eq!(shown(&site, &admin).await["hidden"], false);

    let path = format!("{RUNTIME}/pending-uninstall");
    assert_eq!(site.send(&admin, "PUT", &path, None).await.status, 200);
    assert_eq!(shown(&site, &admin).await["pendingUninstall"], true);
}

#[tokio::test]
async fn a_name_an_operator_gives_wins_until_it_is_taken_away() {
    let (site, admin, _) = with_engine().await;
    let id = shown(&site, &admin).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("{RUNTIME}/display-name");
    let named = site
        .send(
            &admin,
            "PUT",
            &path,
            Some(&json!({"displayName": " Big Dock "})),
        )
        .await;
    assert_eq!(named.status, 200);
    let host = shown(&site, &admin).await;
    assert_eq!(
        (
            host["displayName"].clone(),
            host["customDisplayName"].clone()
        ),
        (json!("Big Dock"), json!("Big Dock"))
    );
    let kept = site
        .get(&admin, &format!("/api/docker/runtimes/metadata/{id}"))
        .await
        .json();
    assert_eq!(
        kept["customDisplayName"], "Big Dock",
        "one record for one thing"
    );
    site.send(&admin, "PUT", &path, Some(&json!({"displayName": ""})))
        .await;
    assert_eq!(shown(&site, &admin).await["displayName"], "dock");
    for bad in [json!({}), json!({"displayName": 7})] {
        let refused = site.send(&admin, "PUT", &path, Some(&bad)).await;
        assert_eq!(said(&refused), (400, "invalid_json".into()));
    }
    let long = json!({"displayName": "x".repeat(257)});
    let refused = site.send(&admin, "PUT", &path, Some(&long)).await;
    assert_eq!(said(&refused), (400, "invalid_display_name".into()));
}

#[tokio::test]
async fn a_check_for_updates_is_handed_over_once_and_reported_back() {
    let (site, admin, agent) = with_engine().await;
    let id = queued(&site, &admin).await;
    let twice = site
        .post(&admin, &format!("{RUNTIME}/check-updates"), &json!({}))
        .await;
    assert_eq!(said(&twice), (409, "command_active".into()));
    let ack = format!("/api/agents/docker/commands/{id}/ack");
    let body = |status: &str| json!({"agentId": "dock", "status": status});
    let early = site.post(&agent, &ack, &body("completed")).await;
    assert_eq!(said(&early), (400, "docker_command_ack_failed".into()));
    let answer = site.post(&agent, REPORT, &engine("dock")).await.json();
    assert_eq!(answer["commands"][0]["type"], "check_updates");
    for (status, word) in [
        ("ack", "acknowledged"),
        ("progress", "in_progress"),
        ("success", "completed"),
    ] {
        let taken = site.post(&agent, &ack, &body(status)).await;
        assert_eq!(taken.status, 200, "{}", taken.json());
        assert_eq!(taken.json()["command"]["status"], word);
        assert_eq!(shown(&site, &admin).await["command"]["status"], word);
    }
    let late = site.post(&agent, &ack, &body("failed")).await;
    assert_eq!(said(&late), (400, "docker_command_ack_failed".into()));
    let old = json!({"hostId": "dock", "status": "completed"});
    assert_eq!(
        site.post(&agent, &ack, &old).await.status,
        200,
        "the words of version 4"
    );
}

#[tokio::test]
async fn an_acknowledgement_that_is_wrong_or_somebody_elses_changes_nothing() {
    let (site, admin, agent) = with_engine().await;
    let id = queued(&site, &admin).await;
    site.post(&agent, REPORT, &engine("dock")).await;
    let ack = format!("/api/agents/docker/commands/{id}/ack");
    let (stranger, _) = site.token(&admin, &["docker:report"]).await;
    site.send_report_to(&stranger, REPORT, &engine("other"))
        .await;
    let done = json!({"agentId": "dock", "status": "completed"});
    for (caller, path, body, code) in [
        (
            &stranger,
            ack.as_str(),
            done.clone(),
            "docker_command_ack_failed",
        ),
        (
            &agent,
            "/api/agents/docker/commands/unknown/ack",
            done.clone(),
            "docker_command_ack_failed",
        ),
        (
            &agent,
            &ack,
            json!({"agentId": "other", "status": "completed"}),
            "docker_command_ack_failed",
        ),
        (
            &agent,
            &ack,
            json!({"status": "completed"}),
            "missing_agent_id",
        ),
        (
            &agent,
            &ack,
            json!({"agentId": "dock", "status": "perhaps"}),
            "invalid_status",
        ),
        (&agent, &ack, json!([1]), "invalid_json"),
    ] {
        let refused = site.post(caller, path, &body).await;
        assert_eq!(said(&refused), (400, code.into()), "{body}");
    }
    let host = shown(&site, &admin).await;
    assert_eq!(host["command"]["status"], "dispatched");
}

#[tokio::test]
async fn updating_containers_answers_that_it_is_gone() {
    let (site, admin, _) = with_engine().await;
    for path in [
        &format!("{RUNTIME}/update-all"),
        "/api/agents/docker/containers/update",
    ] {
        let gone = site.post(&admin, path, &json!({})).await;
        assert_eq!(said(&gone), (410, "docker_update_retired".into()));
    }
}

#[tokio::test]
async fn an_engine_nobody_knows_is_said_to_be_unknown() {
    let (site, admin, _) = with_engine().await;
    let name = json!({"displayName": "x"});
    for (method, path) in [
        ("DELETE", "/api/agents/docker/runtimes/x"),
        ("DELETE", "/api/agents/docker/runtimes/x?hide=true"),
        ("DELETE", "/api/agents/docker/hosts/x"),
        ("POST", "/api/agents/docker/runtimes/x/allow-reenroll"),
        ("PUT", "/api/agents/docker/runtimes/x/unhide"),
        ("PUT", "/api/agents/docker/runtimes/x/pending-uninstall"),
        ("PUT", "/api/agents/docker/runtimes/x/display-name"),
        ("POST", "/api/agents/docker/runtimes/x/check-updates"),
    ] {
        let unknown = site.send(&admin, method, path, Some(&name)).await;
        assert_eq!(
            said(&unknown),
            (404, "docker_agent_not_found".into()),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn newer_images_are_listed_counted_and_asked_for() {
    let (site, admin, agent) = with_engine().await;
    let listed = site
        .get(
            &admin,
            "/api/infra-updates?agentId=dock&resourceType=docker",
        )
        .await
        .json();
    assert_eq!(listed["total"], 1);
    let web = &listed["updates"][0];
    assert_eq!(
        (web["containerName"].as_str(), web["image"].as_str()),
        (Some("web"), Some("nginx:1"))
    );
    assert_eq!(
        (web["agentId"].as_str(), web["latestDigest"].as_str()),
        (Some("dock"), Some("sha256:b"))
    );
    assert_eq!(
        (web["lastChecked"].clone(), web["updateAvailable"].clone()),
        (json!(1_799_996_400), json!(true))
    );
    for none in ["?agentId=other", "?resourceType=package"] {
        let listed = site
            .get(&admin, &format!("/api/infra-updates{none}"))
            .await
            .json();
        assert_eq!(listed, json!({"updates": [], "total": 0}));
    }
    let summary = site.get(&admin, "/api/infra-updates/summary").await.json();
    assert_eq!(summary["totalUpdates"], 1);
    assert_eq!(summary["summaries"]["dock"]["containers"], 1);
    let of_agent = site
        .get(&admin, "/api/infra-updates/agent/dock")
        .await
        .json();
    assert_eq!(
        (of_agent["total"].clone(), of_agent["agentId"].clone()),
        (json!(1), json!("dock"))
    );
    for id in ["c2", "docker:dock/c2"] {
        let one = site
            .get(&admin, &format!("/api/infra-updates/{id}"))
            .await
            .json();
        assert_eq!(
            (one["containerName"].clone(), one["updateAvailable"].clone()),
            (json!("db"), json!(false))
        );
    }
    let unknown = site.get(&admin, "/api/infra-updates/x").await;
    assert_eq!(said(&unknown), (404, "resource_not_found".into()));

    let check = "/api/infra-updates/check";
    let asked = site
        .post(&admin, check, &json!({"resourceId": "c1"}))
        .await
        .json();
    assert_eq!(asked["agentId"], "dock");
    let answer = site.post(&agent, REPORT, &engine("dock")).await.json();
    assert_eq!(answer["commands"][0]["id"], asked["commandId"]);
    for (body, refused) in [
        (json!({}), (400, "missing_params")),
        (json!({"agentId": "x"}), (404, "docker_agent_not_found")),
        (json!({"resourceId": "x"}), (404, "resource_not_found")),
        (json!({"agentId": "dock"}), (409, "command_active")),
    ] {
        let answer = site.post(&admin, check, &body).await;
        assert_eq!(said(&answer), (refused.0, refused.1.into()), "{body}");
    }
}
