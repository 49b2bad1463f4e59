//! A container engine that is removed: told so in words its agent understands, let back in, all of it over a restart.

use serde_json::{Value, json};

use pulse_tests::{Person, Reporter, Site};

const REPORT: &str = "/api/agents/docker/report";

fn report(name: &str) -> Value {
    json!({
        "agent": {"id": name, "version": "v6.3.0", "type": "unified", "intervalSeconds": 10},
        "host": {"hostname": name, "machineId": name, "runtime": "docker", "totalCpu": 4, "memory": {}},
        "containers": [{"id": "c1", "name": "web", "image": "nginx:1", "state": "running", "status": "Up"}],
        "timestamp": Reporter::now().to_string(),
    })
}

async fn sends(agent: &Person) -> (u16, String) {
    let answer = agent.post(REPORT, &report("dock")).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn an_engine_is_removed_and_let_back_in_and_a_restart_changes_neither() {
    let (mut site, admin) = Site::set_up().await;
    let (token, _) = admin.mint(&["docker:report"]).await;
    let agent = site.nobody().with_token(&token);
    assert_eq!(sends(&agent).await.0, 200);
    let removed = admin
        .delete("/api/agents/docker/runtimes/dock?force=true")
        .await;
    assert_eq!(removed.status, 200, "{}", removed.text());

    site.restart().await;
    let admin = site.sign_in().await;
    let agent = site.nobody().with_token(&token);
    let (status, text) = sends(&agent).await;
    let refused: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (status, refused["code"].as_str()),
        (400, Some("invalid_report"))
    );
    // What the original's agent looks for before it stops reporting an engine.
    let said = refused["error"].as_str().expect("a text").to_lowercase();
    assert!(
        said.contains("was removed") && said.contains("monitoring stopped"),
        "{said}"
    );
    let state = admin.get("/api/state").await.json();
    assert_eq!(state["dockerHosts"], json!([]));
    assert_eq!(state["removedDockerHosts"][0]["id"], "dock");

    let allowed = admin
        .post(
            "/api/agents/docker/runtimes/dock/allow-reenroll",
            &json!({}),
        )
        .await;
    assert_eq!(allowed.status, 200, "{}", allowed.text());
    site.restart().await;
    let admin = site.sign_in().await;
    let agent = site.nobody().with_token(&token);
    assert_eq!(sends(&agent).await.0, 200);
    let mut live = admin.live("delta=1").await;
    live.until("docker:dock:engine", |_| true).await;

    let (other, _) = admin.mint(&["docker:report"]).await;
    site.restart().await;
    let (status, text) = sends(&site.nobody().with_token(&other)).await;
    assert_eq!(status, 400);
    assert!(text.contains("is already in use by an agent"), "{text}");
    assert_eq!(sends(&site.nobody().with_token(&token)).await.0, 200);
}

#[tokio::test]
async fn a_command_waits_for_the_next_report_over_a_restart() {
    let (mut site, admin) = Site::set_up().await;
    let (token, _) = admin.mint(&["docker:report"]).await;
    assert_eq!(sends(&site.nobody().with_token(&token)).await.0, 200);
    let path = "/api/agents/docker/runtimes/dock/check-updates";
    let queued = admin.post(path, &json!({})).await.json();
    site.restart().await;
    let agent = site.nobody().with_token(&token);
    let answer = agent.post(REPORT, &report("dock")).await.json();
    let id = queued["commandId"].as_str().expect("an id");
    assert_eq!(answer["commands"][0]["id"], id);
    let ack = format!("/api/agents/docker/commands/{id}/ack");
    let done = json!({"agentId": "dock", "status": "completed"});
    let taken = agent.post(&ack, &done).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    let admin = site.sign_in().await;
    let mut live = admin.live("delta=1").await;
    let engine = live
        .until("docker:dock:engine", |engine| {
            engine["docker"]["command"]["status"] == "completed"
        })
        .await;
    assert_eq!(engine["docker"]["command"]["id"], id);
}
